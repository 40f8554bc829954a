"""Which client would survive? `sparring check` on a careful client, broken ones, and real libraries in use.

Exit code 0 when everybody was judged: a library that fails a check is the point of this, not an error.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = ROOT / "examples" / "clients"
SPARRING = Path(sys.executable).with_name("sparring")
PATIENCE = 600
GRANTS = {"code": "authorization_code", "app": "client_credentials"}
SHOWN = (
    "*-happy*", "token-error-invalid-client", "token-error-with-200", "token-type-mac", "token-type-lowercase",
    "token-missing-access-token", "token-html-with-200", "token-endpoint-redirect-307", "expires-in-string",
    "refresh-happy", "refresh-rotation", "api-401-*", "state-*", "callback-replayed", "authz-error-access-denied",
    "nonce-mismatch", "id-token-wrong-aud", "ingest-scope-commas", "always",
)  # fmt: skip
"""A taste of the catalogue, small enough for a demonstration."""

WORST_FIRST = ("HARNESS_ERROR", "FAIL", "INCONCLUSIVE", "WARN")

Lack = Callable[[], str]


@dataclass(frozen=True)
class Subject:
    """Somebody to be judged. ``lack`` says what is missing for it on this machine, or nothing."""

    name: str
    provider: Literal["clickview", "ingest", "movingimage", "panopto", "rotor"]
    grant: Literal["code", "app"]
    command: tuple[str, ...]
    driver: Literal["oneshot", "session"] = "oneshot"
    lack: Lack = str


def missing_module(name: str, package: str = "") -> Lack:
    """Something written with a Python library."""
    return lambda: "" if find_spec(name) else f"{package or name} is not installed (pip install 'sparring[examples]')"


def missing_curl() -> str:
    """A shell script."""
    return "" if shutil.which("curl") and shutil.which("sh") else "there is no curl here"


@cache
def missing_node() -> str:
    """Something written for Node.js, with nothing else."""
    node = shutil.which("node")
    if node is None:
        return "there is no Node.js here"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not version.removeprefix("v").partition(".")[0].isdigit() or int(version[1:].partition(".")[0]) < 20:
        return f"Node.js 20 or later is needed, this is {version or 'broken'}"
    return ""


@cache
def missing_packages() -> str:
    """Something written with npm packages, which are installed on the way."""
    lack, npm = missing_node(), shutil.which("npm")
    if lack or (CLIENTS / "node_modules" / "openid-client").exists():
        return lack
    if npm is None:
        return "there is no npm here"
    try:
        done = subprocess.run([npm, "ci"], cwd=CLIENTS, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return "npm ci took too long"
    return "" if done.returncode == 0 else "npm ci failed (no network?)"


def python(*command: str) -> tuple[str, ...]:
    """A command for the interpreter that runs this."""
    return (sys.executable, *command)


def subjects() -> Iterator[Subject]:
    """Everybody, in the order of the table."""
    careful = "tests/clients/good/careful.py"
    yield Subject("careful client", "ingest", "code", python(careful), driver="session")
    yield Subject("careful client", "ingest", "app", python(careful), driver="session")
    yield Subject("careful client", "clickview", "app", python(careful), driver="session")
    yield Subject("careful client", "rotor", "app", python(careful), driver="session")
    yield Subject("careful client", "movingimage", "code", python(careful), driver="session")
    yield Subject("careful client", "panopto", "code", python(careful), driver="session")
    yield Subject("careful client", "ingest", "code", python(careful, "--oneshot"))
    for flaw, switch in (("state", "no-token-request-after-forged-state"), ("log", "secret-never-in-logs")):
        broken = python("tests/clients/broken/client.py", "--switch", switch)
        yield Subject(f"broken client ({flaw})", "ingest", "code", broken, driver="session")
    minimal = python("examples/clients/session_minimal.py")
    yield Subject("fifty lines of Python", "clickview", "app", minimal, driver="session")
    for library, module in (("Authlib", "authlib"), ("requests-oauthlib", "requests_oauthlib")):
        stem, lack = f"examples/clients/{module}", missing_module(module)
        code = "_code" if module == "authlib" else ""
        yield Subject(library, "ingest", "code", python(f"{stem}_ingest{code}.py"), lack=lack)
        yield Subject(library, "clickview", "app", python(f"{stem}_clickview.py"), lack=lack)
    lack = missing_module("keycloak", "python-keycloak")
    keycloak = python("examples/clients/python_keycloak_movingimage.py")
    yield Subject("python-keycloak", "movingimage", "code", keycloak, lack=lack)
    node = ("node", "examples/clients/openid_client_ingest.mjs")
    yield Subject("openid-client", "ingest", "code", node, lack=missing_packages)
    node = ("node", "examples/clients/openid_client_clickview.mjs")
    yield Subject("openid-client", "clickview", "app", node, lack=missing_packages)
    node = ("node", "examples/clients/rotor_fetch.mjs")
    yield Subject("fetch, by the page", "rotor", "app", node, lack=missing_node)
    yield Subject("curl, by the page", "ingest", "app", ("sh", "examples/clients/curl_ingest.sh"), lack=missing_curl)
    sh = ("sh", "examples/clients/curl_clickview.sh")
    yield Subject("curl, by the page", "clickview", "app", sh, lack=missing_curl)


def judge(subject: Subject) -> dict[str, Any] | str:
    """The report on a subject, or a sentence on why there is none."""
    with tempfile.TemporaryDirectory(prefix="sparring-demo-") as folder:
        report = Path(folder) / "report.json"
        command = [str(SPARRING), "check", subject.provider, "--grant", GRANTS[subject.grant]]
        command += ["--driver", subject.driver, "--json", str(report), "--quiet"]
        command += [*(word for one in SHOWN for word in ("--scenario", one)), "--"]
        try:
            done = subprocess.run(
                [*command, *subject.command], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            if done.returncode in {0, 1}:
                found: dict[str, Any] = json.loads(report.read_text())
                return found
        except (subprocess.TimeoutExpired, OSError, ValueError) as error:
            return f"not judged: {error}"
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return f"not judged: sparring check ended with {done.returncode} ({last})"


def first_finding(report: dict[str, Any]) -> Text:
    """The worst that was found, and of that the first, in one line."""
    for verdict in WORST_FIRST:
        for result in report["results"]:
            for check in result["checks"]:
                if check["verdict"] == verdict:
                    message = " ".join(str(check.get("message", "")).split())
                    return Text.assemble((check["id"], STYLES.get(verdict, "")), f": {message}")
    return Text("nothing to say against it", style="dim")


STYLES = {"PASS": "green", "WARN": "yellow", "FAIL": "red", "SKIP": "dim", "INCONCLUSIVE": "red"}
COUNTED = ("PASS", "WARN", "FAIL", "SKIP")


def grid(*cells: str | Text, style: str = "") -> Table:
    """One row. Each is a table of its own, all of the same widths, so that it can be shown as soon as it is there."""
    row = Table.grid(padding=(0, 1))
    row.style = style
    for width in (24, 17, 7):
        row.add_column(width=width, no_wrap=True)
    for _ in COUNTED:
        row.add_column(width=4, justify="right")
    row.add_row(*cells)
    return row


def line(subject: Subject, numbers: Sequence[Text]) -> Table:
    """A client and its verdicts."""
    return grid(subject.name, f"{subject.provider} {subject.grant}", Text(subject.driver, style="dim"), *numbers)


def heading() -> Table:
    """What the columns are."""
    return grid("client", "provider, grant", "driver", *COUNTED, style="bold")


def counts(report: dict[str, Any] | None) -> list[Text]:
    """How many of each verdict; nothing to count where there is no report."""
    if report is None:
        return [Text("-", style="dim")] * len(COUNTED)
    found = report["summary"]
    return [Text(str(found.get(v, 0)), style=STYLES[v] if found.get(v) else "dim") for v in COUNTED]


def main() -> int:
    """Judge one after the other and show each verdict at once."""
    console = Console(highlight=False)
    console.print(heading())
    unjudged = 0
    for subject in subjects():
        with console.status(f"{subject.name} at {subject.provider} ..."):
            lack = subject.lack()
            report = lack or judge(subject)
        if isinstance(report, str):
            unjudged += not lack
            console.print(line(subject, counts(None)))
            word = Text(f"skipped: {report}" if lack else report, style="dim" if lack else "red")
        else:
            console.print(line(subject, counts(report)))
            word = first_finding(report)
        word = Text.assemble("  ", word)
        if console.is_terminal:
            console.print(word, no_wrap=True, overflow="ellipsis")
        else:
            console.print(word, soft_wrap=True)  # a log has room for the whole of it
    console.print("\nEach finding at length: sparring explain CHECK", style="dim")
    return 1 if unjudged else 0


if __name__ == "__main__":
    sys.exit(main())
