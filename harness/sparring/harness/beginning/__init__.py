"""What ``sparring init`` writes: a manifest, a CI job, an example of a client and a test of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from json import dumps
from pathlib import Path

from sparring.contracts import facts
from sparring.contracts.places import built_in

CLIENT = "oauth_client.py"
"""The example's name."""

JOBS = {"github": ".github/workflows/sparring.yml", "gitlab": ".gitlab/sparring.yml"}
"""The files with a CI job, by the service."""

_FLOWS = {"rotor": "partner"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is begun: the provider, one of its grants, the client's own command (None: an example is written as well),
    and the CI service (None: no job).
    """

    provider: str
    grant: str
    command: tuple[str, ...] | None = None
    service: str | None = None


def documents(wish: Wish) -> dict[str, str]:
    """The files that are wished for, by their paths."""
    made = {"sparring.toml": _filled("sparring.toml", provider=wish.provider, grant=wish.grant, command=_command(wish))}
    if wish.command is None:
        made[CLIENT] = example_client(wish.provider, wish.grant)
        test = _text(f"test_{_flow(wish.provider, wish.grant)}.py")
        made[f"test_{CLIENT}"] = test.replace("{provider}", wish.provider)
        if wish.provider not in built_in():
            made["conftest.py"] = _filled("conftest.py", provider=wish.provider)
    if wish.service is not None:
        made[JOBS[wish.service]] = _text(f"{wish.service}.yml").replace("{version}", version("sparring"))
    return made


def write(folder: Path, made: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Write what is not there yet: the paths that were written, and those that were kept as they are. OSError."""
    written, kept = [], []
    for path, text in made.items():
        place = folder / path
        if place.exists():
            kept.append(path)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        written.append(path)
    return written, kept


def example_client(provider: str, grant: str) -> str:
    """A client of that provider for that grant, in the standard library's Python."""
    # [engine] Panopto refuses a code_verifier from a client that has a secret
    pkce = str(facts(provider).pkce != "refused")
    return _text(f"{_flow(provider, grant)}.py").replace("{common}", _text("common.py")).replace("{pkce}", pkce)


def _flow(provider: str, grant: str) -> str:
    return _FLOWS.get(provider, "person" if grant == "authorization_code" else "application")


def _command(wish: Wish) -> str:
    return dumps(list(wish.command or ("python3", CLIENT)), ensure_ascii=False)


def _filled(name: str, **values: str) -> str:
    return _text(name).format(**values)


def _text(name: str) -> str:
    return files("sparring.harness.beginning").joinpath("files", f"{name}.txt").read_text(encoding="utf-8")
