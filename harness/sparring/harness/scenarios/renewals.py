"""Renewing by refresh token when something is in the way."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, ChangeSecret, Do, PassLifetime, Scenario, Setting
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_ID_TOKEN, WITH_LOGIN

_LOGIN = (Do("authenticate"), Do("call_api"))
_CYCLE = (PassLifetime("access_token"), Do("call_api"))
_MOVINGIMAGE = frozenset({"movingimage"})
_PAGE = "<!doctype html><title>Error</title><h1>Something went wrong</h1>"
_ISSUER = "https://login.other.example/realms/platform"

_OUTAGES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "": ("Two renewals are answered with 503", {"kind": "unavailable", "retry_after": None}),
    "-page": (
        "Two renewals are answered with 500 and a page",
        {"kind": "replace", "status": 500, "headers": {"content-type": "text/html"}, "body": _PAGE},
    ),
    "-reset": ("The connection of two renewals is reset", {"kind": "reset"}),
}
_STRANGE: Mapping[str, tuple[str, dict[str, Any]]] = {
    "sub": ("about somebody else", {"sub": "0b9f6d0e-8f2e-4a57-9d1c-5f3f0f5d2a77"}),
    "iss": ("by another issuer", {"iss": _ISSUER}),
    "aud": ("for another client", {"aud": "another-client"}),
    "nonce": ("of another login, by its nonce", {"nonce": "the-nonce-of-another-login"}),
}


def _renewal(id: str, effect: Mapping[str, Any], *, when: str = "after", times: int = EVERY_TIME) -> dict[str, Any]:  # noqa: A002
    """A fault of the refresh grant."""
    match = {"endpoint": "token", "grant": "refresh_token", "when": when}
    return {"id": id, "match": match, "effect": dict(effect), "times": times}


def _with_id_token(id: str, title: str, decided_by: str, *faults: Mapping[str, Any], **more: Any) -> Scenario:  # noqa: A002
    """A login, a call, and a call after one renewal whose answer has an ID token, or should have."""
    common: dict[str, Any] = {
        "profile": "oidc",
        "providers": WITH_ID_TOKEN,
        "grants": CODE,
        "severity": "MUST",
        "plan": (*_LOGIN, *_CYCLE),
        "checks": (check(decided_by),),
        "faults": faults,
        "needs": frozenset({"id_token", "refresh"}),
        "budget": Budget(token=8, api=8, jwks=6),
    }
    return Scenario(id=id, title=title, **(common | more))


def _poison(id: str, **poison: Any) -> dict[str, Any]:  # noqa: A002
    return _renewal(id, {"kind": "poison-token", "token": "id_token", **poison})


def _narrowed(provider: str, scope: str) -> dict[str, Any]:
    return {
        "id": f"refresh-scope-narrowed-{provider}",
        "match": {"provider": provider, "endpoint": "token", "grant": "authorization_code", "when": "after"},
        "effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "/scope", "value": scope}]},
        "times": EVERY_TIME,
    }


SCENARIOS = (
    Scenario(
        id="concurrent-refresh",
        title="Six calls at once after the token's end",
        profile="resilience",
        providers=frozenset({"movingimage", "ingest"}),
        grants=CODE,
        severity="robustness",
        plan=(
            *_LOGIN,
            PassLifetime("access_token"),
            Do("call_api", times=6, parallel=True),
            *_CYCLE,
        ),
        checks=(check("parallel-calls-share-one-refresh"),),
        faults=(_renewal("renewal-takes-its-time", {"kind": "delay", "seconds": 0.3}),),
        needs=frozenset({"refresh", "concurrency"}),
        budget=Budget(token=16, api=20, jwks=8),
        variants={"movingimage": "rotating"},
        owns=frozenset({"request-budget"}),
    ),
    Scenario(
        id="refresh-session-ended",
        title="Nobody was there until the session ended",
        profile="core",
        providers=_MOVINGIMAGE,
        grants=CODE,
        severity="SHOULD",
        plan=(*_LOGIN, PassLifetime("refresh_token"), Do("call_api")),
        checks=(check("ended-session-leads-to-login"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=6, api=6),
    ),
    Scenario(
        id="refresh-expires-in-honoured",
        title="The refresh token ends before the access token",
        profile="resilience",
        providers=_MOVINGIMAGE,
        grants=CODE,
        severity="robustness",
        plan=(*_LOGIN, PassLifetime("refresh_token", beyond=250), Do("call_api")),
        checks=(check("ended-session-leads-to-login"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=6, api=6),
        setting=Setting(stage={"lifetimes": {"movingimage": {"refresh_token": 60}}}),
    ),
    *(
        Scenario(
            id=f"refresh-temporary-failure{name}",
            title=title,
            profile="resilience",
            providers=WITH_LOGIN,
            grants=CODE,
            severity="MUST",
            plan=(*_LOGIN, *_CYCLE, Do("call_api"), Do("call_api")),
            checks=(check("refresh-token-survives-an-outage"),),
            faults=(_renewal(f"refresh-temporary-failure{name}", effect, when="before", times=2),),
            needs=frozenset({"refresh"}),
            budget=Budget(token=10, api=10),
        )
        for name, (title, effect) in _OUTAGES.items()
    ),
    Scenario(
        id="refresh-invalid-client",
        title="The client's secret was changed before the renewal",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="SHOULD",
        plan=(*_LOGIN, ChangeSecret(), *_CYCLE, Do("call_api")),
        checks=(check("refused-client-is-no-lost-session"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=8, api=8),
    ),
    Scenario(
        id="refresh-scope-not-widened",
        title="Less was granted than asked for, and that is renewed",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(*_LOGIN, *_CYCLE),
        checks=(check("refresh-asks-for-no-more"),),
        faults=(
            _narrowed("movingimage", "openid"),
            _narrowed("panopto", "openid offline_access"),
            _narrowed("ingest", "read_videos"),
        ),
        needs=frozenset({"refresh"}),
        budget=Budget(token=8, api=8),
    ),
    *(
        _with_id_token(
            f"refresh-id-token-checked-{name}",
            f"The ID token of a renewal is {what}",
            "id-token-of-renewal-is-checked",
            _poison(f"refresh-id-token-checked-{name}", set=claims),
        )
        for name, (what, claims) in _STRANGE.items()
    ),
    _with_id_token(
        "refresh-id-token-checked-iat",
        "The ID token of a renewal was made a day ago",
        "id-token-of-renewal-is-fresh",
        _poison("refresh-id-token-checked-iat", set={"iat": {"now": -86400}}),
        severity="SHOULD",
    ),
    _with_id_token(
        "refresh-id-token-checked-same-nonce",
        "The ID token of a renewal repeats the nonce of the login",
        "legal-renewal-is-accepted",
        providers=_MOVINGIMAGE,
    ),
    _with_id_token(
        "refresh-id-token-checked-no-nonce",
        "The ID token of a renewal has no nonce",
        "legal-renewal-is-accepted",
        {
            **_poison("refresh-id-token-without-nonce", drop=["nonce"]),
            "match": {"provider": "movingimage", "endpoint": "token", "grant": "refresh_token", "when": "after"},
        },
    ),
    _with_id_token(
        "refresh-id-token-checked-absent",
        "A renewal brings no ID token",
        "legal-renewal-is-accepted",
        _renewal("refresh-id-token-absent", {"kind": "json-patch", "ops": [{"op": "remove", "path": "/id_token"}]}),
    ),
)
