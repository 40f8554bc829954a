"""What the API answers to a token."""

from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Revoke, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, EVERY_TIME


def _refusing(id: str, status: int, error: str) -> dict[str, Any]:  # noqa: A002
    """A fault: the API answers so, whatever the token."""
    return {
        "id": id,
        "match": {"endpoint": "api", "when": "before"},
        "effect": {
            "kind": "replace",
            "status": status,
            "headers": {"www-authenticate": f'Bearer error="{error}"', "content-type": "application/json"},
            "body": {"error": error},
        },
        "times": EVERY_TIME,
    }


SCENARIOS = (
    Scenario(
        id="api-401-refresh-once",
        title="The access token was withdrawn: one renewal, one repeat",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api"), Revoke("access_token"), Do("call_api")),
        checks=(check("one-renewal-after-401"),),
        needs=frozenset({"reactive_refresh"}),
        budget=Budget(token=6, api=8, register=6),
    ),
    Scenario(
        id="api-401-persistent",
        title="The API answers 401 to every token",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="robustness",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("persistent-401-ends"),),
        faults=(_refusing("api-refuses-every-token", 401, "invalid_token"),),
        budget=Budget(token=20, api=20, register=20),
    ),
    Scenario(
        id="api-403-no-refresh",
        title="The API answers 403: the token may not do this",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="robustness",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("no-renewal-after-403"),),
        faults=(_refusing("api-denies-permission", 403, "insufficient_scope"),),
        budget=Budget(token=20, api=20, register=20),
    ),
)
