"""What happens below OAuth: redirects, connections, certificates."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario

SCENARIOS = (
    Scenario(
        id="token-endpoint-redirect-307",
        title="The token endpoint redirects to another origin",
        profile="security",
        providers=frozenset({"ingest", "clickview"}),
        grants=frozenset({"authorization_code", "client_credentials"}),
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("no-post-across-origins"),),
        faults=(
            {
                "id": "token-endpoint-moved",
                "match": {"endpoint": "token", "when": "before"},
                "effect": {"kind": "redirect", "status": 307, "to": "{decoy}/token"},
                "times": 20,
            },
        ),
        budget=Budget(token=6),
        owns_decoy=True,
    ),
)
