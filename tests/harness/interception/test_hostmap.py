"""Inside Python, Node.js and curl the real names lead to the stage's listeners, and every other host nowhere."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.interception import Interception, Plan, Route, Stranger
from sparring.harness.interception.hostmap import open_hostmap
from sparring.harness.interception.hostmap.python.sitecustomize import HostMap, patch_uvloop
from sparring.harness.worlds.local import local_ca
from tests.e2e.node import CannotRunError, node_program

BOTH, TLS_ONLY = "login.ingest.io", "api.ingest.io"
PATIENCE = 30


@asynccontextmanager
async def mapped(scratch: Path, *, known: Sequence[str] = ()) -> AsyncIterator[Interception]:
    """Two names: one has listeners for TLS and for plain HTTP, the other for TLS alone. Each says which it is."""

    async def serve(words: str) -> asyncio.Server:
        async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            body = words.encode()
            writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            writer.close()

        return await asyncio.start_server(say, "127.0.0.1", 0)

    servers = [await serve("secure"), await serve("plain")]
    secure, plain = (server.sockets[0].getsockname()[1] for server in servers)
    routes = (
        Route(name="ingest", hosts=(BOTH, TLS_ONLY), port=secure, tls=True),
        Route(name="ingest", hosts=(BOTH,), port=plain, tls=False, side=True),
    )
    interception = await open_hostmap(Plan(routes=routes, ca_file=None, scratch=scratch, known=frozenset(known)))
    try:
        yield interception
    finally:
        await interception.close()
        for server in servers:
            server.close()
        for _ in range(5):
            await asyncio.sleep(0)  # connections that were closed just now come to their end


async def output_of(command: Sequence[str], variables: Mapping[str, str], **more: str) -> tuple[int, str]:
    """Exit code and stdout of a program with those variables; stderr is shown where the test fails."""
    process = await asyncio.create_subprocess_exec(
        *command, env={"PATH": os.environ["PATH"], **variables, **more}, stdout=subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


PYTHON = f"""
import asyncio, json, socket, sys

def said(host, port):
    try:
        with socket.create_connection((host, port), timeout=5) as reached:
            return reached.recv(100).decode().rpartition("\\n")[2]
    except OSError as error:
        return type(error).__name__

async def streamed(host, port):
    try:
        reader, writer = await asyncio.open_connection(host, port)
        text = await reader.read()
        writer.close()
        return text.decode().rpartition("\\n")[2]
    except OSError as error:
        return type(error).__name__

def as_a_resolver_would(host, port):
    (found, *_) = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    with socket.socket(found[0], found[1]) as reached:
        assert reached.connect_ex((found[4][0], port)) == 0
        return reached.recv(100).decode().rpartition("\\n")[2]

own = socket.create_server(("localhost", 0))
socket.create_connection(("localhost", own.getsockname()[1])).close()
print(json.dumps({{
    "https": said("{BOTH}", 443),
    "another port": said("{BOTH.upper()}.", 8443),
    "http": said("{BOTH}", 80),
    "http where there is none": said("{TLS_ONLY}", 80),
    "asyncio": asyncio.run(streamed("{TLS_ONLY}", 443)),
    "resolved": as_a_resolver_would("{TLS_ONLY}", 443),
    "by name": said(socket.gethostbyname("{BOTH}"), 80),
    "strange": said("collector.example", 443),
    "strange to asyncio": asyncio.run(streamed("collector.example", 443)),
    "known": said("known.example", 443),
    "address": said("203.0.113.9", 8443),
    "version 6": said("2001:db8::1", 443),
    "chained": getattr(sys, "chained", None),
}}))
"""


def test_python_meets_the_listeners_and_nobody_else(tmp_path: Path) -> None:
    """Sockets, event loops, programs that resolve a name first; and another sitecustomize runs as well."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "sitecustomize.py").write_text("import sys\nsys.chained = __name__, __file__\n")
    scratch = tmp_path / "the scratch"
    scratch.mkdir()

    async def run() -> tuple[dict[str, Any], tuple[Stranger, ...]]:
        async with mapped(scratch, known=["known.example"]) as interception:
            path = f"{interception.variables['PYTHONPATH']}{os.pathsep}{theirs}"
            code, output = await output_of([sys.executable, "-c", PYTHON], interception.variables, PYTHONPATH=path)
            assert code == 0
            return json.loads(output), interception.strangers()

    found, strangers = asyncio.run(run())
    assert found == {
        "https": "secure",
        "another port": "secure",
        "http": "plain",
        "http where there is none": "ConnectionRefusedError",
        "asyncio": "secure",
        "resolved": "secure",
        "by name": "plain",
        "strange": "gaierror",
        "strange to asyncio": "gaierror",
        "known": "gaierror",
        "address": "OSError",
        "version 6": "OSError",
        "chained": ["sitecustomize", str(theirs / "sitecustomize.py")],
    }
    assert strangers == (
        Stranger("collector.example", 443, "name"),
        Stranger("203.0.113.9", 8443, "address"),
        Stranger("2001:db8::1", 443, "address"),
    )


