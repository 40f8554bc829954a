"""The README shows what is in files that are run; this keeps the two alike, and runs them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"<!-- from (?P<path>\S+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
SCRIPTS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "200"}


@pytest.mark.parametrize("block", list(BLOCK.finditer(README)), ids=lambda block: str(block["path"]))
def test_a_snippet_is_the_file_it_names(block: re.Match[str]) -> None:
    """Cut from the file, whole."""
    assert block["text"] == (ROOT / block["path"]).read_text()


def run(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the README as its reader would, in the repository."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    command = ["sh", str(ROOT / "examples" / script)]
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, check=False)


def test_the_check_script_finds_what_the_readme_shows() -> None:
    """The plain curl script falls for an error with status 200; the session client passes."""
    done = run("check.sh")
    assert "FAIL token-error-with-200 · error-object-is-no-token" in done.stderr
    assert "-> 401  [clickview/api/bearer-missing]" in done.stderr
    assert done.returncode == 0, done.stderr


def test_the_serve_script_refuses_with_a_reason_and_obeys_the_control_port() -> None:
    """The header says which rule decided; the clock moves, the fault is on stage, the recording hides the secret."""
    done = run("serve.sh")
    assert "clickview/token/client-secret-wrong" in done.stdout, done.stderr
    assert '{"error":"invalid_client","error_description":"Client authentication failed."}' in done.stdout
    clock, fault, recording = re.findall(
        r'\{"(?:now|id|exchanges)".*?(?=\{"(?:now|id|exchanges)"|\Z)', done.stdout, re.DOTALL
    )
    assert json.loads(clock)["frozen"] is False
    assert json.loads(fault)["match"] == {"provider": "ingest", "endpoint": "token", "attempt": 3}
    (exchange,) = json.loads(recording)["exchanges"]
    assert exchange["rule"] == "clickview/token/client-secret-wrong"
    assert "client_secret=wrong" not in recording


def test_every_provider_is_in_the_table() -> None:
    """And nothing else is."""
    listed = set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))
    done = subprocess.run(
        [SCRIPTS / "sparring", "providers", "--json"], capture_output=True, text=True, check=True, timeout=30
    )
    assert listed == {each["name"] for each in json.loads(done.stdout)["providers"]}
