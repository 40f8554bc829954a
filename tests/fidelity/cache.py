"""Where the engines' own archives are kept: fetched once, by the registries' ordinary clients, and unpacked."""

import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

DOWNLOAD_SECONDS = 1200


class Unavailable(Exception):
    """Something that the comparison needs is not on this machine; the message says what, in one sentence."""


def folder() -> Path:
    """The cache: the folder that SPARRING_FIDELITY_CACHE names, else ~/.cache/sparring/fidelity; made if missing."""
    named = os.environ.get("SPARRING_FIDELITY_CACHE")
    path = Path(named) if named else Path.home() / ".cache" / "sparring" / "fidelity"
    path.mkdir(parents=True, exist_ok=True)
    return path


def tool(name: str, wanted_for: str) -> str:
    """The path of that program.

    Raises:
        Unavailable: it is not on the PATH.
    """
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"{name} is not on this machine; {wanted_for} needs it.")
    return path


def from_maven(group: str, artifact: str, version: str, packaging: str) -> Path:
    """That archive of Maven Central, in the cache.

    Raises:
        Unavailable: Maven is missing, or has not brought it.
    """
    archive = folder() / f"{artifact}-{version}.{packaging}"
    if archive.exists():
        return archive
    coordinates = f"{group}:{artifact}:{version}:{packaging}"
    command = [tool("mvn", f"fetching {coordinates}"), "-q", "-B", "dependency:copy"]
    command += [f"-Dartifact={coordinates}", f"-DoutputDirectory={folder()}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False)
    if not archive.exists():
        said = (ran.stdout + ran.stderr).strip().splitlines()
        raise Unavailable(f"Maven did not bring {coordinates}: {said[0] if said else 'it said nothing'}")
    return archive


def unpacked(archive: Path, top: str) -> Path:
    """The folder ``top`` of that archive, unpacked in the cache."""
    home = archive.parent / top
    if home.exists():
        return home
    scratch = archive.parent / f"{top}.unpacking"
    shutil.rmtree(scratch, ignore_errors=True)
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(scratch)
    else:
        with tarfile.open(archive) as opened:
            opened.extractall(scratch, filter="data")
    (scratch / top).rename(home)
    shutil.rmtree(scratch)
    return home
