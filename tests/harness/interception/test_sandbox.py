"""A sandbox: the real names lead to the stage, everything else leads nowhere and is told of, and nothing stays."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sparring.harness.drivers.scratch import scratch_folder
from sparring.harness.interception import InterceptionError, Plan, Stranger
from sparring.harness.interception.routing import routes
from sparring.harness.interception.sandbox.outside import Sandbox, open_sandbox
from sparring.harness.worlds import Json, World
from sparring.harness.worlds.local import local_world
from tests.harness.interception.possible import no_sandbox

pytestmark = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox() or "there are sandboxes")

LOOK = """
import json, os, socket, sys, urllib.error, urllib.request
def status(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError as trouble:
        return type(getattr(trouble, "reason", trouble)).__name__
def refused(family, kind, address):
    with socket.socket(family, kind) as tried:
        try:
            tried.connect(address)
            tried.send(b"x")
        except OSError as trouble:
            return type(trouble).__name__
print(json.dumps({
    "real": status("https://auth.clickviewapp.com/.well-known/openid-configuration"),
    "direct": status(sys.argv[1] + "/.well-known/openid-configuration"),
    "plain": status("http://auth.clickviewapp.com/"),
    "name": status("https://metrics.elsewhere.example/seen"),
    "literal": refused(socket.AF_INET, socket.SOCK_STREAM, ("203.0.113.7", 8443)),
    "datagram": refused(socket.AF_INET, socket.SOCK_DGRAM, ("203.0.113.8", 53)),
    "looked up": socket.gethostbyname("only.looked.up.example").startswith("198.19."),
    "own": socket.gethostbyname("localhost"),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "ids": [os.getuid(), os.getgid()],
    "folder": os.getcwd(),
}))
sys.exit(7)
"""
LISTEN = """
import os, socket, sys
with socket.create_server(("127.0.0.1", 9127)) as server:
    print("up", flush=True)
    client, _ = server.accept()
    client.sendall(sys.argv[1].encode())
"""


@asynccontextmanager
async def stage(world: World, **spec: object) -> AsyncIterator[Json]:
    """A stage with ClickView on it."""
    opened = await world.open_stage({"providers": ["clickview"], **spec})
    yield opened
    await world.close_stage(opened["id"])


@asynccontextmanager
async def sandbox(world: World, on: Json) -> AsyncIterator[Sandbox]:
    """A sandbox for that stage."""

    async def adopt(provider: str, listener: socket.socket, side: bool) -> None:
        await world.adopt(on["id"], provider, listener, side=side)

    with scratch_folder() as scratch:
        plan = Plan(routes=routes(on), ca_file=Path(on["ca_file"]), scratch=scratch, adopt=adopt)
        made = await open_sandbox(plan)
        try:
            yield made
        finally:
            await made.close()


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and it is more than its exit code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


async def start(inside: Sandbox, *command: str) -> asyncio.subprocess.Process:
    """A program in it, which knows of nothing but the CA."""
    environment = {"PATH": os.environ["PATH"], **inside.variables}
    return await asyncio.create_subprocess_exec(
        *inside.wrapped(command), env=environment, cwd="/usr", stdout=asyncio.subprocess.PIPE
    )


def test_real_names_lead_to_the_stage_and_nothing_else_leads_anywhere() -> None:
    """And who else was called is told, by name where it had one."""

    async def play() -> tuple[Json, int | None, tuple[Stranger, ...], list[Json]]:
        async with local_world(tls=True) as world, stage(world) as on:
            async with sandbox(world, on) as inside:
                direct = on["providers"]["clickview"]["base_url"]
                program = await start(inside, sys.executable, "-c", LOOK, direct)
                seen, _ = await program.communicate()
            return json.loads(seen), program.returncode, inside.strangers(), await world.recording(on["id"])

    seen, code, strangers, recorded = asyncio.run(play())
    assert seen == {
        "real": 200,
        "direct": 200,
        "plain": "ConnectionRefusedError",
        "name": "ConnectionRefusedError",
        "literal": "ConnectionRefusedError",
        "datagram": None,
        "looked up": True,
        "own": "127.0.0.1",
        "interfaces": ["lo"],
        "ids": [os.getuid(), os.getgid()],
        "folder": "/usr",
    }
    assert code == 7
    assert strangers == (
        Stranger("auth.clickviewapp.com", 80, "name"),
        Stranger("metrics.elsewhere.example", 443, "name"),
        Stranger("203.0.113.7", 8443, "address"),
        Stranger("203.0.113.8", 53, "address"),
        Stranger("only.looked.up.example", 0, "name"),
    )
    hosts = [dict(each["headers"])["host"] for each in recorded]
    assert hosts[0] == "auth.clickviewapp.com"
    assert hosts[1].startswith("127.0.0.1:")


@pytest.mark.parametrize(("fault", "words"), [("untrusted", "CERTIFICATE_VERIFY_FAILED"), ("none", "200")])
def test_under_its_real_names_a_provider_shows_what_is_wrong_with_it(fault: str, words: str) -> None:
    """A faulty certificate, or no TLS, is there without anybody being told of another address."""
    url = f"{'http' if fault == 'none' else 'https'}://auth.clickviewapp.com/.well-known/openid-configuration"
    ask = f"import urllib.request as r\ntry:\n print(r.urlopen({url!r}).status)\nexcept OSError as e:\n print(e)"

    async def play() -> tuple[str, Json]:
        async with local_world(tls=True) as world, stage(world, certificates={"clickview": fault}) as on:
            async with sandbox(world, on) as inside:
                seen, _ = await (await start(inside, sys.executable, "-c", ask)).communicate()
            return seen.decode(), (await world.describe(on["id"]))["providers"]["clickview"]["side"]

    seen, side = asyncio.run(play())
    assert words in seen
    assert side["connections"] == 1


def test_two_programs_listen_on_one_port_and_each_is_reached() -> None:
    """Each in its own sandbox; once it has gone, nobody listens."""

    async def answer(inside: Sandbox, word: str) -> bytes:
        program = await start(inside, sys.executable, "-c", LISTEN, word)
        assert program.stdout is not None
        await program.stdout.readline()
        made = await inside.connect("localhost", 9127)
        reader, writer = await asyncio.open_connection(sock=made)
        said = await reader.read()
        writer.close()
        await program.wait()
        with pytest.raises(ConnectionRefusedError):
            await inside.connect("localhost", 9127)
        return said

    async def play() -> tuple[bytes, bytes]:
        async with (
            local_world(tls=True) as world,
            stage(world) as on,
            sandbox(world, on) as one,
            sandbox(world, on) as other,
        ):
            first, second = await asyncio.gather(answer(one, "one"), answer(other, "other"))
            return first, second

    assert asyncio.run(play()) == (b"one", b"other")


def test_nothing_outlives_it() -> None:
    """Not even what has a session of its own and nothing in its environment."""

    async def play() -> tuple[int, bool]:
        async with local_world(tls=True) as world, stage(world) as on:
            async with sandbox(world, on) as inside:
                leave = "env -i setsid sleep 60 & echo $!"
                program = await start(inside, "sh", "-c", leave)
                assert program.stdout is not None
                pid = int(await program.stdout.readline())
                alive = is_alive(pid)
            return pid, alive

    pid, alive = asyncio.run(play())
    assert alive
    assert not is_alive(pid)


def test_a_program_that_cannot_be_started_ends_as_a_shell_has_it() -> None:
    """Exit code 127."""

    async def play() -> int | None:
        async with local_world(tls=True) as world, stage(world) as on, sandbox(world, on) as inside:
            program = await start(inside, "/no/such/program")
            await program.communicate()
            return program.returncode

    assert asyncio.run(play()) == 127


def test_it_says_what_it_needs_where_it_cannot_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence, with the next best mode."""
    with pytest.raises(InterceptionError, match="the stage in this process; take --intercept proxy"):
        asyncio.run(open_sandbox(Plan(routes=(), ca_file=None, scratch=tmp_path)))
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(InterceptionError, match="Linux alone; take --intercept proxy"):
        asyncio.run(open_sandbox(Plan(routes=(), ca_file=None, scratch=tmp_path)))
