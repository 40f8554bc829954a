"""Authlib's OAuth2Session on requests, "OAuth 2 Session": Fetch Token, Add PKCE, Auto Update Token.

A denied sign-in is handed to fetch_token() like any other callback, as "Fetch Token" shows.
"""

from concurrent.futures import ThreadPoolExecutor

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from listening import Listener

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
WITHOUT_PKCE = {"panopto"}  # refuses a code_verifier from a client with a secret


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth = OAuth2Session(
            context["client_id"],
            context["client_secret"],
            scope=context["scope"],
            redirect_uri=context["redirect_uri"],
            code_challenge_method=None if context["provider"] in WITHOUT_PKCE else "S256",
            token_endpoint=context["token_url"],
            update_token=self.update_token,
        )

    def update_token(self, token, refresh_token=None, access_token=None):
        """Where an application saves what the session has renewed."""

    def authenticate(self, fresh=False, **_):
        if fresh or self.oauth.token is None:
            self.sign_in()
        return {"expires_at": self.oauth.token.get("expires_at")}

    def sign_in(self):
        code_verifier = None if self.context["provider"] in WITHOUT_PKCE else generate_token(48)
        uri, state = self.oauth.create_authorization_url(self.context["authorize_url"], code_verifier=code_verifier)
        with Listener(self.context["redirect_uri"]) as listener:
            self.context["visit"](uri)
            authorization_response = listener.wait(self.context["timeout"] / 2)
        pkce = {} if code_verifier is None else {"code_verifier": code_verifier}
        self.oauth.fetch_token(authorization_response=authorization_response, state=state, **pkce)

    def call_api(self, times=1, parallel=False):
        if self.oauth.token is None:
            self.sign_in()
        with ThreadPoolExecutor(times if parallel else 1) as pool:
            answers = list(pool.map(lambda _: self.get(), range(times)))
        for answer in answers:
            answer.raise_for_status()

    def get(self):
        return self.oauth.get(self.context["api_url"], headers=HEADERS.get(self.context["provider"]))
