"""The control port over HTTP: JSON in, JSON out, never in a provider's URL space."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sparring.mocks.control.interface import Control, ControlError

Endpoint = Callable[[Request], Awaitable[Response]]


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        document = json.loads(raw) if raw.strip() else {}
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


class ControlPort:
    """The endpoints of the control port, over any ``Control``."""

    def __init__(self, control: Control, token: str | None) -> None:
        self._control = control
        self._token = token

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, for those who know the token; complaints become their JSON."""

        async def answer(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if self._token is not None and not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return JSONResponse(
                    {"error": "the control token is missing or wrong"}, 401, {"WWW-Authenticate": "Bearer"}
                )
            try:
                return await endpoint(request)
            except ControlError as error:
                return JSONResponse({"error": str(error)}, error.status)

        return answer

    async def health(self, _request: Request) -> Response:
        """Whether the port is alive; needs no token."""
        return JSONResponse({"status": "ok"})

    async def list_stages(self, _request: Request) -> Response:
        """Every open stage."""
        return JSONResponse({"stages": await self._control.stages()})

    async def open_stage(self, request: Request) -> Response:
        """Open a stage."""
        return JSONResponse(await self._control.open_stage(await _body(request)), 201)

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
        return JSONResponse(await self._control.clock(request.path_params["id"]))

    async def move_clock(self, request: Request) -> Response:
        """Move it."""
        seconds = (await _body(request)).get("seconds")
        path = request.path_params
        return JSONResponse(await self._control.move_clock(path["id"], path["how"], seconds))

    async def faults(self, request: Request) -> Response:
        """The faults on stage."""
        return JSONResponse({"faults": await self._control.faults(request.path_params["id"])})

    async def add_fault(self, request: Request) -> Response:
        """One more."""
        return JSONResponse(await self._control.add_fault(request.path_params["id"], await _body(request)), 201)

    async def remove_faults(self, request: Request) -> Response:
        """One or all of them go."""
        await self._control.remove_faults(request.path_params["id"], request.path_params.get("fault"))
        return Response(status_code=204)

    async def fire(self, request: Request) -> Response:
        """The user agent asks what goes wrong now."""
        body = await _body(request)
        fired = await self._control.fire(request.path_params["id"], _text(body, "provider"), _text(body, "endpoint"))
        return JSONResponse({"faults": fired})

    async def recording(self, request: Request) -> Response:
        """The exchanges, raw."""
        query = request.query_params
        since = query.get("since", "0")
        if not since.isascii() or not since.isdigit() or len(since) > 18:
            raise ControlError('"since" is the number of an exchange')
        found = await self._control.recording(
            request.path_params["id"], query.get("provider"), query.get("endpoint"), int(since)
        )
        return JSONResponse({"exchanges": found})

    async def clear_recording(self, request: Request) -> Response:
        """Forget them."""
        await self._control.clear_recording(request.path_params["id"])
        return Response(status_code=204)

    async def clients(self, request: Request) -> Response:
        """A provider's clients."""
        provider = request.query_params.get("provider")
        if provider is None:
            raise ControlError('"provider" is missing')
        return JSONResponse({"clients": await self._control.clients(request.path_params["id"], provider)})

    async def change_client(self, request: Request) -> Response:
        """Change or register one."""
        body = await _body(request)
        provider, client_id = _text(body, "provider"), _text(body, "client_id")
        return JSONResponse(await self._control.change_client(request.path_params["id"], provider, client_id, body))

    async def revoke(self, request: Request) -> Response:
        """Withdraw tokens."""
        body = await _body(request)
        count = await self._control.revoke(request.path_params["id"], _text(body, "provider"), body.get("kind"))
        return JSONResponse({"revoked": count})


async def _nothing_there(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    return JSONResponse({"error": f"the control port has no {request.method} {request.url.path}"}, status, headers)


def control_app(control: Control, token: str | None = None) -> Starlette:
    """An ASGI application for that control. With ``token`` every request but /health needs it as a Bearer token."""
    port = ControlPort(control, token)

    def route(method: str, path: str, endpoint: Endpoint) -> Route:
        return Route(path, port.guarded(endpoint), methods=[method])

    stage = "/stages/{id}"
    app = Starlette(
        exception_handlers={HTTPException: _nothing_there},
        routes=[
            Route("/health", port.health, methods=["GET"]),
            route("GET", "/stages", port.list_stages),
            route("POST", "/stages", port.open_stage),
            route("DELETE", stage, port.close_stage),
            route("POST", f"{stage}/reset", port.reset),
            route("GET", f"{stage}/clock", port.clock),
            route("POST", f"{stage}/clock/{{how}}", port.move_clock),
            route("GET", f"{stage}/faults", port.faults),
            route("POST", f"{stage}/faults", port.add_fault),
            route("DELETE", f"{stage}/faults", port.remove_faults),
            route("POST", f"{stage}/faults/fire", port.fire),
            route("DELETE", f"{stage}/faults/{{fault:path}}", port.remove_faults),
            route("GET", f"{stage}/recording", port.recording),
            route("DELETE", f"{stage}/recording", port.clear_recording),
            route("GET", f"{stage}/clients", port.clients),
            route("POST", f"{stage}/clients", port.change_client),
            route("POST", f"{stage}/tokens/revoke", port.revoke),
        ],
    )
    app.router.redirect_slashes = False
    return app
