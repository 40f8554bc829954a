"""What the API answers to a token."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Revoke, Scenario

SCENARIOS = (
    Scenario(
        id="api-401-refresh-once",
        title="The access token was withdrawn: one renewal, one repeat",
        profile="core",
        providers=frozenset({"ingest"}),
        grants=frozenset({"authorization_code"}),
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api"), Revoke("access_token"), Do("call_api")),
        checks=(check("one-renewal-after-401"),),
        needs=frozenset({"reactive_refresh"}),
        budget=Budget(token=6, api=8),
    ),
)
