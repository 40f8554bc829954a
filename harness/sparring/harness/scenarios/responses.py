"""What goes to the authorization endpoint, what comes back from it, and what a client must make of it."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Profile, Scenario
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_LOGIN

_LOGIN = (Do("authenticate"),)
_AND_CALL = (*_LOGIN, Do("call_api"))
_BUDGET = Budget(token=6, jwks=4)
_WITH_PKCE = frozenset({"movingimage", "ingest"})


def _back(
    id: str,  # noqa: A002
    title: str,
    decided_by: str,
    *,
    profile: Profile = "security",
    severity: Any = "MUST",
    plan: tuple[Do, ...] = _LOGIN,
    **effect: Any,
) -> Scenario:
    """A scenario in which the authorization response is changed."""
    return Scenario(
        id=id,
        title=title,
        profile=profile,
        providers=effect.pop("providers", WITH_LOGIN),
        grants=CODE,
        severity=severity,
        plan=plan,
        checks=(check(decided_by),),
        faults=({"id": id, "match": {}, "effect": {"kind": "authorization-response", **effect}, "times": EVERY_TIME},),
        needs=frozenset({"pkce"}) if decided_by == "challenge-is-never-dropped" else frozenset(),
        budget=_BUDGET,
        owns=frozenset({"redirect-uri-equality"}) if decided_by == "extra-parameters-are-ignored" else frozenset(),
    )


_ERRORS: Mapping[str, Mapping[str, str]] = {
    "authz-error-invalid-scope": {"error": "invalid_scope", "error_description": "The scope is not known."},
    "authz-error-invalid-scope-invalid-request": {"error": "invalid_request"},
    "authz-error-invalid-scope-unauthorized-client": {"error": "unauthorized_client"},
    "authz-error-invalid-scope-unsupported-response-type": {"error": "unsupported_response_type"},
    "authz-error-invalid-scope-server-error": {"error": "server_error"},
    "authz-error-temporarily-unavailable": {"error": "temporarily_unavailable", "error_description": "Maintenance"},
}

SCENARIOS = (
    Scenario(
        id="authz-params-wellformed",
        title="The authorization request, parameter by parameter",
        profile="core",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        plan=_LOGIN,
        checks=(check("authorization-request-is-wellformed"),),
    ),
    _back(
        "callback-extra-params",
        "The callback brings more parameters than anybody asked for",
        "extra-parameters-are-ignored",
        profile="core",
        plan=_AND_CALL,
        set={"session_state": "b2e54e67-f61e-4193-88b8-5826a0b76179", "scope": "openid", "authuser": "0", "foo": "bar"},
    ),
    *(
        _back(
            name,
            f"The authorization endpoint answers {error['error']}",
            "authorization-errors-are-understood",
            profile="core",
            severity="SHOULD",
            set=dict(error),
            drop=["code", "session_state"],
        )
        for name, error in _ERRORS.items()
    ),
    _back(
        "callback-duplicate-params-code",
        "The callback has two codes, the second of them a stranger's",
        "doubled-parameters-are-refused",
        severity="robustness",
        repeat={"code": "a-strangers-code-0123456789"},
    ),
    _back(
        "callback-duplicate-params-state",
        "The callback has two states, the second of them a stranger's",
        "doubled-parameters-are-refused",
        severity="robustness",
        repeat={"state": "a-strangers-state-0123456789"},
    ),
    _back(
        "iss-param-wrong",
        "The callback says that it comes from another issuer",
        "wrong-issuer-is-noticed",
        severity="SHOULD",
        set={"iss": "https://login.elsewhere.example"},
    ),
    _back(
        "pkce-no-downgrade",
        "The provider claims not to know the code challenge",
        "challenge-is-never-dropped",
        providers=_WITH_PKCE,
        set={"error": "invalid_request", "error_description": "code_challenge_method not supported"},
        drop=["code", "session_state"],
    ),
)
