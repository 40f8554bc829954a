"""Moving a client's wall clock, on this very machine."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from sparring.harness.clientclock import ClientClock
from sparring.harness.clientclock.build import CannotBuildError, built_library
from sparring.harness.clientclock.moved import FaketimeClock, PreloadClock
from sparring.harness.clientclock.probe import find_clock, installed_faketime, self_test, what_is_wrong
from sparring.harness.clientclock.processes import is_go
from sparring.harness.clientclock.unmoved import UnmovedClock
from sparring.harness.drivers.scratch import left_files

DAY = 86_400.0

LOOK = """
import json, sys, threading, time
while sys.stdin.readline():
    start = time.monotonic()
    time.sleep(0.01)
    threading.Event().wait(0.01)
    print(json.dumps({"wall": time.time(), "steady": start, "took": time.monotonic() - start}), flush=True)
"""

NODE = """
require("readline").createInterface({input: process.stdin}).on("line", () => {
    const start = process.hrtime.bigint();
    setTimeout(() => {
        const end = process.hrtime.bigint();
        const [steady, took] = [Number(start) / 1e9, Number(end - start) / 1e9];
        console.log(JSON.stringify({wall: Date.now() / 1000, steady, took}));
    }, 20);
});
"""

WAITS = """
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
static double steady(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static struct timespec soon(clockid_t clock) {
    struct timespec t; clock_gettime(clock, &t); t.tv_nsec += 20000000;
    if (t.tv_nsec >= 1000000000) { t.tv_nsec -= 1000000000; t.tv_sec++; }
    return t;
}
#define TIMED(wait) do { double start = steady(); wait; printf("%s%.3f", n++ ? "," : "", steady() - start); } while (0)
int main(void) {
    sem_t s; pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_cond_t wall = PTHREAD_COND_INITIALIZER, mono;
    pthread_condattr_t a; struct timespec t; struct timeval v; int n; char line[9];
    sem_init(&s, 0, 0); pthread_condattr_init(&a);
    pthread_condattr_setclock(&a, CLOCK_MONOTONIC); pthread_cond_init(&mono, &a);
    while (fgets(line, sizeof line, stdin)) {
        double start = steady();
        n = 0; printf("{\\"waits\\":[");
        t = soon(CLOCK_REALTIME); TIMED(sem_timedwait(&s, &t));
        t = soon(CLOCK_REALTIME); TIMED(sem_clockwait(&s, CLOCK_REALTIME, &t));
        t = soon(CLOCK_MONOTONIC); TIMED(sem_clockwait(&s, CLOCK_MONOTONIC, &t));
        pthread_mutex_lock(&m);
        t = soon(CLOCK_REALTIME); TIMED(pthread_cond_timedwait(&wall, &m, &t));
        t = soon(CLOCK_MONOTONIC); TIMED(pthread_cond_timedwait(&mono, &m, &t));
        t = soon(CLOCK_REALTIME); TIMED(pthread_cond_clockwait(&wall, &m, CLOCK_REALTIME, &t));
        t = soon(CLOCK_REALTIME); TIMED(pthread_mutex_timedlock(&m, &t));
        pthread_mutex_unlock(&m);
        t = soon(CLOCK_REALTIME); TIMED(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL));
        gettimeofday(&v, NULL); timespec_get(&t, TIME_UTC);
        printf("],\\"wall\\":%ld,\\"others\\":[%ld,%ld],", (long)time(NULL), (long)v.tv_sec, (long)t.tv_sec);
        printf("\\"steady\\":%.3f}\\n", start);
        fflush(stdout);
    }
}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preloaded library, compiled here."""
    try:
        return built_library(tmp_path_factory.mktemp("cache"))
    except CannotBuildError as trouble:
        pytest.skip(str(trouble))


@contextlib.asynccontextmanager
async def client(clock: ClientClock, scratch: Path, *command: str) -> AsyncIterator[tuple[int, Any]]:
    """A program that looks at its clocks whenever it is asked to."""
    process = await asyncio.create_subprocess_exec(
        *command, env={"PATH": os.environ["PATH"], **clock.environment(scratch)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    async def look() -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"\n")
        async with asyncio.timeout(10):
            read: dict[str, Any] = json.loads(await process.stdout.readline())
        return read

    try:
        yield process.pid, look
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


def jumped(before: dict[str, Any], after: dict[str, Any]) -> float:
    return float(after["wall"] - before["wall"] - (after["steady"] - before["steady"]))


def test_the_probe_finds_a_way_here(library: Path) -> None:
    maker = asyncio.run(find_clock(library.parent))
    assert (maker.name, maker.reason) == ("preload", "")
    assert maker.make().name == "preload"


@pytest.mark.parametrize("program", [(sys.executable, "-I", "-c", LOOK), ("node", "-e", NODE)], ids=["python", "node"])
def test_a_running_program_jumps_and_its_timers_do_not_notice(
    library: Path, tmp_path: Path, program: tuple[str, ...]
) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not here")

    async def scenario() -> None:
        clock = PreloadClock(library)
        async with client(clock, tmp_path, *program) as (pid, look):
            before = await look()
            assert await clock.missed(pid) == ""
            assert await clock.reaches(pid)
            clock.advance(DAY)
            after = await look()
            clock.advance(0.5)
            last = await look()
        assert jumped(before, after) == pytest.approx(DAY, abs=0.2)
        assert jumped(after, last) == pytest.approx(0.5, abs=0.2)
        assert all(0.015 < each["took"] < 2 for each in (before, after, last))

    asyncio.run(scenario())


def test_every_wait_of_libc_keeps_its_length(library: Path, tmp_path: Path) -> None:
    code, program = tmp_path / "waits.c", tmp_path / "waits"
    code.write_text(WAITS, encoding="utf-8")
    subprocess.run(["cc", "-w", "-o", program, code, "-lpthread"], check=True)

    async def scenario() -> None:
        clock = PreloadClock(library)
        async with client(clock, tmp_path, str(program)) as (_, look):
            before = await look()
            clock.advance(DAY)
            after = await look()
        assert jumped(before, after) == pytest.approx(DAY, abs=3)
        assert after["others"] == pytest.approx([after["wall"]] * 2, abs=1)
        assert all(0.015 < wait < 2 for look in (before, after) for wait in look["waits"])

    asyncio.run(scenario())


def test_a_client_that_is_started_later_has_the_moved_clock(library: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        clock = PreloadClock(library)
        looks = []
        for _ in range(2):
            async with client(clock, tmp_path, sys.executable, "-I", "-c", LOOK) as (_, look):
                looks.append(await look())
            clock.advance(DAY)
        assert jumped(*looks) == pytest.approx(DAY, abs=0.2)
        assert clock.seconds == 2 * DAY

    asyncio.run(scenario())


def test_tls_works_with_a_moved_clock(library: Path, tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(server_side)
    program = """
