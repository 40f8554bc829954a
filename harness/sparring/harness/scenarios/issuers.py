"""Whose answer a callback is, by its ``iss``: nearly the right one, or none where one was promised."""

from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario
from sparring.harness.scenarios.reach import CODE, EVERY_TIME


def _named(id: str, title: str, decided_by: str, **effect: Any) -> Scenario:  # noqa: A002
    """A scenario at a Keycloak that says who it is in every callback, and says it otherwise."""
    return Scenario(
        id=id,
        title=title,
        profile="security",
        providers=frozenset({"movingimage"}),
        grants=CODE,
        severity="SHOULD",
        plan=(Do("authenticate"),),
        checks=(check(decided_by),),
        faults=({"id": id, "match": {}, "effect": {"kind": "authorization-response", **effect}, "times": EVERY_TIME},),
        needs=frozenset({"discovery"}) if "drop" in effect else frozenset(),
        variants={"movingimage": "issuer"},
        budget=Budget(token=6, jwks=4),
    )


SCENARIOS = (
    _named(
        "iss-param-normalised-slash",
        "The callback names the issuer with a slash at its end",
        "issuer-is-compared-by-letter",
        append={"iss": "/"},
    ),
    _named(
        "iss-param-normalised-case",
        "The callback names the issuer with its scheme and host in capitals",
        "issuer-is-compared-by-letter",
        shout=["iss"],
    ),
    _named(
        "iss-param-advertised-but-missing",
        "The provider promises to name itself in every callback, and does not",
        "promised-issuer-is-missed",
        drop=["iss"],
    ),
)
