"""The README shows what is in files, whole; what it has you run is run as the pages of ``docs`` are."""

# ruff: noqa: D103 - the names are sentences

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main
from tests.docs.blocks import README, ROOT, Block, blocks
from tests.docs.playing import shell

BLOCKS = blocks(README)


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.word == "from"], ids=lambda block: block.rest)
def test_a_snippet_is_the_file_it_names(block: Block) -> None:
    assert block.text == (ROOT / block.rest).read_text(encoding="utf-8")


def printed(script: str, folder: Path) -> str:
    """What those lines of the README print, the last of which must be well."""
    if shutil.which("bash") is None or shutil.which("curl") is None:
        pytest.skip("the README speaks sh and curl, and one of them is not here")
    (folder / "home").mkdir()
    (folder / "examples").symlink_to(ROOT / "examples")
    (block,) = (block for block in BLOCKS if block.rest == script)
    with shell(folder, folder / "home") as opened:
        last, _ = opened.play(block.text)
        assert last == 0, opened.printed()
        return opened.printed()


def objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects among other words, such as a server's log."""
    found, read = text.find("{"), json.JSONDecoder()
    while found >= 0:
        document, end = read.raw_decode(text, found)
        yield document
        found = text.find("{", end)


def test_the_check_script_finds_what_the_readme_shows(tmp_path: Path) -> None:
    """The plain curl script falls for an error with status 200; the session client passes."""
    said = printed("examples/check.sh", tmp_path)
    assert "FAIL token-error-with-200 · error-object-is-no-token" in said
    assert "-> 401  [clickview/api/bearer-missing]" in said


def test_the_serve_script_refuses_with_a_reason_and_obeys_the_control_port(tmp_path: Path) -> None:
    """The header says which rule decided it; the clock moves, the fault is on stage, the recording hides the secret."""
    said = printed("examples/serve.sh", tmp_path)
    assert re.search(r"^sparring-rule: clickview/token/client-secret-wrong", said, re.MULTILINE | re.IGNORECASE)
    answer, clock, fault, recording = objects(said)
    assert answer == {"error": "invalid_client", "error_description": "Client authentication failed."}
    assert clock["frozen"] is False
    assert fault["match"] == {"provider": "ingest", "endpoint": "token", "attempt": 3}
    (exchange,) = recording["exchanges"]
    assert exchange["rule"] == "clickview/token/client-secret-wrong"
    assert "client_secret=wrong" not in json.dumps(recording)


def test_every_provider_is_in_the_table() -> None:
    """And nothing else is."""
    listed = set(re.findall(r"^\| `(\w+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    told = json.loads(CliRunner().invoke(main, ["providers", "--json"]).stdout)
    assert listed == {each["name"] for each in told["providers"]}
