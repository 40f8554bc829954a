#!/bin/sh
# curl and jq, by the providers' own pages: one request for a token, one to the API.
set -eu

answer=$(curl --silent --show-error --fail-with-body --max-time "$((${SPARRING_TIMEOUT%.*} / 2))" "$SPARRING_TOKEN_URL" \
  --header 'Accept: application/vnd.ingest.v1+json, application/json' \
  --data grant_type=client_credentials \
  --data-urlencode client_id="$SPARRING_CLIENT_ID" \
  --data-urlencode client_secret="$SPARRING_CLIENT_SECRET" \
  --data-urlencode scope="$SPARRING_SCOPE")

token=$(printf '%s' "$answer" | jq --exit-status --raw-output \
  'select(.token_type | ascii_downcase == "bearer") | .access_token | strings')
test -n "$token"

curl --silent --show-error --fail --output /dev/null "$SPARRING_API_URL" \
  --header 'Accept: application/vnd.ingest.v1+json, application/json' \
  --oauth2-bearer "$token"
