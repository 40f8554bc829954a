"""Inside a driven Python program: the providers' real names are listeners on this machine, nobody else is reached.

Started by way of PYTHONPATH; SPARRING_HOSTMAP names a file ``{"hosts": {name: {"address", "tls", "plain"}}, "known":
[names], "report": file}``. Each name has a loopback address of its own, by which its connections are known later.
"""

from __future__ import annotations

import errno
import importlib.machinery
import importlib.util
import ipaddress
import json
import os
import socket
import sys
from importlib.abc import Loader, MetaPathFinder
from typing import Any

_PLAIN = 80


class HostMap:
    """Where names and addresses lead. ``report`` is appended to, one JSON object a line."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.hosts = told["hosts"]
        self._by_address = {host["address"]: host for host in self.hosts.values()}
        self._known = frozenset(told["known"])
        self._report = told["report"]
        self._own = frozenset({"", "localhost", "localhost.localdomain", socket.gethostname().lower()})
        self._told: set[tuple[str, int]] = set()

    def find(self, host: Any) -> Any:
        """What is told of that real name; None where it is none."""
        return self.hosts.get(_plain(host))

    def is_strange(self, host: Any) -> bool:
        """Whether that is a name which is neither a provider's nor this machine's."""
        name = _plain(host)
        own = name in self._own or name.endswith(".localhost") or name in self.hosts
        return not own and _address(name) is None

    def refuse_name(self, host: Any, port: Any) -> OSError:
        """Report a name; the error that its lookup ends with."""
        self.report(_plain(host), port, "name")
        return socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def destination(self, address: Any) -> Any:
        """Where a connection to that socket address goes instead. OSError where it does not."""
        name, port = _plain(address[0]), address[1]
        host = self._by_address.get(name) or self.hosts.get(name)
        if host is not None:
            to = host["plain"] if port == _PLAIN else host["tls"] or host["plain"]
            if not to:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
            return ("127.0.0.1", to)
        found = _address(name)
        if found is None and self.is_strange(name):
            raise self.refuse_name(name, port)
        if found is not None and not (found.is_loopback or found.is_unspecified):
            self.report(name, port, "address")
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        return address

    def report(self, host: str, port: Any, means: str) -> None:
        """Tell the harness of a stranger, once."""
        number = port if isinstance(port, int) else int(port) if str(port).isdigit() else _service(port)
        if host in self._known or (host, number) in self._told:
            return
        self._told.add((host, number))
        line = json.dumps({"host": host, "port": number, "means": means}) + "\n"
        with open(self._report, "ab", buffering=0) as file:  # noqa: PTH123
            file.write(line.encode())


def _plain(host: Any) -> str:
    text = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host or "")
    return text.strip("[]").partition("%")[0].rstrip(".").lower()


def _address(name: str) -> Any:
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _service(name: Any) -> int:
    try:
        return socket.getservbyname(name)
    except (OSError, TypeError):
        return 0


def patch_sockets(told: HostMap) -> None:
    """Lead lookups and connections of the module ``socket`` by that map; event loops of asyncio use it too."""
    getaddrinfo, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex
    by_name, by_name_ex = socket.gethostbyname, socket.gethostbyname_ex
    any_sendto: Any = socket.socket.sendto

    def looked_up(host: Any, port: Any = 0) -> Any:
        found = told.find(host)
        if found is not None:
            return found["address"]
        if told.is_strange(host):
            raise told.refuse_name(host, port)
        return host

    def new_getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        family = args[0] if args else kwargs.get("family", 0)
        if told.find(host) is not None and family == socket.AF_INET6:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return getaddrinfo(looked_up(host, port), port, *args, **kwargs)

    def led(sock: socket.socket, address: Any) -> Any:
        return told.destination(address) if sock.family in (socket.AF_INET, socket.AF_INET6) else address

    def new_connect_ex(sock: socket.socket, address: Any) -> int:
        try:
            to = led(sock, address)
        except OSError as error:
            return error.errno or errno.ECONNREFUSED
        return connect_ex(sock, to)

    def new_sendto(sock: socket.socket, data: Any, *rest: Any) -> Any:
        return any_sendto(sock, data, *rest[:-1], led(sock, rest[-1]))

    socket.getaddrinfo = new_getaddrinfo
    socket.gethostbyname = lambda host: by_name(looked_up(host))
    socket.gethostbyname_ex = lambda host: by_name_ex(looked_up(host))
    patched: Any = socket.socket
    patched.connect = lambda sock, address: connect(sock, led(sock, address))
    patched.connect_ex = new_connect_ex
    patched.sendto = new_sendto


def patch_uvloop(told: HostMap, uvloop: Any) -> None:
    """Lead the connections of uvloop, which looks names up without Python."""
    loop = uvloop.Loop
    create, getaddrinfo, sock_connect = loop.create_connection, loop.getaddrinfo, loop.sock_connect

    async def new_create(self: Any, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        if host is not None:
            if options.get("ssl") and options.get("server_hostname") is None:
                options["server_hostname"] = host
            host, port = told.destination((host, port))[:2]
        return await create(self, factory, host, port, **options)

    async def new_getaddrinfo(self: Any, host: Any, port: Any, **options: Any) -> Any:
        found = told.find(host)
        if found is None and told.is_strange(host):
            raise told.refuse_name(host, port)
        return await getaddrinfo(self, host if found is None else found["address"], port, **options)

    async def new_sock_connect(self: Any, sock: socket.socket, address: Any) -> Any:
        inet = sock.family in (socket.AF_INET, socket.AF_INET6)
        return await sock_connect(self, sock, told.destination(address) if inet else address)

    loop.create_connection, loop.getaddrinfo, loop.sock_connect = new_create, new_getaddrinfo, new_sock_connect


class _Later(MetaPathFinder, Loader):
    """Patches uvloop when it is imported, if it ever is."""

    def __init__(self, told: HostMap) -> None:
        self._told = told
        self._loader: Any = None

    def find_spec(self, name: str, *_: Any) -> Any:
        """Find uvloop, once, and run its code by way of this loader."""
        if name != "uvloop":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            self._loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._loader.exec_module(module)
        patch_uvloop(self._told, module)


def run_the_next_one() -> None:
    """This file must not hide a ``sitecustomize`` further down the path: run it under the name that it expects."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    path = [place for place in sys.path if os.path.abspath(place or os.curdir) != here]  # noqa: PTH100
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


def start() -> None:
    """Patch this interpreter by the file that the environment names."""
    file = os.environ.get("SPARRING_HOSTMAP")
    if file:
        with open(file, encoding="utf-8") as opened:  # noqa: PTH123
            told = HostMap(json.load(opened))
        patch_sockets(told)
        sys.meta_path.insert(0, _Later(told))


if __name__ == "sitecustomize":
    start()
    run_the_next_one()
