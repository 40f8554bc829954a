"""requests-oauthlib, "Backend Application Flow": a ClickView partner gets a token for itself and calls the API."""

import os
import sys

from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

client_id = os.environ["SPARRING_CLIENT_ID"]

client = BackendApplicationClient(client_id=client_id, scope=os.environ["SPARRING_SCOPE"])
oauth = OAuth2Session(client=client)
oauth.fetch_token(
    token_url=os.environ["SPARRING_TOKEN_URL"],
    client_id=client_id,
    client_secret=os.environ["SPARRING_CLIENT_SECRET"],
)
answer = oauth.get(os.environ["SPARRING_API_URL"])
print("GET", os.environ["SPARRING_API_URL"], answer.status_code)
sys.exit(0 if answer.ok else 1)
