"""Well-known libraries before odd token endpoints: a sample of what docs/libraries.md shows."""

import re

import pytest

from tests.e2e.libraries.page import page
from tests.e2e.libraries.playing import UndeliveredError, played
from tests.e2e.libraries.stimuli import STIMULI
from tests.e2e.libraries.subjects import CLIENTS, CannotRunError, Subject
from tests.e2e.libraries.table import NOTES, SUBJECTS
from tests.e2e.running import ROOT
from tests.sampling import sample

PAGE = ROOT / "docs/libraries.md"
SAMPLE = ("type-mac", "token-null", "redirect-302")
BY_NAME = {subject.name: subject for subject in SUBJECTS}
BY_ID = {stimulus.id: stimulus for stimulus in STIMULI}


def written() -> dict[tuple[str, str], str]:
    """The cells of the page, without the numbers of their notes."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    head = next(row for row in rows if SUBJECTS[0].name in row)
    titles = {stimulus.title: stimulus.id for stimulus in STIMULI}
    return {
        (name, titles[row[0]]): re.sub(r"( \[\d+\])+$", "", cell)
        for row in rows
        if row[0] in titles
        for name, cell in zip([column for column in head if column in BY_NAME], row[1:], strict=True)
    }


@pytest.mark.parametrize("name", sample([subject.name for subject in SUBJECTS], 3))
def test_a_library_does_what_the_page_says(name: str) -> None:
    """Where it can be run; its versions are pinned, so that the cells stay."""
    subject = BY_NAME[name]
    try:
        cells = played((subject, BY_ID[each]) for each in SAMPLE if BY_ID[each].concerns(name))
    except CannotRunError as error:
        pytest.skip(str(error))
    assert cells == {key: cell for key, cell in written().items() if key in cells}


def test_the_page_is_complete_and_up_to_date() -> None:
    """Made again from its own cells it is the same, and every note is about a cell that is worth one."""
    cells = written()
    assert set(cells) == {(subject.name, stimulus.id) for subject in SUBJECTS for stimulus in STIMULI}
    assert page(cells) == PAGE.read_text(encoding="utf-8")
    for (stimulus, _), (names, _) in NOTES.items():
        assert {(name, stimulus) for name in names} <= set(cells)
    unexplained = {key for key, cell in cells.items() if cell[0] == "!"} - {
        (name, stimulus) for (stimulus, _), (names, _) in NOTES.items() for name in names
    }
    assert {stimulus for _, stimulus in unexplained} <= {
        "truncated",
        "empty",
        "bom",
        "scope-comma",
        "redirect-302",
        "token-null",
    }


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.folder)
def test_each_client_has_a_folder_with_one_manifest_and_pins(subject: Subject) -> None:
    """As a user finds them: a manifest for `sparring check`, and versions that are named."""
    folder = CLIENTS / subject.folder
    assert (folder / "sparring.toml").is_file()
    assert all(subject.versions().values())


def test_a_stimulus_that_never_came_is_no_cell() -> None:
    """A play that proves nothing is an error, and no `+`."""
    from sparring.harness.evidence import Evidence, Step
    from tests.e2e.libraries.playing import read

    quiet = Evidence(
        scenario="",
        provider="clickview",
        grant="",
        driver="",
        context={},
        steps=(Step(id=1, do="call_api", outcome="ok"),),
    )
    with pytest.raises(UndeliveredError, match="type-mac"):
        read(BY_ID["type-mac"], quiet)
