"""Files that somebody else wrote, a saved scenario or an archive: they are read, and nothing in them is done."""

# ruff: noqa: D103 - the names are sentences

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main
from sparring.mocks.engine.reading import UnreadableError
from sparring.mocks.presets.saved import read_saved
from sparring.mocks.server.serve import ServeError, read_saved_file
from tests.e2e.running import CAREFUL
from tests.e2e.serving import SPARRING, refused, serving

HEAD = "schema: 1\nid: evil\ntitle: x\nstage: {providers: [ingest]}\n"


def laughing(levels: int) -> str:
    """Lists of ten lists of ten lists, each written once."""
    effect = "effect: {kind: replace, status: 200, body: "
    lines = [f"  - id: f0\n    {effect}&a0 {{x: [1,1,1,1,1,1,1,1,1,1]}}}}"]
    for level in range(1, levels):
        below = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"  - id: f{level}\n    {effect}&a{level} {{x: [{below}]}}}}")
    return HEAD + "faults:\n" + "\n".join(lines) + "\n"


def test_references_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.yaml"
    file.write_text(laughing(12), encoding="utf-8")
    sentence = f"Error: {file}: a saved scenario is too large, or refers to parts of itself again and again"
    assert refused("ingest", "--scenario", str(file)) == sentence
    file.write_text(laughing(3), encoding="utf-8")
    assert len(read_saved_file(file)["faults"]) == 3


def test_a_document_that_holds_itself_is_refused() -> None:
    inner: dict[str, Any] = {"id": "f", "effect": {"kind": "delay", "seconds": 1}}
    inner["itself"] = [inner]
    with pytest.raises(UnreadableError, match="refers to parts of itself"):
        read_saved({"schema": 1, "id": "x", "faults": [inner]})


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch PWNED']",
        "!!python/name:os.system",
        HEAD + "x: !!python/object/new:os.system ['touch PWNED']",
        "a: " + "[" * 600 + "]" * 600,
        "&a [*a]",
    ],
)
def test_a_scenario_says_and_does_nothing(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ServeError):
        read_saved_file(tmp_path / "evil.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["evil.yaml"]


@pytest.mark.parametrize("depth", [1_000, 200_000])
def test_an_archive_of_any_depth_is_a_sentence(tmp_path: Path, depth: int) -> None:
    (tmp_path / "evil.har").write_text("[" * depth + "]" * depth, encoding="utf-8")
    with pytest.raises(ServeError):
        read_saved_file(tmp_path / "evil.har")


@pytest.mark.parametrize("name", ["../../escaped\n\x1b[2J"])
def test_the_id_of_a_scenario_is_no_path(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file calls itself names no other file, and leaves no trace on a terminal."""
    (tmp_path / "evil.json").write_text(
        json.dumps({"schema": 1, "id": name, "title": "\x1b[2Jx", "stage": {"providers": ["ingest"]}}), encoding="utf-8"
    )
    (tmp_path / "inner").mkdir()
    before = set(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path / "inner")
    words = ["check", "ingest", "--grant", "client_credentials", "--scenario", "../evil.json", "--json", "r.json", "--"]
    done = CliRunner().invoke(main, [*words, *CAREFUL, "--oneshot"], env={"NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.output
    assert name in {each["scenario"] for each in json.loads(Path("r.json").read_text(encoding="utf-8"))["results"]}
    assert set(tmp_path.rglob("*")) - before <= {tmp_path / "inner" / "r.json"}


def test_a_ready_file_is_not_written_through_what_somebody_put_there(tmp_path: Path) -> None:
    """The link itself is replaced; the file that it leads to stays as it is."""
    (tmp_path / "precious").write_text("mine", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "precious")
    with serving(tmp_path, "ingest", "--ready-file", str(tmp_path / "ready.json")) as served:
        served.stop()
    command = [SPARRING, "serve", "--port", "0", "--ready-file", str(tmp_path / "link.json"), "ingest"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while (line := process.stderr.readline()) and "Ctrl-C" not in line:
            pass
        process.terminate()
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "link.json").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "log", "precious", "ready.json"]
