#!/bin/sh
# Prints a link under its own words, reads a code from the terminal, exchanges it, calls the API once.
set -eu

state=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
verifier=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
printf 'login-page=<%s?response_type=code&client_id=%s&redirect_uri=%s&scope=%s&state=%s&code_challenge=%s&code_challenge_method=plain>\n' \
  "$SPARRING_AUTHORIZE_URL" "$SPARRING_CLIENT_ID" "$SPARRING_REDIRECT_URI" "$SPARRING_SCOPE" "$state" "$verifier" >&2
printf 'code? ' >&2
read -r code

answer=$(curl --silent --show-error --fail-with-body "$SPARRING_TOKEN_URL" \
  --data-urlencode "grant_type=authorization_code" --data-urlencode "code=$code" \
  --data-urlencode "redirect_uri=$SPARRING_REDIRECT_URI" --data-urlencode "client_id=$SPARRING_CLIENT_ID" \
  --data-urlencode "client_secret=$SPARRING_CLIENT_SECRET" --data-urlencode "code_verifier=$verifier")
token=$(printf '%s' "$answer" | sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p')
curl --silent --show-error --fail --output /dev/null "$SPARRING_API_URL" \
  -H "Accept: application/vnd.ingest.v1+json" -H "Authorization: Bearer $token"
