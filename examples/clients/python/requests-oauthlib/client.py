"""requests-oauthlib, "Backend Application Flow"; an expired token is asked for anew, as "Refreshing tokens" has it."""

from concurrent.futures import ThreadPoolExecutor

from oauthlib.oauth2 import BackendApplicationClient, TokenExpiredError
from requests_oauthlib import OAuth2Session


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth = OAuth2Session(client=BackendApplicationClient(context["client_id"], scope=context["scope"]))

    def authenticate(self, **_):
        self.oauth.fetch_token(
            token_url=self.context["token_url"],
            client_id=self.context["client_id"],
            client_secret=self.context["client_secret"],
        )
        return {"expires_at": self.oauth.token.get("expires_at")}

    def call_api(self, times=1, parallel=False):
        with ThreadPoolExecutor(times if parallel else 1) as pool:
            answers = list(pool.map(lambda _: self.get(), range(times)))
        for answer in answers:
            answer.raise_for_status()

    def get(self):
        if not self.oauth.authorized:
            self.authenticate()
        try:
            return self.oauth.get(self.context["api_url"])
        except TokenExpiredError:
            self.authenticate()
            return self.oauth.get(self.context["api_url"])
