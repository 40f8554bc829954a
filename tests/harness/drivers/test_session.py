"""The session driver against clients that keep to the protocol, and against clients that do not."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.drivers import CommandNotFoundError, Instruction
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.drivers.stragglers import find
from tests.harness.drivers.playing import (
    AUTHENTICATE,
    CALL_API,
    GOOD,
    launch_of,
    nobody,
    objects,
    play,
    play_session,
    recording,
)


def test_a_good_client_answers_and_ends(tmp_path: Path) -> None:
    replies, ending = play_session(tmp_path, GOOD, AUTHENTICATE, CALL_API)
    assert [(reply.outcome, reply.status) for reply in replies] == [("ok", None), ("ok", 200), ("ok", 200)]
    assert (ending.exit_code, ending.signal, ending.problems) == (0, None, ())
    assert ending.seconds > 0


def test_instructions_carry_what_belongs_to_them(tmp_path: Path) -> None:
    program = GOOD.replace("    done(", "    print(json.dumps(said), file=sys.stderr)\n    done(")
    driver = SessionDriver(launch_of(tmp_path, program), nobody)
    play(
        driver,
        Instruction(1, "authenticate", fresh=True, user="ada"),
        Instruction(2, "call_api", times=6, parallel=True),
        Instruction(3, "register", remote_user_id="artist-42"),
    )
    told = objects(driver.logs()[1].text)
    assert told == [
        {"id": 1, "do": "authenticate", "fresh": True, "user": "ada"},
        {"id": 2, "do": "call_api", "times": 6, "parallel": True},
        {"id": 3, "do": "register", "remote_user_id": "artist-42"},
        {"id": 4, "do": "quit"},
    ]


def test_a_reply_carries_the_clients_words(tmp_path: Path) -> None:
    program = (
        "ready()\nid = heard()['id']\n"
        "done(id, 'reauth', status=401, detail='no token', calls=['ok', 'reauth'], user='ada')\nheard()"
    )
    reply = play_session(tmp_path, program, AUTHENTICATE)[0][1]
    assert (reply.outcome, reply.status, reply.detail, reply.calls) == ("reauth", 401, "no token", ("ok", "reauth"))
    assert reply.said["user"] == "ada"


def test_rubbish_is_the_clients_log(tmp_path: Path) -> None:
    rubbish = (
        "os.write(1, b'\\xff\\xfe not text\\n[1, 2]\\n{\"a\": 1}\\n{broken\\n\\n' + b'{\"a\":[' * 100_000 + b'\\n')\n"
        "say(sparring='weather', id=1)\n"
    )
    program = rubbish + "ready()\nid = heard()['id']\n" + rubbish + "done(id)\nheard()\n" + rubbish
    driver = SessionDriver(launch_of(tmp_path, program), nobody)
    replies, ending = play(driver, AUTHENTICATE)
    assert [reply.outcome for reply in replies] == ["ok", "ok"]
    assert ending.exit_code == 0
    assert driver.logs()[0].text.count("not text") == 3


def test_a_line_without_end_is_nobodys_message(tmp_path: Path) -> None:
    program = "ready()\nid = heard()['id']\nos.write(1, b'x' * 1_500_000 + b'\\n')\ndone(id)\nheard()"
    assert play_session(tmp_path, program, AUTHENTICATE)[0][1].outcome == "ok"


def test_a_client_that_is_never_ready(tmp_path: Path) -> None:
    replies, ending = play_session(tmp_path, "signal.pause()", AUTHENTICATE, start_timeout=0.3)
    assert replies[0].outcome == "timeout"
    assert replies[0].detail == "the client did not say ready within 0.3 s and was stopped"
    assert ending.signal == signal.SIGKILL
    assert ending.problems == ("did not say ready within 0.3 s and was stopped",)


def test_a_client_that_ends_before_it_is_ready(tmp_path: Path) -> None:
    replies, ending = play_session(tmp_path, "print('no module named x', file=sys.stderr)\nsys.exit(3)")
    assert replies[0].outcome == "crash"
    assert "ended with exit code 3" in replies[0].detail
    assert "no module named x" in replies[0].detail
    assert ending.exit_code == 3


def test_a_client_of_another_protocol(tmp_path: Path) -> None:
    replies, _ = play_session(tmp_path, "say(sparring='ready', protocol=2)\nheard()")
    assert (replies[0].outcome, replies[0].detail) == ("error", "the client speaks protocol 2; this harness speaks 1")


def test_a_client_that_dies_by_a_signal(tmp_path: Path) -> None:
    program = "ready()\nheard()\nprint('about to', file=sys.stderr, flush=True)\nos.kill(os.getpid(), signal.SIGSEGV)"
    replies, ending = play_session(tmp_path, program, AUTHENTICATE, CALL_API)
    assert [reply.outcome for reply in replies[1:]] == ["crash", "crash"]
    assert "was ended by SIGSEGV" in replies[1].detail
    assert "about to" in replies[1].detail
    assert (ending.exit_code, ending.signal, ending.problems) == (None, signal.SIGSEGV, ())


def test_a_done_just_before_the_end_counts(tmp_path: Path) -> None:
    replies, ending = play_session(tmp_path, "ready()\ndone(heard()['id'])\nsys.exit(0)", AUTHENTICATE)
    assert replies[1].outcome == "ok"
    assert ending.exit_code == 0


def test_a_client_that_hangs(tmp_path: Path) -> None:
    replies, ending = play_session(
        tmp_path, "ready()\nheard()\nsignal.pause()", AUTHENTICATE, timeout=0.2, quit_timeout=0.2
    )
    assert replies[1].outcome == "timeout"
    assert replies[1].detail == "the client did not answer within 0.2 s"
    assert ending.problems == ("did not end within 0.2 s of quit and was killed",)


def test_a_late_answer_is_not_held_against_the_next_instruction(tmp_path: Path) -> None:
    program = "ready()\nlate = heard()['id']\nid = heard()['id']\ndone(late)\ndone(id)\nheard()"
    replies, _ = play_session(tmp_path, program, AUTHENTICATE, CALL_API, timeout=0.6)
    assert [reply.outcome for reply in replies[1:]] == ["timeout", "ok"]


def test_quit_ignored(tmp_path: Path) -> None:
    program = GOOD.replace("sys.exit(0)", "signal.pause()")
    replies, ending = play_session(tmp_path, program, AUTHENTICATE, quit_timeout=0.2)
    assert replies[1].outcome == "ok"
    assert ending.signal == signal.SIGKILL
    assert ending.problems == ("did not end within 0.2 s of quit and was killed",)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("done(7)", "the client sent done for instruction 7, which was never given"),
        ("done(None)", "the client sent done for instruction None, which was never given"),
        ("done([])", "the client sent done for instruction [], which was never given"),
        ("done(id)", "the client answered instruction 1 more than once"),
        ("say(sparring='visit', id=id)", "the client asked for a visit without a URL"),
        ("say(sparring='visit', id=id, url='https://x/', deliver='fax')", "neither 'http' nor 'stdin'"),
    ],
)
def test_a_breach_of_the_protocol_is_an_error(tmp_path: Path, answer: str, words: str) -> None:
    program = f"ready()\nid = heard()['id']\n{answer}\ndone(id)\nid = heard()['id']\ndone(id)\nheard()"
    replies, _ = play_session(tmp_path, program, AUTHENTICATE, CALL_API)
    wrong = [reply for reply in replies if reply.outcome == "error"]
    assert len(wrong) == 1
    assert words in wrong[0].detail


@pytest.mark.parametrize("outcome", ["fine", 3, None, ["ok"]])
def test_an_outcome_outside_the_protocol_is_an_error(tmp_path: Path, outcome: object) -> None:
    program = f"ready()\ndone(heard()['id'], {outcome!r})\nheard()"
    reply = play_session(tmp_path, program, AUTHENTICATE)[0][1]
    assert reply.outcome == "error"
    assert repr(outcome) in reply.detail


def test_a_flood_stops_the_client(tmp_path: Path) -> None:
    program = "ready()\nheard()\nwhile True:\n    print('x' * 1000)"
    driver = SessionDriver(launch_of(tmp_path, program, output_cap=50_000), nobody)
    replies, ending = play(driver, AUTHENTICATE)
    assert replies[1].outcome == "error"
    assert "wrote more than 50000 bytes to stdout" in replies[1].detail
    assert ending.problems == ("wrote more than 50000 bytes to stdout and was stopped",)
    assert len(driver.logs()[0].text) == 50_000


def test_the_wall_cap(tmp_path: Path) -> None:
    replies, ending = play_session(tmp_path, "ready()\nheard()\nsignal.pause()", AUTHENTICATE, wall=0.5)
    assert (replies[1].outcome, ending.problems) == ("error", ("ran longer than 0.5 s and was stopped",))


@pytest.mark.parametrize("session", [True, False], ids=["own session", "same group"])
def test_a_child_that_is_left_behind(tmp_path: Path, session: bool) -> None:
    child = (
        f"subprocess.Popen(['sleep', '60'], start_new_session={session}, env={{**os.environ}} if {session} else {{}})"
    )
    program = GOOD.replace("sys.exit(0)", f"{child}; sys.exit(0)")
    replies, ending = play_session(tmp_path, program, AUTHENTICATE)
    assert replies[1].outcome == "ok"
    assert len(ending.problems) == 1
    assert ending.problems[0].startswith("left a child process behind: sleep (")
    assert find(f"run-{tmp_path.name}") == set()


def test_a_child_that_is_just_ending_is_not_left_behind(tmp_path: Path) -> None:
    program = GOOD.replace("sys.exit(0)", "subprocess.Popen(['sleep', '0.05']); sys.exit(0)")
    assert play_session(tmp_path, program, AUTHENTICATE)[1].problems == ()


def test_children_of_a_killed_client_die_with_it_unmentioned(tmp_path: Path) -> None:
    program = "subprocess.Popen(['sleep', '60'], start_new_session=True)\nready()\nheard()\nsignal.pause()"
    _, ending = play_session(tmp_path, program, AUTHENTICATE, timeout=0.2, quit_timeout=0.1)
    assert ending.problems == ("did not end within 0.1 s of quit and was killed",)
    assert find(f"run-{tmp_path.name}") == set()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"command": ("no-such-program-here",)}, "the command 'no-such-program-here' was not found on PATH"),
        ({"command": ("./no-such",)}, "the command './no-such' does not exist"),
        ({"command": ("/dev/null",)}, "is not an executable file"),
        ({"command": ()}, "no command was given"),
        ({"cwd": Path("/no/such/folder")}, "the working folder '/no/such/folder' does not exist"),
    ],
)
def test_a_command_that_cannot_be_started(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(CommandNotFoundError, match=words):
        play_session(tmp_path, GOOD, **settings)


def test_an_executable_file_that_is_no_program(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(CommandNotFoundError, match="cannot be started"):
        play_session(tmp_path, "", command=(str(broken),))


def test_a_visit_with_the_callback_on_stdin(tmp_path: Path) -> None:
    program = (
        "ready()\nid = heard()['id']\nsay(sparring='visit', id=id, url='https://fake/authorize', deliver='stdin')\n"
        "done(id, detail=heard()['callback'])\nheard()"
    )
    asked, visit = recording(lambda _url, _http: "http://127.0.0.1:4/cb?code=c")
    replies, _ = play(SessionDriver(launch_of(tmp_path, program), visit), AUTHENTICATE)
    assert (replies[1].outcome, replies[1].detail) == ("ok", "http://127.0.0.1:4/cb?code=c")
    assert asked == [("https://fake/authorize", False)]


def test_visits_through_the_browser_helper_and_its_shims(tmp_path: Path) -> None:
    program = (
        "ready()\nid = heard()['id']\n"
        "subprocess.run([os.environ['BROWSER'], 'https://fake/one?a=1&b=2'], check=True)\n"
        "subprocess.run(['xdg-open', '--new', 'https://fake/two'], check=True)\n"
        "import webbrowser\nassert webbrowser.open('https://fake/three')\n"
        "heard()"
    )
    seen: list[tuple[str, bool]] = []

    async def run() -> None:
        all_there = asyncio.Event()

        async def visit(url: str, by_http: bool) -> str | None:
            seen.append((url, by_http))
            if len(seen) == 3:
                all_there.set()
            return None

        driver = SessionDriver(launch_of(tmp_path, program), visit)
        await driver.start()
        waiting = asyncio.create_task(driver.do(AUTHENTICATE))
        async with asyncio.timeout(10):
            await all_there.wait()
        await driver.stop()
        assert (await waiting).outcome == "crash"

    asyncio.run(run())
    # each helper passes its URL on in the background, so they may overtake each other
    urls = ["https://fake/one?a=1&b=2", "https://fake/three", "https://fake/two"]
    assert sorted(seen) == [(url, True) for url in urls]


def test_a_visit_is_cut_off_some_time_after_its_instruction(tmp_path: Path) -> None:
    program = "ready()\nid = heard()['id']\nsay(sparring='visit', id=id, url='https://fake/')\ndone(id)\nheard()"
    ends: list[str] = []

    async def visit(url: str, by_http: bool) -> str | None:
        try:
            await asyncio.Event().wait()
        finally:
            ends.append(url)
        return None

    replies, _ = play(SessionDriver(launch_of(tmp_path, program, visit_grace=0.05), visit), AUTHENTICATE)
    assert (replies[1].outcome, ends) == ("ok", ["https://fake/"])


def test_trouble_of_the_visit_handler_is_raised(tmp_path: Path) -> None:
    program = "ready()\nid = heard()['id']\nsay(sparring='visit', id=id, url='https://fake/')\ndone(id)\nheard()"
    with pytest.raises(AssertionError, match="https://fake/"):
        play_session(tmp_path, program, AUTHENTICATE)


def test_logs_hold_what_the_client_left(tmp_path: Path) -> None:
    program = (
        """
