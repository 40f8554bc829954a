"""The driver ``webapp`` against small servers: how pages become outcomes, and how a server starts and ends."""

# ruff: noqa: D103 - the names are sentences

from collections.abc import Sequence
from pathlib import Path

import pytest

from sparring.harness.agent.surfing import Landing
from sparring.harness.drivers import Instruction, Reply
from sparring.harness.drivers.webapp import Web, WebappDriver
from sparring.harness.evidence import Ending
from sparring.harness.ports import Ports
from sparring.harness.settings import WebApp
from tests.harness.drivers.playing import AUTHENTICATE, CALL_API, launch_of, play

SERVER = """
import http.server
http.server.HTTPServer(("127.0.0.1", {port}), http.server.BaseHTTPRequestHandler).serve_forever()
"""
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
PORTS = Ports(77)
"""Kept, since a port is held only as long as these are: another worker's server must not be taken for ours."""


class Person:
    """Opens pages as they are given, and remembers which."""

    driver: WebappDriver

    def __init__(self, landings: Sequence[Landing]) -> None:
        self.landings = list(landings)
        self.opened: list[tuple[str, int]] = []

    async def go(self, path: str, user: int) -> Landing:
        """Open a page."""
        self.opened.append((path, user))
        return self.landings.pop(0)

    async def clear(self, user: int) -> None:
        """Empty a browser."""
        self.opened.append(("", user))


def played(
    tmp_path: Path,
    person: Person,
    *instructions: Instruction,
    app: WebApp | None = None,
    program: str = SERVER,
    start_timeout: float = 10.0,
    query: dict[str, str] | None = None,
) -> tuple[list[Reply], Ending]:
    port = PORTS.take()
    launch = launch_of(tmp_path, program.replace("{port}", str(port)), start_timeout=start_timeout, quit_timeout=1.0)
    web = Web(f"http://127.0.0.1:{port}", person.go, person.clear, query or {})
    person.driver = WebappDriver(launch, app or WebApp(action_path="/show", logout_path="/logout"), web)
    return play(person.driver, *instructions)


def test_a_page_is_success_by_status_and_text(tmp_path: Path) -> None:
    app = WebApp(action_path="/show", success_text="Welcome")
    person = Person([Landing(status=200, text="Welcome, Ada"), Landing(status=200, text="Who are you?")])
    replies, ending = played(tmp_path, person, AUTHENTICATE, CALL_API, app=app)
    assert [reply.outcome for reply in replies] == ["ok", "ok", "error"]
    assert "Who are you?" in replies[2].detail
    assert person.opened == [("/login", 0), ("/show", 0)]
    assert ending.problems == ()


def test_another_status_is_an_error(tmp_path: Path) -> None:
    replies, _ = played(tmp_path, Person([Landing(status=500, text="Welcome")]), CALL_API)
    assert (replies[1].outcome, replies[1].status) == ("error", 500)


def test_a_walk_that_came_to_nothing_says_why(tmp_path: Path) -> None:
    replies, _ = played(tmp_path, Person([Landing(problem="the browser was sent elsewhere")]), AUTHENTICATE)
    assert (replies[1].outcome, replies[1].detail) == ("error", "the browser was sent elsewhere")


def test_a_fresh_login_signs_out_and_empties_the_browser_of_that_user(tmp_path: Path) -> None:
    person = Person([Landing(status=200)] * 2)
    played(tmp_path, person, Instruction(1, "authenticate", fresh=True, browser=1), query={"next": "https://x.example"})
    assert person.opened == [("/logout", 1), ("", 1), ("/login?next=https%3A%2F%2Fx.example", 1)]


def test_an_action_that_leads_to_the_provider_is_taken_up_again(tmp_path: Path) -> None:
    person = Person([Landing(status=404, by_provider=True), Landing(status=200)])
    replies, _ = played(tmp_path, person, CALL_API)
    assert replies[1].outcome == "ok"
    assert person.opened == [("/show", 0), ("/show", 0)]


@pytest.mark.parametrize("parallel", [False, True])
def test_several_calls_are_ok_only_together(tmp_path: Path, parallel: bool) -> None:
    person = Person([Landing(status=200), Landing(status=502), Landing(status=200)])
    replies, _ = played(tmp_path, person, Instruction(1, "call_api", times=3, parallel=parallel))
    assert (replies[1].outcome, replies[1].status) == ("error", 502)
    assert replies[1].calls == ("ok", "error", "ok")


def test_users_do_not_register_at_a_web_application(tmp_path: Path) -> None:
    replies, _ = played(tmp_path, Person([]), Instruction(1, "register", remote_user_id="artist-42"))
    assert replies[1].outcome == "config"


def test_a_server_that_ends_before_it_listens_is_a_crash(tmp_path: Path) -> None:
    replies, _ = played(tmp_path, Person([]), program="sys.exit('no configuration')")
    assert replies[0].outcome == "crash"
    assert "no configuration" in replies[0].detail


def test_a_server_that_never_listens_is_stopped(tmp_path: Path) -> None:
    replies, ending = played(tmp_path, Person([]), program="time.sleep(60)", start_timeout=0.3)
    assert replies[0].outcome == "timeout"
    assert "did not listen on" in replies[0].detail
    assert len(ending.problems) == 1


def test_a_server_that_ignores_sigterm_is_killed_and_that_is_a_problem(tmp_path: Path) -> None:
    _, ending = played(tmp_path, Person([]), program=DEAF + SERVER)
    assert ending.problems == ("did not end within 1 s of SIGTERM and was killed",)


def test_a_server_that_died_answers_no_instruction(tmp_path: Path) -> None:
    program = f"import threading\nthreading.Timer(0.5, os._exit, (3,)).start()\n{SERVER}"

    class Patient(Person):
        async def go(self, path: str, user: int) -> Landing:
            await self.driver.linger(10)  # until it has ended, as the driver sees it
            return Landing(problem="nobody answers")

    replies, _ = played(tmp_path, Patient([]), AUTHENTICATE, CALL_API, program=program)
    assert [reply.outcome for reply in replies] == ["ok", "error", "crash"]
    assert "ended with exit code 3" in replies[2].detail
