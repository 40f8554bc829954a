"""The versions that a lock file pins."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

Pins = Mapping[str, str]


def pinned(path: Path) -> Pins:
    """Version by package. The file's name says how it is written; ``name version`` or ``name==version`` on each line
    where it is none that is known here.
    """
    return _READERS.get(path.name, lines)(path.read_text(encoding="utf-8"))


def lines(text: str) -> Pins:
    """Of ``name version`` or ``name==version`` on each line; what begins with # is a remark."""
    return dict(re.findall(r"(?m)^([^\s#=]+)(?:==|[ \t]+)(\S+)", text))


def _npm(text: str) -> Pins:
    packages = json.loads(text)["packages"]
    return {name.removeprefix("node_modules/"): about["version"] for name, about in packages.items() if name}


def _go(text: str) -> Pins:
    return dict(re.findall(r"(?m)^(?:require )?\s*(\S+) (v\d\S*)", text))


def _cargo(text: str) -> Pins:
    return dict(re.findall(r'(?m)^name = "(.+)"\nversion = "(.+)"', text))


def _maven(text: str) -> Pins:
    return dict(re.findall(r"<artifactId>([^<]+)</artifactId>\s*<version>([^<$]+)</version>", text))


def _gems(text: str) -> Pins:
    return dict(re.findall(r"(?m)^    (\S+) \(([^)]+)\)$", text))


def _composer(text: str) -> Pins:
    return {about["name"]: about["version"] for about in json.loads(text)["packages"]}


_READERS: Mapping[str, Callable[[str], Pins]] = {
    "package-lock.json": _npm,
    "go.mod": _go,
    "Cargo.lock": _cargo,
    "pom.xml": _maven,
    "Gemfile.lock": _gems,
    "composer.lock": _composer,
}
