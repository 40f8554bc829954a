#!/bin/sh
# Ingest, "Authentication", "Acting as an application": the page's own request, with the scope that its table asks for.
set -eu

answer=$(curl --silent --show-error --fail-with-body \
  "$SPARRING_TOKEN_URL?grant_type=client_credentials&client_id=$SPARRING_CLIENT_ID&client_secret=$SPARRING_CLIENT_SECRET&scope=$SPARRING_SCOPE" \
  -H "Content-Type: application/x-www-form-urlencoded" \
  -H "Accept: application/vnd.ingest.v1+json" \
  -X POST)

token=$(printf '%s' "$answer" | sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p')

curl --silent --show-error --fail --output /dev/null "$SPARRING_API_URL" \
  -H "Accept: application/vnd.ingest.v1+json" \
  -H "Authorization: Bearer $token"
