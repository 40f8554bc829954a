"""The token endpoint's answer is broken, hostile, or merely unusual."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Profile, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, CODE, EVERY_TIME, WITH_LOGIN

_PLAN = (Do("authenticate"), Do("call_api"))
_BUDGET = Budget(token=8, api=8, jwks=4)
_JSON = "application/json"
_PAGE = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"
_BEARER = '"token_type":"Bearer","expires_in":3600'
_INVENTED = "an-invented-token-0123456789"
_JWTS = frozenset({"clickview", "movingimage"})
"""The providers whose access tokens are JWTs that live by what they say."""


def _odd(
    id: str,  # noqa: A002
    title: str,
    decided_by: str,
    *effects: Mapping[str, Any],
    profile: Profile = "core",
    severity: Any = "robustness",
    match: Mapping[str, Any] | None = None,
    **more: Any,
) -> Scenario:
    """A scenario in which every answer of the token endpoint has something done to it."""
    faults = tuple(
        {
            "id": f"{id}-{number}" if number else id,
            "match": {"endpoint": "token", "when": "after", **(match or {})},
            "effect": effect,
            "times": EVERY_TIME,
        }
        for number, effect in enumerate(effects)
    )
    usual: dict[str, Any] = {"providers": ALL, "grants": ANY, "plan": _PLAN, "budget": _BUDGET}
    named: dict[str, Any] = {"id": id, "title": title, "profile": profile, "severity": severity}
    return Scenario(**named, faults=faults, checks=(check(decided_by),), **(usual | more))


def _instead(status: int, kind: str, body: object) -> dict[str, Any]:
    """An answer in the place of the provider's, which is not asked."""
    return {"kind": "replace", "status": status, "headers": {"content-type": kind}, "body": body}


def _member(name: str, value: object) -> dict[str, Any]:
    return {"kind": "json-patch", "ops": [{"op": "add", "path": f"/{name}", "value": value}]}


def _without(name: str) -> dict[str, Any]:
    return {"kind": "json-patch", "ops": [{"op": "remove", "path": f"/{name}"}]}


_UNREADABLE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "token-html-with-200": ("A page with status 200, where a token should be", _instead(200, "text/html", _PAGE)),
    "token-json-broken-truncated": (
        "The JSON ends in the middle",
        {"kind": "body", "text": f'{{"access_token":"{_INVENTED}","token_type":"Bear'},
    ),
    "token-json-broken-empty": ("An empty body with status 200", {"kind": "body", "text": ""}),
    "token-json-broken-array": (
        "An array around the answer",
        {"kind": "body", "text": f'[{{"access_token":"{_INVENTED}",{_BEARER}}}]'},
    ),
    "token-json-broken-trailing": (
        "Something follows the JSON",
        {"kind": "body", "text": f'{{"access_token":"{_INVENTED}",{_BEARER}}}}} <!-- cached -->'},
    ),
    "token-json-broken-quotes": (
        "Single quotes, as a careless template writes them",
        {"kind": "body", "text": f"{{'access_token':'{_INVENTED}','token_type':'Bearer'}}"},
    ),
    "token-json-broken-comma": (
        "A comma is missing, as in movingimage's own sample",
        {"kind": "body", "text": f'{{"access_token":"{_INVENTED}" {_BEARER}}}'},
    ),
    "token-body-cut": ("The connection ends inside the body", {"kind": "cut"}),
    "token-body-cut-short": ("The body is shorter than its Content-Length says", {"kind": "short"}),
}

_ERRORS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "token-error-other-codes-invalid-request": ("invalid_request", {"error": "invalid_request"}),
    "token-error-other-codes-unauthorized-client": (
        "unauthorized_client, with an error_uri",
        {"error": "unauthorized_client", "error_uri": "https://docs.example/errors#unauthorized_client"},
    ),
    "token-error-other-codes-unsupported-grant-type": (
        "unsupported_grant_type, described in another language",
        {"error": "unsupported_grant_type", "error_description": "Diese Berechtigungsart ist nicht möglich"},
    ),
    "token-error-other-codes-invalid-scope": (
        "invalid_scope, with members that nobody knows",
        {"error": "invalid_scope", "error_codes": [70011], "trace": {"id": "b1946ac9"}},
    ),
    "token-error-other-codes-unknown": ("an error that no specification knows", {"error": "account_review_pending"}),
    "token-error-bare": ("the error alone, without a description", {"error": "unauthorized_client"}),
}

_LABELS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "token-wrong-content-type-text": ("text/plain", {"kind": "content-type", "value": "text/plain"}),
    "token-wrong-content-type-html": ("text/html", {"kind": "content-type", "value": "text/html; charset=utf-8"}),
    "token-wrong-content-type-octets": (
        "application/octet-stream",
        {"kind": "content-type", "value": "application/octet-stream"},
    ),
    "token-wrong-content-type-none": ("nothing", {"kind": "headers", "drop": ["content-type"]}),
    "token-wrong-content-type-charset": (
        "JSON with a charset",
        {"kind": "content-type", "value": f"{_JSON};charset=UTF-8"},
    ),
}

