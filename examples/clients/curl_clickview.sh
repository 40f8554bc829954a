#!/bin/sh
# ClickView, "Obtaining an Access Token": steps 1 and 3 of the page, with curl.
set -eu

answer=$(curl --silent --show-error --fail-with-body --request POST \
  --url "$SPARRING_TOKEN_URL" \
  --header 'Content-Type: application/x-www-form-urlencoded' \
  --data grant_type=client_credentials \
  --data client_id="$SPARRING_CLIENT_ID" \
  --data client_secret="$SPARRING_CLIENT_SECRET" \
  --data scope="$SPARRING_SCOPE")

token=$(printf '%s' "$answer" | sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p')

curl --silent --show-error --fail --output /dev/null --request GET \
  "$SPARRING_API_URL" \
  --header "Authorization: Bearer $token"
