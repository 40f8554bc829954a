"""Renewing by refresh token."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Revoke, Scenario

_INGEST = frozenset({"ingest"})
_CODE = frozenset({"authorization_code"})
_CYCLE = (PassLifetime("access_token"), Do("call_api"))

SCENARIOS = (
    Scenario(
        id="refresh-rotation",
        title="Three renewals, each with the refresh token of the answer before",
        profile="core",
        providers=_INGEST,
        grants=_CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api"), *_CYCLE, *_CYCLE, *_CYCLE),
        checks=(check("latest-refresh-token-is-used"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=12, api=12),
    ),
    Scenario(
        id="refresh-expired-reauth",
        title="The refresh token was withdrawn: the person must sign in again",
        profile="core",
        providers=_INGEST,
        grants=_CODE,
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
