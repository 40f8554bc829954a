"""Several workers, as one: what is redeemed is redeemed once, whoever is killed; Redis may go and come back."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main
from tests.mocks.storage.redis_server import PROGRAM, free_port, redis_server

pytest.importorskip("redis", reason="the redis library is not installed")
pytest.importorskip("hiredis", reason="hiredis is not installed")
redemptions = pytest.importorskip("bench.redemptions", reason="the benches are not here")
pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="neither redis-server nor valkey-server is installed"),
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc"),
]

_open = build_opener(ProxyHandler({})).open
PATIENCE = 30.0


def ask(url: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Status and JSON of an answer, over a connection of its own; a request for a token is a form."""
    form = body is not None and "grant_type" in body
    data = None if body is None else (urlencode(body) if form else json.dumps(body)).encode()
    kind = {} if form or body is None else {"Content-Type": "application/json"}
    try:
        with _open(Request(url, data, kind | (headers or {})), timeout=PATIENCE) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except HTTPError as error:
        return error.code, error.read()


class Fleet:
    """``sparring serve --workers``, in a process of its own."""

    def __init__(self, folder: Path, store: str, *options: str) -> None:
        self.ready, self.log = folder / "ready.json", folder / "log"
        self.sockets: dict[str, int] = {}
        program = [str(Path(sys.executable).with_name("sparring")), "serve", "ingest", "--port", "0"]
        wanted = ["--store", store, "--ready-file", str(self.ready), *options]
        with self.log.open("w") as log:
            self.process = subprocess.Popen([*program, *wanted], stderr=log, cwd=folder)
        self._until(self.ready.exists)
        self.document = json.loads(self.ready.read_text())
        self.control = f"{self.document['control_url']}/stages/main"

    def _until(self, done: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert self.process.poll() is None or done(), self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    @property
    def info(self) -> dict[str, Any]:
        """The provider."""
        found: dict[str, Any] = self.document["providers"]["ingest"]
        return found

    def token(self) -> tuple[int, Any]:
        """Ask for one."""
        form = {name: self.info[name] for name in ("client_id", "client_secret", "scope")}
        return ask(self.info["endpoints"]["token"], form | {"grant_type": "client_credentials"})

    def says(self, words: str) -> None:
        """Wait until it has said so."""
        self._until(lambda: words in self.log.read_text())

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> int:
        """The exit code after Ctrl-C."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    folder, port = tmp_path_factory.mktemp("workers"), free_port()
    with redis_server(folder, port):
        yield folder, port


@pytest.fixture(scope="module")
def fleet(place: tuple[Path, int]) -> Iterator[Fleet]:
    folder, port = place
    with Fleet(folder, f"redis://127.0.0.1:{port}/0", "--workers", "4") as served:
        yield served


def test_they_are_one_server(fleet: Fleet) -> None:
    assert [fleet.token()[0] for _ in range(12)] == [200] * 12
    told = ask(f"{fleet.control}/recording")[1]["exchanges"]
    assert [each["n"] for each in told[-12:]] == list(range(told[-1]["n"] - 11, told[-1]["n"] + 1))
    assert len({each["connection"] // 1_000_000 for each in told[-12:]}) > 1, "one worker did it all"
    fault = {"match": {"endpoint": "token"}, "effect": {"kind": "unavailable"}, "times": 3}
    assert ask(f"{fleet.control}/faults", fault)[0] == 201
    assert sorted(fleet.token()[0] for _ in range(8)) == [200] * 5 + [503] * 3


def test_nothing_is_accepted_twice_and_nothing_is_lost_when_workers_are_killed(
    fleet: Fleet, place: tuple[Path, int]
) -> None:
    work = redemptions.redeem(
        f"redis://127.0.0.1:{place[1]}/0", fleet.document, fleet.process.pid, 1_000, connections=32, kills=2
    )
    result = asyncio.run(work)
    assert result.good, result.lines()
    assert (result.asked, result.kills) == (1_000, 2)
    assert result.accepted + result.refused + result.unanswered == 1_000
    assert result.unanswered <= 2 * 32
    fleet.says("was ended by SIGKILL; another one takes its place")


def test_a_worker_that_is_killed_is_replaced_and_the_control_port_stays(fleet: Fleet) -> None:
    before = redemptions.workers_of(fleet.process.pid)
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    assert _told(fleet.token)[0] == 200
    assert _told(lambda: ask(fleet.control + "/clock"))[0] == 200
    assert not set(before) & set(redemptions.workers_of(fleet.process.pid))


def _told(question: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """The answer; a worker that has just begun on a busy machine may say for a while that Redis is away."""
    deadline = time.monotonic() + PATIENCE
    while (answer := question())[0] == 503:
        assert time.monotonic() < deadline, answer
    return answer


def test_redis_may_end_and_begin_again(tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as ending:
        first = ending.enter_context(redis_server(tmp_path, port))
        served = ending.enter_context(Fleet(tmp_path, f"redis://127.0.0.1:{port}/0", "--workers", "2"))
        assert served.token()[0] == 200
        assert ask(f"{served.control}/clock/advance", {"seconds": 1000})[0] == 200
        now = ask(f"{served.control}/clock")[1]["now"]
        first.kill()
        first.wait(PATIENCE)
        for _ in range(6):
            status, body = served.token()
            assert status == 503
            assert body.startswith(b"Redis is away: ")
        ending.enter_context(redis_server(tmp_path, port))
        deadline = time.monotonic() + PATIENCE
        while any(served.token()[0] != 200 for _ in range(8)):
            assert time.monotonic() < deadline
        assert ask(f"{served.control}/clock")[1]["now"] >= now, "the clock is as it was"
        assert served.end() == 0
    assert "Stopped." in served.log.read_text()


def test_without_a_store_and_on_a_port_that_is_taken_it_is_one_sentence(place: tuple[Path, int]) -> None:
    ended = CliRunner().invoke(main, ["serve", "ingest", "--port", "0", "--workers", "2"])
    assert (ended.exit_code, ended.stderr) == (
        2,
        "Error: --workers needs --store redis://HOST:PORT: without it each would be a server of its own\n",
    )
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        store = ["--store", f"redis://127.0.0.1:{place[1]}/0"]
        ended = CliRunner().invoke(main, ["serve", "ingest", "--port", port, "--workers", "2", *store])
        assert ended.exit_code == 2
        assert ended.stderr.startswith(f"Error: cannot listen on 127.0.0.1:{port}: ")
