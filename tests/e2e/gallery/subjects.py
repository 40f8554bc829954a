"""The libraries of the gallery, each in its folder of ``examples/clients``, made ready to run."""

import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sparring.harness.manifest import Manifest, read_manifest
from tests.e2e.running import ROOT

CLIENTS = ROOT / "examples/clients"
BUILD = ROOT / "build/gallery"
PATIENCE = 300

CODE, OWN = "authorization_code", "client_credentials"
EVERY_CODE = (("ingest", CODE), ("movingimage", CODE), ("panopto", CODE))
EVERY_OWN = (("ingest", OWN), ("clickview", OWN))


class CannotRunError(Exception):
    """Why a library cannot be run on this machine, in a sentence."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One library. ``folder`` lies below ``examples/clients``; ``packages`` are those whose versions tell what was
    played; ``runs`` are the pairs of provider and grant that it can do.
    """

    name: str
    folder: str
    packages: tuple[str, ...]
    runs: tuple[tuple[str, str], ...]

    @property
    def place(self) -> Path:
        """Its folder."""
        return CLIENTS / self.folder

    @property
    def verdicts(self) -> Path:
        """Where its verdicts are kept."""
        return self.place / "verdicts.json"

    @property
    def grants(self) -> tuple[str, ...]:
        """What it can do, in the order of its runs."""
        return tuple(dict.fromkeys(grant for _, grant in self.runs))

    def manifest(self) -> Manifest:
        """Its manifest. ManifestError."""
        return read_manifest(self.place / "sparring.toml")

    def versions(self) -> dict[str, str]:
        """The version of each package, as it is pinned."""
        if self.folder.startswith("python/"):
            pins = self._pins()
            return {name: pins[name] for name in self.packages}
        locked = json.loads((self.place / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        return {name: locked[f"node_modules/{name}"]["version"] for name in self.packages}

    def ready(self) -> Path:
        """A folder with a manifest in which ``sparring check`` can be called. CannotRunError."""
        return self._with_python() if self.folder.startswith("python/") else self._with_node()

    def _pins(self) -> dict[str, str]:
        return dict(
            re.findall(r"(?m)^([\w.-]+)==(\S+)$", (self.place / "requirements.txt").read_text(encoding="utf-8"))
        )

    def _with_python(self) -> Path:
        for name, pinned in self._pins().items():
            try:
                found = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                raise CannotRunError(f"{name} is not installed here") from None
            if found != pinned:
                raise CannotRunError(f"{name} {found} is installed here, not {pinned}")
        return self.place

    def _with_node(self) -> Path:
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            raise CannotRunError("there is no Node.js with npm here")
        own = sorted(self.place.glob("*.mjs")) + [
            self.place / name for name in ("package.json", "package-lock.json", "sparring.toml")
        ]
        shared = sorted(self.place.parent.glob("*.mjs"))
        digest = hashlib.sha256()
        for file in (*own, *shared):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
        kept = BUILD / self.folder / digest.hexdigest()[:12]
        if not kept.is_dir():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".making-", dir=kept.parent) as folder:
                _install(npm, Path(folder) / "whole", own, shared)
                (Path(folder) / "whole").rename(kept)
        return kept / "client"


def _install(npm: str, whole: Path, own: list[Path], shared: list[Path]) -> None:
    place = whole / "client"
    place.mkdir(parents=True)
    for file in own:
        shutil.copy(file, place)
    for file in shared:
        shutil.copy(file, whole)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise CannotRunError("npm ci took too long") from None
    if done.returncode:
        raise CannotRunError("npm ci failed (no network?)")


SUBJECTS = (
    Subject("Authlib, requests", "python/authlib-requests-code", ("Authlib", "requests"), EVERY_CODE),
    Subject(
        "requests-oauthlib", "python/requests-oauthlib-code", ("requests-oauthlib", "oauthlib", "requests"), EVERY_CODE
    ),
    Subject(
        "requests_oauth2client",
        "python/requests-oauth2client",
        ("requests_oauth2client", "jwskate", "requests"),
        (*EVERY_OWN, *EVERY_CODE),
    ),
    Subject("httpx_auth", "python/httpx-auth", ("httpx-auth", "httpx"), (*EVERY_OWN, *EVERY_CODE)),
    Subject("openid-client", "node/openid-client-code", ("openid-client", "oauth4webapi"), EVERY_CODE),
    Subject("oauth4webapi", "node/oauth4webapi", ("oauth4webapi",), EVERY_CODE),
    Subject("simple-oauth2", "node/simple-oauth2-code", ("simple-oauth2", "@hapi/wreck"), EVERY_CODE),
    Subject("passport-oauth2", "node/passport-oauth2", ("passport-oauth2", "oauth", "express"), EVERY_CODE),
)
"""In the order of the table's columns."""
