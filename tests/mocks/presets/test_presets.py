"""Presets, as data and on a stage."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import pytest

from sparring.mocks.control.interface import ControlError
from sparring.mocks.control.staging import put_on
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.presets import PRESETS, Preset, UnknownPresetError, preset
from sparring.mocks.presets.preset import SHORT_LIFE
from sparring.mocks.presets.token_answers import LIVES
from sparring.mocks.providers import NAMES, load
from tests.mocks.stages import ask, in_loop, open_stage, request


async def ingest_token(stage: Any) -> Any:
    client = load("ingest").clients[0]
    form = {"grant_type": "client_credentials", "scope": "read_videos"}
    form |= {"client_id": client.client_id, "client_secret": client.secret or ""}
    return await ask(stage, request("POST", "/token", form=form))


def test_every_fault_can_be_put_on_stage_and_ids_are_unique() -> None:
    book = FaultBook()
    for one in PRESETS.values():
        for fault in one.staged():
            assert book.add(fault).id == fault["id"]


def test_titles_and_hints_are_for_people() -> None:
    for one in PRESETS.values():
        assert one.title
        assert not one.title.endswith(".")
        assert one.hint == "" or one.hint.endswith(".")


def test_variants_and_lifetimes_are_those_of_the_providers() -> None:
    for one in PRESETS.values():
        for name, variant in one.variants.items():
            assert variant in load(name).variants
        for name in one.providers or NAMES:
            assert set(one.lifetimes) <= set(load(name).lifetimes)


def test_a_lifetime_as_a_string_is_the_true_one() -> None:
    assert {name: str(load(name).lifetimes["access_token"]) for name in LIVES} == LIVES


def test_an_unknown_one_names_the_nearest() -> None:
    with pytest.raises(UnknownPresetError, match="did you mean 'state-mismatch'"):
        preset("state-missmatch")


@pytest.mark.parametrize("one", PRESETS.values(), ids=lambda one: one.id)
@in_loop
async def test_each_goes_on_a_stage_of_all_providers_and_off_again(one: Preset) -> None:
    stage = await open_stage(*NAMES)
    done = await put_on(stage, one.id)
    assert (done["id"], done["title"], done["hint"]) == (one.id, one.title, one.hint)
    assert [fault["id"] for fault in done["faults"]] == [fault["id"] for fault in one.faults]
    await stage.reset()
    assert stage.faults.as_json() == []
    for name, house in stage.houses.items():
        assert (house.desk.lifetimes, house.desk.variant) == (load(name).lifetimes, "default")


@in_loop
async def test_a_fault_of_one_provider_leaves_the_others_alone() -> None:
    stage = await open_stage(*NAMES)
    (fault,) = (await put_on(stage, "code-in-fragment"))["faults"]
    assert fault["match"] == {"provider": "movingimage"}


@in_loop
async def test_tokens_are_short_lived_at_the_providers_concerned() -> None:
    stage = await open_stage(*NAMES, lifetimes={"clickview": {"access_token": 500}})
    await put_on(stage, "refresh-rotation")
    lives = {name: stage.houses[name].desk.lifetimes["access_token"] for name in NAMES}
    expected = {"rotor": 7200, "clickview": 500} | dict.fromkeys(("movingimage", "panopto", "ingest"), SHORT_LIFE)
    assert lives == expected
    assert stage.houses["movingimage"].desk.variant == "rotating"
    assert b'"expires_in":"30"' in (await ingest_token(stage)).body


@in_loop
async def test_a_replaced_secret_is_refused_until_the_reset() -> None:
    stage = await open_stage("ingest", "movingimage")
    assert (await ingest_token(stage)).status == 200
    await put_on(stage, "token-error-invalid-client")
    assert (await ingest_token(stage)).status == 401
    await stage.reset()
    assert (await ingest_token(stage)).status == 200


@in_loop
async def test_a_fault_happens_again_and_again() -> None:
    stage = await open_stage()
    await put_on(stage, "token-error-with-200")
    for _ in range(30):
        assert b"server_error" in (await ingest_token(stage)).body


@in_loop
async def test_several_go_on_one_stage_and_none_goes_twice() -> None:
    stage = await open_stage()
    await put_on(stage, "state-missing")
    await put_on(stage, "token-type-mac")
    with pytest.raises(ControlError, match="the scenario 'token-type-mac' is on stage already"):
        await put_on(stage, "token-type-mac")
    with pytest.raises(ControlError, match="did you mean 'token-type-mac'") as caught:
        await put_on(stage, "token-typ-mac")
    assert caught.value.status == 404
    assert [fault["id"] for fault in stage.faults.as_json()] == ["state-dropped", "token-type-mac"]
