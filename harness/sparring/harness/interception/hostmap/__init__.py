"""Host maps inside the client's runtime: Python, Node.js and curl take the providers' real names for the fakes."""

import json
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from sparring.harness.drivers.scratch import own_folder
from sparring.harness.interception import Interception, InterceptionError, Plan, Stranger
from sparring.harness.interception.addresses import OWN_NAMES, route_to
from sparring.harness.interception.proxy import Proxy, connect_here
from sparring.harness.interception.trust import trust_variables, wget_settings

_HERE = Path(__file__).resolve().parent


async def open_hostmap(plan: Plan) -> Interception:
    """Maps for one client, in the harness's corner of its scratch folder. InterceptionError."""
    proxy = Proxy(plan)
    folder = own_folder(plan.scratch) / "hostmap"
    report = folder / "strangers"
    try:
        await proxy.listen()
        folder.mkdir(exist_ok=True)
        report.touch()
        _write(folder / ".curlrc", _curl(plan, proxy.port))
        variables = {} if plan.ca_file is None else trust_variables(plan.ca_file, plan.scratch)
        variables |= {
            "SPARRING_HOSTMAP": _write(folder / "map.json", json.dumps(_map(plan, report))),
            "PYTHONPATH": str(_HERE / "python"),
            "NODE_OPTIONS": f"--require={json.dumps(str(_HERE / 'node' / 'preload.cjs'))}",
            "CURL_HOME": str(folder),
            "WGETRC": _write(folder / "wgetrc", wget_settings(plan.ca_file) + _wget(proxy.port)),
        }
    except (OSError, ValueError) as error:
        await proxy.close()
        raise InterceptionError(f"the host maps cannot be set up: {error}") from error
    return ByHostMap(proxy, variables, report)


class ByHostMap:
    """An interception by maps inside the client. ``proxy`` is where curl sends whoever is in no map."""

    def __init__(self, proxy: Proxy, variables: Mapping[str, str], report: Path) -> None:
        self.variables = variables
        self._proxy = proxy
        self._report = report

    def wrapped(self, command: Sequence[str]) -> tuple[str, ...]:
        """The command as it is: the environment alone brings it here."""
        return tuple(command)

    async def connect(self, host: str, port: int) -> socket.socket:
        """A connection to what the client listens on. OSError."""
        return await connect_here(host, port)

    def strangers(self) -> tuple[Stranger, ...]:
        """The other hosts that were asked for: from within the runtimes first, then by tools."""
        told = (_stranger(line) for line in self._report.read_text("utf-8", "replace").splitlines())
        return tuple(dict.fromkeys([*(one for one in told if one is not None), *self._proxy.strangers()]))

    async def close(self) -> None:
        """Stop listening."""
        await self._proxy.close()


def _map(plan: Plan, report: Path) -> dict[str, object]:
    """What the shims are told. Each name has a loopback address of its own: some programs look a name up, then connect
    to what they found at the port that they had in mind.
    """
    names = sorted({host for route in plan.routes for host in route.hosts})
    hosts = {
        name: {"address": f"127.83.{number // 250}.{number % 250 + 1}", **_ports(plan, name)}
        for number, name in enumerate(names)
    }
    return {"hosts": hosts, "known": sorted(plan.known), "report": str(report)}


def _ports(plan: Plan, name: str) -> dict[str, int | None]:
    """The listeners of a name, for TLS and for plain HTTP; what is not there is None."""
    tls, plain = (route_to(plan.routes, name, tls=wanted) for wanted in (True, False))
    return {
        "tls": None if tls is None or not tls.tls else tls.port,
        "plain": None if plain is None or plain.tls else plain.port,
    }


def _curl(plan: Plan, proxy: int) -> str:
    """Settings of curl: the real names go straight to their listeners, port 80 of one without plain HTTP and all other
    hosts to the proxy, which says no.
    """
    lines = []
    names = sorted({host for route in plan.routes for host in route.hosts})
    for name in names:
        ports = _ports(plan, name)
        lines += [
            f'connect-to = "{name}:80:127.0.0.1:{ports["plain"] or proxy}"',
            f'connect-to = "{name}::127.0.0.1:{ports["tls"] or ports["plain"]}"',
        ]
    lines += [f'proxy = "http://127.0.0.1:{proxy}"', f'noproxy = "{",".join((*OWN_NAMES, *names))}"']
    return "\n".join(lines) + "\n"


def _wget(proxy: int) -> str:
    """Settings of wget, which knows no map: all but this machine by way of the proxy."""
    url = f"http://127.0.0.1:{proxy}"
    own = ",".join(OWN_NAMES)
    return f"use_proxy = on\nhttp_proxy = {url}\nhttps_proxy = {url}\nftp_proxy = {url}\nno_proxy = {own}\n"


def _stranger(line: str) -> Stranger | None:
    try:
        told = json.loads(line)
        return Stranger(str(told["host"]), int(told["port"]), "name" if told["means"] == "name" else "address")
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None


def _write(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    return str(file)
