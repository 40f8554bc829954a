"""How long a token is used."""

from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, CLIENT, EVERY_TIME, WITHOUT_REFRESH_TOKEN

_REAL_LIVES = {"clickview": "86400", "movingimage": "300", "panopto": "3600"}
"""The true lives of access tokens, in seconds; Ingest states its own as a string by itself."""


def _as_string(provider: str, seconds: str) -> dict[str, Any]:
    return {
        "id": f"lifetime-as-string-{provider}",
        "match": {"provider": provider, "endpoint": "token", "when": "after"},
        "effect": {"kind": "json-patch", "ops": [{"op": "replace", "path": "/expires_in", "value": seconds}]},
        "times": EVERY_TIME,
    }


SCENARIOS = (
    Scenario(
        id="cache-until-expiry",
        title="Five calls need one token",
        profile="core",
        providers=WITHOUT_REFRESH_TOKEN,
        grants=CLIENT,
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api", times=5)),
        checks=(check("one-token-for-many-calls"),),
        budget=Budget(token=15, api=10, register=10),
    ),
    Scenario(
        id="expires-in-string",
        title="The lifetime comes as a string",
        profile="core",
        providers=ALL - {"rotor"},
        grants=ANY,
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api"), PassLifetime("access_token"), Do("call_api")),
        checks=(check("lifetime-as-string-is-honoured"),),
        faults=tuple(_as_string(provider, seconds) for provider, seconds in _REAL_LIVES.items()),
        budget=Budget(token=8, api=8),
    ),
    Scenario(
        id="expires-in-missing",
        title="The answer does not state a lifetime",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("missing-lifetime-is-accepted"),),
        faults=(
            {
                "id": "lifetime-left-out",
                "match": {"endpoint": "token", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "remove", "path": "/expires_in"}]},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="no-refresh-token-issued",
        title="There is no refresh token: the token is renewed as it was obtained",
        profile="core",
        providers=WITHOUT_REFRESH_TOKEN,
        grants=CLIENT,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api"), PassLifetime("access_token"), Do("call_api")),
        checks=(check("no-refresh-without-a-token"),),
        budget=Budget(token=8, api=8, register=6),
    ),
)
