"""httpx_auth, "Client Credentials flow", "Authorization Code flow" and its variant "with PKCE".

The library opens the browser and listens for the callback itself, and gets and renews tokens when a request needs one.
"""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
from httpx_auth import (
    OAuth2,
    OAuth2AuthorizationCode,
    OAuth2AuthorizationCodePKCE,
    OAuth2ClientCredentials,
)

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
WITHOUT_PKCE = {"panopto"}  # refuses a code_verifier from a client with a secret


def auth_for(context):
    if context["grant"] == "client_credentials":
        return OAuth2ClientCredentials(
            context["token_url"],
            context["client_id"],
            context["client_secret"],
            scope=context["scope"],
            timeout=context["timeout"] / 2,
        )
    redirect = urlsplit(context["redirect_uri"])
    flow = OAuth2AuthorizationCode if context["provider"] in WITHOUT_PKCE else OAuth2AuthorizationCodePKCE
    return flow(
        context["authorize_url"],
        context["token_url"],
        redirect_uri_domain=redirect.hostname,
        redirect_uri_port=redirect.port,
        redirect_uri_endpoint=redirect.path.lstrip("/"),
        timeout=context["timeout"] / 2,
        client_id=context["client_id"],
        client_secret=context["client_secret"],
        scope=context["scope"],
    )


class Client:
    def __init__(self, context):
        self.context = context
        self.auth = auth_for(context)

    def authenticate(self, fresh=False, **_):
        if fresh:
            OAuth2.token_cache.clear()
        request = httpx.Request("GET", self.context["api_url"])
        next(self.auth.sync_auth_flow(request))

    def call_api(self, times=1, parallel=False):
        headers = HEADERS.get(self.context["provider"])
        with (
            httpx.Client(auth=self.auth, headers=headers) as client,
            ThreadPoolExecutor(times if parallel else 1) as pool,
        ):
            answers = list(pool.map(lambda _: client.get(self.context["api_url"]), range(times)))
        for answer in answers:
            answer.raise_for_status()
