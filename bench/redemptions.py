"""Codes and refresh tokens redeemed by rivals at the same time, at several workers that are killed meanwhile.

``python -m bench.redemptions`` starts a Redis of its own and ``sparring serve ingest --workers 4``, and prints what
came of 100,000 redemptions: nothing may be accepted twice, nothing whose answer arrived may be unknown afterwards.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sparring.mocks.engine.codes import issue_code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.tokens import find_token, keep_token
from sparring.mocks.server.loop import run
from sparring.mocks.stage import Stage, StageSpec
from sparring.mocks.storage.redis import RedisStorage

REDIS = shutil.which("redis-server") or shutil.which("valkey-server")
ROUND = 2_500
"""Values of a kind that are redeemed before the next ones are issued: the store keeps 20,000 tokens."""
AT_ONCE = 250
PATIENCE = 30.0
ANSWER = {"authorization_code": "code", "refresh_token": "refresh_token"}


@dataclass(slots=True)
class Result:
    """What came of all redemptions. ``twice``, ``starved`` (refused to everybody, though everybody was answered) and
    ``lost`` (tokens that were received and are unknown) must be empty.
    """

    asked: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    other: dict[int, int] = field(default_factory=dict)
    kills: int = 0
    seconds: float = 0.0
    looked_up: int = 0
    twice: list[str] = field(default_factory=list)
    starved: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        return not (self.twice or self.starved or self.lost or self.other)

    def lines(self) -> list[str]:
        """For people."""
        told = {
            "redemptions": self.asked,
            "accepted": self.accepted,
            "refused": self.refused,
            "without an answer": self.unanswered,
            "other statuses": self.other or 0,
            "workers killed": self.kills,
            "redemptions per second": round(self.asked / self.seconds) if self.seconds else 0,
            "accepted twice": len(self.twice),
            "refused to everybody": len(self.starved),
            "tokens received": self.looked_up,
            "of these unknown afterwards": len(self.lost),
        }
        return [f"{name:28}{value if isinstance(value, dict) else format(value, ',')}" for name, value in told.items()]


class Crowd:
    """Many connections that present values from one queue, so that the rivals for one are asked at the same time.
    ``strike`` is called whenever so many of them are ``done``.
    """

    def __init__(self, info: dict[str, Any], connections: int, done: Sequence[int], strike: Callable[[], None]) -> None:
        parts = urlsplit(info["endpoints"]["token"])
        self._place = parts.hostname or "", parts.port or 80
        self._path = parts.path
        self._fixed = {"client_id": info["client_id"], "client_secret": info["client_secret"]}
        self._connections = connections
        self._queue: deque[tuple[str, str]] = deque()
        self._left = deque(done)
        self._strike = strike
        self._done = 0

    async def present(self, grant: str, values: Sequence[str], rivals: int) -> dict[str, list[tuple[int, bytes]]]:
        """Every value that many times; the answers to each, status 0 where none came."""
        answers: dict[str, list[tuple[int, bytes]]] = {value: [] for value in values}
        self._queue.extend((grant, value) for value in values for _ in range(rivals))
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._connections):
                tasks.create_task(self._one(answers))
        return answers

    async def _one(self, answers: dict[str, list[tuple[int, bytes]]]) -> None:
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while self._queue:
            grant, value = self._queue.popleft()
            answer = 0, b""
            try:
                streams = streams or await asyncio.open_connection(*self._place)
                answer = await self._ask(*streams, grant, value)
            except (OSError, EOFError, ValueError):
                if streams is not None:
                    streams[1].close()
                streams = None
            answers[value].append(answer)
            self._done += 1
            if self._left and self._done >= self._left[0]:
                self._left.popleft()
                self._strike()
        if streams is not None:
            streams[1].close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, grant: str, value: str
    ) -> tuple[int, bytes]:
        body = urlencode(self._fixed | {"grant_type": grant, ANSWER[grant]: value}).encode()
        head = (
            f"POST {self._path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        writer.write(head.encode() + body)
        async with asyncio.timeout(PATIENCE):
            shown = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(shown.partition(b"content-length:")[2].partition(b"\r\n")[0])
            return int(shown.split(b" ", 2)[1]), await reader.readexactly(length)


class Supply:
    """Issues codes and refresh tokens where the servers find them, and looks up what they have issued."""

    def __init__(self, url: str) -> None:
        self._storage = RedisStorage(url)
        spec = StageSpec(providers=("ingest",), seed=time.time_ns())
        stage = Stage("main", spec, wall=time.time, ticks=time.monotonic, storage=self._storage)
        self._house = stage.houses["ingest"]

    @property
    def _desk(self) -> Desk:
        return self._house.desk

    async def _issue(self, kind: str) -> str:
        client, desk = self._house.clients[0], self._desk
        attributes = {"network": "00000000-0000-0000-0000-000000000000"}
        grant = await open_grant(desk, client.client_id, "bench", client.scopes, attributes)
        if kind == "authorization_code":
            return await issue_code(desk, Facts(), grant, redirect_uri=None)
        value = desk.entropy.alnum(48, "bench", grant.id)
        await keep_token(desk, Facts(), "refresh_token", value, grant, scopes=grant.scopes, lifetime=10**6)
        return value

    async def issue(self, kind: str, many: int) -> list[str]:
        """So many values of that kind."""
        found: list[str] = []
        for start in range(0, many, AT_ONCE):
            found += await asyncio.gather(*(self._issue(kind) for _ in range(min(AT_ONCE, many - start))))
        return found

    async def unknown(self, values: Sequence[str]) -> list[str]:
        """Those that are no tokens of this provider."""
        found: list[str] = []
        for start in range(0, len(values), AT_ONCE):
            part = values[start : start + AT_ONCE]
            tokens = await asyncio.gather(*(find_token(self._desk, value) for value in part))
            found += [value for value, token in zip(part, tokens, strict=True) if token is None]
        return found

    async def close(self) -> None:
        """Hang up."""
        await self._storage.close()


def workers_of(process: int) -> list[int]:
    """The processes that it has started (Linux)."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


