"""A sandbox as the harness sees it: opened for one client, asked for connections, ended with everything in it."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sparring.harness.drivers.scratch import own_folder
from sparring.harness.evidence import Stranger
from sparring.harness.interception import InterceptionError, Plan, Route
from sparring.harness.interception.sandbox.files import mounts
from sparring.harness.interception.trust import trust_variables

_FOLDER = Path(__file__).resolve().parent
_PYTHON = (sys.executable, "-I", "-S")
_LARGEST = 1 << 20
_MOST_HANDLES = 250
_SOON = 10.0
_INSTEAD = "run it as root or allow user namespaces, or take --intercept proxy"


class Sandbox:
    """The way from one client to one stage. Made by :func:`open_sandbox`."""

    def __init__(self, plan: Plan, control: socket.socket, process: asyncio.subprocess.Process) -> None:
        self._control = control
        self._process = process
        self._variables = {} if plan.ca_file is None else trust_variables(plan.ca_file, plan.scratch)
        self._asked: dict[int, asyncio.Future[socket.socket]] = {}
        self._number = 0
        self._strangers: dict[Stranger, None] = {}
        self._known = plan.known
        self._over = asyncio.Event()
        self._closing = False
        asyncio.get_running_loop().add_reader(control.fileno(), self._hear)

    @property
    def variables(self) -> Mapping[str, str]:
        """What the client's environment needs to trust the stage."""
        return self._variables

    def wrapped(self, command: Sequence[str]) -> tuple[str, ...]:
        """The command that starts the client in the sandbox."""
        return (*_PYTHON, str(_FOLDER / "enter.py"), str(self._process.pid), *command)

    async def connect(self, host: str, port: int) -> socket.socket:
        """A connection to something that listens in the sandbox; a name is always its own machine's. OSError."""
        if self._over.is_set() or self._closing:
            raise ConnectionRefusedError("the sandbox is closed")
        self._number += 1
        answer: asyncio.Future[socket.socket] = asyncio.get_running_loop().create_future()
        self._asked[self._number] = answer
        self._control.send(json.dumps({"id": self._number, "connect": [host, port]}).encode())
        return await answer

    def strangers(self) -> tuple[Stranger, ...]:
        """The other hosts; what was only looked up is left out where it was called as well. All of them once closed."""
        called = {stranger.host for stranger in self._strangers if stranger.port}
        return tuple(
            each for each in self._strangers if each.port or each.means == "address" or each.host not in called
        )

    async def close(self) -> None:
        """End everything in the sandbox, and the sandbox."""
        if not self._closing:
            self._closing = True
            with suppress(OSError):
                self._control.send(b'{"end":true}')
        try:
            async with asyncio.timeout(_SOON):
                await self._over.wait()
                await self._process.wait()
        except TimeoutError:
            self._finish()
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    def _hear(self) -> None:
        while not self._over.is_set():
            try:
                message, handles = _received(self._control)
            except BlockingIOError:
                return
            except OSError:
                message, handles = None, []
            if message is None:
                self._finish()
            elif "stranger" in message:
                host, port, means = message["stranger"]
                if host not in self._known:
                    self._strangers.setdefault(Stranger(host, port, means))
            else:
                self._answer(message, handles)

    def _answer(self, message: Mapping[str, Any], handles: list[int]) -> None:
        made = [socket.socket(fileno=handle) for handle in handles]
        answer = self._asked.pop(message.get("id", 0), None)
        if answer is None or answer.done():
            for unwanted in made:
                unwanted.close()
        elif made:
            made[0].setblocking(False)
            answer.set_result(made[0])
        else:
            answer.set_exception(ConnectionRefusedError(message.get("number"), message.get("error")))

    def _finish(self) -> None:
        if self._over.is_set():
            return
        self._over.set()
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(ConnectionRefusedError("the sandbox has ended"))


