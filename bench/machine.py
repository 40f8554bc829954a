"""What the figures of a run depend on: the machine and the versions."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.installing import UnavailableError, node
from bench.processes import cores

PACKAGES = ("uvicorn", "uvloop", "httptools", "starlette", "cryptography", "pyjwt")


def described() -> dict[str, str]:
    """Names and values, in the order in which they are told."""
    count = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "Processor": f"{_processor()}, {count} core{'s' * (count > 1)}, {memory:.0f} GiB",
        "Cores": ", ".join(f"{core} for the {role}" for role, core in cores().items()) or "server and load share them",
        "Load average before": f"{os.getloadavg()[0]:.1f}",
        "System": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": f"{platform.python_version()}, {', '.join(filter(None, map(_package, PACKAGES)))}",
        "openssl": said(("openssl", "version")),
        "wrk": said(("wrk", "-v")),
        "Node": _node(),
        "Java": said(("java", "-version")),
    }


def busy() -> bool:
    """Whether more is wanted of the machine than it has."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def said(command: tuple[str, ...]) -> str:
    """The version in what a program says of itself; "none" where there is no such program."""
    if shutil.which(command[0]) is None:
        return "none"
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    found = re.search(r"\d+(\.\d+)+[\w.+-]*", ran.stdout + ran.stderr)
    return found[0] if found else "?"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def _node() -> str:
    try:
        return said((node(), "--version"))
    except UnavailableError:
        return "none"