import json, ssl, sys, time, urllib.request
context = ssl.create_default_context(cafile=sys.argv[2])
for line in sys.stdin:
    start = time.monotonic()
    status = urllib.request.urlopen(sys.argv[1], context=context, timeout=5).status
    print(json.dumps({"wall": time.time(), "steady": start, "status": status}), flush=True)
"""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def scenario() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_side)
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        clock = PreloadClock(library)
        command = (sys.executable, "-I", "-c", program, url, str(tmp_path / "ca.pem"))
        async with server, client(clock, tmp_path, *command) as (_, look):
            before = await look()
            clock.advance(30 * DAY)
            after = await look()
        assert (before["status"], after["status"]) == (200, 200)
        assert jumped(before, after) == pytest.approx(30 * DAY, abs=0.2)

    asyncio.run(scenario())


def test_a_client_behind_a_shell_is_looked_for_in_its_children(library: Path, tmp_path: Path) -> None:
    async def scenario(environment: str) -> str:
        clock = PreloadClock(library)
        inner = f'{environment} "$0" -I -c "$1"; exit 0'
        async with client(clock, tmp_path, "sh", "-c", inner, sys.executable, LOOK) as (pid, look):
            await look()
            return await clock.missed(pid)

    assert asyncio.run(scenario("")) == ""
    assert "did not load the library" in asyncio.run(scenario("env -u LD_PRELOAD"))


def test_a_go_program_is_not_reached(library: Path, tmp_path: Path) -> None:
    gofmt = shutil.which("gofmt")
    if gofmt is None:
        pytest.skip("go is not here")

    async def scenario() -> str:
        clock = PreloadClock(library)
        async with client(clock, tmp_path, gofmt) as (pid, _):
            return await clock.missed(pid)

    assert "'gofmt'" in asyncio.run(scenario())
    assert is_go(Path(gofmt))
    assert not is_go(Path(sys.executable))


def test_a_process_that_has_gone_is_not_reached(library: Path) -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert "cannot be looked into" in asyncio.run(PreloadClock(library).missed(process.pid))


def test_the_clock_file_is_not_the_clients(library: Path, tmp_path: Path) -> None:
    PreloadClock(library).environment(tmp_path)
    assert left_files(tmp_path) == ()


def test_a_clock_never_goes_back(library: Path) -> None:
    with pytest.raises(ValueError, match="never goes back"):
        PreloadClock(library).advance(-1)


def test_libfaketime_is_taken_only_where_it_does_no_harm(tmp_path: Path) -> None:
    installed = installed_faketime()
    if installed is None:
        pytest.skip("libfaketime is not here")
    clock = FaketimeClock(installed)
    environment = clock.environment(tmp_path)
    assert environment["LD_PRELOAD"] == str(installed)
    clock.advance(3600)
    assert Path(environment["FAKETIME_TIMESTAMP_FILE"]).read_text(encoding="ascii") == "+3600.000000\n"
    why = asyncio.run(self_test(FaketimeClock(installed)))
    assert why == "" or why.startswith("with libfaketime ")


def test_without_a_compiler_there_may_be_no_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotBuildError, match="no C compiler here"):
        built_library(tmp_path)
    monkeypatch.setattr("sparring.harness.clientclock.probe.installed_faketime", lambda: None)
    maker = asyncio.run(find_clock(tmp_path))
    assert maker.name == "none"
    assert maker.reason.startswith("no C compiler here")


def test_a_compiler_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\necho 'fatal error: time.h: No such file' >&2\nexit 1\n", encoding="utf-8")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(CannotBuildError, match=r"fatal error: time\.h"):
        built_library(tmp_path / "cache")


def test_a_clock_that_cannot_be_moved_says_why() -> None:
    clock = UnmovedClock("nothing here")
    assert (clock.environment(Path("/none")), clock.seconds) == ({}, 0.0)
    assert asyncio.run(clock.missed(1)) == "nothing here"
    assert asyncio.run(clock.reaches(1)) is False
    with pytest.raises(RuntimeError, match="nothing here"):
        clock.advance(1)


@pytest.mark.parametrize(
    ("wall", "wait", "words"),
    [
        (90_001.0, 0.02, ""),
        (1.0, 0.02, "moved the clock by 0 s"),
        (90_001.0, 0.0, "takes 0.000 s instead of 0.02 s"),
        (90_001.0, 9.0, "takes 9.000 s"),
        (90_001.0, "OSError(22)", "time.sleep fails: OSError"),
    ],
)
def test_what_counts_as_wrong(wall: float, wait: float | str, words: str) -> None:
    before = {"wall": 0.0, "steady": 0.0, "waits": {"time.sleep": 0.02}}
    after = {"wall": wall, "steady": 1.0, "waits": {"time.sleep": wait}}
    said = what_is_wrong("x", before, after)
    assert words in said
    assert bool(words) == bool(said)
