"""How each provider wants to be spoken to."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Scenario, Setting
from sparring.harness.scenarios.reach import ALL, ANY, CLIENT, CODE, EVERY_TIME

_PLAN = (Do("authenticate"), Do("call_api"))
_ODD_SECRET = Setting(client={"secret": "s3 cr+t:/%&=?"})
"""A secret of characters that a form, a URL and a Basic header each have another use for."""

_ANSWERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "rotor-register-json-api": (
        "Rotor Videos: a registration's answer has all that JSON:API allows",
        {
            "kind": "json-patch",
            "ops": [
                {"op": "add", "path": "/jsonapi", "value": {"version": "1.1"}},
                {"op": "add", "path": "/meta", "value": {"access_token": "not-this-one"}},
                {"op": "add", "path": "/links", "value": {"self": "/api/partner/v1/register"}},
                {"op": "add", "path": "/included", "value": [{"type": "account", "id": "7", "attributes": {}}]},
                {"op": "add", "path": "/data/id", "value": "7"},
            ],
        },
    ),
    "rotor-register-json-api-content-type": (
        "Rotor Videos: a registration's answer calls itself application/vnd.api+json",
        {"kind": "content-type", "value": "application/vnd.api+json"},
    ),
}

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        id="auth-method-as-documented",
        title="The client shows who it is, in the way that the provider documents",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="robustness",
        plan=_PLAN,
        checks=(check("auth-method-as-documented"),),
    ),
    Scenario(
        id="basic-secret-special-chars",
        title="The secret has a blank, a colon, a plus and a percent sign, and goes into a Basic header",
        profile="core",
        providers=frozenset({"rotor", "ingest"}),
        grants=ANY,
        severity="robustness",
        plan=_PLAN,
        checks=(check("basic-carries-any-secret"),),
        setting=_ODD_SECRET,
    ),
    Scenario(
        id="body-secret-special-chars",
        title="The secret has a blank, an ampersand, a plus and a percent sign, and goes into a form",
        profile="core",
        providers=frozenset({"clickview", "movingimage", "panopto", "ingest"}),
        grants=ANY,
        severity="MUST",
        plan=_PLAN,
        checks=(check("body-carries-any-secret"),),
        setting=_ODD_SECRET,
    ),
    *(
        Scenario(
            id=name,
            title=title,
            profile="provider",
            providers=frozenset({"rotor"}),
            grants=CLIENT,
            severity="robustness",
            plan=_PLAN,
            checks=(check("registration-answer-is-read-as-json-api"),),
            faults=(
                {"id": name, "match": {"endpoint": "register", "when": "after"}, "effect": effect, "times": EVERY_TIME},
            ),
        )
        for name, (title, effect) in _ANSWERS.items()
    ),
    Scenario(
        id="clickview-scope-required",
        title="The client is not registered for the scope that it asks for",
        profile="core",
        providers=frozenset({"clickview", "ingest"}),
        grants=CLIENT,
        severity="MUST",
        plan=_PLAN,
        checks=(check("refused-scope-is-configuration"),),
        setting=Setting(client={"scopes": ["no_such_scope"]}),
    ),
    Scenario(
        id="movingimage-refresh-as-documented",
        title="movingimage: a renewal, of which prose and sample of the guide have different ideas",
        profile="provider",
        providers=frozenset({"movingimage"}),
        grants=CODE,
        severity="MUST",
        plan=(*_PLAN, PassLifetime("access_token"), Do("call_api")),
        checks=(check("refresh-request-as-documented"),),
        needs=frozenset({"refresh"}),
        budget=Budget(token=4),
    ),
    Scenario(
        id="ingest-accept-version",
        title="Ingest: the Accept header names the version of the API",
        profile="provider",
        providers=frozenset({"ingest"}),
        grants=ANY,
        severity="SHOULD",
        plan=_PLAN,
        checks=(check("accept-names-the-version"),),
    ),
)
