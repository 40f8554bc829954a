"""requests_oauth2client, "Client Credentials grant" and "Authorization Code Grant", each "As Auth Handler".

Where the provider has a discovery document it is asked for, as "Initializing an OAuth2Client from a discovery document"
shows; an ID token is then checked by the library.
"""

from concurrent.futures import ThreadPoolExecutor

import requests
from listening import Listener
from requests_oauth2client import OAuth2AuthorizationCodeAuth, OAuth2Client, OAuth2ClientCredentialsAuth

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
WITHOUT_PKCE = {"panopto"}  # refuses a code_verifier from a client with a secret


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth2client = None
        self.auth = None

    def authenticate(self, fresh=False, **_):
        if fresh or self.auth is None or self.auth.token is None:
            self.oauth2client = self.oauth2client or self.configured()
            if self.context["grant"] == "client_credentials":
                auth = OAuth2ClientCredentialsAuth(self.oauth2client, scope=self.context["scope"])
                auth.renew_token()
            else:
                auth = OAuth2AuthorizationCodeAuth(self.oauth2client, self.sign_in())
                auth.exchange_code_for_token()
            self.auth = auth
        expires_at = self.auth.token.expires_at
        return {"expires_at": expires_at and expires_at.timestamp()}

    def configured(self):
        credentials = {"client_id": self.context["client_id"], "client_secret": self.context["client_secret"]}
        if self.context["grant"] == "client_credentials":
            return OAuth2Client(token_endpoint=self.context["token_url"], **credentials)
        credentials["redirect_uri"] = self.context["redirect_uri"]
        if self.context["provider"] in WITHOUT_PKCE:
            credentials["code_challenge_method"] = None
        if "discovery_url" in self.context:
            return OAuth2Client.from_discovery_endpoint(issuer=self.context["issuer"], **credentials)
        return OAuth2Client(
            token_endpoint=self.context["token_url"],
            authorization_endpoint=self.context["authorize_url"],
            **credentials,
        )

    def sign_in(self):
        az_request = self.oauth2client.authorization_request(scope=self.context["scope"])
        with Listener(self.context["redirect_uri"]) as listener:
            self.context["visit"](az_request.uri)
            return az_request.validate_callback(listener.wait(self.context["timeout"] / 2))

    def call_api(self, times=1, parallel=False):
        if self.auth is None:
            self.authenticate()
        with ThreadPoolExecutor(times if parallel else 1) as pool:
            answers = list(pool.map(lambda _: self.get(), range(times)))
        for answer in answers:
            answer.raise_for_status()

    def get(self):
        return requests.get(
            self.context["api_url"], headers=HEADERS.get(self.context["provider"]), auth=self.auth, timeout=10
        )
