"""An uploader for Ingest, with httpx: a token by client credentials, and with it the list of videos."""

import asyncio
import os
import sys

import httpx

FORM = {
    "grant_type": "client_credentials",
    "client_id": os.environ["INGEST_APP_ID"],
    "client_secret": os.environ["INGEST_APP_SECRET"],
    "scope": "read_videos,write_videos",
}


async def count() -> int:
    """How many videos there are."""
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post("https://login.ingest.io/token", data=FORM)
        answer.raise_for_status()
        issued = answer.json()
        if issued["token_type"].lower() != "bearer":
            raise ValueError("that is no Bearer token")
        headers = {
            "Authorization": f"Bearer {issued['access_token']}",
            "Accept": "application/vnd.ingest.v1+json",
        }
        videos = await client.get("https://api.ingest.io/videos", headers=headers)
        videos.raise_for_status()
        return len(videos.json())


try:
    print(asyncio.run(count()), "videos")
except (httpx.HTTPError, LookupError, AttributeError, TypeError, ValueError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