_CHARACTERS: Mapping[str, tuple[str, str]] = {
    "token-control-chars-line-break": ("a line break and a header", f"{_INVENTED}\r\nX-Injected: yes"),
    "token-control-chars-nul": ("a NUL", f"{_INVENTED}\x00tail"),
    "token-control-chars-non-ascii": ("a letter beyond ASCII", f"{_INVENTED}-ü"),
    "token-control-chars-space": ("a space", f"{_INVENTED} tail"),
}

SCENARIOS = (
    *(
        _odd(name, title, "unreadable-answer-is-no-token", effect, severity="MUST")
        for name, (title, effect) in _UNREADABLE.items()
    ),
    _odd(
        "token-json-broken-nan",
        "NaN for a lifetime, which is no JSON",
        "not-quite-json-is-no-trap",
        {"kind": "body", "text": f'{{"access_token":"{_INVENTED}","token_type":"Bearer","expires_in":NaN}}'},
        profile="robustness",
    ),
    *(
        _odd(
            f"token-html-error-body-{status}",
            f"A page with status {status}",
            "error-page-is-a-refusal",
            _instead(status, "text/html", _PAGE),
            profile="resilience",
            match={"when": "before"},
        )
        for status in (500, 502, 503)
    ),
    *(
        _odd(
            name,
            f"The token endpoint refuses: {what}",
            "errors-are-understood",
            _instead(400, _JSON, error),
            match={"when": "before"},
        )
        for name, (what, error) in _ERRORS.items()
    ),
    _odd(
        "token-error-invalid-grant-code",
        "A good code is refused",
        "refused-code-is-final",
        _instead(400, _JSON, {"error": "invalid_grant", "error_description": "The authorization code has expired."}),
        match={"when": "before", "grant": "authorization_code"},
        providers=WITH_LOGIN,
        grants=CODE,
        owns=frozenset({"code-single-use"}),
    ),
    _odd(
        "token-type-missing",
        "The answer states no token type",
        "missing-token-type-is-no-word",
        _without("token_type"),
        owns=frozenset({"bearer-header-only"}),
    ),
    _odd(
        "scope-narrowed",
        "Less was granted than asked for",
        "narrowed-scope-is-noticed",
        _member("scope", "openid"),
        providers=frozenset({"movingimage", "panopto"}),
        grants=CODE,
        severity="MUST",
    ),
    _odd(
        "scope-narrowed-comma",
        "Less was granted than asked for",
        "narrowed-scope-is-noticed",
        _member("scope", "read_videos"),
        providers=frozenset({"ingest"}),
        grants=CODE,
        severity="MUST",
    ),
    _odd(
        "scope-omitted-in-reply",
        "The answer does not repeat the scope",
        "omitted-scope-means-as-asked",
        _without("scope"),
        providers=frozenset({"rotor", "movingimage", "ingest"}),
        severity="MUST",
    ),
    _odd(
        "scope-widened-or-reordered",
        "More was granted than asked for, in another order",
        "wider-scope-is-accepted",
        _member("scope", "profile openid email address"),
        providers=frozenset({"movingimage"}),
        grants=CODE,
    ),
    _odd(
        "scope-widened-or-reordered-list",
        "The granted scope comes as a list",
        "wider-scope-is-accepted",
        _member("scope", ["profile", "openid", "email"]),
        profile="robustness",
        providers=frozenset({"movingimage"}),
        grants=CODE,
    ),
    *(
        _odd(
            name,
            f"The access token has {what} in it",
            "token-cannot-break-out",
            _member("access_token", value),
            profile="security",
            severity="MUST",
        )
        for name, (what, value) in _CHARACTERS.items()
    ),
    *(
        _odd(
            f"tokens-unusual-size-{size // 1000}kB",
            f"An access token of {size // 1000} kB",
            "large-tokens-are-used",
            {"kind": "poison-token", "token": "access_token", "set": {"permissions": "x" * (size * 3 // 4)}},
            profile="robustness",
            providers=_JWTS,
        )
        for size in (8000, 16000)
    ),
    *(
        _odd(name, f"The answer is called {what}", "content-type-is-no-trap", effect, profile="robustness")
        for name, (what, effect) in _LABELS.items()
    ),
    _odd(
        "token-oversized-body",
        "An answer of 30 MB",
        "answers-are-read-within-limits",
        {"kind": "oversized", "size": 30_000_000},
        profile="robustness",
    ),
    _odd(
        "token-oversized-body-compressed",
        "A small answer that unpacks to 100 MB",
        "answers-are-read-within-limits",
        {"kind": "gzip-bomb", "size": 100_000_000},
        profile="robustness",
    ),
)
