"""ID tokens that a client must not trust."""

from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_ID_TOKEN


def _poisoned(id: str, title: str, check_id: str, **poison: Any) -> Scenario:  # noqa: A002
    """The ID token of every login is poisoned so; the access token that comes with it is a good one."""
    return Scenario(
        id=id,
        title=title,
        profile="oidc",
        providers=WITH_ID_TOKEN,
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=(check(check_id),),
        faults=(
            {
                "id": f"{id}-poison",
                "match": {"endpoint": "token", "when": "after"},
                "effect": {"kind": "poison-token", "token": "id_token", **poison},
                "times": EVERY_TIME,
            },
        ),
        needs=frozenset({"id_token"}),
        budget=Budget(token=6, jwks=4),
    )


SCENARIOS = (
    _poisoned(
        "nonce-mismatch",
        "The ID token has another nonce than the login",
        "nonce-is-compared",
        set={"nonce": "the-nonce-of-another-login"},
    ),
    _poisoned(
        "id-token-wrong-aud",
        "The ID token is for another client",
        "audience-is-checked",
        set={"aud": "another-client"},
    ),
    _poisoned(
        "id-token-bad-signature",
        "The ID token is signed by a stranger, under the provider's key id",
        "signature-is-checked",
        signature="stranger",
    ),
    _poisoned(
        "id-token-expired",
        "The ID token expired ten minutes ago",
        "id-token-expiry-is-checked",
        set={"exp": {"now": -600}},
    ),
)
