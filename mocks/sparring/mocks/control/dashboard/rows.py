"""One exchange as a line of the sequence diagram: who asked whom for what, and what came back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sparring.mocks.control.interface import Json

BROWSER, CLIENT, API = "browser", "client", "api"

VISITED = frozenset(
    {
        "authorize", "check-session", "chooser", "consent", "csp-report", "end-session", "end-session-callback",
        "login", "logout", "page", "sign-in", "switch",
    }
)  # fmt: skip
"""Endpoints at which a person's browser arrives."""

ASKED = VISITED | {
    "access-token-validation", "ciba", "deviceauthorization", "discovery", "identity-token-validation", "introspect",
    "introspection", "jwks", "old-login", "realm", "register", "registration", "revocation", "revoke", "token",
    "token-info", "unknown", "user-info", "userinfo", "webfinger",
}  # fmt: skip
"""Endpoints of the provider itself; whatever else it has is its API."""


TONES = {"FAIL": "bad", "WARN": "warn", "NOTE": ""}
"""How a remark's verdict looks."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lifelines of the diagram, from left to right: key and name of each. A stage of few providers has one for
    each; where there are more, they share one, and each line says which of them it was.
    """

    names: tuple[tuple[str, str], ...]

    def place(self, key: str) -> int:
        """The lifeline's number, from 1."""
        keys = [name for name, _ in self.names]
        return keys.index(key if key in keys else "providers") + 1


def lanes(providers: Mapping[str, str], only: str | None = None) -> Lanes:
    """Lifelines for a stage with these providers (names and titles); ``only``: no other one is shown."""
    shown = {name: title for name, title in providers.items() if only in {None, name}}
    middle = tuple(shown.items()) if len(shown) == 1 else (("providers", "Provider"),)
    return Lanes(((BROWSER, "Browser"), (CLIENT, "Client"), *middle, (API, "API")))


def row(exchange: Mapping[str, Any], placed: Lanes, titles: Mapping[str, str], notes: Sequence[Json] = ()) -> Json:
    """What the diagram shows of an exchange; ``titles`` are those of the stage's providers, in their order."""
    endpoint, facts = str(exchange["endpoint"]), exchange["facts"]
    asker = BROWSER if _is_visit(exchange) else CLIENT
    asked = str(exchange["provider"]) if endpoint in ASKED or exchange["provider"] not in titles else API
    provider = str(exchange["provider"])
    onward = _onward(exchange) if asker == BROWSER else ""
    return {
        "n": exchange["n"],
        "at": stage_time(exchange["at"])[11:],
        "from": placed.place(asker),
        "to": placed.place(asked),
        "asker": dict(placed.names)[asker],
        "asked": titles.get(provider, provider) if asked != API else f"{titles[provider]} API",
        "ask": f"{str(exchange['method'])[:20]} {endpoint}",
        "with": _with(exchange),
        "answer": answered(exchange),
        "tone": tone(exchange),
        "onward": onward,
        "onward_to": placed.place(CLIENT),
        "provider": titles.get(provider, provider),
        "hue": list(titles).index(provider) if provider in titles else 9,
        "rule": exchange["rule"],
        "mend": exchange["mend"],
        "faults": facts.get("faults", []),
        "lint": _lint([note["verdict"] for note in notes if note["exchange"] == exchange["n"]]),
    }


def _lint(verdicts: Sequence[str]) -> Json | None:
    """The worst of what was remarked, and how much it was."""
    if not verdicts:
        return None
    worst = min(verdicts, key=("FAIL", "WARN", "NOTE").index)
    return {"text": f"lint {worst}" + (f" x{len(verdicts)}" if len(verdicts) > 1 else ""), "tone": TONES[worst]}


def stage_time(at: float) -> str:
    """Date and time of day on a stage's clock, in UTC, to the thousandth of a second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def tone(exchange: Mapping[str, Any]) -> str:
    """``waiting``, ``refused``, ``fault`` (something was done to it, and it was not refused), ``moved`` or ``fine``."""
    if not exchange.get("ended", True):
        return "waiting"
    if exchange["refused"]:
        return "refused"
    if exchange["facts"].get("faults"):
        return "fault"
    return "moved" if 300 <= exchange["status"] < 400 else "fine"


def _is_visit(exchange: Mapping[str, Any]) -> bool:
    if exchange["endpoint"] in VISITED:
        return True
    headers = dict(exchange["headers"])
    if exchange["endpoint"] in ASKED:
        return headers.get("sec-fetch-dest") == "document"
    return headers.get("sec-fetch-mode") == "navigate" or str(headers.get("accept", "")).startswith("text/html")


def header(pairs: Sequence[Sequence[str]], name: str) -> str:
    """The first header of that name, lower case; empty where there is none."""
    return next((value for key, value in pairs if key.lower() == name), "")


def form_of(exchange: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a form that was sent; none for any other body."""
    kind = header(exchange["headers"], "content-type").partition(";")[0].strip().lower()
    body = exchange["body"]
    if kind != "application/x-www-form-urlencoded" or not isinstance(body, str):
        return []
    return parse_qsl(body, keep_blank_values=True, max_num_fields=None)


def json_of(body: object) -> Any:
    """The JSON that a body is; None where it is none."""
    if not isinstance(body, str) or not body.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _with(exchange: Mapping[str, Any]) -> str:
    """What is most telling of the request: its grant, or what it wants."""
    form = dict(form_of(exchange))
    query = dict(query_of(str(exchange["url"])))
    return (form.get("grant_type") or query.get("grant_type") or query.get("response_type") or "")[:40]


def query_of(url: str) -> list[tuple[str, str]]:
    """The parameters of a URL; none where it is not one."""
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def answered(exchange: Mapping[str, Any]) -> str:
    """The answer in a word or two: its status, and the error that it names."""
    status = exchange["status"]
    if status is None:
        return "waits" if not exchange.get("ended", True) else "no answer"
    document = json_of(exchange["response_body"])
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, str):
        error = _delivered(exchange).get("error", "")
    return f"{status} {error[:60]}".rstrip()


def _location(exchange: Mapping[str, Any]) -> str:
    return header(exchange["response_headers"], "location") if 300 <= (exchange["status"] or 0) < 400 else ""


def _delivered(exchange: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that a redirect hands on, in its query or its fragment."""
    try:
        parts = urlsplit(_location(exchange))
    except ValueError:
        return {}
    return dict(parse_qsl(parts.fragment)) | dict(parse_qsl(parts.query))


def _onward(exchange: Mapping[str, Any]) -> str:
    """What the browser carries to the client, where it is sent there; empty where it is not."""
    place = _location(exchange)
    try:
        here, there = urlsplit(str(exchange["url"])), urlsplit(place)
    except ValueError:
        return ""
    if not there.netloc or there.netloc == here.netloc:
        return ""
    names = [name for name in ("code", "error", "id_token", "access_token", "state") if name in _delivered(exchange)]
    return f"callback: {', '.join(names)}" if names else "callback"
