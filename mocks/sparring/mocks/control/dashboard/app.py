"""The dashboard's addresses, all of them under one path: pages, rows as JSON, news as events, one address for forms."""

import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sparring.mocks.control.dashboard.actions import act
from sparring.mocks.control.dashboard.details import details
from sparring.mocks.control.dashboard.pages import HEADERS, page, static
from sparring.mocks.control.dashboard.panels import PANELS, clock, panels
from sparring.mocks.control.dashboard.recipes import RECIPES, Recipe
from sparring.mocks.control.dashboard.rows import Lanes, lanes, row
from sparring.mocks.control.guard import COOKIE, DASHBOARD, SIGN_IN, App, Receive, Scope, Send, pass_of
from sparring.mocks.control.interface import Control, ControlError, Json
from sparring.mocks.control.staging import concerns
from sparring.mocks.control.streaming import events
from sparring.mocks.control.told import Told
from sparring.mocks.presets import PRESETS
from sparring.mocks.storage.promises import StoreError

ROWS = 200
"""Exchanges that a page holds."""

LONGEST_FORM = 1 << 20
FILTERS = ("provider", "endpoint", "status", "refused", "text")


class Dashboard:
    """The pages over any ``Control``; with ``token`` a person shows it once."""

    def __init__(self, control: Control, token: str | None) -> None:
        self._control = control
        self._token = token

    def routes(self) -> list[Route]:
        """Its addresses."""
        at = f"{DASHBOARD}{{id}}/"
        pages = [
            (DASHBOARD, self.first, "GET"),
            (f"{DASHBOARD}static/{{file}}", self.static, "GET"),
            (SIGN_IN, self.sign_in, "POST"),
            (f"{at}", self.stage, "GET"),
            (f"{at}rows", self.rows, "GET"),
            (f"{at}stream", self.stream, "GET"),
            (f"{at}panels", self.panels, "GET"),
            (f"{at}recording.har", self.har, "GET"),
            (f"{at}exchanges/{{n}}", self.exchange, "GET"),
            (f"{at}do", self.do, "POST"),
        ]
        root = Route("/", self._told(self.root), methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
        return [root, *(Route(path, self._told(endpoint), methods=[method]) for path, endpoint, method in pages)]

    def _told(self, endpoint: Any) -> Any:
        """The endpoint, its complaints as a page or as JSON, whichever was asked for."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)  # type: ignore[no-any-return]
            except ControlError as error:
                return _complaint(request, str(error), error.status)
            except StoreError as error:
                return _complaint(request, str(error), 503)

        return answer

    async def root(self, request: Request) -> Response:
        """A person is led to the dashboard; for a program there is nothing here."""
        if request.method not in {"GET", "HEAD"} or "text/html" not in request.headers.get("accept", ""):
            raise HTTPException(404)
        return RedirectResponse(DASHBOARD, 303, HEADERS)

    async def first(self, _request: Request) -> Response:
        """To the first stage; a page that says so where there is none."""
        stages = await self._control.stages()
        if not stages:
            return page("complaint.html", sentence="No stage is open.", back=DASHBOARD)
        return RedirectResponse(f"{DASHBOARD}{quote(stages[0]['id'])}/", 303, HEADERS)

    async def static(self, request: Request) -> Response:
        """A file."""
        found = static(request.path_params["file"])
        if found is None:
            raise ControlError("there is no such file", 404)
        return found

    async def sign_in(self, request: Request) -> Response:
        """The token, shown once: the browser gets a cookie that goes nowhere but to these pages."""
        given = (await _form(request)).get("token", "")
        if self._token is None or not hmac.compare_digest(given.encode(), self._token.encode()):
            return sign_in_page(401, "This is not the control token.")
        answer = RedirectResponse(DASHBOARD, 303, HEADERS)
        answer.set_cookie(COOKIE, pass_of(self._token), path=DASHBOARD, httponly=True, samesite="strict")
        return answer

    async def stage(self, request: Request) -> Response:
        """The page of a stage: its diagram and whatever stands beside it."""
        stage = request.path_params["id"]
        described = await self._control.describe(stage)
        found, chosen = await self._rows(request), _chosen(request)
        titles = _titles(described)
        return page(
            "stage.html",
            stage=stage,
            stages=[one["id"] for one in await self._control.stages()],
            titles=titles,
            endpoints=sorted({name for house in described["providers"].values() for name in house["endpoints"]}),
            chosen=chosen,
            query=urlencode(chosen),
            found=found,
            clock=await clock(self._control, stage),
            panels=await panels(self._control, stage),
            themes=_themes(),
            presets=[one for one in PRESETS.values() if any(concerns(one, name) for name in titles)],
        )

    async def rows(self, request: Request) -> Response:
        """Rows as JSON, after ``since`` or below ``before``."""
        return Told(await self._rows(request), headers=HEADERS)

    async def _rows(self, request: Request) -> Json:
        stage, chosen = request.path_params["id"], _chosen(request)
        bounds = {name: _number(request, name) for name in ("since", "before", "limit")}
        wanted: dict[str, Any] = {name: value for name, value in bounds.items() if value is not None}
        found = await self._control.page(stage, **{"limit": ROWS, **wanted, **chosen, "refused": "refused" in chosen})
        described = await self._control.describe(stage)
        titles = _titles(described)
        placed: Lanes = lanes(titles, chosen.get("provider"))
        notes = await self._control.notes(stage)
        rows = [row(exchange, placed, titles, notes) for exchange in found["exchanges"]]
        return {
            "rows": rows,
            "lanes": [title for _, title in placed.names],
            **{name: found[name] for name in ("more", "kept", "last")},
        }

    async def stream(self, request: Request) -> Response:
        """The number of each exchange that ends, as an event: what it is can be asked then."""
        stage, seen = request.path_params["id"], request.headers.get("last-event-id", "")
        since = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else _number(request, "since") or 0
        await self._control.clock(stage)
        found = events(self._control.stream(stage, since=since), _news)
        return StreamingResponse(found, media_type="text/event-stream", headers=HEADERS)

    async def panels(self, request: Request) -> Response:
        """The clock and some panels, as JSON."""
        stage, only = request.path_params["id"], request.query_params.get("only")
        wanted = [name for name in PANELS if only is None or name in only.split(",")]
        shown = await panels(self._control, stage, wanted)
        return Told({"clock": await clock(self._control, stage), "panels": shown}, headers=HEADERS)

    async def exchange(self, request: Request) -> Response:
        """One exchange, as a page or as JSON."""
        stage, n = request.path_params["id"], _digits(request.path_params["n"], "the number of an exchange")
        found = (await self._control.page(stage, before=n + 1, limit=1))["exchanges"]
        if not found or found[0]["n"] != n:
            raise ControlError(f"exchange {n} is no longer there", 404)
        told = details(
            found[0],
            now=(await self._control.clock(stage))["now"],
            stage=await self._control.describe(stage),
            faults=await self._control.faults(stage),
            notes=await self._control.notes(stage),
        )
        if _wants_json(request):
            return Told(told, headers=HEADERS)
        return page("exchange.html", stage=stage, told=told)

    async def har(self, request: Request) -> Response:
        """The recording as an archive, for the disk."""
        stage = request.path_params["id"]
        archive = json.dumps(await self._control.har(stage))
        kept = {"Content-Disposition": f'attachment; filename="sparring-{stage}.har"'}
        return Response(archive, headers=HEADERS | kept, media_type="application/json")

    async def do(self, request: Request) -> Response:
        """What a form asks for; then back to the page, or a sentence as JSON."""
        stage = request.path_params["id"]
        sentence = await act(self._control, stage, await _form(request))
        if _wants_json(request):
            return Told({"said": sentence}, headers=HEADERS)
        return RedirectResponse(f"{DASHBOARD}{quote(stage)}/", 303, HEADERS)


def _complaint(request: Request, sentence: str, status: int) -> Response:
    if _wants_json(request):
        return Told({"error": sentence}, status, HEADERS)
    stage = request.path_params.get("id", "")
    back = f"{DASHBOARD}{quote(stage)}/" if stage else DASHBOARD
    return page("complaint.html", status, sentence=sentence, back=back)


def sign_in_page(status: int, problem: str = "") -> Response:
    """The form that asks for the control token."""
    return page("sign_in.html", status, {"WWW-Authenticate": "Bearer"}, problem=problem, action=SIGN_IN)


def asking(status: int = 401) -> App:
    """That form as an application: what a person sees who has not shown the token yet."""

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        at_home = scope["path"].startswith(DASHBOARD)
        shown = sign_in_page(status) if at_home else RedirectResponse(DASHBOARD, 303, HEADERS)
        await shown(scope, receive, send)

    return ask


def _news(exchange: Json) -> tuple[str, Json]:
    return "exchange", {"n": exchange["n"], "faults": bool(exchange["facts"].get("faults"))}


def _themes() -> dict[str, list[Recipe]]:
    """The recipes under their headings, in the order in which they are offered."""
    found: dict[str, list[Recipe]] = {}
    for one in RECIPES:
        found.setdefault(one.theme, []).append(one)
    return found


def _titles(described: Json) -> dict[str, str]:
    return {name: house["title"] for name, house in described["providers"].items()}


def _chosen(request: Request) -> dict[str, str]:
    """The filters that are set."""
    return {name: value for name in FILTERS if (value := request.query_params.get(name, "").strip())}


def _number(request: Request, name: str) -> int | None:
    value = request.query_params.get(name)
    return None if value is None else _digits(value, f'"{name}"')


def _digits(value: str, what: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise ControlError(f"{what} is a number")
    return int(value)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, read whole, the last of each name."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LONGEST_FORM:
            raise ControlError("the form is too long", 413)
        parts.append(part)
    return dict(parse_qsl(b"".join(parts).decode("utf-8", "replace"), keep_blank_values=True))
