"""What is particular to one provider: its spelling, its ids, its missing tokens."""

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Scenario
from sparring.harness.scenarios.reach import ANY, CLIENT, CODE

_PLAN = (Do("authenticate"), Do("call_api"))
_LIKE_A_NUMBER = Do("register", remote_user_id="007")
_MIXED_CASE = Do("register", remote_user_id="Artist-4b")

SCENARIOS = (
    Scenario(
        id="rotor-register-idempotent",
        title="Rotor Videos: users are registered twice, with ids that look like numbers and have capitals",
        profile="provider",
        providers=frozenset({"rotor"}),
        grants=CLIENT,
        severity="MUST",
        plan=(Do("authenticate"), _LIKE_A_NUMBER, _LIKE_A_NUMBER, _MIXED_CASE, _MIXED_CASE),
        checks=(check("remote-user-id-is-kept-as-a-string"),),
        budget=Budget(register=6),
    ),
    Scenario(
        id="rotor-partner-vs-user-token",
        title="Rotor Videos: the user's token goes out, the partner's stays inside",
        profile="provider",
        providers=frozenset({"rotor"}),
        grants=CLIENT,
        severity="MUST",
        plan=_PLAN,
        checks=(check("user-token-used-for-orders"), check("partner-token-stays-inside")),
    ),
    Scenario(
        id="ingest-scope-commas",
        title="Ingest: scopes are separated by commas, asked for and granted",
        profile="core",
        providers=frozenset({"ingest"}),
        grants=ANY,
        severity="MUST",
        plan=_PLAN,
        checks=(check("scope-is-comma-separated"),),
    ),
    Scenario(
        id="panopto-authorisation-code-misspelling",
        title="Panopto: the grant is called authorization_code, whatever the guide says",
        profile="provider",
        providers=frozenset({"panopto"}),
        grants=CODE,
        severity="MUST",
        plan=_PLAN,
        checks=(check("grant-type-is-spelt-right"),),
        budget=Budget(token=6),
    ),
    Scenario(
        id="panopto-offline-access",
        title="Panopto: without offline_access there is no refresh token",
        profile="provider",
        providers=frozenset({"panopto"}),
        grants=CODE,
        severity="MUST",
        plan=(*_PLAN, PassLifetime("access_token"), Do("call_api")),
        checks=(check("no-empty-refresh-token"),),
        scope="openid api",
        budget=Budget(token=8, api=8),
    ),
    Scenario(
        id="panopto-no-code-verifier",
        title="Panopto: a code_verifier from a client with a secret is refused",
        profile="provider",
        providers=frozenset({"panopto"}),
        grants=CODE,
        severity="MUST",
        plan=_PLAN,
        checks=(check("no-verifier-where-it-is-refused"),),
        budget=Budget(token=6),
    ),
)