state = os.environ["SPARRING_STATE_DIR"]
os.makedirs(state + "/deep")
with open(os.open(state + "/deep/tokens.json", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file: file.write("secret")
open(state + "/picture", "wb").write(b"\\0\\1")
os.mkfifo(state + "/pipe")
os.symlink("/etc/passwd", state + "/link")
print("to stderr", file=sys.stderr)
"""
        + GOOD
    )
    driver = SessionDriver(launch_of(tmp_path, program), nobody)
    play(driver, AUTHENTICATE)
    out, err, *files = driver.logs()
    assert (out.name, err.name, err.text) == ("stdout", "stderr", "to stderr\n")
    assert [(file.name, file.text, file.mode) for file in files] == [("deep/tokens.json", "secret", 0o600)]


def test_the_client_runs_where_it_is_told_to(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    program = "ready()\ndone(heard()['id'], detail=os.getcwd())\nheard()"
    assert play_session(tmp_path, program, AUTHENTICATE)[0][1].detail == str(Path.cwd())
    assert play_session(tmp_path, program, AUTHENTICATE, cwd=folder)[0][1].detail == str(folder)


def test_stop_twice_and_before_the_start(tmp_path: Path) -> None:
    async def run() -> None:
        driver = SessionDriver(launch_of(tmp_path, GOOD), nobody)
        assert (await driver.stop()).exit_code is None
        assert driver.pid is None
        await driver.start()
        assert driver.pid is not None
        first = await driver.stop()
        assert await driver.stop() == first
        assert driver.pid is None

    asyncio.run(run())


def test_sessions_side_by_side(tmp_path: Path) -> None:
    async def one(folder: Path) -> str:
        driver = SessionDriver(launch_of(folder, GOOD), nobody)
        await driver.start()
        reply = await driver.do(AUTHENTICATE)
        ending = await driver.stop()
        return json.dumps([reply.outcome, ending.exit_code, *ending.problems])

    folders = [tmp_path / f"client{n}" for n in range(4)]
    for folder in folders:
        folder.mkdir()

    async def run() -> list[str]:
        return await asyncio.gather(*(one(folder) for folder in folders))

    assert asyncio.run(run()) == ['["ok", 0]'] * 4
