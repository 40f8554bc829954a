"""An uploader for Ingest, with aiohttp: a token by client credentials, and with it the list of videos."""

import asyncio
import os
import sys

import aiohttp

FORM = {
    "grant_type": "client_credentials",
    "client_id": os.environ["INGEST_APP_ID"],
    "client_secret": os.environ["INGEST_APP_SECRET"],
    "scope": "read_videos,write_videos",
}


async def count() -> int:
    """How many videos there are."""
    patience = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=patience, raise_for_status=True) as session:
        async with session.post("https://login.ingest.io/token", data=FORM, allow_redirects=False) as answer:
            issued = await answer.json()
        if issued["token_type"].lower() != "bearer":
            raise ValueError("that is no Bearer token")
        headers = {
            "Authorization": f"Bearer {issued['access_token']}",
            "Accept": "application/vnd.ingest.v1+json",
        }
        async with session.get("https://api.ingest.io/videos", headers=headers, allow_redirects=False) as videos:
            return len(await videos.json(content_type=None))


try:
    print(asyncio.run(count()), "videos")
except (aiohttp.ClientError, TimeoutError, LookupError, AttributeError, TypeError, ValueError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
