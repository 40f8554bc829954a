"""The fakes without a socket: an ASGI application in the test's own process."""

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Host
from starlette.testclient import TestClient

from sparring.mocks import ControlError, Sparring
from tests.mocks.testing.clients import link, query

FORM = {"grant_type": "client_credentials", "scope": "read_videos"}


@pytest.mark.anyio
async def test_it_is_asked_through_a_transport() -> None:
    """Nothing listens; the stage's clock, faults and recording are as ever."""
    async with Sparring("ingest", sockets=False) as ingest:
        assert ingest.base_url == "http://ingest.test"
        form = {**FORM, "client_id": ingest.client_id, "client_secret": ingest.client_secret}
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=ingest.app)) as http:
            assert (await http.post(ingest.token_url, data=form)).status_code == 200
            ingest.fail_next("token", status=503)
            assert (await http.post(ingest.token_url, data=form)).status_code == 503
        ingest.assert_requested("token", times=2)
        assert query(ingest.login(link(ingest)))["code"]


def test_starlettes_test_client_asks_it_too() -> None:
    """With its lifespan; and any host will do where there is one provider."""
    with Sparring("ingest", sockets=False) as ingest, TestClient(ingest.app) as http:
        assert http.post("/token", data=FORM).json()["error"] == "invalid_client"
        assert ingest.last_request.rule == "ingest/token/client-missing"


def test_several_are_told_apart_by_their_hosts() -> None:
    """Their own in the test, and those of the real ones."""
    with Sparring("ingest", "panopto", sockets=False) as stage, TestClient(stage.app) as http:
        found = http.get(stage["panopto"].discovery_url).json()
        assert found["issuer"].startswith("http://panopto.test/")
        assert http.post("http://login.ingest.io/token", data=FORM).status_code == 401
        assert [request.provider for request in stage.requests] == ["panopto", "ingest"]
        with pytest.raises(
            ControlError, match=r"no provider has the host 'else.test'; there are: ingest.test, panopto.test"
        ):
            http.get("http://else.test/")


def test_an_application_may_contain_it() -> None:
    """By host, beside routes of its own."""
    with Sparring("ingest", sockets=False) as ingest:
        whole = Starlette(routes=[Host("ingest.test", app=ingest.app)])
        with TestClient(whole) as http:
            assert http.post(ingest.token_url, data=FORM).status_code == 401


def test_faults_on_the_wire_break_off_or_come_whole() -> None:
    """There is no connection to be closed, so the caller gets an error of one."""
    with Sparring("ingest", sockets=False) as ingest, TestClient(ingest.app) as http:
        ingest.fail_next("token", connection="close")
        with pytest.raises(ConnectionResetError, match="a fault on the wire \\(close\\) was played"):
            http.post("/token", data=FORM)
        ingest.fault("drip", "token", size=1, interval=5)
        assert http.post("/token", data=FORM).json()["error"] == "invalid_client"


def test_it_works_beside_sockets() -> None:
    """The same stage, asked both ways."""
    with Sparring("ingest") as ingest, TestClient(ingest.app) as inside:
        inside.post("/token", data=FORM)
        httpx2.post(ingest.token_url, data=FORM)
        ingest.assert_requested("token", times=2)
