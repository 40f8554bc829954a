#!/bin/sh
# A shell script under test, and the providers beside it: sh examples/shell/test_client.sh
set -eu

# The client: prints a token.
get_token() {
    reply=$(curl --silent --fail --max-time 3 "$token_url" --data-urlencode grant_type=client_credentials \
        --data-urlencode "scope=$scope" --data-urlencode "client_id=$client_id" \
        --data-urlencode "client_secret=$client_secret") || return 1
    printf %s "$reply" | jq --exit-status --raw-output .access_token
}

call_api() {
    curl --silent --output /dev/null --write-out '%{http_code}' --max-time 3 --header "Authorization: Bearer $1" "$api_url"
}

# The fake: started before the tests, ended after them.
folder=$(mktemp -d)
sparring serve clickview --port 0 --ready-file "$folder/ready.json" 2> "$folder/log" &
fake=$!
trap 'kill $fake 2> /dev/null || true; wait $fake || true; rm -r "$folder"' EXIT
until [ -e "$folder/ready.json" ]; do
    kill -0 $fake || { cat "$folder/log" >&2; exit 1; }
    sleep 0.05
done

of() { jq --raw-output ".providers.clickview.$1" "$folder/ready.json"; }
token_url=$(of endpoints.token) api_url=$(of endpoints.api) scope=$(of scope)
client_id=$(of client_id) client_secret=$(of client_secret)
stage=$(jq --raw-output .control_url "$folder/ready.json")/stages/main

control() { curl --silent --fail --header 'Content-Type: application/json' "$stage/$1" --data "$2" > "$folder/answer"; }

expect() { # what, wanted, found
    [ "$2" = "$3" ] || { echo "not ok - $1: wanted $2, found $3"; exit 1; }
    echo "ok - $1"
}

token=$(get_token)
expect "a token opens the API" 200 "$(call_api "$token")"

control clock/advance '{"seconds": 90000}'
expect "an expired one does not" 401 "$(call_api "$token")"
expect "a new one does" 200 "$(call_api "$(get_token)")"

control faults '{"match": {"endpoint": "token"}, "effect": {"kind": "replace", "status": 503}, "times": 1}'
expect "an outage is an error" failed "$(get_token || echo failed)"
