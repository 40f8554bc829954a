"""A token endpoint or an API that is busy, or broken, and says so."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, CLIENT, EVERY_TIME, WITHOUT_REFRESH_TOKEN

_BUDGET = Budget(token=12, api=12, jwks=4, register=8)
_AN_HOUR = 3600
_PAGE = "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"
_WAITS = "retry-after-is-honoured"
_KEEPS = "server-errors-leave-the-token"


def _busy(
    id: str,  # noqa: A002
    title: str,
    endpoint: str,
    effect: Mapping[str, Any],
    *decided_by: str,
    times: int = 1,
    **more: Any,
) -> Scenario:
    """A scenario in which an endpoint answers so, for a while."""
    fault = {"id": id, "match": {"endpoint": endpoint, "when": "before"}, "effect": effect, "times": times}
    common: dict[str, Any] = {
        "profile": "resilience",
        "providers": ALL,
        "grants": ANY,
        "severity": "robustness",
        "plan": (Do("authenticate"), Do("call_api"))[: 1 if endpoint == "token" else 2],
        "budget": _BUDGET,
        "checks": tuple(check(name) for name in decided_by or (_WAITS,)),
        "faults": (fault,),
        "owns": frozenset({"code-single-use"} if endpoint == "token" else ()),
    }
    return Scenario(id=id, title=title, **(common | more))


def _told(retry_after: str | None) -> dict[str, Any]:
    """429 with that Retry-After, or without."""
    headers = {"content-type": "application/json"} | ({} if retry_after is None else {"retry-after": retry_after})
    return {"kind": "replace", "status": 429, "headers": headers, "body": {"error": "rate_limited"}}


_ODD: Mapping[str, tuple[str, str | None]] = {
    "api-429-date-garbage": ("Retry-After is neither a number nor a date", "soon"),
    "api-429-date-negative": ("Retry-After is a negative number", "-30"),
    "api-429-date-fractional": ("Retry-After has a fraction", "0.5"),
    "api-429-date-absent": ("There is no Retry-After", None),
}

SCENARIOS = (
    _busy(
        "token-503-then-ok",
        "The token endpoint is unavailable for a second",
        "token",
        {"kind": "unavailable", "retry_after": 1},
        providers=WITHOUT_REFRESH_TOKEN,
        grants=CLIENT,
    ),
    _busy(
        "token-429",
        "The token endpoint asks for a second's patience",
        "token",
        {"kind": "rate-limited", "retry_after": 1},
    ),
    _busy(
        "token-429-date",
        "The token endpoint names a time, three seconds from now",
        "token",
        {"kind": "rate-limited", "retry_after": 3, "form": "date"},
    ),
    _busy(
        "api-429-seconds",
        "The API asks for a second's patience",
        "api",
        {"kind": "rate-limited", "retry_after": 1},
    ),
    _busy(
        "api-429-seconds-3600",
        "The API asks for an hour's patience",
        "api",
        {"kind": "rate-limited", "retry_after": _AN_HOUR},
    ),
    _busy(
        "api-429-date",
        "The API names a time, three seconds from now",
        "api",
        {"kind": "rate-limited", "retry_after": 3, "form": "date"},
    ),
    *(
        _busy(name, f"The API answers 429: {title[0].lower()}{title[1:]}", "api", _told(value))
        for name, (title, value) in _ODD.items()
    ),
    _busy(
        "api-5xx",
        "The API answers 500 to every call",
        "api",
        {"kind": "replace", "status": 500, "headers": {"content-type": "application/json"}, "body": {"error": "oops"}},
        _KEEPS,
        times=EVERY_TIME,
    ),
    _busy(
        "api-5xx-502",
        "A gateway before the API answers with a page, once",
        "api",
        {"kind": "replace", "status": 502, "headers": {"content-type": "text/html"}, "body": _PAGE},
        _KEEPS,
    ),
    _busy(
        "api-5xx-503",
        "The API is unavailable for a second",
        "api",
        {"kind": "unavailable", "retry_after": 1},
        _KEEPS,
        _WAITS,
    ),
)
