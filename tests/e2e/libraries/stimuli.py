"""What the token endpoint does to the libraries: one row of the table each, as faults on a stage."""

# ruff: noqa: E501 - the table is wide

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Advance, Do, Move, Scenario, Setting
from tests.e2e.libraries import cells

INVENTED = "an-invented-token-0123456789"
SECRET = "a b:c%3A+d/="
ACCENTED = "with-an-ü-in-it"
DAY = 86_400
_ONCE = (Do("authenticate"), Do("call_api"))
_TWICE = (*_ONCE, Do("call_api"))
_EVERY = 20

Effect = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stimulus:
    """One row. ``read`` makes a cell of what happened. ``lifetimes``: it is about how long a token lives."""

    id: str
    title: str
    read: Callable[[Evidence], str]
    faults: tuple[Mapping[str, Any], ...] = ()
    plan: tuple[Move, ...] = _ONCE
    setting: Setting = field(default_factory=Setting)
    lifetimes: bool = False

    def concerns(self, library: str) -> bool:
        """Whether there is a cell for that column: what is done by hand asks for no lifetimes."""
        return not (self.lifetimes and library.startswith("by hand"))

    def scenario(self, provider: str) -> Scenario:
        """The row as something that can be played."""
        return Scenario(
            id=f"library-{self.id}",
            title=self.title,
            profile="robustness",
            providers=frozenset({provider}),
            grants=frozenset({"client_credentials"}),
            severity="robustness",
            plan=self.plan,
            checks=(),
            faults=self.faults,
            setting=self.setting,
        )


def _answer(effect: Effect, *, when: str = "after", times: int = _EVERY) -> tuple[Mapping[str, Any], ...]:
    return ({"id": "stimulus", "match": {"endpoint": "token", "when": when}, "effect": effect, "times": times},)


def _member(name: str, value: object, *, times: int = _EVERY) -> tuple[Mapping[str, Any], ...]:
    op = {"op": "add", "path": f"/{name}", "value": value}
    return _answer({"kind": "json-patch", "ops": [op]}, times=times)


def _without(name: str) -> tuple[Mapping[str, Any], ...]:
    return _answer({"kind": "json-patch", "ops": [{"op": "remove", "path": f"/{name}"}]})


def _body(status: int, content_type: str, body: object) -> tuple[Mapping[str, Any], ...]:
    headers = {"content-type": content_type}
    return _answer({"kind": "replace", "status": status, "headers": headers, "body": body}, when="before")


def _octets(octets: bytes) -> tuple[Mapping[str, Any], ...]:
    return _answer({"kind": "body", "base64": base64.b64encode(octets).decode()})


def _redirect(status: int) -> tuple[Mapping[str, Any], ...]:
    return _answer({"kind": "redirect", "status": status, "to": "{decoy}/token"}, when="before")


_GOOD = f'{{"access_token":"{INVENTED}","token_type":"Bearer","expires_in":3600}}'
_SLOWLY = {
    "id": "slowly",
    "match": {"endpoint": "token", "when": "before"},
    "effect": {"kind": "delay", "seconds": 1},
    "times": _EVERY,
}
_LIVES = Setting(stage={"lifetimes": {"clickview": {"access_token": DAY}}})

STIMULI = (
    Stimulus("type-bearer", "`token_type` is `bearer`, in lower case", cells.accepted, _member("token_type", "bearer")),
    Stimulus("type-mac", "`token_type` is `mac`", cells.not_as_bearer, _member("token_type", "mac")),
    Stimulus("type-missing", "`token_type` is missing", cells.accepted, _without("token_type")),
    Stimulus("expires-text", '`expires_in` is `"3600"`', cells.kept, _member("expires_in", "3600"), _TWICE, lifetimes=True),
    Stimulus("expires-missing", "`expires_in` is missing", cells.kept, _without("expires_in"), _TWICE, lifetimes=True),
    Stimulus("expires-zero", "`expires_in` is `0`", cells.lived, _member("expires_in", 0), _TWICE, lifetimes=True),
    Stimulus("expires-past", "`expires_in` is `-5`", cells.lived, _member("expires_in", -5), _TWICE, lifetimes=True),
    Stimulus("expires-huge", "`expires_in` is 10^15", cells.far_off, _member("expires_in", 10**15), _TWICE, lifetimes=True),
    Stimulus("expires-word", '`expires_in` is `"soon"`', cells.no_number, _member("expires_in", "soon"), _TWICE, lifetimes=True),
    Stimulus("scope-narrowed", "`scope` is another one", cells.legal, _member("scope", "another")),
    Stimulus("scope-comma", "`scope` has commas", cells.legal, _member("scope", "lti,another")),
    Stimulus("scope-list", "`scope` is an array", cells.accepted, _member("scope", ["lti", "another"])),
    Stimulus("html", "200 with an HTML page", cells.no_token, _body(200, "text/html", "<!doctype html><h1>Back soon</h1>")),
    Stimulus("text-plain", "JSON that calls itself `text/plain`", cells.accepted, _answer({"kind": "content-type", "value": "text/plain"})),
    Stimulus("truncated", "JSON that breaks off", cells.no_token, _octets(_GOOD[:60].encode())),
    Stimulus("empty", "200 with an empty body", cells.no_token, _octets(b"")),
    Stimulus("bom", "JSON after a byte order mark", cells.presented_invented, _octets(b"\xef\xbb\xbf" + _GOOD.encode())),
    Stimulus("token-null", "`access_token` is `null`", cells.no_token, _member("access_token", None)),
    Stimulus("error-200", "an error object with 200", cells.no_token, _body(200, "application/json", {"error": "server_error"})),
    Stimulus("unavailable", "503 once, then a good answer", cells.survived, _answer({"kind": "unavailable", "retry_after": None}, when="before", times=1)),
    Stimulus("redirect-307", "307 to another origin", cells.stayed, _redirect(307)),
    Stimulus("redirect-302", "302 to another origin", cells.stayed, _redirect(302)),
    Stimulus("huge", "an answer of 30 MB", cells.accepted, _member("padding", "x" * 30_000_000)),
    Stimulus("basic", "how `Authorization: Basic` has a secret with blank, `:`, `%` and `+`", cells.basic_encoding, setting=Setting(client={"secret": SECRET})),
    Stimulus("basic-accent", "how it has a secret with an ü", cells.basic_encoding, setting=Setting(client={"secret": ACCENTED})),
    Stimulus(
        "parallel",
        "token requests of six calls at once, with an expired token",
        cells.renewals,
        (*_member("expires_in", 3, times=1), _SLOWLY),
        (Do("authenticate"), Advance(4), Do("call_api", times=6, parallel=True)),
        _LIVES,
        lifetimes=True,
    ),
)  # fmt: skip
