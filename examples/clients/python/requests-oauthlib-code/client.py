"""requests-oauthlib, "Web Application Flow" and "(Third) Recommended way" of "Refreshing tokens"; with PKCE."""

import os
from concurrent.futures import ThreadPoolExecutor

from listening import Listener
from requests_oauthlib import OAuth2Session

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
WITHOUT_PKCE = {"panopto"}  # refuses a code_verifier from a client with a secret

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the callback is plain http on this machine
if os.environ["SPARRING_PROVIDER"] == "movingimage":
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"  # it grants more than is asked for, which is an error without this


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth = self.session()

    def session(self):
        return OAuth2Session(
            self.context["client_id"],
            redirect_uri=self.context["redirect_uri"],
            scope=self.context["scope"],
            pkce=None if self.context["provider"] in WITHOUT_PKCE else "S256",
            auto_refresh_url=self.context["token_url"],
            auto_refresh_kwargs={
                "client_id": self.context["client_id"],
                "client_secret": self.context["client_secret"],
            },
            token_updater=self.token_saver,
        )

    def token_saver(self, token):
        self.oauth.token = token

    def authenticate(self, fresh=False, **_):
        if fresh or not self.oauth.authorized:
            self.sign_in()
        return {"expires_at": self.oauth.token.get("expires_at")}

    def sign_in(self):
        self.oauth = self.session()
        authorization_url, _state = self.oauth.authorization_url(self.context["authorize_url"])
        with Listener(self.context["redirect_uri"]) as listener:
            self.context["visit"](authorization_url)
            authorization_response = listener.wait(self.context["timeout"] / 2)
        self.oauth.fetch_token(
            self.context["token_url"],
            authorization_response=authorization_response,
            client_secret=self.context["client_secret"],
        )

    def call_api(self, times=1, parallel=False):
        if not self.oauth.authorized:
            self.sign_in()
        with ThreadPoolExecutor(times if parallel else 1) as pool:
            answers = list(pool.map(lambda _: self.get(), range(times)))
        for answer in answers:
            answer.raise_for_status()

    def get(self):
        return self.oauth.get(self.context["api_url"], headers=HEADERS.get(self.context["provider"]))
