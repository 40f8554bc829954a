"""Packages that seem to be installed: files and entry points in a folder on the path, for this test alone."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sparring.contracts import facts, loading, openapi, places
from sparring.contracts.clauses import _of_installed
from sparring.harness import scenarios
from sparring.mocks import providers

CACHED = (
    providers._installed,
    places._installed,
    places.contract_file,
    facts,
    _of_installed,
    loading.rules,
    openapi.document,
    scenarios.catalogue,
)


def write_package(site: Path, name: str, entries: Mapping[str, Mapping[str, str]], files: Mapping[str, str]) -> None:
    """A distribution of that name, with these entry points by group, and these files."""
    info = site / f"{name.replace('-', '_')}-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n", encoding="utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{one} = {value}\n" for one, value in rows.items()) for group, rows in entries.items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")


@contextmanager
def installed(*sites: Path) -> Iterator[None]:
    """What lies in these folders is installed until the block ends."""
    before, modules = list(sys.path), set(sys.modules)
    sys.path[:0] = [str(site) for site in sites]
    forget()
    try:
        yield
    finally:
        sys.path[:] = before
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if any(file.startswith(str(site)) for site in sites):
                del sys.modules[name]
        forget()


def forget() -> None:
    """Look around anew."""
    importlib.invalidate_caches()
    for each in CACHED:
        each.cache_clear()
