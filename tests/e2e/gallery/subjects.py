"""The libraries of the gallery: each a folder ``examples/clients/<language>/<library>`` with a ``gallery.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sparring.harness.manifest import Manifest, read_manifest
from tests.e2e.gallery.pins import pinned
from tests.e2e.running import ROOT

CLIENTS = ROOT / "examples/clients"
CODE, OWN = "authorization_code", "client_credentials"

Command = tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """``examples/clients/<folder>/language.toml``: what the libraries of one language have in common.

    ``runtime`` prints its version. ``build`` is run in a copy of a library's folder, ``installed`` prints the names and
    versions of what is on this machine (the names of the pins are its further words), ``script`` runs a reproduction,
    which stands in ``{file}`` with that ``suffix``. ``{python}`` in any of them is this interpreter.
    """

    folder: str
    title: str
    runtime: Command
    pins: str
    build: tuple[Command, ...] = ()
    installed: Command = ()
    script: Command = ()
    suffix: str = ""


@dataclass(frozen=True)
class Subject:
    """One library. ``packages`` are those whose versions tell what was played; ``runs`` are the pairs of provider and
    grant that it can do; ``note`` says what the documentation left to the reader.
    """

    name: str
    folder: str
    language: Language
    packages: tuple[str, ...]
    runs: tuple[tuple[str, str], ...]
    pins: str
    build: tuple[Command, ...]
    note: str

    @property
    def place(self) -> Path:
        """Its folder."""
        return CLIENTS / self.folder

    @property
    def verdicts(self) -> Path:
        """Where its verdicts are kept."""
        return self.place / "verdicts.json"

    @property
    def played(self) -> bool:
        """Whether there are verdicts of it."""
        return self.verdicts.exists()

    def manifest(self) -> Manifest:
        """Its manifest. ManifestError."""
        return read_manifest(self.place / "sparring.toml")

    @cached_property
    def all_pins(self) -> Mapping[str, str]:
        """The version of everything that its lock file pins."""
        return pinned(self.place / self.pins)

    def versions(self) -> dict[str, str]:
        """The version of each package, as it is pinned."""
        return {name: self.all_pins[name] for name in self.packages}


def subjects() -> tuple[Subject, ...]:
    """All of them, in the order of the page: by language and folder."""
    found = []
    for about in sorted(CLIENTS.glob("*/language.toml")):
        language = _language(about)
        found += [_subject(each, language) for each in sorted(about.parent.glob("*/gallery.toml"))]
    return tuple(found)


def _language(about: Path) -> Language:
    said = _read(about)
    said["build"] = tuple(tuple(command) for command in said.get("build", ()))
    for name in ("runtime", "installed", "script"):
        said[name] = tuple(said.get(name, ()))
    return Language(folder=about.parent.name, **said)


def _subject(about: Path, language: Language) -> Subject:
    said = _read(about)
    return Subject(
        name=said["library"],
        folder=f"{language.folder}/{about.parent.name}",
        language=language,
        packages=tuple(said["packages"]),
        runs=tuple((provider, grant) for grant, providers in said["runs"].items() for provider in providers),
        pins=said.get("pins", language.pins),
        build=tuple(tuple(command) for command in said["build"]) if "build" in said else language.build,
        note=said.get("note", ""),
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


SUBJECTS = subjects()
