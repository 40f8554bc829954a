"""Authlib's OAuth2Session on requests, "OAuth 2 Session": it fetches the token again by itself when one has expired."""

from concurrent.futures import ThreadPoolExecutor

from authlib.integrations.requests_client import OAuth2Session


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth = OAuth2Session(
            context["client_id"],
            context["client_secret"],
            scope=context["scope"],
            token_endpoint=context["token_url"],
            grant_type="client_credentials",
        )

    def authenticate(self, **_):
        token = self.oauth.fetch_token()
        return {"expires_at": token.get("expires_at")}

    def call_api(self, times=1, parallel=False):
        if self.oauth.token is None:
            self.authenticate()
        with ThreadPoolExecutor(times if parallel else 1) as pool:
            answers = list(pool.map(lambda _: self.oauth.get(self.context["api_url"]), range(times)))
        for answer in answers:
            answer.raise_for_status()
