"""Playing the catalogue against a library, and keeping what came of it."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sparring.harness.scenarios import ALL
from tests.e2e.gallery.making import BUILD, PATIENCE, CannotRunError, ready, runtime
from tests.e2e.gallery.subjects import Subject

SCHEMA = 2
PROFILE, SEED = "all", 0
BAD = ("FAIL", "WARN")
_NO_VERDICT = ("INCONCLUSIVE", "HARNESS_ERROR")
_WORST_FIRST = ("HARNESS_ERROR", "FAIL", "INCONCLUSIVE", "WARN")
_OF_THE_PLUMBING = "client-terminates"
_COUNTED = ("PASS", "WARN", "FAIL", "ALLOWED", *_NO_VERDICT)
_SPARRING = "from sparring.harness.cli import main; main()"

Json = dict[str, Any]


def play(subject: Subject, place: Path, provider: str, grant: str, *more: str) -> Json:
    """The JSON report of one run of ``sparring check`` in that folder. CannotRunError where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-c", _SPARRING, "check", provider, "--grant", grant]
        command += ["--profile", PROFILE, "--seed", str(SEED), "--quiet", "--json", str(report), *more]
        found_first = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PATH": found_first}
        done = subprocess.run(
            command, cwd=place, capture_output=True, text=True, check=False, timeout=4 * PATIENCE, env=quiet
        )
        if not report.exists():
            raise CannotRunError(f"{subject.name} gave no report for {provider}: {done.stderr[-300:]}")
        read: Json = json.loads(report.read_text(encoding="utf-8"))
    return read


def of_run(report: Mapping[str, Any]) -> Json:
    """What is kept of a report: a verdict for each scenario that was played, and the checks that were not passed.

    Messages stay out: what the client draws by itself (a state, a verifier) differs from run to run. So does how soon
    the process ends, which is the plumbing's and no library's.
    """
    own = [_of_the_library(result) for result in report["results"]]
    played = [result for result in own if result["verdict"] != "SKIP"]
    listed = [result["verdict"] for result in own]
    return {
        "provider": report["provider"],
        "grant": report["grant"],
        "driver": report["driver"],
        "summary": {name: listed.count(name) for name in report["summary"] if name in listed},
        "verdicts": {result["scenario"]: result["verdict"] for result in played},
        "checks": {
            result["scenario"]: {
                check["id"]: check["verdict"] for check in result["checks"] if check["verdict"] in (*BAD, *_NO_VERDICT)
            }
            for result in played
            if result["verdict"] in (*BAD, *_NO_VERDICT)
        },
    }


def _of_the_library(result: Json) -> Json:
    checks = [check for check in result["checks"] if check["id"] != _OF_THE_PLUMBING]
    if len(checks) == len(result["checks"]):
        return result
    found = {check["verdict"] for check in checks}
    return result | {"checks": checks, "verdict": next((one for one in _WORST_FIRST if one in found), "PASS")}


def measured(subject: Subject, providers: Sequence[str] = (), scenarios: Sequence[str] = ()) -> Json:
    """All runs of a library, as its verdict file has them; the reports themselves go to ``build/gallery``.

    With ``providers`` only the runs there are played, with ``scenarios`` only these; what else the verdict file has of
    the same versions and catalogue stays. CannotRunError.
    """
    place, under = ready(subject), runtime(subject)
    runs = []
    for provider, grant in subject.runs:
        before = _before(subject, provider, grant) if providers or scenarios else None
        if before is not None and provider not in (providers or (provider,)):
            runs.append(before)
            continue
        report = play(subject, place, provider, grant, *(word for one in scenarios for word in ("--scenario", one)))
        if scenarios and before is not None:
            runs.append(_again(before, of_run(report)))
            continue
        name = f"{subject.folder.replace('/', '-')}-{provider}-{grant}.json"
        (BUILD / name).write_text(json.dumps(report, indent=1), encoding="utf-8")
        runs.append(of_run(report))
    return {
        "schema": SCHEMA,
        "library": subject.name,
        "language": subject.language.title,
        "versions": subject.versions(),
        "runtime": under,
        "sparring": version("sparring"),
        "scenarios": {"set": PROFILE, "sha256": catalogue()},
        "seed": SEED,
        "runs": runs,
    }


def _before(subject: Subject, provider: str, grant: str) -> Json | None:
    """That run as the verdict file has it, where it is of these versions and this catalogue."""
    old = kept(subject) if subject.played else {}
    if (old.get("versions"), old.get("scenarios", {}).get("sha256")) != (subject.versions(), catalogue()):
        return None
    return next((run for run in old["runs"] if (run["provider"], run["grant"]) == (provider, grant)), None)


def _again(before: Json, now: Json) -> Json:
    """A run with the scenarios that were played again; what is looked at in every scenario stays as it was."""
    new = {scenario: verdict for scenario, verdict in now["verdicts"].items() if scenario != "always"}
    verdicts = {scenario: new.get(scenario, verdict) for scenario, verdict in before["verdicts"].items()}
    checks = before["checks"] | {scenario: now["checks"].get(scenario) for scenario in new}
    listed = list(verdicts.values())
    counts = {name: listed.count(name) for name in _COUNTED} | {"SKIP": before["summary"].get("SKIP", 0)}
    return before | {
        "summary": {name: counts[name] for name in (*_COUNTED, "SKIP") if counts[name]},
        "verdicts": verdicts,
        "checks": {scenario: checks[scenario] for scenario in verdicts if checks.get(scenario)},
    }


def catalogue() -> str:
    """A digest of the ids of all scenarios: which catalogue was played."""
    return hashlib.sha256("\n".join(one.id for one in ALL).encode()).hexdigest()


def kept(subject: Subject) -> Json:
    """The verdict file of a library."""
    read: Json = json.loads(subject.verdicts.read_text(encoding="utf-8"))
    return read


def keep(subject: Subject, verdicts: Json) -> None:
    """Write the verdict file."""
    subject.verdicts.write_text(json.dumps(verdicts, indent=1) + "\n", encoding="utf-8")
