"""The way to the authorization endpoint and back."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_LOGIN

_LOGINS = (Do("authenticate", fresh=True), Do("authenticate", fresh=True), Do("authenticate", fresh=True))

SCENARIOS = (
    Scenario(
        id="state-present-and-unguessable",
        title="Three logins, each with a state of its own",
        profile="security",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=_LOGINS,
        checks=(check("state-is-fresh-and-random"),),
        budget=Budget(token=8, jwks=4),
    ),
    Scenario(
        id="state-missing",
        title="The callback comes without state",
        profile="security",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("no-token-request-without-state"),),
        faults=(
            {
                "id": "state-dropped",
                "match": {},
                "effect": {"kind": "authorization-response", "drop": ["state"]},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="state-mismatch",
        title="The callback comes with a state that the client never sent",
        profile="security",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("no-token-request-after-forged-state"),),
        faults=(
            {
                "id": "state-forged",
                "match": {},
                "effect": {"kind": "authorization-response", "set": {"state": "forged"}},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="callback-replayed",
        title="The browser delivers the callback twice",
        profile="security",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check("callback-is-taken-once"),),
        faults=(
            {
                "id": "callback-replayed",
                "match": {"endpoint": "callback"},
                "effect": {"kind": "callback-replayed"},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
        owns=frozenset({"code-single-use"}),
    ),
    Scenario(
        id="authz-error-access-denied",
        title="The person denies",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"),),
        checks=(check("denial-is-final"),),
        faults=(
            {
                "id": "person-denies",
                "match": {"endpoint": "consent"},
                "effect": {"kind": "person-denies"},
                "times": EVERY_TIME,
            },
            # where nobody is asked for consent, the provider denies in the person's stead
            {
                "id": "provider-denies",
                "match": {"provider": "movingimage"},
                "effect": {
                    "kind": "authorization-response",
                    "set": {"error": "access_denied"},
                    "drop": ["code", "session_state"],
                },
                "times": EVERY_TIME,
            },
        ),
    ),
    Scenario(
        id="code-in-fragment",
        title="The response comes in the fragment, where the client's server does not see it",
        profile="robustness",
        providers=frozenset({"movingimage"}),
        grants=CODE,
        severity="robustness",
        plan=(Do("authenticate"),),
        checks=(check("callback-without-a-code-ends"),),
        faults=(
            {
                "id": "response-in-the-fragment",
                "match": {},
                "effect": {"kind": "authorization-response", "in_fragment": True},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
        owns=frozenset({"token-params-once"}),
    ),
    Scenario(
        id="pkce-present-s256",
        title="Two logins, each with a code challenge of its own",
        profile="security",
        providers=frozenset({"movingimage", "ingest"}),
        grants=CODE,
        severity="SHOULD",
        plan=_LOGINS[:2],
        checks=(check("pkce-with-s256"),),
        budget=Budget(token=6, jwks=4),
    ),
)
