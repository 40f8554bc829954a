"""Opening, telling apart, resetting and closing stages."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import socket
from typing import Any

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from sparring.mocks.providers import NAMES
from tests.mocks.control.asking import ask_token, call_api, complaint, ingest

pytestmark = pytest.mark.anyio
ONE = {"providers": ["ingest"]}


async def test_a_stage_says_where_everything_is(control: Control) -> None:
    stage = await control.open_stage({**ONE, "seed": 7})
    info = ingest(stage)
    assert stage["seed"] == 7
    assert stage["ca_file"] is None
    assert stage["decoy_url"].startswith("http://127.0.0.1:")
    assert set(stage["providers"]) == {"ingest"}
    assert info["base_url"].startswith("http://127.0.0.1:")
    assert info["endpoints"]["token"] == info["base_url"] + "/token"
    assert info["variant"] == "default"
    assert {
        "title",
        "hosts",
        "client_id",
        "client_secret",
        "redirect_uris",
        "users",
        "scope",
        "scopes",
        "grants",
    } <= set(info)


async def test_without_names_every_provider_is_on_stage(control: Control) -> None:
    assert set((await control.open_stage({}))["providers"]) == set(NAMES)


async def test_open_stages_are_listed_as_they_were_described(control: Control) -> None:
    opened = [await control.open_stage(ONE), await control.open_stage({**ONE, "id": "mine"})]
    assert await control.stages() == opened
    assert opened[1]["id"] == "mine"
    await control.close_stage(opened[0]["id"])
    assert await control.stages() == opened[1:]


async def test_a_closed_stage_is_gone_and_its_sockets_with_it(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    assert (await ask_token(http, stage)).status_code == 200
    await control.close_stage(stage["id"])
    async with httpx2.AsyncClient(trust_env=False) as newcomer:
        with pytest.raises(httpx2.ConnectError):
            await ask_token(newcomer, stage)
    assert await complaint(control.clock(stage["id"])) == (404, f"there is no stage {stage['id']!r}")


async def test_closing_twice_at_once_is_refused_once(control: Control) -> None:
    stage = (await control.open_stage(ONE))["id"]
    ends = await asyncio.gather(control.close_stage(stage), control.close_stage(stage), return_exceptions=True)
    assert sorted(map(str, ends)) == ["None", f"there is no stage {stage!r}"]


async def test_an_id_that_was_made_up_never_meets_a_given_one(control: Control) -> None:
    given = [(await control.open_stage({**ONE, "id": f"s{number}"}))["id"] for number in range(1, 5)]
    made = [(await control.open_stage(ONE))["id"] for _ in range(3)]
    assert len({*given, *made}) == 7


async def test_reset_brings_back_the_beginning(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({**ONE, "seed": 3})
    at = stage["id"]
    await control.move_clock(at, "set", 1_500_000_000)
    await control.move_clock(at, "freeze")
    before = (await ask_token(http, stage)).json()
    await control.change_client(at, "ingest", ingest(stage)["client_id"], {"secret": "other"})
    await control.add_fault(at, {"effect": {"kind": "replace", "status": 503}, "times": None})

    await control.reset(at)
    assert await control.faults(at) == []
    assert await control.recording(at) == []
    assert (await control.clock(at))["frozen"] is False
    assert (await control.clock(at))["now"] > 1_700_000_000
    assert await call_api(http, stage, before["access_token"]) == 401
    await control.move_clock(at, "set", 1_500_000_000)
    await control.move_clock(at, "freeze")
    assert (await ask_token(http, stage)).json() == before
    assert (await control.stages())[0] == stage


async def test_ports_secrets_and_redirect_uris_can_be_asked_for(control: Control) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    wish = {**ONE, "ports": {"ingest": port}, "redirect_uris": ["http://127.0.0.1:1/cb"], "seeded_secrets": True}
    info = ingest(await control.open_stage(wish))
    other = ingest(await control.open_stage({**ONE, "seeded_secrets": True, "seed": 1}))
    assert info["base_url"] == f"http://127.0.0.1:{port}"
    assert "http://127.0.0.1:1/cb" in info["redirect_uris"]
    assert info["client_secret"] != other["client_secret"]


async def test_an_issuer_and_lifetimes_can_be_asked_for(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(
        {**ONE, "issuer": "https://me.example", "lifetimes": {"ingest": {"access_token": 5}}}
    )
    assert ingest(stage)["issuer"] == "https://me.example"
    assert (await ask_token(http, stage)).json()["expires_in"] == "5"


async def test_a_port_that_is_taken_is_a_conflict_and_leaves_nothing_behind(control: Control) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, sentence = await complaint(control.open_stage({**ONE, "id": "late", "ports": {"ingest": port}}))
    assert status == 409
    assert sentence.startswith(f"cannot listen on 127.0.0.1:{port}: ")
    assert await control.stages() == []
    assert (await control.open_stage({**ONE, "id": "late"}))["id"] == "late"


async def test_an_id_that_is_taken_is_a_conflict(control: Control) -> None:
    first = await control.open_stage({**ONE, "id": "twin"})
    assert await complaint(control.open_stage({**ONE, "id": "twin"})) == (409, "a stage 'twin' is open already")
    assert await control.stages() == [first]


@pytest.mark.parametrize(
    ("wish", "status", "sentence"),
    [
        ({"providers": ["ingset"]}, 404, "unknown provider 'ingset'; did you mean 'ingest'?"),
        ({**ONE, "variants": {"ingset": "x"}}, 404, "unknown provider 'ingset'; did you mean 'ingest'?"),
        ({**ONE, "lifetimes": {"ingset": {}}}, 404, "unknown provider 'ingset'; did you mean 'ingest'?"),
        ({**ONE, "ports": {"ingset": 1}}, 404, "unknown provider 'ingset'; did you mean 'ingest'?"),
        ({**ONE, "variants": {"ingest": "deflt"}}, 400, "unknown variant 'deflt' of ingest; did you mean 'default'?"),
        ({**ONE, "sede": 1}, 400, "unknown member 'sede' in a stage; did you mean 'seed'?"),
        ({"providers": "ingest"}, 400, "a stage: Expected `array`, got `str` - at `$.providers`"),
        ({**ONE, "seed": "one"}, 400, "a stage: Expected `int`, got `str` - at `$.seed`"),
        ({**ONE, "ports": {"ingest": 70_000}}, 400, "a stage: Expected `int` <= 65535 - at `$.ports[...]`"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_in_one_sentence(
    control: Control, wish: dict[str, Any], status: int, sentence: str
) -> None:
    assert await complaint(control.open_stage(wish)) == (status, sentence)
    assert await control.stages() == []


@pytest.mark.parametrize("name", ["a/b", "..", "what?", "a b", "é"])
async def test_an_id_that_cannot_stand_in_a_path_is_refused(control: Control, name: str) -> None:
    status, sentence = await complaint(control.open_stage({**ONE, "id": name}))
    assert (status, "the id of a stage" in sentence) == (400, True)


@pytest.mark.parametrize("name", ["gone", "a/b", "..", "what?", "#", ""])
async def test_every_wish_about_a_stage_that_is_not_there_is_refused(control: Control, name: str) -> None:
    wishes = [
        control.close_stage(name),
        control.reset(name),
        control.clock(name),
        control.move_clock(name, "freeze"),
        control.faults(name),
        control.add_fault(name, {"effect": {"kind": "hang"}}),
        control.remove_faults(name),
        control.fire(name, "ingest", "consent"),
        control.recording(name),
        control.clear_recording(name),
        control.clients(name, "ingest"),
        control.change_client(name, "ingest", "x", {}),
        control.revoke(name, "ingest"),
        control.wait(name),
        anext(control.stream(name)),
        control.har(name),
        control.remove_client(name, "ingest", "x"),
        control.users(name, "ingest"),
        control.change_user(name, "ingest", "x", {}),
        control.remove_user(name, "ingest", "x"),
        control.mint(name, "ingest", {}),
        control.rotate_keys(name, "ingest"),
        control.hold(name, {}),
        control.release(name),
    ]
    assert [(await complaint(wish))[0] for wish in wishes] == [404] * len(wishes)