async def open_sandbox(plan: Plan) -> Sandbox:
    """Make a sandbox and have the stage serve its sockets. InterceptionError where this machine has none to give."""
    if sys.platform != "linux":
        raise InterceptionError("--intercept sandbox works on Linux alone; take --intercept proxy")
    if plan.adopt is None:
        raise InterceptionError("a sandbox needs the stage in this process; take --intercept proxy")
    addresses = {name: f"198.18.0.{number + 1}" for number, name in enumerate(_served_by_name(plan.routes))}
    hosts = {host: addresses[route.name] for route in plan.routes for host in route.hosts}
    places = [place for route in plan.routes for place in _places(route, addresses)]
    wanted = {
        "hosts": hosts,
        "silent": sorted(plan.known),
        "listen": [[address, port] for _, address, port in places],
        "mounts": mounts(own_folder(plan.scratch) / "sandbox", hosts, plan.ca_file),
    }
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *_PYTHON, str(_FOLDER / "inside.py"), str(theirs.fileno()),
            pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            env={}, cwd="/", start_new_session=True,
        )  # fmt: skip
    try:
        ours.setblocking(False)
        ours.send(json.dumps(wanted).encode())
        await _answered(ours)
        _map_ids(process.pid)
        ours.send(b"{}")
        handles = await _answered(ours)
        for (route, _, _), listener in zip(places, handles, strict=True):
            await plan.adopt(route.name, listener, route.side)
        return Sandbox(plan, ours, process)
    except BaseException:
        ours.close()  # which ends it
        await process.wait()
        raise


async def why_impossible(scratch: Path) -> str:
    """Why there are no sandboxes on this machine, in a sentence; empty where there are. ``scratch`` is any folder."""

    async def nothing(_name: str, _listener: socket.socket, _side: bool) -> None:
        return None

    try:
        sandbox = await open_sandbox(Plan(routes=(), ca_file=None, scratch=scratch, adopt=nothing))
    except InterceptionError as reason:
        return str(reason)
    await sandbox.close()
    return ""


def _served_by_name(routes: Sequence[Route]) -> list[str]:
    return list(dict.fromkeys(route.name for route in routes if route.hosts))


def _places(route: Route, addresses: Mapping[str, str]) -> list[tuple[Route, str, int]]:
    """Where a listener of the stage is to be found in the sandbox: under its names, and where it is outside."""
    named = [(route, addresses[route.name], 443 if route.tls else 80)] if route.hosts else []
    return [*named, (route, "127.0.0.1", route.port)]


async def _answered(control: socket.socket) -> list[socket.socket]:
    """The sockets that came with the next message. InterceptionError where it says why there is no sandbox."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(control.fileno(), arrived.set)
    try:
        async with asyncio.timeout(_SOON):
            await arrived.wait()
    except TimeoutError:
        raise InterceptionError(f"the sandbox was not there within {_SOON:g} s; {_INSTEAD}") from None
    finally:
        loop.remove_reader(control.fileno())
    message, handles = _received(control)
    if message is None:
        raise InterceptionError(f"the sandbox ended at once; {_INSTEAD}")
    if "failed" in message:
        lack = f"a sandbox needs {message['failed']}, which this machine does not allow here ({message['error']})"
        raise InterceptionError(f"{lack}; {_INSTEAD}")
    return [socket.socket(fileno=handle) for handle in handles]


def _received(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    data, handles, _, _ = socket.recv_fds(control, _LARGEST, _MOST_HANDLES)
    return (json.loads(data) if data else None), list(handles)


def _map_ids(pid: int) -> None:
    """The ids of users and groups are inside what they are outside: all of them for root, else one's own."""
    process = Path(f"/proc/{pid}")
    try:
        if os.geteuid() != 0:
            raise PermissionError
        for name in ("uid_map", "gid_map"):
            rows = [row.split() for row in Path(f"/proc/self/{name}").read_text(encoding="ascii").splitlines()]
            (process / name).write_text("".join(f"{row[0]} {row[0]} {row[2]}\n" for row in rows), encoding="ascii")
    except PermissionError:
        try:
            (process / "setgroups").write_text("deny", encoding="ascii")
            (process / "uid_map").write_text(f"{os.geteuid()} {os.geteuid()} 1\n", encoding="ascii")
            (process / "gid_map").write_text(f"{os.getegid()} {os.getegid()} 1\n", encoding="ascii")
        except OSError as trouble:
            raise InterceptionError(f"users cannot be mapped into a sandbox here ({trouble}); {_INSTEAD}") from trouble
