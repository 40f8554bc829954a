"""Authlib's AsyncOAuth2Client on httpx, "OAuth 2 Session": Fetch Token, Add PKCE, Auto Update Token."""

import asyncio

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import AsyncOAuth2Client
from listening import Listener

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
WITHOUT_PKCE = {"panopto"}  # refuses a code_verifier from a client with a secret


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth = AsyncOAuth2Client(
            context["client_id"],
            context["client_secret"],
            scope=context["scope"],
            redirect_uri=context["redirect_uri"],
            code_challenge_method=None if context["provider"] in WITHOUT_PKCE else "S256",
            token_endpoint=context["token_url"],
            timeout=context["timeout"] / 2,
            update_token=self.update_token,
        )

    async def update_token(self, token, refresh_token=None, access_token=None):
        """Where an application saves what the session has renewed."""

    async def authenticate(self, fresh=False, **_):
        if fresh or self.oauth.token is None:
            await self.sign_in()
        return {"expires_at": self.oauth.token.get("expires_at")}

    async def sign_in(self):
        code_verifier = None if self.context["provider"] in WITHOUT_PKCE else generate_token(48)
        uri, state = self.oauth.create_authorization_url(self.context["authorize_url"], code_verifier=code_verifier)
        with Listener(self.context["redirect_uri"]) as listener:
            self.context["visit"](uri)
            authorization_response = await asyncio.to_thread(listener.wait, self.context["timeout"] / 2)
        pkce = {} if code_verifier is None else {"code_verifier": code_verifier}
        await self.oauth.fetch_token(authorization_response=authorization_response, state=state, **pkce)

    async def call_api(self, times=1, parallel=False):
        if self.oauth.token is None:
            await self.sign_in()
        gate = asyncio.Semaphore(times if parallel else 1)

        async def get():
            async with gate:
                return await self.oauth.get(self.context["api_url"], headers=HEADERS.get(self.context["provider"]))

        for answer in await asyncio.gather(*(get() for _ in range(times))):
            answer.raise_for_status()

    async def close(self):
        await self.oauth.aclose()
