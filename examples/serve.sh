# The providers on fixed ports, until Ctrl-C; --explain says in a header why a request was refused.
sparring serve clickview ingest --explain &
trap 'kill $!' EXIT

curl --silent --retry 9 --retry-all-errors --retry-delay 1 --include http://127.0.0.1:9402/connect/token \
    -d grant_type=client_credentials -d client_id=partner-1 -d client_secret=wrong

# The control port moves the clock, puts faults on stage and shows what crossed the wire.
stage=http://127.0.0.1:9400/stages/main
json='Content-Type: application/json'
outage='{"match": {"provider": "ingest", "endpoint": "token", "attempt": 3},
         "effect": {"kind": "replace", "status": 503, "headers": {"Retry-After": "2"}}}'

curl --silent -H "$json" $stage/clock/advance -d '{"seconds": 86401}'
curl --silent -H "$json" $stage/faults -d "$outage"
curl --silent "$stage/recording?redacted=true"
