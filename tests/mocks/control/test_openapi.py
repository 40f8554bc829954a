"""The control API keeps to its own OpenAPI document, whatever it is asked."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sparring.mocks.control.http import control_app
from sparring.mocks.control.openapi import document
from sparring.mocks.control.routes import OPERATIONS
from sparring.mocks.server.local import local_stages

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
"""For each operation, and each of the two: what the document allows, and what it does not."""

SCHEMA = schemathesis.openapi.from_dict(document())
ENDLESS = "/stages/{id}/recording/stream"
LABELS = [f"{each.method} {each.path}" for each in OPERATIONS if each.path != ENDLESS]
BY_CHANCE = {
    "DELETE /stages/{id}/clients",
    "DELETE /stages/{id}/faults/{fault}",
    "DELETE /stages/{id}/users",
    "GET /stages/{id}/recording/wait",
}
"""Whether these find what they are meant for is a matter of luck."""

CASES = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}


@contextmanager
def control_port() -> Iterator[str]:
    """The URL of a control port that runs in a thread until the block ends."""
    loop, ready, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    urls: list[str] = []

    async def run() -> None:
        async with local_stages() as (control, theatre):
            urls.append(await theatre.listen("the control port", control_app(control)))
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(30)
        loop.close()


@pytest.fixture(scope="module")
def port() -> Iterator[httpx2.Client]:
    """A client of one control port for all who knock on it."""
    with control_port() as url, httpx2.Client(base_url=url, trust_env=False, timeout=30) as client:
        yield client


def test_the_document_is_valid_and_served(port: httpx2.Client) -> None:
    SCHEMA.validate()  # against the schema of OpenAPI 3.1
    assert port.get("/openapi.json").json() == json.loads(json.dumps(document()))
    assert set(CASES) - set(LABELS) == {f"GET {ENDLESS}"}


def _knock(port: httpx2.Client, case: Any) -> int:
    """One request, and what came of it held against the document. Most go to a stage that there is."""
    parameters = case.path_parameters or {}
    if "id" in parameters and len(str(parameters["id"])) % 4:
        port.post("/stages", json={"id": "main", "providers": ["ingest", "clickview", "rotor"]})
        case.path_parameters["id"] = "main"
    if case.operation.path.endswith("/wait"):
        case.query["timeout"] = 0
    if case.operation.label == "POST /stages" and isinstance(case.body, dict):
        case.body.pop("ports", None)  # those of this machine may be anybody's
    answer = case.call_and_validate(base_url=str(port.base_url), checks=CHECKS, timeout=30)
    for stage in port.get("/stages").json()["stages"]:
        if stage["id"] != "main":
            port.delete(f"/stages/{stage['id']}")
    return int(answer.status_code)


def _try(port: httpx2.Client, mode: GenerationMode, label: str) -> set[int]:
    seen: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def knock(data: st.DataObject) -> None:
        seen.add(_knock(port, data.draw(CASES[label].as_strategy(generation_mode=mode))))

    run: Callable[[], None] = knock
    run()
    return seen


@pytest.mark.parametrize("label", LABELS)
def test_what_the_document_allows_is_answered_as_it_says(port: httpx2.Client, label: str) -> None:
    seen = _try(port, GenerationMode.POSITIVE, label)
    assert min(seen) < 300 or label in BY_CHANCE


@pytest.mark.parametrize("label", [label for label in LABELS if CASES[label].query or CASES[label].body])
def test_what_it_does_not_allow_is_answered_as_it_says(port: httpx2.Client, label: str) -> None:
    _try(port, GenerationMode.NEGATIVE, label)
