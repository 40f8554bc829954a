"""Every page does what it says: its commands are run, its snippets are compared, its data is parsed."""

# ruff: noqa: D103 - the names are sentences

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import DOCS, LANGUAGES, ROOT, Block, blocks, pages
from tests.docs.playing import first_missing, play
from tests.sampling import PATIENT, THOROUGH

ELSEWHERE = {
    "gallery.md": "tests/e2e/gallery/page.py",
    "pytest.md": "tests/harness/pytest_plugin/test_pytest_page.py",
    "python.md": "tests/mocks/testing/test_python_page.py",
    "writing-a-provider.md": "tests/e2e/test_own_provider.py",
}
"""Pages whose snippets are run by tests of their own."""
IN_A_COPY = "<!-- played in: a copy of the repository -->"
SLOW = {
    *("control-api.md", "how-to/add-a-driver.md", "how-to/check-in-ci.md", "how-to/known-failures.md"),
    "tutorials/ci.md",
}
"""Pages that take several seconds: where there is time."""
SLOWEST = {"how-to/add-a-check.md", "how-to/add-a-fault.md"}
"""Those that make all that is made anew in a copy of the tree: `make thorough`."""
ALL = [block for page in pages() for block in blocks(page)]
PLAYED = [
    page
    for page in pages()
    if page.relative_to(DOCS).as_posix() not in ELSEWHERE
    and (
        any(block.word in {"", "exit"} and block.language == "sh" for block in blocks(page))
        or IN_A_COPY in page.read_text(encoding="utf-8")
    )
]


def named(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


@pytest.mark.parametrize("page", PLAYED, ids=named)
def test_what_the_page_says_happens(page: Path, tmp_path: Path) -> None:
    if shutil.which("bash") is None or shutil.which("curl") is None:
        pytest.skip("the pages speak bash and curl, and one of them is not here")
    if named(page) in SLOW and not PATIENT:
        pytest.skip("takes several seconds: SPARRING_CI=1, as .ci/run has it")
    if named(page) in SLOWEST and not THOROUGH:
        pytest.skip("takes very long: SPARRING_THOROUGH=1, as make thorough has it")
    folder, home = tmp_path / "here", tmp_path / "home"
    home.mkdir()
    if IN_A_COPY in page.read_text(encoding="utf-8"):
        copy_of_the_repository(folder)
    else:
        folder.mkdir()
        (folder / "examples").symlink_to(ROOT / "examples")
    play(blocks(page), folder, home)


def copy_of_the_repository(folder: Path) -> None:
    """The tree as it is, with a ``.venv`` whose programs run on the copy."""
    listed = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is no checkout of the repository")
    for name in done.stdout.split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("docs/pictures/", "bench/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    path = os.pathsep.join(str(folder / root) for root in ("mocks", "contracts", "harness", "."))
    for program, words in (("python", ""), ("pytest", "-m pytest -p no:cacheprovider"), ("pip", "-m pip")):
        script = f'#!/bin/sh\nPYTHONDONTWRITEBYTECODE= PYTHONPATH={path} exec {sys.executable} {words} "$@"\n'
        (programs / program).write_text(script, encoding="utf-8")
        (programs / program).chmod(0o755)
    code = "from sparring.harness.cli import main; main()"
    (programs / "sparring").write_text(f"#!/bin/sh\nexec {programs}/python -c '{code}' \"$@\"\n", encoding="utf-8")
    (programs / "sparring").chmod(0o755)
    (folder / ".venv/.installed").touch()


def test_pages_that_are_run_elsewhere_are_run_there() -> None:
    for page, test in ELSEWHERE.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


PYTHON = [
    block for block in ALL if block.language == "python" and block.word == "" and named(block.page) not in {*ELSEWHERE}
]


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_a_python_block_runs(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block.text, str(block), "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("block", [block for block in ALL if block.word == "from"], ids=str)
def test_a_quotation_stands_in_its_file(block: Block) -> None:
    assert block.text in (ROOT / block.rest).read_text(encoding="utf-8")


def test_every_block_is_run_or_says_why_not() -> None:
    """Its language is known, and whatever nothing runs has a reason of some words."""
    for block in ALL:
        if named(block.page) in ELSEWHERE:
            continue
        assert block.language in LANGUAGES, f"{block}: in what language?"
        if block.word == "not run":
            assert len(block.rest.split()) >= 3, f"{block}: why not?"
        if block.language in {"js", "go", "java", "html"}:
            assert block.word in {"from", "file"}, f"{block}: nothing runs it"


@pytest.mark.parametrize("page", pages(), ids=named)
def test_data_can_be_read(page: Path) -> None:
    for block in blocks(page):
        if block.word == "from":
            continue
        match block.language:
            case "json":
                json.loads(block.text)
            case "toml":
                tomllib.loads(block.text)
            case "yaml":
                yaml.safe_load(block.text)
            case "sh":
                done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True, check=False)
                assert done.returncode == 0, f"{block}: {done.stderr}"
            case "python":
                compile(block.text, str(block), "exec")


def test_jobs_are_what_their_services_take(tmp_path: Path) -> None:
    """A workflow of GitHub, a job of GitLab: by their own schemas."""
    schemas = {"jobs": "vendor.github-workflows", "script": "vendor.gitlab-ci"}
    seen = set()
    for block in ALL:
        word = re.search(r"^(jobs):|^  (script):", block.text, re.MULTILINE) if block.language == "yaml" else None
        if word is None:
            continue
        schema = schemas[word[1] or word[2]]
        seen.add(schema)
        (tmp_path / "job.yml").write_text(block.text, encoding="utf-8")
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
        command += ["--data-transform", "gitlab-ci", str(tmp_path / "job.yml")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{block}: {done.stdout}"
    assert seen == set(schemas.values())


@pytest.mark.parametrize(
    ("expected", "printed", "missing"),
    [
        ("a\nb\n", "x\na\ny\nb\n", None),
        ("a\nb\n", "b\na\n", "b"),
        ("PASS ... in ... s\n", "PASS 3  in 0.1 s\n", None),
        ("...\n", "", None),
        ("a.c\n", "abc\n", "a.c"),
    ],
)
def test_output_is_compared_line_by_line(expected: str, printed: str, missing: str | None) -> None:
    assert first_missing(expected, printed) == missing
