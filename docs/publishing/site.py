"""The site: the pages as they are in the repository, with copies of what they link to, built without a warning."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs.publishing.links import ROOT, copies, led

CONFIGURATION = Path(__file__).with_name("zensical.toml")
DOCS = ROOT / "docs"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def build(folder: Path) -> Path:
    """Build the site below that folder, anew, and return where it lies.

    Raises ValueError where a page is not fit to be shown, or where Zensical warns.
    """
    lay_out(folder)
    command = (sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(folder / CONFIGURATION.name))
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False)
    if done.returncode:
        raise ValueError(COLOUR.sub("", done.stderr.partition("Traceback")[0]))
    return folder / "site"


def lay_out(folder: Path) -> None:
    """Write the pages of the site, and what belongs to them, below that folder.

    Raises ValueError where a page is in no chapter, a chapter names no page, or a link leads to no file.
    """
    pages = {path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    configuration = CONFIGURATION.read_text(encoding="utf-8")
    told = list(named(tomllib.loads(configuration)["project"]["nav"]))
    for wrong, what in ((set(pages) - set(told), "not in the navigation"), (set(told) - set(pages), "no page")):
        if wrong:
            raise ValueError(f"docs/publishing/zensical.toml: {', '.join(sorted(wrong))}: {what}")
    for name in ("pages", "site", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for uri, text in {**pages, **copies(pages)}.items():
        write(folder / "pages" / uri, led(uri, text))
    beside = shutil.ignore_patterns("publishing", "*.md")
    shutil.copytree(DOCS, folder / "pages", ignore=beside, dirs_exist_ok=True)
    write(folder / CONFIGURATION.name, configuration)


def named(entries: list[Any]) -> Iterator[str]:
    """The pages that a navigation names, in its order."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            for below in entry.values():
                yield from named(below if isinstance(below, list) else [below])


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
