"""The token endpoint refuses, or answers with something that is no usable token, or an unusual one."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.checks.answer_members import EXTRA_MEMBER
from sparring.harness.scenario import Budget, ChangeSecret, Do, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, EVERY_TIME

_PLAN = (Do("authenticate"), Do("call_api"))
_STRANGE: Mapping[str, Any] = {
    EXTRA_MEMBER: "b1946ac9",
    "x_account": {"id": 7, "tags": ["a", "b"], "parent": None},
    "not-before-policy": 0,
    "ext_expires_in": 172800,
}


def _patched(id: str, *ops: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
    """A fault: these operations on every answer of the token endpoint."""
    return {
        "id": id,
        "match": {"endpoint": "token", "when": "after"},
        "effect": {"kind": "json-patch", "ops": list(ops)},
        "times": EVERY_TIME,
    }


def _add(path: str, value: object) -> dict[str, object]:
    return {"op": "add", "path": path, "value": value}


SCENARIOS = (
    Scenario(
        id="token-error-invalid-client",
        title="The client's secret was replaced: invalid_client",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="MUST",
        plan=(ChangeSecret(), *_PLAN),
        checks=(check("no-call-after-refused-client"),),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-error-with-200",
        title="The token endpoint answers 200 with an error object",
        profile="core",
        providers=ALL,
        grants=ANY,
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
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-missing-access-token",
        title="The answer brings no access token",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="MUST",
        plan=_PLAN,
        checks=(check("no-call-without-a-token"),),
        faults=(_patched("access-token-left-out", {"op": "remove", "path": "/access_token"}),),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-extra-fields",
        title="The answer has members that no client can know",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="MUST",
        plan=_PLAN,
        checks=(check("extra-members-are-ignored"),),
        faults=(_patched("extra-members", *(_add(f"/{name}", value) for name, value in _STRANGE.items())),),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-type-lowercase",
        title="The token is of type `bearer`, in lower case",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="MUST",
        plan=_PLAN,
        checks=(check("token-type-in-any-case"),),
        faults=(_patched("token-type-lowercase", _add("/token_type", "bearer")),),
        budget=Budget(token=6),
    ),
    Scenario(
        id="token-type-mac",
        title="The token is of a type that the client cannot know",
        profile="security",
        providers=ALL,
        grants=ANY,
        severity="MUST",
        plan=_PLAN,
        checks=(check("unknown-token-type-is-not-used"),),
        faults=(_patched("token-type-mac", _add("/token_type", "mac")),),
        budget=Budget(token=6),
    ),
)
