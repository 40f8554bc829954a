"""Renewing by refresh token."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Revoke, Scenario
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_LOGIN

_CYCLE = (PassLifetime("access_token"), Do("call_api"))

SCENARIOS = (
    Scenario(
        id="refresh-happy",
        title="The access token expired: one renewal, without the person",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api"), *_CYCLE),
        checks=(check("one-refresh-per-expiry"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=8, api=8),
    ),
    Scenario(
        id="refresh-rotation",
        title="Three renewals, each with the refresh token of the answer before",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api"), *_CYCLE, *_CYCLE, *_CYCLE),
        checks=(check("latest-refresh-token-is-used"),),
        needs=frozenset({"refresh"}),
        variants={"movingimage": "rotating"},
        budget=Budget(token=12, api=12, jwks=4),
    ),
    Scenario(
        id="refresh-reply-without-refresh-token",
        title="A renewal brings no new refresh token: the old one is still good",
        profile="core",
        providers=frozenset({"movingimage"}),
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api"), *_CYCLE, *_CYCLE),
        checks=(check("old-refresh-token-is-kept"),),
        faults=(
            {
                "id": "no-new-refresh-token",
                "match": {"endpoint": "token", "grant": "refresh_token", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "remove", "path": "/refresh_token"}]},
                "times": EVERY_TIME,
            },
        ),
        needs=frozenset({"refresh"}),
        budget=Budget(token=12, api=12, jwks=4),
    ),
    Scenario(
        id="refresh-expired-reauth",
        title="The refresh token was withdrawn: the person must sign in again",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(
            Do("authenticate"),
            Do("call_api"),
            Revoke("refresh_token"),
            PassLifetime("access_token"),
            Do("call_api"),
        ),
        checks=(check("refused-refresh-token-is-dropped"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=8, api=8),
    ),
)
