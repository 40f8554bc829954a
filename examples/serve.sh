# The providers on fixed ports, until Ctrl-C; --explain says in a header why a request was refused.
sparring serve clickview ingest --explain &

curl --silent --retry 9 --retry-all-errors --retry-delay 1 http://127.0.0.1:9402/connect/token \
    -d grant_type=client_credentials -d client_id=partner-1 -d client_secret=wrong --include

kill $!
