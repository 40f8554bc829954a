"""The way back from the authorization endpoint."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario

_INGEST = frozenset({"ingest"})
_CODE = frozenset({"authorization_code"})
_EVERY_TIME = 20

SCENARIOS = (
    Scenario(
        id="state-missing",
        title="The callback comes without state",
        profile="security",
        providers=_INGEST,
        grants=_CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("no-token-request-without-state"),),
        faults=(
            {
                "id": "state-dropped",
                "match": {"endpoint": "consent"},
                "effect": {"kind": "authorization-response", "drop": ["state"]},
                "times": _EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="state-mismatch",
        title="The callback comes with a state that the client never sent",
        profile="security",
        providers=_INGEST,
        grants=_CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("no-token-request-after-forged-state"),),
        faults=(
            {
                "id": "state-forged",
                "match": {"endpoint": "consent"},
                "effect": {"kind": "authorization-response", "set": {"state": "forged"}},
                "times": _EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="authz-error-access-denied",
        title="The person denies",
        profile="core",
        providers=_INGEST,
        grants=_CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("denial-is-final"),),
        faults=({"id": "person-denies", "match": {}, "effect": {"kind": "person-denies"}, "times": _EVERY_TIME},),
    ),
)
