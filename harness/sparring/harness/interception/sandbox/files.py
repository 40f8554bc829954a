"""The files that look different in a sandbox: hosts, resolver, the system's trusted authorities."""

import socket
from collections.abc import Mapping
from pathlib import Path

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/usr/local/etc/openssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
)
"""Where distributions keep the authorities that programs trust if nobody tells them otherwise."""

ELSEWHERE = (
    "/run/nscd/socket",
    "/run/systemd/resolve/io.systemd.Resolve",
    "/run/dbus/system_bus_socket",
    "/run/avahi-daemon/socket",
)
"""Sockets by which names are looked up past the resolver's file."""


def mounts(folder: Path, hosts: Mapping[str, str], ca_file: Path | None) -> list[tuple[str, str]]:
    """Write the files into that folder; which one goes where, the file first. OSError."""
    folder.mkdir(exist_ok=True)
    files = {
        "/etc/hosts": _hosts(hosts),
        "/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
        "/etc/nsswitch.conf": _switch(Path("/etc/nsswitch.conf")),
    }
    made = []
    for place, text in files.items():
        file = folder / Path(place).name
        file.write_text(text, encoding="utf-8")
        made.append((str(file), place))
    made += [("/dev/null", place) for place in ELSEWHERE]
    # Only the stage's authority: nobody else is to be met there, and whoever is shall not be trusted.
    return made + ([] if ca_file is None else [(str(ca_file), place) for place in BUNDLES])


def _hosts(hosts: Mapping[str, str]) -> str:
    own = f"127.0.0.1 localhost {socket.gethostname()}\n::1 localhost ip6-localhost ip6-loopback\n"
    known = [*_local_names(), *(f"{address} {name}" for name, address in hosts.items())]
    return own + "".join(f"{line}\n" for line in known)


def _local_names() -> list[str]:
    """The machine's own lines about itself: names that a developer has given to loopback."""
    try:
        lines = Path("/etc/hosts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [line for line in lines if line.split("#")[0].strip().startswith(("127.", "::1"))]


def _switch(file: Path) -> str:
    """The machine's own, but that hosts are looked up in the file and by the resolver alone."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join([*(line for line in lines if not line.startswith("hosts:")), "hosts: files dns", ""])
