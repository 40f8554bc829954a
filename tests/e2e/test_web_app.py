"""A web application on Authlib's Starlette integration, its browser driven by hand."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent
from sparring.harness.drivers.environment import client_environment
from sparring.harness.ports import Ports
from sparring.harness.worlds import World
from sparring.harness.worlds.local import local_world
from tests.e2e.running import ROOT

pytest.importorskip("authlib")
pytest.importorskip("itsdangerous")


@asynccontextmanager
async def application(world: World, scratch: Path) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
    """The running application's base URL, and its stage."""
    port = Ports(7).take()
    redirect_uri = f"http://127.0.0.1:{port}/callback"
    stage = await world.open_stage({"providers": ["movingimage"], "redirect_uris": [redirect_uri]})
    info = stage["providers"]["movingimage"]
    context = {
        "discovery_url": info["endpoints"]["discovery"],
        "api_url": info["endpoints"]["api"],
        "scope": info["scope"],
        "client_id": info["client_id"],
        "client_secret": info["client_secret"],
        "redirect_uri": redirect_uri,
    }
    environment = client_environment(context, scratch=scratch, ca_file=Path(stage["ca_file"]))
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "examples/clients/authlib_starlette_movingimage.py"), env=environment
    )
    try:
        await asyncio.wait_for(listening(port), 20)
        yield f"http://127.0.0.1:{port}", stage
    finally:
        process.terminate()
        await process.wait()


async def listening(port: int) -> None:
    """Until somebody accepts connections there."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(0.05)


async def sign_in(base: str, stage: Mapping[str, Any], browser: httpx2.AsyncClient) -> httpx2.Response:
    """Follow the application to the provider as its browser would; the application's answer to the callback."""
    sent = await browser.get(f"{base}/login")
    info = stage["providers"]["movingimage"]
    user = info["users"][0]
    agent = UserAgent(
        person=Person(user["username"], user["password"]),
        origins=(info["base_url"],),
        ca_file=Path(stage["ca_file"]),
    )
    async with agent:
        visit = await agent.visit(sent.headers["location"], [f"{base}/callback"], by_http=False)
    assert visit.callback is not None, visit.problem
    return await browser.get(visit.callback)


async def flow(scratch: Path) -> list[str]:
    """Sign in, call the API, and see the endpoints that were asked on the way."""
    async with local_world(tls=True) as world, application(world, scratch) as (base, stage):
        async with httpx2.AsyncClient(trust_env=False) as browser:
            assert (await sign_in(base, stage, browser)).headers["location"] == "/"
            assert "Signed in as" in (await browser.get(f"{base}/")).text
            shown = await browser.get(f"{base}/managers")
            assert shown.status_code == 200, shown.text
            assert shown.text.strip()
        return [each["endpoint"] for each in await world.recording(stage["id"])]


async def stranger(scratch: Path) -> str:
    """Another browser brings the callback: the application must not sign it in."""
    async with (
        local_world(tls=True) as world,
        application(world, scratch) as (base, _),
        httpx2.AsyncClient(trust_env=False) as first,
        httpx2.AsyncClient(trust_env=False) as second,
    ):
        sent = await first.get(f"{base}/login")
        await second.get(f"{base}/")
        state = dict(httpx2.URL(sent.headers["location"]).params)["state"]
        answer = await second.get(f"{base}/callback", params={"code": "stolen", "state": state})
        assert answer.status_code == 400
        return (await second.get(f"{base}/")).text


def test_a_person_signs_in_to_a_web_application(tmp_path: Path) -> None:
    """Discovery, sign-in, token, keys, and the API with the token."""
    asked = asyncio.run(flow(tmp_path))
    for endpoint in ("discovery", "authorize", "login", "token", "jwks", "api"):
        assert endpoint in asked


def test_the_application_refuses_a_strangers_callback(tmp_path: Path) -> None:
    """The state belongs to the browser that began."""
    assert "Nobody is signed in" in asyncio.run(stranger(tmp_path))
