"""How long a token is used."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Scenario

_BOTH = frozenset({"ingest", "clickview"})
_GRANTS = frozenset({"authorization_code", "client_credentials"})

SCENARIOS = (
    Scenario(
        id="cache-until-expiry",
        title="Five calls need one token",
        profile="core",
        providers=_BOTH,
        grants=frozenset({"client_credentials"}),
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api", times=5)),
        checks=(check("one-token-for-many-calls"),),
        budget=Budget(token=15, api=10),
    ),
    Scenario(
        id="expires-in-string",
        title="The lifetime comes as a string",
        profile="core",
        providers=_BOTH,
        grants=_GRANTS,
        severity="SHOULD",
        plan=(Do("authenticate"), Do("call_api"), PassLifetime("access_token"), Do("call_api")),
        checks=(check("lifetime-as-string-is-honoured"),),
        faults=(
            {
                "id": "lifetime-as-string",
                "match": {"provider": "clickview", "endpoint": "token", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "/expires_in", "value": "86400"}]},
                "times": 20,
            },
        ),
        budget=Budget(token=8, api=8),
    ),
)
