"""The token endpoint refuses, or answers with something that is no usable token."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, ChangeSecret, Do, Scenario

_BOTH = frozenset({"ingest", "clickview"})
_GRANTS = frozenset({"authorization_code", "client_credentials"})
_PLAN = (Do("authenticate"), Do("call_api"))
_EVERY_TIME = 20

SCENARIOS = (
    Scenario(
        id="token-error-invalid-client",
        title="The client's secret was replaced: invalid_client",
        profile="core",
        providers=_BOTH,
        grants=_GRANTS,
        severity="MUST",
        plan=(ChangeSecret(), *_PLAN),
        checks=(check("no-call-after-refused-client"),),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-error-with-200",
        title="The token endpoint answers 200 with an error object",
        profile="core",
        providers=_BOTH,
        grants=_GRANTS,
        severity="robustness",
        plan=_PLAN,
        checks=(check("error-object-is-no-token"),),
        faults=(
            {
                "id": "error-object-with-200",
                "match": {"endpoint": "token", "when": "before"},
                "effect": {
                    "kind": "replace",
                    "status": 200,
                    "headers": {"content-type": "application/json"},
                    "body": {"error": "server_error", "error_description": "The request could not be processed."},
                },
                "times": _EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-type-mac",
        title="The token is of a type that the client cannot know",
        profile="security",
        providers=_BOTH,
        grants=_GRANTS,
        severity="MUST",
        plan=_PLAN,
        checks=(check("unknown-token-type-is-not-used"),),
        faults=(
            {
                "id": "token-type-mac",
                "match": {"endpoint": "token", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "/token_type", "value": "mac"}]},
                "times": _EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="ingest-scope-commas",
        title="Ingest: scopes are separated by commas, asked for and granted",
        profile="core",
        providers=frozenset({"ingest"}),
        grants=_GRANTS,
        severity="MUST",
        plan=_PLAN,
        checks=(check("scope-is-comma-separated"),),
    ),
)