NODE = f"""
import dns from 'node:dns'
import {{ lookup }} from 'node:dns/promises'
import http from 'node:http'
import net from 'node:net'
import {{ promisify }} from 'node:util'

const said = (...to) => new Promise((done) => {{
  let text = ''
  const socket = net.connect(...to, () => {{}})
  socket.on('data', (data) => (text += data)).on('error', (error) => done(error.code))
  socket.on('end', () => done(text.split('\\n').pop()))
}})
const got = (url) => new Promise((done) => {{
  http.get(url, (answer) => {{
    let text = ''
    answer.on('data', (data) => (text += data)).on('end', () => done(text))
  }}).on('error', (error) => done(error.code))
}})
const fetched = async (url) => {{
  try {{ return await (await fetch(url)).text() }} catch (error) {{ return error.cause.code }}
}}
const server = net.createServer((socket) => socket.end('own')).listen(0, 'localhost')
await new Promise((done) => server.once('listening', done))

console.log(JSON.stringify({{
  https: await said(443, '{BOTH}'),
  'another port': await said({{ port: 8443, host: '{BOTH.upper()}' }}),
  http: await got('http://{BOTH}/'),
  'http where there is none': await said(80, '{TLS_ONLY}'),
  fetch: await fetched('http://{BOTH}/'),
  resolved: await said(443, (await lookup('{TLS_ONLY}')).address),
  promisified: await said(443, (await promisify(dns.lookup)('{TLS_ONLY}')).address),
  all: (await lookup('{TLS_ONLY}', {{ all: true }})).length,
  resolve4: await said(443, (await dns.promises.resolve4('{TLS_ONLY}'))[0]),
  own: await said(server.address().port),
  'own by name': (await said(server.address().port, 'localhost')),
  strange: await said(443, 'collector.example'),
  'strange to fetch': await fetched('http://collector.example/'),
  'strange to lookup': await lookup('looked-up.example').catch((error) => error.code),
  known: await said(443, 'known.example'),
  address: await said(8443, '203.0.113.9'),
}}))
server.close()
"""


def test_node_meets_the_listeners_and_nobody_else(tmp_path: Path) -> None:
    """Sockets, http, fetch, lookups of every kind."""
    try:
        node = node_program()
    except CannotRunError as error:
        pytest.skip(str(error))
    (tmp_path / "program.mjs").write_text(NODE)

    async def run() -> tuple[dict[str, Any], tuple[Stranger, ...]]:
        async with mapped(tmp_path, known=["known.example"]) as interception:
            code, output = await output_of([node, str(tmp_path / "program.mjs")], interception.variables)
            assert code == 0
            return json.loads(output), interception.strangers()

    found, strangers = asyncio.run(run())
    assert found == {
        "https": "secure",
        "another port": "secure",
        "http": "plain",
        "http where there is none": "ECONNREFUSED",
        "fetch": "plain",
        "resolved": "secure",
        "promisified": "secure",
        "all": 1,
        "resolve4": "secure",
        "own": "own",
        "own by name": "own",
        "strange": "ENOTFOUND",
        "strange to fetch": "ENOTFOUND",
        "strange to lookup": "ENOTFOUND",
        "known": "ENOTFOUND",
        "address": "ENETUNREACH",
    }
    assert strangers == (
        Stranger("collector.example", 443, "name"),
        Stranger("collector.example", 80, "name"),
        Stranger("looked-up.example", 0, "name"),
        Stranger("203.0.113.9", 8443, "address"),
    )


