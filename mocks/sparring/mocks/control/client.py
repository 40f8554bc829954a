"""The control port from the other side: the same interface, over HTTP."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode

import httpx2

from sparring.mocks.control.interface import ControlError, Json

PATIENCE = 30.0
"""Seconds to wait for an answer."""


def _part(name: str) -> str:
    return quote(name, safe="", errors="replace")  # nothing here has a name with half a surrogate pair


def _choice(provider: str | None, endpoint: str | None, since: int) -> dict[str, str]:
    query = {"provider": provider, "endpoint": endpoint, "since": str(since)}
    return {name: value for name, value in query.items() if value is not None}


def _document(answer: httpx2.Response) -> Json:
    try:
        return cast("Json", answer.json()) if answer.content else {}
    except ValueError as error:
        raise ControlError(f"this is no control port: {answer.status_code} without JSON", 503) from error


def _refused(answer: httpx2.Response) -> ControlError:
    return ControlError(str(_document(answer).get("error", answer.reason_phrase)), answer.status_code)


class HttpControl:
    """Implements ``Control`` against a control port. Close it when done, or use it as an async context manager."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False)

    async def __aenter__(self) -> "HttpControl":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; stages stay open."""
        await self._http.aclose()

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> Json:
        told = None if body is None else json.dumps(body, allow_nan=False).encode("ascii")
        kind = {} if body is None else {"Content-Type": "application/json"}
        asked = {name: value.encode("utf-8", "replace") for name, value in (query or {}).items()}
        try:
            answer = await self._http.request(
                method, path, content=told, headers=kind, params=urlencode(asked), timeout=patience
            )
        except httpx2.HTTPError as error:
            raise ControlError(f"the control port does not answer: {error}", 503) from error
        if not answer.is_success:
            raise _refused(answer)
        return _document(answer)

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await self._ask("POST", "/stages", spec)

    async def stages(self) -> list[Json]:
        """See ``Control``."""
        return cast("list[Json]", (await self._ask("GET", "/stages"))["stages"])

    async def describe(self, stage: str) -> Json:
        """See ``Control``."""
        return await self._ask("GET", f"/stages/{_part(stage)}")

    async def settle(self, stage: str, provider: str, settings: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await self._ask("POST", f"/stages/{_part(stage)}/settings", {**settings, "provider": provider})

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

    async def put_on(self, stage: str, scenario: str, provider: str | None = None) -> Json:
        """See ``Control``."""
        at = {} if provider is None else {"provider": provider}
        return await self._ask("POST", f"/stages/{_part(stage)}/scenario", {"id": scenario} | at)

    async def saved(self, stage: str) -> Json:
        """See ``Control``."""
        return await self._ask("GET", f"/stages/{_part(stage)}/scenario")

    async def recording(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        redacted: bool = False,
    ) -> list[Json]:
        """See ``Control``."""
        query = _choice(provider, endpoint, since) | ({"redacted": "true"} if redacted else {})
        answer = await self._ask("GET", f"/stages/{_part(stage)}/recording", query=query)
        return cast("list[Json]", answer["exchanges"])

    async def page(self, stage: str, **wanted: Any) -> Json:
        """See ``Control``."""
        given = {name: value for name, value in wanted.items() if value is not None}
        query = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}
        return await self._ask("GET", f"/stages/{_part(stage)}/recording/page", query=query)

    async def notes(self, stage: str, since: int = 0) -> list[Json]:
        """See ``Control``."""
        answer = await self._ask("GET", f"/stages/{_part(stage)}/notes", query={"since": str(since)})
        return cast("list[Json]", answer["notes"])

    async def note(self, stage: str, note: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await self._ask("POST", f"/stages/{_part(stage)}/notes", note)

    async def wait(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        count: int = 1,
        timeout: float = 10,  # noqa: ASYNC109  it is the wish
    ) -> list[Json]:
        """See ``Control``."""
        query = _choice(provider, endpoint, since) | {"count": str(count), "timeout": str(timeout)}
        answer = await self._ask(
            "GET", f"/stages/{_part(stage)}/recording/wait", query=query, patience=timeout + PATIENCE
        )
        return cast("list[Json]", answer["exchanges"])

    async def stream(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        redacted: bool = False,
    ) -> AsyncGenerator[Json, None]:
        """See ``Control``."""
        query = _choice(provider, endpoint, since) | ({"redacted": "true"} if redacted else {})
        path = f"/stages/{_part(stage)}/recording/stream"
        try:
            async with self._http.stream("GET", path, params=query, timeout=None) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _refused(answer)
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx2.HTTPError as error:
            raise ControlError(f"the control port does not answer: {error}", 503) from error

    async def har(self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0) -> Json:
        """See ``Control``."""
        return await self._ask("GET", f"/stages/{_part(stage)}/recording.har", query=_choice(provider, endpoint, since))

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

    async def remove_client(self, stage: str, provider: str, client_id: str) -> None:
        """See ``Control``."""
        query = {"provider": provider, "client_id": client_id}
        await self._ask("DELETE", f"/stages/{_part(stage)}/clients", query=query)

    async def users(self, stage: str, provider: str) -> list[Json]:
        """See ``Control``."""
        answer = await self._ask("GET", f"/stages/{_part(stage)}/users", query={"provider": provider})
        return cast("list[Json]", answer["users"])

    async def change_user(self, stage: str, provider: str, username: str, changes: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        named = {"provider": provider, "username": username}
        return await self._ask("POST", f"/stages/{_part(stage)}/users", {**changes, **named})

    async def remove_user(self, stage: str, provider: str, username: str) -> None:
        """See ``Control``."""
        query = {"provider": provider, "username": username}
        await self._ask("DELETE", f"/stages/{_part(stage)}/users", query=query)

    async def tokens(self, stage: str, provider: str) -> list[Json]:
        """See ``Control``."""
        answer = await self._ask("GET", f"/stages/{_part(stage)}/tokens", query={"provider": provider})
        return cast("list[Json]", answer["tokens"])

    async def mint(self, stage: str, provider: str, wish: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await self._ask("POST", f"/stages/{_part(stage)}/tokens", {**wish, "provider": provider})

    async def revoke(
        self,
        stage: str,
        provider: str,
        kind: str | None = None,
        *,
        token: str | None = None,
        user: str | None = None,
        session: str | None = None,
        fingerprint: str | None = None,
    ) -> int:
        """See ``Control``."""
        which = {"token": token, "user": user, "session": session, "fingerprint": fingerprint}
        named = {"provider": provider, "kind": kind, **which}
        body = {name: value for name, value in named.items() if value is not None}
        return int((await self._ask("POST", f"/stages/{_part(stage)}/tokens/revoke", body))["revoked"])

    async def rotate_keys(self, stage: str, provider: str, *, keep_old: bool = True) -> list[Json]:
        """See ``Control``."""
        body = {"provider": provider, "keep_old": keep_old}
        return cast("list[Json]", (await self._ask("POST", f"/stages/{_part(stage)}/keys/rotate", body))["keys"])

    async def hold(self, stage: str, match: Mapping[str, Any]) -> None:
        """See ``Control``."""
        await self._ask("POST", f"/stages/{_part(stage)}/hold", {"match": match})

    async def release(self, stage: str) -> int:
        """See ``Control``."""
        return int((await self._ask("POST", f"/stages/{_part(stage)}/release"))["released"])
