"""A small run over every provider; ``make fuzz`` asks them thousands of times. What is broken is found."""

# ruff: noqa: D103 - the names are sentences

import os
import re
import subprocess
import sys
from collections.abc import Callable, MutableMapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from sparring.contracts.openapi import document
from sparring.mocks.providers import NAMES
from sparring.mocks.server.app import Receive, Scope, Send
from tests.contracts_fuzz.fake import App
from tests.contracts_fuzz.fuzzing import Fuzzer, Tally
from tests.sampling import sample

ROOT = Path(__file__).resolve().parents[2]
CASES = 150
FIGURES = r"^{name} +(\d+) +(\d+) \(\d+%\) +(\d+) +(\d+) +(\d+) of (\d+) +0$"
Start = MutableMapping[str, Any]


def members(provider: str) -> dict[str, Any]:
    """The provider's OpenAPI document, to be spoilt."""
    source = files("sparring.contracts").joinpath("providers", provider, "openapi.yaml")
    read: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("provider", sample(NAMES, 3))
def test_a_fake_answers_as_its_document_says(provider: str) -> None:
    """In a process of its own: what is made up depends on the modules that are loaded."""
    command = [sys.executable, "-m", "tests.contracts_fuzz", provider, "--cases", str(CASES), "--verbose"]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(command, cwd=ROOT, env=unmeasured, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = re.search(FIGURES.format(name=provider), done.stdout, re.MULTILINE)
    assert figures is not None, done.stdout
    cases, granted, refused, broken, admitted, guarded = map(int, figures.groups())
    assert cases == granted + refused + broken >= CASES
    assert broken == 0
    assert granted * 3 >= cases
    assert admitted * 2 >= guarded, "half of those who had to say who they are got past that"
    asked = set(re.findall(r"^  ([a-z-]+) +\{", done.stdout, re.MULTILINE))
    further = {"link", "unlink"}  # OpenAPI 3.1 has no place for these methods
    assert asked == {each.name for each in document(provider).operations() if each.method not in further}


def broken(app: App, break_it: Callable[[Start], None]) -> App:
    """The same application, but for what becomes of its successes."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def spoil(message: Start) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                break_it(message)
            await send(message)

        await app(scope, receive, spoil)

    return answer


def crash(message: Start) -> None:
    message["status"] = 500


def say_more(message: Start) -> None:
    message["headers"].append((b"x-own", b"1"))


def say_less(message: Start) -> None:
    message["headers"] = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]


def say_it_in_words(message: Start) -> None:
    message["headers"] = [pair for pair in message["headers"] if pair[0].lower() != b"content-type"]
    message["headers"].append((b"content-type", b"text/plain"))


@pytest.mark.parametrize(
    ("break_it", "complaints"),
    [
        (crash, {"POST /connect/token: Server error", "POST /connect/token: Undocumented status code"}),
        (say_more, {"POST /connect/token -> 200: header x-own is not documented"}),
        (say_less, {"POST /connect/token -> 200: header cache-control is missing"}),
        (say_it_in_words, {"POST /connect/token: Undocumented Content-Type"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_broken_fake_is_found_out(break_it: Callable[[Start], None], complaints: set[str]) -> None:
    fuzzer = Fuzzer("clickview")
    fuzzer.fake.app = broken(fuzzer.fake.app, break_it)
    assert complaints <= told(fuzzer.run(60, 1))


def told(tally: Tally) -> set[str]:
    """The beginnings of what was complained of."""
    return {complaint for each in tally.wrong for complaint in (each, ": ".join(each.split(": ")[:2]))}


def test_an_answer_that_the_document_lacks_is_found_out() -> None:
    spoilt = members("rotor")
    del spoilt["paths"]["/oauth/token"]["post"]["responses"]["401"]
    tally = Fuzzer("rotor", members=spoilt).run(200, 1)
    assert told(tally) & {"POST /oauth/token: Undocumented status code"}
    assert all(each.startswith("POST /oauth/token: ") for each in tally.wrong)
