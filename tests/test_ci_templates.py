"""What CI services are given: templates that their own schemas accept, and steps that do what they say."""

# ruff: noqa: D103 - the names are sentences

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / ".github/actions/sparring"
GITLAB = ROOT / ".gitlab/sparring.yml"


@pytest.mark.parametrize(
    ("schema", "file"), [("vendor.github-actions", ACTION / "action.yml"), ("vendor.gitlab-ci", GITLAB)]
)
def test_the_services_own_schema_accepts_it(schema: str, file: Path) -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, "--data-transform", "gitlab-ci")
    done = subprocess.run((*command, str(file)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The environment of a GitHub runner, as far as the step looks at it, with Sparring installed."""
    bin_folder = tmp_path / "sparring/bin"
    bin_folder.mkdir(parents=True)
    for name in ("python", "sparring"):
        (bin_folder / name).symlink_to(Path(sys.executable).parent / name)
    outputs = {name: str(tmp_path / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return {**os.environ, "RUNNER_TEMP": str(tmp_path), **outputs}


def stepped(runner: dict[str, str], arguments: str) -> tuple[int, str]:
    """The step's exit code and what it says."""
    done = subprocess.run(
        ("bash", str(ACTION / "check.sh")), env={**runner, "ARGUMENTS": arguments}, cwd=ROOT, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_the_action_checks_reports_and_summarises(runner: dict[str, str], tmp_path: Path) -> None:
    client = f"'{sys.executable}' 'examples/clients/session_minimal.py'"
    code, said = stepped(runner, f"clickview --driver session --scenario 'clickview-happy' -- {client}")
    assert code == 0, said
    outputs = dict(line.split("=", 1) for line in Path(runner["GITHUB_OUTPUT"]).read_text().splitlines())
    assert outputs == {"exit-code": "0", "reports": str(tmp_path / "sparring-reports")}
    made = {path.suffix for path in (tmp_path / "sparring-reports").iterdir()}
    assert made == {".json", ".xml", ".md", ".html", ".sarif"}
    assert "clickview-happy" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text()


def test_the_action_fails_where_the_check_fails(runner: dict[str, str]) -> None:
    code, said = stepped(runner, "nobody -- true")
    assert (code, "unknown provider 'nobody'" in said) == (2, True)
    assert "exit-code=2" in Path(runner["GITHUB_OUTPUT"]).read_text()


def test_the_actions_inputs_never_become_part_of_a_script() -> None:
    steps = yaml.safe_load((ACTION / "action.yml").read_text())["runs"]["steps"]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
