"""Which scenarios fit a provider that is not built-in: those that the one that it is like shares with others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sparring.contracts import facts
from sparring.harness.scenario import Do, Scenario

LIKE = {"authorization_code": "ingest", "client_credentials": "clickview"}
"""Whom a provider is like in that grant where its facts do not say: the built-in ones without ID tokens, which ask for
least.
"""


def fitting(provider: str, catalogue: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The scenarios of that catalogue for that provider, each for the grants in which it fits."""
    found = []
    for one in catalogue:
        grants = frozenset(grant for grant in one.grants if _fits(one, likeness(provider, grant)))
        if grants:
            faults = tuple(fault for fault in one.faults if not _named(fault))
            found.append(replace(one, providers=frozenset({provider}), grants=grants, faults=faults))
    return tuple(found)


def likeness(provider: str, grant: str) -> str:
    """The built-in provider that it is like in that grant: the one of its facts, if that one has such a grant."""
    like = facts(provider).like
    return like if grant in facts(like).grants else LIKE[grant]


def _fits(one: Scenario, like: str) -> bool:
    """Whether it is for that one and for others, and not in the words of a certain one."""
    return like in one.providers and len(one.providers) > 1 and not _names_somebody(one) and like not in one.variants


def _names_somebody(one: Scenario) -> bool:
    """Whether all its faults, the stage or an instruction are about a certain provider, its lifetimes or its tokens."""
    faults = bool(one.faults) and all(_named(fault) for fault in one.faults)
    moves = any(isinstance(move, Do) and move.provider is not None for move in one.plan)
    return faults or moves or "lifetimes" in one.setting.stage or any(_rewrites_access_token(f) for f in one.faults)


def _named(fault: Mapping[str, Any]) -> bool:
    return "provider" in fault.get("match", {})


def _rewrites_access_token(fault: Mapping[str, Any]) -> bool:
    """Whether it changes what stands in an access token, which may be opaque."""
    effect = fault["effect"]
    return (effect["kind"], effect.get("token")) == ("poison-token", "access_token")
