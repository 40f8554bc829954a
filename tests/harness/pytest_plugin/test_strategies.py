"""Answers that nobody thought of, for property-based tests of a client."""

import httpx2
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import NoSuchExample
from starlette.testclient import TestClient

from sparring.harness.strategies import Json, answers
from sparring.mocks import ControlError, Sparring

ONCE = settings(database=None, derandomize=True, phases=[Phase.generate])


@pytest.mark.parametrize("provider", ["rotor", "ingest"])
def test_every_answer_can_be_put_on_stage(provider: str) -> None:
    """As faults, one or two of them."""
    with Sparring(provider, sockets=False) as fake:

        @settings(max_examples=15)
        @given(faults=answers(provider))
        def play(faults: list[Json]) -> None:
            put_on = [fake.fault(fault) for fault in faults]
            assert len(put_on) in {1, 2}
            fake.reset()

        play()


def test_what_breaks_a_client_is_found() -> None:
    """This one believes that expires_in is a number, if only it is there."""
    with Sparring("clickview", sockets=False) as fake, TestClient(fake.app) as http:
        form = {"grant_type": "client_credentials", "client_id": fake.client_id, "scope": fake.scope}
        credentials = {"client_secret": fake.client_secret}

        def breaks(faults: list[Json]) -> bool:
            fake.reset()
            for fault in faults:
                fake.fault(fault)
            try:
                answer = http.post(fake.token_url, data={**form, **credentials})
                return bool(answer.status_code == 200 and answer.json().get("expires_in", 0) < 0)
            except TypeError:
                return True
            except (AttributeError, ValueError, OSError, httpx2.DecodingError):
                return False

        found = find(answers("clickview"), breaks, settings=settings(ONCE, max_examples=200))
    assert {fault["match"]["provider"] for fault in found} == {"clickview"}
    assert "token" in {fault["match"]["endpoint"] for fault in found}


def test_logins_are_left_alone_where_nobody_wants_them() -> None:
    """Callbacks are odd only where people sign in, and only if they shall be."""

    def is_callback(faults: list[Json]) -> bool:
        return any(fault["effect"]["kind"] == "authorization-response" for fault in faults)

    assert find(answers("ingest"), is_callback, settings=ONCE)
    for quiet in (answers("ingest", logins=False), answers("rotor")):
        with pytest.raises(NoSuchExample):
            find(quiet, is_callback, settings=settings(ONCE, max_examples=15))


def test_a_provider_that_is_not_there_is_told() -> None:
    """In a sentence."""
    with pytest.raises(ControlError, match="unknown provider 'acme'; there are: rotor, clickview"):
        answers("acme")
