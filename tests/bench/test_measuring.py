"""A provider of ours is measured from its start to its figures, in a second or two."""

import shutil

import pytest

from bench.measuring import Effort, measured
from bench.subjects import SUBJECTS, ours
from bench.subjects.subject import Subject

A_MOMENT = Effort(seconds=1, warm=0, codes=40, starts=1, memory=0, alone=False)


def test_names_are_the_only_ones_of_their_kind() -> None:
    """``--only`` finds one server by its name."""
    names = [subject.name for subject in SUBJECTS]
    assert len(names) == len(set(names))


def test_who_cannot_be_started_is_a_row_that_says_so() -> None:
    """The figures are empty, and the limit stays what it was."""
    broken = Subject(
        "broken", "peer", "1", command=lambda _port, _folder: ["false"], client=lambda _port, _folder: None
    )
    figures, limit = measured(broken, A_MOMENT, frozenset(), 4000.0)
    assert (figures.rates, figures.cold_start, limit) == ([], None, 4000.0)
    assert figures.missing == ["it ended with exit code 1: "]


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not on this machine")
def test_codes_are_used_once_and_refresh_tokens_one_after_the_other() -> None:
    """Ingest refuses both a second time, so that a single repetition would be no figure."""
    figures, _ = measured(ours.of("ingest"), A_MOMENT, frozenset({"code", "refresh"}), 4000.0)
    assert figures.missing == []
    assert {rate.measure: rate.signatures for rate in figures.rates} == {"refresh": 1, "code": 1}
    code = figures.rate("code", 16)
    assert code is not None
    assert 0 < code.count <= 40
    assert figures.cold_start is not None
    assert figures.memory is not None
    assert figures.memory.started > 0
