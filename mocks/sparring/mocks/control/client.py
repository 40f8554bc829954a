"""The control port from the other side: the same interface, over HTTP."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

import httpx2

from sparring.mocks.control.interface import ControlError, Json


def _part(name: str) -> str:
    return quote(name, safe="")


class HttpControl:
    """Implements ``Control`` against a control port. Close it when done, or use it as an async context manager."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30)

    async def __aenter__(self) -> "HttpControl":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; stages stay open."""
        await self._http.aclose()

    async def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None
    ) -> Json:
        try:
            answer = await self._http.request(method, path, json=body, params=query)
        except httpx2.HTTPError as error:
            raise ControlError(f"the control port does not answer: {error}", 503) from error
        try:
            document = cast("Json", answer.json()) if answer.content else {}
        except ValueError as error:
            raise ControlError(f"this is no control port: {answer.status_code} without JSON", 503) from error
        if not answer.is_success:
            raise ControlError(str(document.get("error", answer.reason_phrase)), answer.status_code)
        return document

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await self._ask("POST", "/stages", spec)

    async def stages(self) -> list[Json]:
        """See ``Control``."""
        return cast("list[Json]", (await self._ask("GET", "/stages"))["stages"])

    async def close_stage(self, stage: str) -> None:
        """See ``Control``."""
        await self._ask("DELETE", f"/stages/{_part(stage)}")

    async def reset(self, stage: str) -> None:
        """See ``Control``."""
        await self._ask("POST", f"/stages/{_part(stage)}/reset")

    async def clock(self, stage: str) -> Json:
        """See ``Control``."""
        return await self._ask("GET", f"/stages/{_part(stage)}/clock")

    async def move_clock(self, stage: str, how: str, seconds: float | None = None) -> Json:
        """See ``Control``."""
        return await self._ask(
            "POST", f"/stages/{_part(stage)}/clock/{how}", {} if seconds is None else {"seconds": seconds}
        )

    async def faults(self, stage: str) -> list[Json]:
        """See ``Control``."""
        return cast("list[Json]", (await self._ask("GET", f"/stages/{_part(stage)}/faults"))["faults"])

    async def add_fault(self, stage: str, fault: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await self._ask("POST", f"/stages/{_part(stage)}/faults", fault)

    async def remove_faults(self, stage: str, fault: str | None = None) -> None:
        """See ``Control``."""
        await self._ask("DELETE", f"/stages/{_part(stage)}/faults" + ("" if fault is None else f"/{_part(fault)}"))

    async def fire(self, stage: str, provider: str, endpoint: str) -> list[Json]:
        """See ``Control``."""
        body = {"provider": provider, "endpoint": endpoint}
        return cast("list[Json]", (await self._ask("POST", f"/stages/{_part(stage)}/faults/fire", body))["faults"])

    async def recording(
        self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0
    ) -> list[Json]:
        """See ``Control``."""
        query = {"provider": provider, "endpoint": endpoint, "since": str(since)}
        wanted = {name: value for name, value in query.items() if value is not None}
        answer = await self._ask("GET", f"/stages/{_part(stage)}/recording", query=wanted)
        return cast("list[Json]", answer["exchanges"])

    async def clear_recording(self, stage: str) -> None:
        """See ``Control``."""
        await self._ask("DELETE", f"/stages/{_part(stage)}/recording")

    async def clients(self, stage: str, provider: str) -> list[Json]:
        """See ``Control``."""
        answer = await self._ask("GET", f"/stages/{_part(stage)}/clients", query={"provider": provider})
        return cast("list[Json]", answer["clients"])

    async def change_client(self, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        named = {"provider": provider, "client_id": client_id}
        return await self._ask("POST", f"/stages/{_part(stage)}/clients", {**changes, **named})

    async def revoke(self, stage: str, provider: str, kind: str | None = None) -> int:
        """See ``Control``."""
        body = {"provider": provider} | ({} if kind is None else {"kind": kind})
        return int((await self._ask("POST", f"/stages/{_part(stage)}/tokens/revoke", body))["revoked"])
