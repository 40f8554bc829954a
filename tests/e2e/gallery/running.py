"""Playing the catalogue against a library, and keeping what came of it."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.gallery.subjects import BUILD, PATIENCE, CannotRunError, Subject

SCHEMA = 1
PROFILE, SEED = "all", 0
BAD = ("FAIL", "WARN")
_NO_VERDICT = ("INCONCLUSIVE", "HARNESS_ERROR")
_SPARRING = "from sparring.harness.cli import main; main()"

Json = dict[str, Any]


def play(subject: Subject, place: Path, provider: str, grant: str, *more: str) -> Json:
    """The JSON report of one run of ``sparring check`` in that folder. CannotRunError where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-c", _SPARRING, "check", provider, "--grant", grant]
        command += ["--profile", PROFILE, "--seed", str(SEED), "--quiet", "--json", str(report), *more]
        quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(command, cwd=place, capture_output=True, check=False, timeout=4 * PATIENCE, env=quiet)
        if not report.exists():
            raise CannotRunError(f"{subject.name} gave no report for {provider}")
        read: Json = json.loads(report.read_text(encoding="utf-8"))
    return read


def of_run(report: Mapping[str, Any]) -> Json:
    """What is kept of a report: a verdict for each scenario that was played, and the checks that were not passed.

    Messages stay out: what the client draws by itself (a state, a verifier) differs from run to run.
    """
    played = [result for result in report["results"] if result["verdict"] != "SKIP"]
    return {
        "provider": report["provider"],
        "grant": report["grant"],
        "driver": report["driver"],
        "summary": {name: count for name, count in report["summary"].items() if count},
        "verdicts": {result["scenario"]: result["verdict"] for result in played},
        "checks": {
            result["scenario"]: {
                check["id"]: check["verdict"] for check in result["checks"] if check["verdict"] in (*BAD, *_NO_VERDICT)
            }
            for result in played
            if result["verdict"] in (*BAD, *_NO_VERDICT)
        },
    }


def measured(subject: Subject) -> Json:
    """All runs of a library, as its verdict file has them; the reports themselves go to ``build/gallery``."""
    place = subject.ready()
    runs = []
    for provider, grant in subject.runs:
        report = play(subject, place, provider, grant)
        name = f"{subject.folder.replace('/', '-')}-{provider}-{grant}.json"
        (BUILD / name).write_text(json.dumps(report, indent=1), encoding="utf-8")
        runs.append(of_run(report))
    return {
        "schema": SCHEMA,
        "library": subject.name,
        "versions": subject.versions(),
        "runtime": _runtime(subject),
        "sparring": report["sparring"],
        "profile": PROFILE,
        "seed": SEED,
        "runs": runs,
    }


def kept(subject: Subject) -> Json:
    """The verdict file of a library."""
    read: Json = json.loads(subject.verdicts.read_text(encoding="utf-8"))
    return read


def keep(subject: Subject, verdicts: Json) -> None:
    """Write the verdict file."""
    subject.verdicts.write_text(json.dumps(verdicts, indent=1) + "\n", encoding="utf-8")


def _runtime(subject: Subject) -> str:
    if subject.folder.startswith("python/"):
        return f"Python {platform.python_version()}"
    node = shutil.which("node") or "node"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return f"Node.js {version.strip().removeprefix('v')}"
