"""Putting a scenario on a stage that is open: its preset's faults, variants, lifetimes and secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.clock import YEAR_10000
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.schema import BadFault
from sparring.mocks.presets import UnknownPresetError, preset
from sparring.mocks.presets.preset import Preset
from sparring.mocks.presets.saved import Saved
from sparring.mocks.providers import DECOY, NAMES
from sparring.mocks.stage import House, Stage


async def put_on(stage: Stage, scenario: str, provider: str | None = None) -> Json:
    """Put the scenario on stage, at that provider alone if one is named: ``id``, ``title``, ``hint`` (what is left to
    do by hand) and its ``faults``.

    ControlError 404 where no preset has that id, 409 where it is on stage already. ``reset`` takes it off.
    """
    try:
        wanted = preset(scenario)
    except UnknownPresetError as error:
        raise ControlError(str(error), 404) from error
    if provider is not None and not concerns(wanted, provider):
        raise ControlError(f"the scenario {scenario!r} is nothing for {provider}")
    faults = wanted.staged()
    if provider is not None:
        faults = tuple(
            {**fault, "match": {**fault["match"], "provider": provider}}
            for fault in faults
            if fault["match"].get("provider", provider) == provider
        )
    houses = [house for name, house in stage.houses.items() if concerns(wanted, name) and provider in {None, name}]
    added = await stage.change(lambda: _put_on(stage, scenario, wanted, faults, houses))
    if wanted.new_secret:
        for house in houses:
            await _replace_secret(house)
    return {"id": wanted.id, "title": wanted.title, "hint": wanted.hint, "faults": added}


def _put_on(
    stage: Stage, scenario: str, wanted: Preset, faults: Sequence[Mapping[str, Any]], houses: Sequence[House]
) -> list[Json]:
    taken = {fault["id"] for fault in stage.faults.as_json()}
    if any(fault["id"] in taken for fault in faults):
        raise ControlError(f"the scenario {scenario!r} is on stage already", 409)
    added = [stage.faults.add(fault).as_json() for fault in faults]
    for house in houses:
        desk = house.desk
        desk.variant = wanted.variants.get(desk.provider, desk.variant)
        shorter = {kind: seconds for kind, seconds in wanted.lifetimes.items() if kind in desk.lifetimes}
        desk.lifetimes = {**desk.lifetimes, **shorter}
    return added


def concerns(wanted: Preset, provider: str) -> bool:
    """Whether it changes anything at that provider. What is for several is for those of installed packages as well."""
    shared = wanted.providers is not None and len(wanted.providers) > 1
    return wanted.concerns(provider) or (shared and provider not in {*NAMES, DECOY})


def check_saved(saved: Saved) -> None:
    """Read its faults, and put them nowhere. ControlError."""
    book = FaultBook()
    for fault in saved.faults:
        try:
            book.add(fault)
        except BadFault as error:
            raise ControlError(f"the saved scenario {saved.id!r}: {error}") from error


def put_on_saved(stage: Stage, saved: Saved) -> None:
    """Put a saved scenario on a stage that was opened for it: its faults, and the clock. ControlError."""
    check_saved(saved)
    for fault in saved.faults:
        stage.faults.add(fault)
    if saved.clock is None:
        return
    if not 0 <= saved.clock.start < YEAR_10000:
        raise ControlError("a clock shows times from 1970 to 9999")
    if saved.clock.frozen:
        stage.clock.freeze(saved.clock.start)
    else:
        stage.clock.set(saved.clock.start)


async def _replace_secret(house: House) -> None:
    """Another secret for the default client, where it has one."""
    desk = house.desk
    client = await desk.store.get(Client, house.clients[0].client_id)
    if client is not None and client.secret is not None:
        secret = desk.entropy.alnum(40, desk.provider, "replaced-secret", client.client_id)
        await desk.store.put(client.client_id, replace(client, secret=secret))