def test_curl_meets_the_listeners_and_nobody_else(tmp_path: Path) -> None:
    """Its settings file leads it; what it shows of an answer is the server's alone."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")

    async def run() -> tuple[list[str], tuple[Stranger, ...]]:
        async with mapped(tmp_path) as interception:
            urls = (f"http://{BOTH}:81/", f"http://{BOTH}/", f"http://{TLS_ONLY}/", "http://collector.example/")
            said = [(await output_of([curl, "-si", url], interception.variables))[1] for url in urls]
            await output_of([curl, "-s", "https://203.0.113.9:8443/"], interception.variables)
            return said, interception.strangers()

    (secure, plain, refused, strange), strangers = asyncio.run(run())
    assert secure == "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 6\r\n\r\nsecure"
    assert plain.endswith("\r\n\r\nplain")
    assert refused.endswith(f"{TLS_ONLY} is served over TLS only: ask for https://{TLS_ONLY}\n")
    assert "collector.example is none of the fakes" in strange
    assert strangers == (
        Stranger("collector.example", 80, "name"),
        Stranger("203.0.113.9", 8443, "address"),
    )


UVLOOP = f"""
import asyncio, uvloop

async def said(host, port):
    try:
        reader, writer = await asyncio.open_connection(host, port)
        text = await reader.read()
        writer.close()
        return text.decode().rpartition("\\n")[2]
    except OSError as error:
        return type(error).__name__

async def main():
    hosts = [("{BOTH}", 443), ("{BOTH}", 80), ("{TLS_ONLY}", 80), ("collector.example", 443), ("203.0.113.9", 1)]
    print(*[await said(*host) for host in hosts])

