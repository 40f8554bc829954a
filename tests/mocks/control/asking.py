"""What these tests ask of the fakes and of the control, in a word each."""

from collections.abc import Awaitable, Mapping
from typing import Any

import httpx2
import pytest

from sparring.mocks.control.interface import ControlError

Info = Mapping[str, Any]


async def complaint(wish: Awaitable[object]) -> tuple[int, str]:
    """Status and sentence with which a wish is refused."""
    with pytest.raises(ControlError) as caught:
        await wish
    return caught.value.status, str(caught.value)


def ingest(stage: Info) -> Info:
    """Ingest as the stage describes it."""
    info: Info = stage["providers"]["ingest"]
    return info


async def ask_token(http: httpx2.AsyncClient, stage: Info, **changes: str) -> httpx2.Response:
    """The answer to a client credentials request at Ingest's token endpoint."""
    info = ingest(stage)
    form = {
        "grant_type": "client_credentials",
        "client_id": info["client_id"],
        "client_secret": info["client_secret"],
        "scope": info["scope"],
    }
    return await http.post(info["endpoints"]["token"], data=form | changes)


async def call_api(http: httpx2.AsyncClient, stage: Info, token: str) -> int:
    """The status of a call of Ingest's API with that token."""
    headers = {"Accept": "application/vnd.ingest.v1+json", "Authorization": f"Bearer {token}"}
    return (await http.get(ingest(stage)["endpoints"]["api"], headers=headers)).status_code
