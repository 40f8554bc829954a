"""The audit of dependencies: what is known is told and fails; what could not be asked is told and does not."""

# ruff: noqa: D103 - the names are sentences

import json
import runpy
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUDIT: dict[str, Any] = runpy.run_path(str(ROOT / ".ci/audit.py"), run_name="audit")

GOOD = {"name": "click", "version": "8.3.0", "vulns": []}
BAD = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"], "aliases": []}],
}
SKIPPED = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.parametrize(
    ("packages", "code", "line"),
    [
        ([GOOD], 0, "audit: nothing known of 1 packages"),
        ([GOOD, SKIPPED], 0, "audit: nothing known of 1 packages; 1 not looked up"),
        ([GOOD, BAD], 1, "audit: jinja2 2.4.1: PYSEC-2014-8; mended in 2.7.2"),
        ([SKIPPED, SKIPPED], 0, "audit: skipped; none of 2 packages could be looked up"),
    ],
)
def test_a_report_comes_to_a_code_and_to_words(packages: list[Any], code: int, line: str) -> None:
    assert AUDIT["verdict"](json.dumps({"dependencies": packages, "fixes": []})) == (code, [line])


@pytest.mark.parametrize("report", ["", "no JSON", "[]", "{}"])
def test_no_report_is_no_good_news(report: str) -> None:
    assert AUDIT["verdict"](report) == (0, ["audit: skipped; pip-audit gave no report"])


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, '{"vulnerabilities": [{"id": "PYSEC-2014-8"}]}', ""),
        (200, '{"vulnerabilities": []}', "names no vulnerability, and there are some"),
        (404, "{}", "HTTP Error 404"),
        (200, "<html>", "Expecting value"),
    ],
)
def test_an_index_without_advisories_is_found_out(status: int, body: str, why: str) -> None:
    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Index) as server:
        Thread(target=server.handle_request, daemon=True).start()
        said = AUDIT["answers"](f"http://127.0.0.1:{server.server_port}/pypi/jinja2/2.4.1/json")
    assert why in said
    assert bool(said) == bool(why)


def test_nobody_there_is_told() -> None:
    assert "refused" in AUDIT["answers"]("http://127.0.0.1:1/")


def test_github_accepts_the_workflow() -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows")
    done = subprocess.run(
        (*command, str(ROOT / ".github/workflows/audit.yml")), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
