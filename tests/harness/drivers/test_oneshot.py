"""The oneshot driver: one run, one outcome."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.drivers import CommandNotFoundError, Reply
from sparring.harness.drivers.oneshot import OneshotDriver
from sparring.harness.evidence import Ending
from tests.harness.drivers.playing import AUTHENTICATE, CALL_API, launch_of, nobody, play, recording


def play_oneshot(
    tmp_path: Path, program: str, exit_codes: dict[int, str] | None = None, **settings: Any
) -> tuple[Reply, Ending]:
    driver = OneshotDriver(launch_of(tmp_path, program, **settings), nobody, exit_codes)
    replies, ending = play(driver, AUTHENTICATE)
    return replies[1], ending


@pytest.mark.parametrize(
    ("program", "outcome", "code"),
    [
        ("pass", "ok", 0),
        ("sys.exit(1)", "error", 1),
        ("sys.exit(3)", "denied", 3),
        ("print('log'); say(outcome='reauth', status=401)", "reauth", 0),
        ("say(outcome='ok'); print(); sys.exit(1)", "ok", 1),
        ("say(outcome='ok'); print('more')", "ok", 0),
        ("say(outcome='config'); print('more'); sys.exit(1)", "error", 1),
        ("say(outcome='splendid')", "error", 0),
        ("say(result='config'); sys.exit(1)", "error", 1),
    ],
)
def test_the_outcome(tmp_path: Path, program: str, outcome: str, code: int) -> None:
    reply, ending = play_oneshot(tmp_path, program, {3: "denied"})
    assert (reply.outcome, ending.exit_code, ending.problems) == (outcome, code, ())


def test_an_error_says_what_was_on_stderr(tmp_path: Path) -> None:
    reply, _ = play_oneshot(tmp_path, "print('bad credentials', file=sys.stderr); sys.exit(4)")
    assert reply.detail == "the client ended with exit code 4; its last words on stderr: bad credentials"


def test_death_by_a_signal_is_a_crash(tmp_path: Path) -> None:
    reply, ending = play_oneshot(tmp_path, "os.kill(os.getpid(), signal.SIGABRT)")
    assert (reply.outcome, reply.detail) == ("crash", "the client was ended by SIGABRT")
    assert ending.signal == signal.SIGABRT


def test_a_command_that_does_not_end(tmp_path: Path) -> None:
    reply, ending = play_oneshot(tmp_path, "signal.pause()", timeout=0.3)
    assert reply.outcome == "timeout"
    assert ending.problems == ("did not end within 0.3 s and was killed",)


def test_a_command_that_reports_and_then_does_not_end(tmp_path: Path) -> None:
    reply, ending = play_oneshot(tmp_path, "say(outcome='ok')\nsignal.pause()", timeout=0.5)
    assert reply.outcome == "ok"
    assert ending.problems == ("did not end within 0.5 s and was killed",)


def test_it_runs_once_for_any_number_of_instructions(tmp_path: Path) -> None:
    driver = OneshotDriver(launch_of(tmp_path, "print('ran')"), nobody)
    replies, _ = play(driver, AUTHENTICATE, CALL_API)
    assert [reply.outcome for reply in replies] == ["ok", "ok", "ok"]
    assert driver.logs()[0].text == "ran\n"


def test_a_visit_with_the_callback_on_stdin(tmp_path: Path) -> None:
    program = (
        "say(sparring='visit', id=1, url='https://fake/a', deliver='stdin')\n"
        "say(outcome='ok', detail=heard()['callback'])"
    )
    asked, visit = recording(lambda _url, _http: "http://127.0.0.1:4/cb?code=c")
    replies, _ = play(OneshotDriver(launch_of(tmp_path, program), visit), AUTHENTICATE)
    assert replies[1].detail == "http://127.0.0.1:4/cb?code=c"
    assert asked == [("https://fake/a", False)]


def test_a_browser_that_is_opened_by_a_program(tmp_path: Path) -> None:
    fifo = tmp_path / "listening"
    program = f"os.mkfifo({str(fifo)!r})\nsubprocess.run(['firefox', 'https://fake/b'])\nopen({str(fifo)!r}).read()"

    async def visit(url: str, by_http: bool) -> None:
        assert (url, by_http) == ("https://fake/b", True)
        await asyncio.to_thread(fifo.write_text, "arrived")

    replies, _ = play(OneshotDriver(launch_of(tmp_path, program), visit), AUTHENTICATE)
    assert replies[1].outcome == "ok"


def test_a_child_that_is_left_behind(tmp_path: Path) -> None:
    _, ending = play_oneshot(tmp_path, "subprocess.Popen(['sleep', '60'], start_new_session=True)")
    assert len(ending.problems) == 1
    assert ending.problems[0].startswith("left a child process behind: sleep (")


def test_a_flood_is_an_error(tmp_path: Path) -> None:
    reply, _ = play_oneshot(tmp_path, "while True: print('x' * 1000, file=sys.stderr)", output_cap=50_000)
    assert (reply.outcome, "to stderr" in reply.detail) == ("error", True)


def test_stop_in_the_middle(tmp_path: Path) -> None:
    async def run() -> tuple[Reply, Ending]:
        driver = OneshotDriver(launch_of(tmp_path, "signal.pause()"), nobody)
        waiting = asyncio.create_task(driver.do(AUTHENTICATE))
        async with asyncio.timeout(10):
            while driver.pid is None:  # noqa: ASYNC110 - a driver has no event for this
                await asyncio.sleep(0.005)
        return (await driver.stop(), await waiting)[::-1]

    reply, ending = asyncio.run(run())
    assert (reply.outcome, ending.problems) == ("error", ("was still running and was killed",))


def test_a_missing_command_shows_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CommandNotFoundError):
        play_oneshot(tmp_path, "", command=("no-such-program-here",))


def test_exit_codes_name_known_outcomes(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'splendid'"):
        OneshotDriver(launch_of(tmp_path, ""), nobody, {3: "splendid"})
