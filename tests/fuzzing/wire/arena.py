"""Every port there is, served in a thread of this process, so that what is left of a case can be counted."""

import asyncio
import gc
import logging
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from hypothesis.strategies import SearchStrategy

from sparring.harness.interception import Plan
from sparring.harness.interception.proxy import Proxy
from sparring.harness.interception.routing import routes
from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.http import control_app
from sparring.mocks.providers import NAMES
from sparring.mocks.server.local import local_stages
from tests.fuzzing.wire.controlling import control_requests, control_targets

T = TypeVar("T")
KEPT = ("main", "safe")
SPARE = "spare"


@dataclass(frozen=True, kw_only=True)
class Port:
    """``targets`` are those that mean something there, ``good`` a request that is answered below 400 and ends the
    connection; ``allowed`` are statuses from 500 up that the port says in its own right.
    """

    name: str
    port: int
    targets: tuple[str, ...]
    good: bytes
    tls: ssl.SSLContext | None = None
    apt: SearchStrategy[bytes] | None = None
    """Requests that get further than others there."""
    allowed: frozenset[int] = frozenset()


class Complaints(logging.Handler):
    """Whatever is logged as an error, or with a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, if it is one."""
        if record.levelno >= logging.ERROR or record.exc_info:
            self.said.append(self.format(record))


class Arena:
    """The ports by name, and what there is to count."""

    def __init__(self) -> None:
        self.ports: dict[str, Port] = {}
        self.complaints = Complaints()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open = AsyncExitStack()
        self._control: DirectControl | None = None

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have that done on the servers' event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def start(self, folder: Path) -> None:
        """Open every port."""
        logging.getLogger().addHandler(self.complaints)
        self._thread.start()
        self.do(self._serve(folder))

    def stop(self) -> None:
        """Close them."""
        self.do(self._open.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        logging.getLogger().removeHandler(self.complaints)

    async def _serve(self, folder: Path) -> None:
        safe, _ = await self._open.enter_async_context(local_stages(tls=True, ca_folder=folder))
        control, theatre = await self._open.enter_async_context(local_stages())
        self._control = control
        main = await control.open_stage({"id": "main", "providers": list(NAMES)})
        await control.open_stage({"id": SPARE, "providers": ["ingest"]})
        trust = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        secured = await safe.open_stage({"id": "safe", "providers": ["ingest", "panopto"]})
        for told, suffix, tls in ((main, "", None), (secured, "-tls", trust)):
            for name, info in told["providers"].items():
                self._add(f"{name}{suffix}", info["base_url"], _paths(info), _good(info), tls=tls)
        self._add("decoy", main["decoy_url"], ("/", "/token", "/authorize"), b"")
        url = await theatre.listen("control", control_app(control))
        targets = tuple(control_targets(SPARE))
        self._add("control", url, targets, _get("/stages/main"), apt=control_requests(SPARE, targets))
        proxy = Proxy(Plan(routes=routes(main), ca_file=None, scratch=folder))
        await proxy.listen()
        self._open.push_async_callback(proxy.close)
        hosts = [host for info in main["providers"].values() for host in info["hosts"]]
        names = (*hosts, "127.0.0.1:1", f"127.0.0.1:{proxy.port}", f"localhost:{proxy.port}", "stranger.example")
        odd = (
            *names,
            "a" * 70 + ".localhost",
            ".localhost",
            "[::1]:1",
            "127.0.0.1:0",
            "localhost:65536",
            "[fe80::1%25x]:1",
        )
        targets = tuple(f"http://{name}/videos" for name in odd) + tuple(odd)
        local = urlsplit(main["providers"]["clickview"]["base_url"]).netloc
        good = _get(f"http://{local}/.well-known/openid-configuration", host=local)
        own = frozenset({501, 502})
        self._add("proxy", f"http://127.0.0.1:{proxy.port}", targets, good, allowed=own)

    def _add(self, name: str, url: str, targets: tuple[str, ...], good: bytes, **more: Any) -> None:
        self.ports[name] = Port(name=name, port=urlsplit(url).port or 0, targets=targets, good=good, **more)

    def tidy(self) -> None:
        """Stages that were opened by a case are closed, and the spare one is as it was."""
        self.do(self._tidied())

    async def _tidied(self) -> None:
        assert self._control is not None
        for stage in await self._control.stages():
            if stage["id"] != "main":
                await self._control.close_stage(stage["id"])
        await self._control.clear_recording("main")
        await self._control.open_stage({"id": SPARE, "providers": ["ingest"]})

    def count(self) -> tuple[int, int]:
        """Descriptors of this process, and tasks of the servers' event loop."""
        gc.collect()
        tasks = self.do(self._tasks())
        return len(list(Path("/proc/self/fd").iterdir())), tasks

    async def _tasks(self) -> int:
        return len(asyncio.all_tasks(self._loop))


def _get(target: str, *, host: str = "127.0.0.1") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


def _paths(info: dict[str, Any]) -> tuple[str, ...]:
    asked = {"client_id": info["client_id"], "response_type": "code", "scope": info["scope"], "state": "s"}
    paths = [urlsplit(url).path for url in info["endpoints"].values()]
    return (*paths, *(f"{path}?{urlencode(asked)}" for path in paths))


def _good(info: dict[str, Any]) -> bytes:
    """A token request where a client gets one for itself, else the authorization endpoint with a login begun."""
    path = urlsplit(info["endpoints"]["token"]).path
    form = {"grant_type": "client_credentials", "scope": info["scope"]}
    form |= {name: info[name] for name in ("client_id", "client_secret")}
    if "client_credentials" not in info["grants"]:
        asked = {"client_id": info["client_id"], "response_type": "code", "scope": info["scope"], "nonce": "n"}
        asked["redirect_uri"] = info["redirect_uris"][0]
        return _get(f"{urlsplit(info['endpoints']['authorize']).path}?{urlencode(asked)}")
    body = urlencode(form).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def open_arena() -> Iterator[Arena]:
    """The arena, until the block ends."""
    with TemporaryDirectory(prefix="sparring-fuzzing-") as folder:
        arena = Arena()
        arena.start(Path(folder))
        try:
            yield arena
        finally:
            arena.stop()