uvloop.run(main())
"""


def test_uvloop_which_looks_names_up_by_itself_is_led_too(tmp_path: Path) -> None:
    """It is patched when it is imported."""
    pytest.importorskip("uvloop", exc_type=ImportError)

    async def run() -> tuple[str, tuple[Stranger, ...]]:
        async with mapped(tmp_path) as interception:
            _, output = await output_of([sys.executable, "-c", UVLOOP], interception.variables)
            return output, interception.strangers()

    assert asyncio.run(run()) == (
        "secure plain ConnectionRefusedError gaierror OSError\n",
        (Stranger("collector.example", 443, "name"), Stranger("203.0.113.9", 1, "address")),
    )


@pytest.fixture
def told(tmp_path: Path) -> HostMap:
    """A map as a driven Python program has it."""
    host = {"address": "127.83.0.1", "tls": 4443, "plain": None}
    return HostMap({"hosts": {BOTH: host}, "known": [], "report": str(tmp_path / "report")})


@pytest.mark.parametrize(
    ("address", "to"),
    [
        (("127.83.0.1", 443), ("127.0.0.1", 4443)),
        ((BOTH, 9), ("127.0.0.1", 4443)),
        (("127.0.0.1", 5), ("127.0.0.1", 5)),
        (("::1", 5, 0, 0), ("::1", 5, 0, 0)),
        (("::ffff:127.0.0.1", 5, 0, 0), ("::ffff:127.0.0.1", 5, 0, 0)),
        (("0.0.0.0", 5), ("0.0.0.0", 5)),
        (("localhost", 5), ("localhost", 5)),
        (("app.localhost", 5), ("app.localhost", 5)),
        (("", 5), ("", 5)),
    ],
)
def test_a_connection_of_python_goes(told: HostMap, address: tuple[Any, ...], to: tuple[Any, ...]) -> None:
    """To the listener of the name that the address stands for, or where it was going on this machine."""
    assert told.destination(address) == to


@pytest.mark.parametrize("address", [("127.83.0.1", 80), ("8.8.8.8", 53), ("::ffff:8.8.8.8", 53), ("a.example", 1)])
def test_a_connection_of_python_is_refused(told: HostMap, address: tuple[str, int]) -> None:
    """With an error that programs know."""
    with pytest.raises(OSError, match=r"refused|unreachable|not known"):
        told.destination(address)


class Loop:
    """A loop that looks names up without Python, as uvloop's: says what it is asked for."""

    async def create_connection(self, factory: object, host: Any = None, port: Any = None, **options: Any) -> Any:
        """Connect."""
        return host, port, options

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Look up."""
        return host, port, options

    async def sock_connect(self, sock: socket.socket, address: Any) -> Any:
        """Connect a socket."""
        return address


def test_a_loop_that_looks_names_up_by_itself_is_led(told: HostMap) -> None:
    """TLS is still asked for the real name; what is no network is left alone."""
    loops: Any = type("uvloop", (), {"Loop": type("Loop", (Loop,), {})})
    patch_uvloop(told, loops)
    loop: Loop = loops.Loop()

    async def run() -> None:
        assert await loop.create_connection(None, BOTH, 443, ssl=True) == (
            *("127.0.0.1", 4443),
            {"ssl": True, "server_hostname": BOTH},
        )
        own = await loop.create_connection(None, BOTH, 443, ssl=True, server_hostname="other")
        assert own[2]["server_hostname"] == "other"
        assert await loop.create_connection(None, sock=1) == (None, None, {"sock": 1})
        assert (await loop.getaddrinfo(BOTH, 443))[0] == "127.83.0.1"
        assert (await loop.getaddrinfo("localhost", 443))[0] == "localhost"
        with pytest.raises(socket.gaierror):
            await loop.getaddrinfo("a.example", 443)
        with socket.socket() as inet, socket.socket(socket.AF_UNIX) as unix:
            assert await loop.sock_connect(inet, ("127.83.0.1", 443)) == ("127.0.0.1", 4443)
            assert await loop.sock_connect(unix, "/tmp/x") == "/tmp/x"

    asyncio.run(run())


@pytest.mark.parametrize("line", ["", "[]", "{}", "nonsense", '{"host": "a", "port": "b", "means": "name"}'])
def test_a_torn_report_is_no_stranger(tmp_path: Path, line: str) -> None:
    """A program may be killed while it writes; what others wrote counts."""

    async def run() -> tuple[Stranger, ...]:
        async with mapped(tmp_path) as interception:
            told = json.loads(await asyncio.to_thread(Path(interception.variables["SPARRING_HOSTMAP"]).read_bytes))
            await asyncio.to_thread(
                Path(told["report"]).write_text, f'{line}\n{{"host": "a.example", "port": 1, "means": "name"}}\n'
            )
            return interception.strangers()

    assert asyncio.run(run()) == (Stranger("a.example", 1, "name"),)


def test_the_variables_bring_the_ca_along(tmp_path: Path) -> None:
    """And no proxy: stacks that are led from within must not be sent elsewhere."""

    async def run() -> Mapping[str, str]:
        opened = await open_hostmap(Plan(routes=(), ca_file=local_ca(tmp_path / "ca"), scratch=tmp_path))
        await opened.close()
        return opened.variables

    variables = asyncio.run(run())
    assert variables["SSL_CERT_FILE"] == variables["NODE_EXTRA_CA_CERTS"] == str(tmp_path / "ca/ca.pem")
    assert f"ca_certificate = {tmp_path / 'ca/ca.pem'}\n" in Path(variables["WGETRC"]).read_text()
    assert [name for name in variables if name.lower().endswith("_proxy")] == []
