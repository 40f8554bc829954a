"""Servers of one stage, all on one event loop, each with a line of its own to Redis."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.engine.messages import Answer
from sparring.mocks.stage import Stage
from tests.mocks.stages import Wall, request


class Front:
    """No sockets."""

    ca_file: Path | None = None

    async def bind(self, stage: Stage, provider: str, port: int = 0) -> str:
        """Any address."""
        return "http://127.0.0.1:9405"

    async def bind_side(self, *_: Any) -> str:
        """There is none."""
        raise NotImplementedError

    async def adopt(self, *_: Any, side: bool = False) -> None:
        """There is none."""
        raise NotImplementedError

    async def unbind(self, stage_id: str) -> None:
        """Nothing to do."""


class Server:
    """One of them: what it says to requests, and its control port."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.control = DirectControl(Front(), wall=Wall(), ticks=Wall(), storage=storage)

    @property
    def stage(self) -> Stage:
        """Its part of the stage that all share."""
        return self.control.stage("main")

    async def ask(self, method: str, path: str, *headers: tuple[str, str], **members: Any) -> Answer | None:
        """The answer, None where nothing went out."""
        exchange, _ = await self.stage.respond("ingest", request(method, path, *headers, **members))
        return exchange.answer

    async def token(self) -> Answer | None:
        """Ask for a token as the first client."""
        house = self.stage.houses["ingest"]
        client = house.clients[0]
        form = {"grant_type": "client_credentials", "client_id": client.client_id, "scope": house.provider.scope}
        return await self.ask("POST", "/token", form=form | {"client_secret": client.secret or ""})

    async def videos(self, token: str) -> int:
        """The status of an API call with that token."""
        accept = ("accept", "application/vnd.ingest.v1+json")
        answer = await self.ask("GET", "/videos", accept, ("authorization", f"Bearer {token}"))
        assert answer is not None
        return answer.status


def token_in(answer: Answer | None) -> str:
    """The access token of an answer."""
    assert answer is not None
    assert answer.status == 200, answer.body
    token: str = json.loads(answer.body)["access_token"]
    return token


@asynccontextmanager
async def servers(url: str, many: int = 2, **spec: Any) -> AsyncIterator[list[Server]]:
    """So many of them; nothing is left at the end."""
    from sparring.mocks.storage.redis import RedisStorage

    made = [Server(RedisStorage(url)) for _ in range(many)]
    try:
        for server in made:
            await server.control.open_stage({"id": "main", "providers": ["ingest"]} | spec)
        yield made
    finally:
        await made[0].stage.vanish()
        for server in made:
            await server.stage.close()
            await server.storage.close()
