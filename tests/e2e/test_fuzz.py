"""``sparring check --fuzz``: real clients, answers that nobody thought of, and files that play them again."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import CAREFUL, ROOT
from tests.e2e.serving import SPARRING
from tests.sampling import THOROUGH

FLAWED = (sys.executable, str(ROOT / "tests/harness/fuzzing/flawed.py"))
EXAMPLES = 30 if THOROUGH else 10
FLAWS = ("counts-lists", "takes-numbers", "waits-for-more")


def fuzzed(folder: Path, *arguments: str, command: tuple[str, ...]) -> tuple[int, str, dict[str, Any]]:
    """Exit code, what it said, and the JSON report."""
    report = folder / "report.json"
    asked = [SPARRING, "check", "clickview", "--driver", "session", "--plain-http", "--quiet", "--json", str(report)]
    ended = subprocess.run(
        [*asked, *arguments, "--", *command], cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    return ended.returncode, ended.stderr, json.loads(report.read_text()) if report.exists() else {}


def test_the_careful_client_survives_every_example(tmp_path: Path) -> None:
    """And nothing but the report is left behind."""
    code, said, report = fuzzed(tmp_path, "--fuzz", str(EXAMPLES), "--seed", "11", command=CAREFUL)
    assert code == 0, said
    assert f"fuzz: {EXAMPLES} examples run, " in said
    assert said.rstrip().endswith("met the client; none broke it (seed 11)")
    assert [result["scenario"] for result in report["results"]] == ["clickview-happy", "fuzz", "always"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.skipif(not THOROUGH, reason="each flaw by itself is searched for in process; this takes a minute")
def test_what_breaks_a_client_is_found_shrunk_and_played_again_from_its_file(tmp_path: Path) -> None:
    """A crash, a hang, a number that is used as a token: whichever 40 examples come upon, as its smallest answer."""
    kept = tmp_path / "kept"
    kept.mkdir()
    code, said, report = fuzzed(
        tmp_path,
        "--fuzz",
        "30",
        "--seed",
        "37",
        "--timeout",
        "3",
        "--fuzz-folder",
        str(kept),
        command=(*FLAWED, *FLAWS),
    )
    assert code == 1, said
    titles = {
        "crash": "token: expires_in is []",
        "hang": 'token: body text ""',
        "misuse": "token: access_token is 0",
    }
    files = {path.stem.rpartition("-")[2]: path for path in kept.iterdir()}
    assert files
    for kind, path in files.items():
        assert json.loads(path.read_text())["title"] == titles[kind]
        assert f"{kind} ({titles[kind]})" in said
    found = [result for result in report["results"] if result["scenario"].startswith("fuzz-")]
    assert [result["verdict"] for result in found] == ["FAIL"] * len(files)
    assert all("--scenario" in result["checks"][0]["message"] for result in found)
    guilty = dict(zip(("crash", "misuse", "hang"), FLAWS, strict=True))
    for kind, path in files.items():
        again = ("--scenario", str(path), "--timeout", "3")
        code, said, report = fuzzed(tmp_path, *again, command=(*FLAWED, guilty[kind]))
        assert code == 1, f"{kind}: {said}"
        assert [result["verdict"] for result in report["results"]][:2] == ["PASS", "FAIL"]
        code, said, _ = fuzzed(tmp_path, *again, command=CAREFUL)
        assert code == 0, f"{kind}: {said}"


def test_nothing_is_tried_where_the_happy_path_fails(tmp_path: Path) -> None:
    """There is nothing to break."""
    code, said, report = fuzzed(tmp_path, "--fuzz", "5", command=("true",))
    assert code == 1
    assert "fuzz: no example was run, for clickview-happy did not pass" in said
    assert [result["verdict"] for result in report["results"]][1] == "SKIP"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows who belongs to a client")
def test_no_client_outlives_a_search_that_is_killed(tmp_path: Path) -> None:
    """As without --fuzz: somebody is left who clears up."""
    words = ["check", "ingest", "--grant", "client_credentials", "--fuzz", "1", "--env", f"PLACE={tmp_path}/pid", "--"]
    client = ["sh", "-c", "echo $$ >$PLACE.part; mv $PLACE.part $PLACE; exec sleep 60"]
    with subprocess.Popen([SPARRING, *words, *client], stderr=subprocess.DEVNULL) as harness:
        assert soon((tmp_path / "pid").exists)
        place = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}")
        assert place.exists()
        harness.kill()
    assert soon(lambda: not place.exists())


def soon(true: Callable[[], bool]) -> bool:
    """Whether it is so within ten seconds."""
    until = time.monotonic() + 10
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
