"""Addresses that a command only prints, and what a person pastes back."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.drivers import Reply
from sparring.harness.drivers.oneshot import OneshotDriver
from sparring.harness.drivers.printed import Paste, Reading, Terminal, is_authorization_request, pasted, wrong_pattern
from tests.harness.drivers.playing import AUTHENTICATE, launch_of, play, recording

AUTHORIZE = "https://fake:1/authorize"
LOGIN = f"{AUTHORIZE}?client_id=me"
CALLBACK = "http://127.0.0.1:4/cb?code=c%2F1&state=s"


def is_login(address: str) -> bool:
    return address.startswith("https://fake:1/") and is_authorization_request(address, AUTHORIZE)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (f"Open {LOGIN}", LOGIN),
        (f"Open <{LOGIN}>, please", LOGIN),
        (f"(see https://docs.example/authorize and {LOGIN}).", LOGIN),
        (f"\x1b[4m{LOGIN}\x1b[0m", LOGIN),
        (f"\x1b]8;;{LOGIN}\x1b\\here\x1b]8;;\x1b\\", LOGIN),
        (f'{{"level":"info","login":"{LOGIN}"}}', LOGIN),
        ("https://fake:1/elsewhere?response_type=code&a=b!", "https://fake:1/elsewhere?response_type=code&a=b"),
        (f'{{"sparring":"visit","id":1,"url":"{LOGIN}"}}', None),
        ("POST https://fake:1/token?client_id=me 200", None),
        ("https://[fake:1/authorize", None),
        ("nothing to see", None),
    ],
)
def test_the_address_on_a_line(line: str, address: str | None) -> None:
    assert Terminal(is_login).address(line) == address


@pytest.mark.parametrize(
    ("pattern", "address"),
    [(r"https://short\S+", "https://short.example/x"), (r"go=<([^>]+)>", "https://fake:2/y"), (r"none: (\S+)", None)],
)
def test_a_pattern_decides_alone(pattern: str, address: str | None) -> None:
    line = f"{LOGIN} https://short.example/x go=<https://fake:2/y>"
    assert Terminal(is_login, re.compile(pattern)).address(line) == address


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(", "visit_pattern of the manifest is no regular expression: missing ), unterminated subpattern"),
        ("x*", "visit_pattern of the manifest matches an empty line"),
        (r"https://\S+", ""),
    ],
)
def test_a_pattern_that_cannot_be(text: str, sentence: str) -> None:
    said = wrong_pattern(text)
    assert said.startswith(sentence)
    assert bool(said) == bool(sentence)


@pytest.mark.parametrize(
    ("callback", "paste", "line"),
    [
        (CALLBACK, "url", f"{CALLBACK}\n".encode()),
        (CALLBACK, "code", b"c/1\n"),
        ("http://127.0.0.1:4/cb?error=access_denied", "code", b"\n"),
    ],
)
def test_what_is_pasted(callback: str, paste: Paste, line: bytes) -> None:
    assert pasted(callback, paste) == line


@pytest.mark.parametrize(
    "pieces",
    [
        [("stdout", b"Open " + LOGIN.encode() + b"\nhttps://fake:1/authorize?second\n")],
        [("stdout", b"Open " + LOGIN[:20].encode()), ("stderr", b"noise\n"), ("stdout", LOGIN[20:].encode() + b"\n")],
        [("stderr", LOGIN.encode()), ("stderr", b"")],
        [("stdout", b"paste what " + LOGIN.encode() + b" shows: ")],
    ],
)
def test_what_arrives_in_pieces(pieces: list[tuple[str, bytes]]) -> None:
    async def run() -> str:
        found: asyncio.Queue[str] = asyncio.Queue()
        reading = Reading(Terminal(is_login), found.put_nowait, lambda _trouble: None)
        for stream, data in pieces:
            reading.hear(stream, data)
        async with asyncio.timeout(5):
            first = await found.get()
        reading.hear("stdout", f"{LOGIN}&again=1\n".encode())
        assert found.empty()
        return first

    assert asyncio.run(run()) == LOGIN


def test_a_closed_reading_reads_nothing() -> None:
    async def run() -> list[str]:
        found: list[str] = []
        reading = Reading(Terminal(is_login), found.append, lambda _trouble: None)
        reading.hear("stdout", LOGIN.encode())
        reading.close()
        await asyncio.sleep(0.3)
        return found

    assert asyncio.run(run()) == []


def played(tmp_path: Path, program: str, terminal: Terminal | None, **settings: Any) -> tuple[Reply, list[Any]]:
    asked, visit = recording(lambda _url, by_http: None if by_http else CALLBACK)
    driver = OneshotDriver(launch_of(tmp_path, program, **settings), visit, None, terminal)
    replies, _ = play(driver, AUTHENTICATE)
    return replies[1], asked


READ = "got = input(); print(); say(outcome='ok', detail=got)"


@pytest.mark.parametrize(
    ("program", "paste", "detail"),
    [
        (f"print('Open {LOGIN}'); {READ}", "url", CALLBACK),
        (f"print('Open {LOGIN}'); {READ}", "code", "c/1"),
        (f"sys.stdout.write('Open {LOGIN} and paste: '); {READ}", "code", "c/1"),
        (f"print('Open {LOGIN}', file=sys.stderr); {READ}", "code", "c/1"),
        (f"subprocess.run(['firefox', '{LOGIN}']); {READ}", "code", "c/1"),
        (f"say(sparring='visit', id=7, url='{LOGIN}', deliver='stdin'); {READ}", "code", CALLBACK),
    ],
)
def test_a_person_pastes_what_the_client_waits_for(tmp_path: Path, program: str, paste: Paste, detail: str) -> None:
    reply, asked = played(tmp_path, program, Terminal(is_login, None, paste))
    assert asked == [(LOGIN, False)]
    assert detail in reply.detail


@pytest.mark.parametrize(
    "program",
    [
        f"print('{LOGIN}'); time.sleep(0.2); subprocess.run(['firefox', '{LOGIN}']); time.sleep(0.2)",
        f"subprocess.run(['firefox', '{LOGIN}']); time.sleep(0.2); print('{LOGIN}')",
        f"print('{LOGIN}'); time.sleep(0.2); say(sparring='visit', id=1, url='{LOGIN}'); time.sleep(0.2)",
    ],
)
def test_one_login_is_visited_once_however_it_is_asked_for(tmp_path: Path, program: str) -> None:
    _, asked = played(tmp_path, program, Terminal(is_login))
    assert asked == [(LOGIN, True)]


@pytest.mark.parametrize("terminal", [None, Terminal(is_login, re.compile("never"))])
def test_without_anybody_who_reads_nothing_is_visited(tmp_path: Path, terminal: Terminal | None) -> None:
    reply, asked = played(tmp_path, f"print('{LOGIN}')", terminal)
    assert (reply.outcome, asked) == ("ok", [])


def test_what_is_printed_is_seen_at_once(tmp_path: Path) -> None:
    """Python holds back what it prints into a pipe, unless it is told not to."""
    program = f"sys.stdout.write('{LOGIN}\\n'); said = sys.stdin.buffer.readline(); say(outcome='ok', got=len(said))"
    command = (sys.executable, str(tmp_path / "client.py"))
    reply, asked = played(tmp_path, program, Terminal(is_login, None, "code"), command=command)
    assert (asked, reply.said["got"]) == ([(LOGIN, False)], len(b"c/1\n"))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no alarms here")
def test_a_pattern_that_is_timed_takes_nobodys_alarm() -> None:
    """Whoever runs the harness in its own process may have set one: pytest-timeout does."""
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _frame: rung.append(number))
    signal.setitimer(signal.ITIMER_REAL, 30)
    try:
        assert Terminal(is_login, re.compile("a+")).address("aa") == "aa"
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 20 < left <= 30
        signal.setitimer(signal.ITIMER_REAL, 0.005)
        assert Terminal(is_login, re.compile("(a+)+b")).address("a" * 19) is None  # while it rings
        until = time.monotonic() + 5
        while not rung:
            assert time.monotonic() < until
        assert rung == [signal.SIGALRM]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_without_an_alarm_a_pattern_is_searched_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has none."""
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert Terminal(is_login, re.compile("a+")).address("aa") == "aa"
