"""A provider's second address: the same provider, behind a certificate that is not in order, or behind none."""

# ruff: noqa: D103 - the names are sentences

import httpx2
import pytest

from sparring.mocks.control.interface import ControlError
from tests.mocks.server.sockets import House, Info, token_form

pytestmark = pytest.mark.anyio
over_tls = pytest.mark.parametrize("house", ["https"], indirect=True)
FAULTS = ["untrusted", "wrong-name", "expired", "not-yet-valid"]


async def opened(house: House, certificate: str) -> Info:
    return await house.open("ingest", "clickview", certificates={"ingest": certificate})


async def side(house: House, stage: Info) -> Info:
    found: Info = (await house.control.describe(stage["id"]))["providers"]["ingest"]["side"]
    return found


def token_url(stage: Info, door: Info) -> str:
    info = stage["providers"]["ingest"]
    return str(info["endpoints"]["token"].replace(info["base_url"], door["url"]))


@over_tls
@pytest.mark.parametrize("certificate", FAULTS)
async def test_who_looks_at_the_certificate_asks_for_nothing_and_is_counted(house: House, certificate: str) -> None:
    stage = await opened(house, certificate)
    before = await side(house, stage)
    assert before == {"certificate": certificate, "url": before["url"], "connections": 0}
    async with house.browser() as http:
        with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await http.post(token_url(stage, before), data=token_form(stage))
        assert (await side(house, stage))["connections"] == 1
        assert await house.control.recording(stage["id"]) == []
        good = await http.post(stage["providers"]["ingest"]["endpoints"]["token"], data=token_form(stage))
    assert good.status_code == 200
    assert [exchange["facts"].get("certificate") for exchange in await house.control.recording(stage["id"])] == [None]
    assert "side" not in stage["providers"]["clickview"]


@over_tls
@pytest.mark.parametrize("certificate", [*FAULTS, "none"])
async def test_who_does_not_look_is_served_and_recorded(house: House, certificate: str) -> None:
    stage = await opened(house, certificate)
    door = await side(house, stage)
    assert door["url"].startswith("http://0.0.0.0:" if certificate == "none" else "https://127.0.0.1:")
    async with httpx2.AsyncClient(verify=False, trust_env=False) as http:
        reply = await http.post(token_url(stage, door).replace("0.0.0.0", "127.0.0.1"), data=token_form(stage))
    assert reply.json()["token_type"] == "Bearer"
    (exchange,) = await house.control.recording(stage["id"])
    assert (exchange["endpoint"], exchange["facts"]["certificate"]) == ("token", certificate)


@over_tls
async def test_faults_lead_there(house: House) -> None:
    stage = await opened(house, "none")
    door = await side(house, stage)
    effect = {"kind": "redirect", "to": "{side}/token"}
    for provider in ("ingest", "clickview"):
        match = {"provider": provider, "endpoint": "token"}
        await house.control.add_fault(stage["id"], {"match": match, "effect": effect})
    async with house.browser() as http:
        targets = [
            (await http.post(stage["providers"][name]["endpoints"]["token"])).headers["location"]
            for name in ("ingest", "clickview")
        ]
    assert targets == [f"{door['url']}/token", "http://login.elsewhere.invalid/token"]


@pytest.mark.parametrize("house", ["http"], indirect=True)
async def test_without_tls_there_is_nothing_to_be_wrong_with(house: House) -> None:
    with pytest.raises(ControlError, match="only where stages speak TLS"):
        await house.open("ingest", certificates={"ingest": "expired"})
    assert await house.control.stages() == []


@over_tls
async def test_a_certificate_that_nobody_knows_is_refused(house: House) -> None:
    with pytest.raises(ControlError, match="certificates"):
        await house.open("ingest", certificates={"ingest": "blunt"})
    with pytest.raises(ControlError, match="did you mean 'ingest'"):
        await house.open("ingest", certificates={"ingset": "expired"})
