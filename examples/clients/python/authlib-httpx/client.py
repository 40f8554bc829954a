"""Authlib's AsyncOAuth2Client on httpx, "OAuth 2 Session": it asks again by itself when a token has expired."""

import asyncio

from authlib.integrations.httpx_client import AsyncOAuth2Client


class Client:
    def __init__(self, context):
        self.context = context
        self.oauth = AsyncOAuth2Client(
            context["client_id"],
            context["client_secret"],
            scope=context["scope"],
            token_endpoint=context["token_url"],
            timeout=context["timeout"] / 2,
            grant_type="client_credentials",
        )

    async def authenticate(self, **_):
        token = await self.oauth.fetch_token()
        return {"expires_at": token.get("expires_at")}

    async def call_api(self, times=1, parallel=False):
        if self.oauth.token is None:
            await self.authenticate()
        gate = asyncio.Semaphore(times if parallel else 1)

        async def get():
            async with gate:
                return await self.oauth.get(self.context["api_url"])

        for answer in await asyncio.gather(*(get() for _ in range(times))):
            answer.raise_for_status()

    async def close(self):
        await self.oauth.aclose()
