"""The catalogue of scenarios, one module per theme."""

from collections.abc import Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache

from sparring.harness import judge
from sparring.harness.scenario import Scenario
from sparring.harness.scenarios import (
    api,
    authorization,
    dialects,
    fitting,
    happy_paths,
    id_tokens,
    identity,
    issuers,
    lifespan,
    lifetime,
    network,
    odd_answers,
    overload,
    provider_ways,
    refresh,
    renewals,
    responses,
    sets,
    token_answers,
    transport,
    unreachable,
    web_apps,
)

ALWAYS_ID = judge.ALWAYS_ID
"""The id of the result that holds the always-on checks over the whole run."""

ALL: tuple[Scenario, ...] = (
    *happy_paths.SCENARIOS,
    *provider_ways.SCENARIOS,
    *token_answers.SCENARIOS,
    *lifetime.SCENARIOS,
    *refresh.SCENARIOS,
    *api.SCENARIOS,
    *authorization.SCENARIOS,
    *id_tokens.SCENARIOS,
    *transport.SCENARIOS,
    *odd_answers.SCENARIOS,
    *network.SCENARIOS,
    *overload.SCENARIOS,
    *lifespan.SCENARIOS,
    *renewals.SCENARIOS,
    *responses.SCENARIOS,
    *issuers.SCENARIOS,
    *unreachable.SCENARIOS,
    *web_apps.SCENARIOS,
    *identity.SCENARIOS,
    *dialects.SCENARIOS,
)

_BY_ID = {one.id: one for one in ALL}


class UnknownScenarioError(LookupError):
    """No scenario has that id, or none matches that pattern; the message names the nearest one."""


def _unknown(what: str, name: str) -> UnknownScenarioError:
    near = get_close_matches(name, _BY_ID, n=1, cutoff=0.4)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return UnknownScenarioError(f"no scenario {what} `{name}`{hint}")


def scenario(id: str) -> Scenario:  # noqa: A002
    """The scenario of that id."""
    owner, happy_path, _ = id.partition("-happy-")
    own = {one.id: one for one in happy_paths.of(owner)} if happy_path and owner not in sets.PROVIDERS else {}
    try:
        return {**_BY_ID, **own}[id]
    except KeyError:
        raise _unknown("has the id", id) from None


@cache
def catalogue(provider: str) -> tuple[Scenario, ...]:
    """The scenarios for that provider, in the order of the catalogue, happy path first.

    One that is not built-in has happy paths of its own, and those of the others that fit it.
    """
    if provider in sets.PROVIDERS:
        return tuple(one for one in ALL if provider in one.providers)
    return (*happy_paths.of(provider), *fitting.fitting(provider, ALL))


def happy(provider: str, grant: str) -> Scenario:
    """The happy path of that provider and grant, by which a run is calibrated."""
    for one in happy_paths.of(provider):
        if grant in one.grants:
            return one
    raise UnknownScenarioError(f"{provider} has no happy path for {grant}")


def select(provider: str, grant: str, profile: str = "core", globs: Sequence[str] = ()) -> tuple[Scenario, ...]:
    """The scenarios for a run, in the order of the catalogue, happy path first.

    ``profile`` is a profile, a frozen set, or ``all``. Where patterns are given they alone choose, whatever the
    profile; a pattern that matches no scenario at all is an error.
    """
    mine = [one for one in catalogue(provider) if grant in one.grants]
    known = {*_BY_ID, *(one.id for one in mine)}
    for glob in globs:
        if glob != ALWAYS_ID and not any(fnmatchcase(name, glob) for name in known):
            raise _unknown("matches", glob)
    if globs:
        return tuple(one for one in mine if any(fnmatchcase(one.id, glob) for glob in globs))
    if profile in sets.NAMES:
        return tuple(one for one in mine if one.id in sets.frozen()[profile])
    return tuple(one for one in mine if profile in {"all", one.profile})
