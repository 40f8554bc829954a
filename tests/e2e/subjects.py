"""Programs with the providers' real hosts in their source, made ready to run; what there is, what each one needs."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.node import CannotRunError, digest_of, node_program, ready_folder
from tests.sampling import THOROUGH

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests/clients/subjects"
CACHE = ROOT / "build/subjects"
PATIENCE = 180

CREDENTIALS: Mapping[str, Mapping[str, str]] = {
    "rotor": {
        "ROTORVIDEOS_APP_ID": "{client_id}",
        "ROTORVIDEOS_APP_SECRET": "{client_secret}",
        "ROTORVIDEOS_USER": "artist-42",
    },
    "clickview": {"CLICKVIEW_ID": "{client_id}", "CLICKVIEW_SECRET": "{client_secret}"},
    "ingest": {"INGEST_APP_ID": "{client_id}", "INGEST_APP_SECRET": "{client_secret}"},
}
"""The variables by which the programs learn who they are: NAME=TEMPLATE, as ``sparring check --env`` takes them."""


Command = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A program. ``command`` makes it ready and says how it runs in a mode (CannotRunError); ``modes`` are the ways by
    which its HTTP stack is caught.
    """

    name: str
    provider: str
    command: Command
    modes: tuple[str, ...]

    @property
    def exec_env(self) -> Mapping[str, str]:
        """Its variables as ``sparring exec --env`` takes them, where all providers are there."""
        named = CREDENTIALS[self.provider]
        return {
            name: template.replace("{", f"{{{self.provider}[").replace("}", "]}") for name, template in named.items()
        }


def _node(name: str) -> Command:
    return lambda _: (node_program(), str(ready_folder(SOURCES / "node", CACHE / "node") / name))


def _fetching_node(name: str) -> Command:
    """Node.js heeds NODE_USE_ENV_PROXY from 22.21 and 24.5 on."""

    def command(mode: str) -> tuple[str, ...]:
        told = subprocess.run([node_program(), "--version"], capture_output=True, text=True, check=True).stdout
        major, minor = (int(part) for part in told.strip().removeprefix("v").split(".")[:2])
        if mode == "proxy" and not ((major, minor) >= (24, 5) or (major == 22 and minor >= 21)):
            raise CannotRunError(f"Node.js {major}.{minor} heeds no proxy variables; 22.21 and 24.5 do")
        return _node(name)(mode)

    return command


def _python(module: str) -> Command:
    def command(_: str) -> tuple[str, ...]:
        if importlib.util.find_spec(module.partition(".")[0]) is None:
            raise CannotRunError(f"the package {module} is not installed")
        return (sys.executable, str(SOURCES / f"python/with_{module.partition('.')[0]}.py"))

    return command


def _shell(_: str) -> tuple[str, ...]:
    _program("curl")
    return (_program("sh"), str(SOURCES / "shell/with_curl.sh"))


def _go(_: str) -> tuple[str, ...]:
    go, folder = _program("go"), SOURCES / "go"
    binary = CACHE / f"go-{digest_of([folder / 'main.go', folder / 'go.mod'])}" / "subject"
    if not THOROUGH and not binary.exists():
        # Compiling takes half a minute where nothing was compiled before: Go brings its library as source.
        raise CannotRunError("the Go program is compiled in thorough runs only, and used in all runs from then on")
    _made(binary.parent, lambda place: [go, "build", "-C", str(folder), "-o", str(place / binary.name), "."])
    return (str(binary),)


def _java(_: str) -> tuple[str, ...]:
    java, javac = _program("java"), _program("javac")
    source = SOURCES / "java/WithHttpClient.java"
    classes = CACHE / f"java-{digest_of([source])}"
    _made(classes, lambda place: [javac, "-d", str(place), str(source)])
    return (java, "-XX:TieredStopAtLevel=1", "-cp", str(classes), source.stem)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotRunError(f"there is no {name} here")
    return found


def _made(place: Path, command: Callable[[Path], list[str]]) -> None:
    """Compile into a folder, once: elsewhere first, since two test processes may be at it."""
    if place.is_dir():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent) as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        try:
            done = subprocess.run(command(whole), capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            raise CannotRunError(f"{command(whole)[0]} took too long") from None
        if done.returncode:
            raise CannotRunError(f"{' '.join(command(whole)[:2])} failed: {done.stderr.strip()[:200]}")
        try:
            whole.rename(place)
        except OSError:
            if not place.is_dir():
                raise


_EVERY = ("env", "proxy", "sandbox")

SUBJECTS = (
    Subject("node-fetch 2", "rotor", _fetching_node("with_node_fetch.js"), _EVERY),
    Subject("fetch of Node.js", "rotor", _fetching_node("with_fetch.mjs"), _EVERY),
    Subject("axios", "rotor", _node("with_axios.mjs"), _EVERY),
    Subject("curl", "clickview", _shell, _EVERY),
    Subject("requests", "ingest", _python("requests"), _EVERY),
    Subject("httpx", "ingest", _python("httpx"), _EVERY),
    Subject("aiohttp", "ingest", _python("aiohttp"), ("env", "sandbox")),
    Subject("urllib", "ingest", _python("urllib.request"), _EVERY),
    Subject("net/http of Go", "clickview", _go, ("proxy", "sandbox")),
    Subject("java.net.http", "clickview", _java, ("proxy", "sandbox")),
)