async def redeem(
    store: str, document: dict[str, Any], process: int, redemptions: int, *, connections: int, kills: int
) -> Result:
    """So many redemptions at the servers of that store, two rivals for each value; workers of ``process`` are killed
    meanwhile, that often.
    """
    result, supply = Result(), Supply(store)

    def strike() -> None:
        workers = workers_of(process)
        if workers:
            with suppress(ProcessLookupError):
                os.kill(workers[result.kills % len(workers)], signal.SIGKILL)
                result.kills += 1

    at = [round(redemptions * (number + 1) / (kills + 1)) for number in range(kills)]
    crowd = Crowd(document["providers"]["ingest"], connections, at, strike)
    left = redemptions // 2
    while left > 0:
        for kind in ANSWER:
            many = min(ROUND, left)
            left -= many
            values = await supply.issue(kind, many)
            began = time.perf_counter()
            answers = await crowd.present(kind, values, 2)
            result.seconds += time.perf_counter() - began
            await _judge(result, supply, answers)
    await supply.close()
    return result


async def _judge(result: Result, supply: Supply, answers: dict[str, list[tuple[int, bytes]]]) -> None:
    received: list[str] = []
    for value, given in answers.items():
        statuses = [status for status, _ in given]
        result.asked += len(given)
        result.accepted += statuses.count(200)
        result.refused += statuses.count(400)
        result.unanswered += statuses.count(0)
        for status in statuses:
            if status not in {0, 200, 400}:
                result.other[status] = result.other.get(status, 0) + 1
        if statuses.count(200) > 1:
            result.twice.append(value)
        if not statuses.count(200) and 0 not in statuses:
            result.starved.append(value)
        for status, body in given:
            if status == 200:
                document = json.loads(body)
                received += [document["access_token"], document["refresh_token"]]
    result.looked_up += len(received)
    result.lost += await supply.unknown(received)


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """A Redis for as long as the block lasts."""
    if REDIS is None:
        raise SystemExit("neither redis-server nor valkey-server is installed; or name one with --store")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


@contextmanager
def served(folder: Path, store: str, workers: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Ingest at so many workers: the document of the ready file, and the process."""
    ready = folder / "ready.json"
    command = [str(Path(sys.executable).with_name("sparring")), "serve", "ingest", "--port", "0", "--store", store]
    command += ["--workers", str(workers), "--ready-file", str(ready)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stderr=log, cwd=folder)
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.02)
        yield json.loads(ready.read_text()), process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def main() -> None:
    """Do it, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.redemptions", description=__doc__)
    parser.add_argument("--redemptions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--store", help="a Redis that is there already; left out, one is started")
    wish = parser.parse_args()
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="sparring-bench-")))
        store = wish.store or ending.enter_context(own_redis(folder))
        document, process = ending.enter_context(served(folder, store, wish.workers))
        work = redeem(store, document, process, wish.redemptions, connections=wish.connections, kills=wish.kills)
        result = run(work)
    print("\n".join([f"{'workers':28}{wish.workers}", f"{'connections':28}{wish.connections}", *result.lines()]))
    raise SystemExit(0 if result.good else 1)


if __name__ == "__main__":
    main()
