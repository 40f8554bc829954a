"""A token endpoint that cannot be spoken to: a connection without a word, a closed port, a name that nobody has."""

from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario, Setting
from sparring.harness.scenarios.reach import ANY

_A_FIFTH = 0.2
_PLAIN = frozenset({"rotor", "clickview", "ingest"})
"""Those whose clients take the token endpoint's address from their configuration, and from nowhere else."""


def _elsewhere(id: str, title: str, place: str, decided_by: str, **more: Any) -> Scenario:  # noqa: A002
    return Scenario(
        id=id,
        title=title,
        profile="resilience",
        providers=_PLAIN,
        grants=ANY,
        severity="robustness",
        plan=(Do("authenticate"),),
        checks=(check(decided_by),),
        budget=Budget(token=12),
        setting=Setting(context={"token_url": f"{place}/token"}),
        **more,
    )


SCENARIOS = (
    _elsewhere(
        "token-hang-connected",
        "The token endpoint takes the connection, and never reads from it",
        "{silent}",
        "unread-connection-has-an-end",
        pace=_A_FIFTH,
        owns=frozenset({"client-terminates"}),
    ),
    _elsewhere(
        "token-connection-refused-closed",
        "Nobody listens at the token endpoint's port",
        "{closed}",
        "unreachable-endpoint-is-told",
    ),
    _elsewhere(
        "token-connection-refused-unnamed",
        "The token endpoint's host has no address",
        "{unnamed}",
        "unreachable-endpoint-is-told",
    ),
)
