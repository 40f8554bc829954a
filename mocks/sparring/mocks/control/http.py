"""The control port over HTTP: JSON in, JSON out, never in a provider's URL space."""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sparring.mocks.control.dashboard.app import Dashboard, asking
from sparring.mocks.control.guard import Guard
from sparring.mocks.control.interface import Control, ControlError, Json
from sparring.mocks.control.openapi import document
from sparring.mocks.control.routes import OPERATIONS
from sparring.mocks.control.streaming import events
from sparring.mocks.control.told import Told
from sparring.mocks.storage.promises import StoreError

Endpoint = Callable[[Request], Awaitable[Response]]

LARGEST_BODY = 1 << 24
"""Bytes of a request's body; a larger one is 413."""


async def _read(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise ControlError(f"a body has {LARGEST_BODY} bytes at most", 413)
        parts.append(part)
    return b"".join(parts)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of JSON")
    return number


async def _body(request: Request) -> dict[str, Any]:
    raw = await _read(request)
    try:
        document = json.loads(raw, parse_constant=_finite, parse_float=_finite) if raw.strip() else {}
    except (ValueError, RecursionError) as error:
        raise ControlError(f"the body is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise ControlError("the body is a JSON object")
    return document


def _text(document: dict[str, Any], name: str) -> str:
    value = document.pop(name, None)
    if not isinstance(value, str):
        raise ControlError(f'"{name}" is missing')
    return value


def _number(request: Request, name: str, default: int, what: str) -> int:
    value = request.query_params.get(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise ControlError(f'"{name}" is {what}')
    return int(value)


def _asked(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if value is None:
        raise ControlError(f'"{name}" is missing')
    return value


def _choice(request: Request) -> tuple[str, str | None, str | None, int]:
    """The stage, and which exchanges of it."""
    query = request.query_params
    since = _number(request, "since", 0, "the number of an exchange")
    return request.path_params["id"], query.get("provider"), query.get("endpoint"), since


def _flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name, "false")
    if value not in {"true", "false"}:
        raise ControlError(f'"{name}" is true or false')
    return value == "true"


def _only(document: dict[str, Any], *names: str) -> dict[str, Any]:
    """A body that has no other members than these."""
    for name in document:
        if name not in names:
            raise ControlError(f"unknown member {name!r}; there are: {', '.join(names)}")
    return document


class ControlPort:
    """The endpoints of the control port, over any ``Control``."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint of that name; complaints become their JSON."""
        endpoint: Endpoint = getattr(self, name)

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except ControlError as error:
                return Told({"error": str(error)}, error.status)
            except StoreError as error:
                return Told({"error": str(error)}, 503)

        return answer

    async def health(self, _request: Request) -> Response:
        """Whether the port is alive."""
        return Told({"status": "ok"})

    async def openapi(self, _request: Request) -> Response:
        """What can be asked here."""
        return Told(document())

    async def list_stages(self, _request: Request) -> Response:
        """Every open stage."""
        return Told({"stages": await self._control.stages()})

    async def open_stage(self, request: Request) -> Response:
        """Open a stage."""
        return Told(await self._control.open_stage(await _body(request)), 201)

    async def describe(self, request: Request) -> Response:
        """One stage."""
        return Told(await self._control.describe(request.path_params["id"]))

    async def settle(self, request: Request) -> Response:
        """Another behaviour of a provider."""
        body = await _body(request)
        return Told(await self._control.settle(request.path_params["id"], _text(body, "provider"), body))

    async def close_stage(self, request: Request) -> Response:
        """Close one."""
        await self._control.close_stage(request.path_params["id"])
        return Response(status_code=204)

    async def reset(self, request: Request) -> Response:
        """Back to the beginning."""
        await self._control.reset(request.path_params["id"])
        return Response(status_code=204)

    async def clock(self, request: Request) -> Response:
        """The stage's clock."""
        return Told(await self._control.clock(request.path_params["id"]))

    async def move_clock(self, request: Request) -> Response:
        """Move it."""
        seconds = (await _body(request)).get("seconds")
        path = request.path_params
        return Told(await self._control.move_clock(path["id"], path["how"], seconds))

    async def faults(self, request: Request) -> Response:
        """The faults on stage."""
        return Told({"faults": await self._control.faults(request.path_params["id"])})

    async def add_fault(self, request: Request) -> Response:
        """One more."""
        return Told(await self._control.add_fault(request.path_params["id"], await _body(request)), 201)

    async def remove_faults(self, request: Request) -> Response:
        """One or all of them go."""
        await self._control.remove_faults(request.path_params["id"], request.path_params.get("fault"))
        return Response(status_code=204)

    async def fire(self, request: Request) -> Response:
        """The user agent asks what goes wrong now."""
        body = await _body(request)
        fired = await self._control.fire(request.path_params["id"], _text(body, "provider"), _text(body, "endpoint"))
        return Told({"faults": fired})

    async def saved(self, request: Request) -> Response:
        """What went wrong, to be put on stage again."""
        return Told(await self._control.saved(request.path_params["id"]))

    async def recording(self, request: Request) -> Response:
        """The exchanges."""
        found = await self._control.recording(*_choice(request), redacted=_flag(request, "redacted"))
        return Told({"exchanges": found})

    async def page(self, request: Request) -> Response:
        """A page of them."""
        stage, provider, endpoint, since = _choice(request)
        query = request.query_params
        before = _number(request, "before", 0, "the number of an exchange") or None
        wanted = {
            "limit": _number(request, "limit", 200, "a number from 1 up"),
            "status": query.get("status"),
            "refused": _flag(request, "refused"),
            "text": query.get("text"),
        }
        choice = {"provider": provider, "endpoint": endpoint, "since": since, "before": before}
        return Told(await self._control.page(stage, **choice, **wanted))

    async def notes(self, request: Request) -> Response:
        """The remarks."""
        since = _number(request, "since", 0, "the number of a remark")
        return Told({"notes": await self._control.notes(request.path_params["id"], since)})

    async def note(self, request: Request) -> Response:
        """One more."""
        return Told(await self._control.note(request.path_params["id"], await _body(request)), 201)

    async def wait(self, request: Request) -> Response:
        """The exchanges, once there are enough."""
        count = _number(request, "count", 1, "a number from 1 up")
        try:
            timeout = float(request.query_params.get("timeout", "10"))
        except ValueError:
            timeout = math.nan
        return Told({"exchanges": await self._control.wait(*_choice(request), count=count, timeout=timeout)})

    async def stream(self, request: Request) -> Response:
        """The exchanges as events; a browser that comes back says which it has seen."""
        stage, provider, endpoint, since = _choice(request)
        seen = request.headers.get("last-event-id", "")
        if seen.isascii() and seen.isdigit() and len(seen) <= 18:
            since = max(since, int(seen))
        await self._control.clock(stage)  # is there such a stage? Once the stream has begun it is too late to say no
        found = self._control.stream(stage, provider, endpoint, since, redacted=_flag(request, "redacted"))
        return StreamingResponse(
            events(found, _whole), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def har(self, request: Request) -> Response:
        """The exchanges as an archive."""
        return Told(await self._control.har(*_choice(request)))

    async def clear_recording(self, request: Request) -> Response:
        """Forget them."""
        await self._control.clear_recording(request.path_params["id"])
        return Response(status_code=204)

    async def clients(self, request: Request) -> Response:
        """A provider's clients."""
        provider = _asked(request, "provider")
        return Told({"clients": await self._control.clients(request.path_params["id"], provider)})

    async def change_client(self, request: Request) -> Response:
        """Change or register one."""
        body = await _body(request)
        provider, client_id = _text(body, "provider"), _text(body, "client_id")
        return Told(await self._control.change_client(request.path_params["id"], provider, client_id, body))

    async def remove_client(self, request: Request) -> Response:
        """Forget one."""
        provider, client_id = _asked(request, "provider"), _asked(request, "client_id")
        await self._control.remove_client(request.path_params["id"], provider, client_id)
        return Response(status_code=204)

    async def users(self, request: Request) -> Response:
        """A provider's people."""
        provider = _asked(request, "provider")
        return Told({"users": await self._control.users(request.path_params["id"], provider)})

    async def change_user(self, request: Request) -> Response:
        """Change an account or open one."""
        body = await _body(request)
        provider, username = _text(body, "provider"), _text(body, "username")
        return Told(await self._control.change_user(request.path_params["id"], provider, username, body))

    async def remove_user(self, request: Request) -> Response:
        """Close an account."""
        provider, username = _asked(request, "provider"), _asked(request, "username")
        await self._control.remove_user(request.path_params["id"], provider, username)
        return Response(status_code=204)

    async def tokens(self, request: Request) -> Response:
        """A provider's live tokens."""
        provider = _asked(request, "provider")
        return Told({"tokens": await self._control.tokens(request.path_params["id"], provider)})

    async def mint(self, request: Request) -> Response:
        """Make a token."""
        body = await _body(request)
        return Told(await self._control.mint(request.path_params["id"], _text(body, "provider"), body), 201)

    async def revoke(self, request: Request) -> Response:
        """Withdraw tokens."""
        body = await _body(request)
        provider = _text(body, "provider")
        wish = _only(body, "kind", "token", "user", "session", "fingerprint")
        return Told({"revoked": await self._control.revoke(request.path_params["id"], provider, **wish)})

    async def rotate_keys(self, request: Request) -> Response:
        """Another key."""
        body = await _body(request)
        provider, keep_old = _text(body, "provider"), body.pop("keep_old", True)
        if _only(body, "keep_old") or not isinstance(keep_old, bool):
            raise ControlError('"keep_old" is true or false')
        keys = await self._control.rotate_keys(request.path_params["id"], provider, keep_old=keep_old)
        return Told({"keys": keys})

    async def put_on(self, request: Request) -> Response:
        """A scenario."""
        body = await _body(request)
        scenario, provider = _text(body, "id"), None
        if _only(body, "provider"):
            provider = _text(body, "provider")
        return Told(await self._control.put_on(request.path_params["id"], scenario, provider))

    async def hold(self, request: Request) -> Response:
        """Put up a barrier."""
        match = (await _body(request)).get("match")
        if not isinstance(match, dict):
            raise ControlError('"match" is a JSON object; an empty one matches every request')
        await self._control.hold(request.path_params["id"], match)
        return Response(status_code=204)

    async def release(self, request: Request) -> Response:
        """Lift it."""
        return Told({"released": await self._control.release(request.path_params["id"])})


def _whole(exchange: Json) -> tuple[str, Json]:
    return "exchange", exchange


async def _nothing_there(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    return Told({"error": f"the control port has no {request.method} {request.url.path}"}, status, headers)


async def _nobody_there(_request: Request, _error: Exception) -> Response:
    """Who asked has gone in the middle of it."""
    return Response(status_code=400)


def control_app(control: Control, token: str | None = None, *, bound: str = "127.0.0.1") -> Guard:
    """An ASGI application for that control, its dashboard included, which listens on the address ``bound``. With
    ``token`` every request needs it as a Bearer token, but for what says only that there is a control port.
    """
    port = ControlPort(control)
    app = Starlette(
        exception_handlers={HTTPException: _nothing_there, ClientDisconnect: _nobody_there},
        routes=[
            Route(
                operation.path.replace("{fault}", "{fault:path}"),
                port.endpoint(operation.name),
                methods=[operation.method],
            )
            for operation in OPERATIONS
        ]
        + Dashboard(control, token).routes(),
    )
    app.router.redirect_slashes = False
    return Guard(app, token=token, bound=bound, ask=asking())
