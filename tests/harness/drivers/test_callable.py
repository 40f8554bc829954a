"""The driver ``callable``: factories that keep to the protocol, and factories that do not."""

# ruff: noqa: D103 - the names are sentences

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sparring.harness.drivers import Instruction, Launch, Reply
from sparring.harness.drivers.callables import callable_driver, wrong_name
from sparring.harness.evidence import Ending
from tests.harness.drivers.playing import AUTHENTICATE, CALL_API, launch_of, nobody, play, recording

GOOD = """
class Client:
    def __init__(self, context):
        self.context = context

    def authenticate(self, *, fresh=False, user=None):
        print("not a message", fresh, user)
        self.context["visit"]("https://provider.example/authorize")

    async def call_api(self, *, times=1, parallel=False):
        return {"outcome": "ok", "status": 200, "calls": ["ok"] * times, "mine": object()}

    def register(self, remote_user_id):
        raise LookupError(remote_user_id)

    def close(self):
        print("closed")


def factory(context):
    return Client(context)
"""


def launched(tmp_path: Path, module: str, name: str = "mine:factory") -> Launch:
    """A launch of that factory, from the folder where its module lies."""
    (tmp_path / "mine.py").write_text(module, encoding="utf-8")
    launch = launch_of(tmp_path, "")
    environment = {**launch.environment, "SPARRING_CONTEXT": json.dumps({"client_id": "me"})}
    return replace(launch, command=(name,), environment=environment, cwd=tmp_path)


def played(tmp_path: Path, module: str, *instructions: Instruction) -> tuple[list[Reply], Ending]:
    return play(callable_driver(launched(tmp_path, module), nobody), *instructions)


def test_a_factorys_object_follows_every_instruction(tmp_path: Path) -> None:
    asked, visit = recording(lambda _url, _by_http: None)
    driver = callable_driver(launched(tmp_path, GOOD), visit)
    calls = Instruction(2, "call_api", times=2)
    replies, ending = play(driver, AUTHENTICATE, calls, Instruction(3, "register", remote_user_id="artist-42"))
    assert [reply.outcome for reply in replies] == ["ok", "ok", "ok", "error"]
    assert (replies[2].status, replies[2].calls) == (200, ("ok", "ok"))
    assert replies[3].detail == "LookupError: artist-42"
    assert asked == [("https://provider.example/authorize", True)]
    assert (ending.exit_code, ending.problems) == (0, ())
    assert [line for log in driver.logs() for line in log.text.splitlines() if not line.startswith("{")] == [
        "not a message False None",
        "closed",
    ]


@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        ("type('Trouble', (Exception,), {'outcome': 'reauth'})('sign in')", "reauth"),
        ("type('Trouble', (Exception,), {'outcome': 7})('odd')", "error"),
        ("ValueError('odd')", "error"),
    ],
)
def test_an_exception_is_an_outcome(tmp_path: Path, raised: str, outcome: str) -> None:
    module = GOOD.replace('return {"outcome"', f'raise {raised}\n        return {{"outcome"')
    replies, _ = played(tmp_path, module, CALL_API)
    assert replies[1].outcome == outcome
    assert "does not know" not in replies[1].detail


def test_the_words_of_an_exception_are_not_the_clients_log(tmp_path: Path) -> None:
    module = GOOD.replace(
        'return {"outcome"', 'print("logged")\n        raise LookupError("the-token")\n        return {"outcome"'
    )
    driver = callable_driver(launched(tmp_path, module), nobody)
    replies, _ = play(driver, CALL_API)
    assert replies[1].detail == "LookupError: the-token"
    written = "".join(log.text for log in driver.logs())
    assert "logged" in written
    assert "the-token" not in written


def test_a_module_that_cannot_be_imported_is_a_crash_with_its_last_words(tmp_path: Path) -> None:
    replies, _ = played(tmp_path, "import nothing_of_that_name", AUTHENTICATE)
    assert [reply.outcome for reply in replies] == ["crash"]
    assert "No module named 'nothing_of_that_name'" in replies[0].detail


@pytest.mark.parametrize("command", [("mine",), ("mine:",), (":factory",), ("my-client:factory",), ("a:b", "c")])
def test_a_name_of_another_form_is_refused(command: tuple[str, ...]) -> None:
    assert "module:factory" in wrong_name(command)


def test_names_in_packages_are_fine() -> None:
    assert wrong_name(("package.module:factory",)) == ""
