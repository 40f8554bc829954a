"""``sparring.toml``: what a repository says about its client, so that ``sparring check`` needs no arguments."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import msgspec

_DOTS = 1000
"""In one line, at most: the time for a dotted key grows with the square of its parts."""


class ManifestError(ValueError):
    """A manifest that cannot be used; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """How a web application's page looks when all went well."""

    status: int = 200
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The table ``[client]``. Everything is optional; the command line wins."""

    provider: str | None = None
    grant: str | None = None
    driver: str | None = None
    command: tuple[str, ...] = ()
    intercept: str | None = None
    hosts: tuple[str, ...] = ()
    redirect_uri: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    supports: frozenset[str] | None = None
    public: bool = False
    as_documented: bool = False
    monotonic_lifetimes: bool = False
    exit_codes: Mapping[str, str] = field(default_factory=dict)
    visit_pattern: str | None = None
    paste: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    pass_env: tuple[str, ...] = ()
    cwd: str | None = None
    timeout: float | None = None
    baseline: str | None = None
    base_url: str | None = None
    login_path: str | None = None
    callback_path: str | None = None
    action_path: str | None = None
    logout_path: str | None = None
    success: Success | None = None


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says, whatever its tables are. ManifestError."""
    try:
        text = path.read_text(encoding="utf-8")
        if any(line.count(".") > _DOTS for line in text.splitlines()):
            raise ValueError(f"a line has more than {_DOTS} dots")
        return tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ManifestError(f"{path.name} cannot be read: {error}") from error


def read_manifest(path: Path) -> Manifest:
    """The manifest in that file; an empty one where there is no file. ManifestError."""
    if not path.exists():
        return Manifest()
    document = read_toml(path)
    _only(document, ("client", "serve"), path.name)
    client = document.get("client", {})
    if not isinstance(client, dict):
        raise ManifestError(f"{path.name}: [client] is a table")
    _only(client, tuple(f.name for f in fields(Manifest)), f"[client] of {path.name}")
    try:
        return msgspec.convert(client, Manifest)
    except msgspec.ValidationError as error:
        raise ManifestError(f"{path.name}: {error}") from error


def nearest(word: str, known: tuple[str, ...]) -> str:
    """The tail of a complaint about an unknown word."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"


def _only(table: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    for name in table:
        if name not in known:
            raise ManifestError(f"unknown key {name!r} in {what}; {nearest(name, known)}")
