"""Authlib's OAuth2Session (on requests): a ClickView partner gets a token for itself and calls the API."""

import os
import sys

from authlib.integrations.requests_client import OAuth2Session

client = OAuth2Session(
    os.environ["SPARRING_CLIENT_ID"],
    os.environ["SPARRING_CLIENT_SECRET"],
    scope=os.environ["SPARRING_SCOPE"],
    token_endpoint_auth_method="client_secret_post",
)
client.fetch_token(os.environ["SPARRING_TOKEN_URL"], grant_type="client_credentials")
answer = client.get(os.environ["SPARRING_API_URL"])
print("GET", os.environ["SPARRING_API_URL"], answer.status_code)
sys.exit(0 if answer.ok else 1)
