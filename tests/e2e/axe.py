"""The accessibility check axe-core, made ready to run: its package is installed once, in ``build``."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests/e2e/axe_core"
CACHE = ROOT / "build/axe"
MANIFESTS = ("package.json", "package-lock.json")
PATIENCE = 120
SERIOUS = ("serious", "critical")


def axe_script() -> str:
    """The program text; the test is skipped, and says why, where it cannot be had."""
    digest = hashlib.sha256(b"\0".join((SOURCES / name).read_bytes() for name in MANIFESTS)).hexdigest()[:12]
    place = CACHE / digest
    if not place.is_dir():
        _install(place)
    return (place / "node_modules/axe-core/axe.min.js").read_text("utf-8")


def findings(browser: WebDriver, script: str, *, least: tuple[str, ...] = SERIOUS) -> list[str]:
    """What axe-core says against the page, one sentence for each place; ``least`` are the grades that count."""
    browser.execute_script(script)
    run = "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations))"
    violations: list[dict[str, Any]] = browser.execute_async_script(run)
    return [
        f"{each['impact']} {each['id']}: {each['help']}: {node['html'][:200]}"
        for each in violations
        if each["impact"] in least
        for node in each["nodes"]
    ]


def _install(place: Path) -> None:
    """Make the folder whole elsewhere first: two test processes may be at it, and one may be interrupted."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm here, which installs axe-core")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent) as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        for name in MANIFESTS:
            shutil.copy(SOURCES / name, whole)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"]
        try:
            done = subprocess.run(command, cwd=whole, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip("npm ci took too long for axe-core")
        if done.returncode:
            pytest.skip("npm ci failed for axe-core (no network?)")
        try:
            whole.rename(place)
        except OSError:
            if not place.is_dir():
                raise
