"""What happens below OAuth: redirects, connections, certificates."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, EVERY_TIME

SCENARIOS = (
    Scenario(
        id="token-endpoint-redirect-307",
        title="The token endpoint redirects to another origin",
        profile="security",
        providers=ALL,
        grants=ANY,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("no-post-across-origins"),),
        faults=(
            {
                "id": "token-endpoint-moved",
                "match": {"endpoint": "token", "when": "before"},
                "effect": {"kind": "redirect", "status": 307, "to": "{decoy}/token"},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
        owns=frozenset({"token-never-to-other-host"}),
    ),
)
