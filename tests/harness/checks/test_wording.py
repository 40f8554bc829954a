"""The words of the checks: none changes unseen, and no check trips over what another one looks for."""

import pytest

from sparring.harness import checks
from sparring.harness.scenario import Check
from tests.harness.checks.builder import ACCESS, CODE, REFRESH, SECRET
from tests.harness.checks.wording import CROSSING, PAGE, crossed, lines, summary

WRITTEN = {line.split(" | ")[0]: line for line in CROSSING.read_text(encoding="utf-8").splitlines()}


def test_the_words_are_the_written_ones() -> None:
    """``python -m tests.harness.checks.wording`` writes them down again."""
    assert lines() == PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.id)
def test_a_check_judges_the_evidence_of_all_others_as_it_did(check: Check) -> None:
    """``python -m tests.harness.checks.wording CHECK`` says it at length, here and at another commit."""
    assert summary(check) == WRITTEN[check.id]


def test_no_message_about_anything_repeats_a_secret() -> None:
    """Checks of which a table has few rows included."""
    quiet = [check for check in checks.ALL if not check.id.startswith("secret-")]
    for check in quiet[:: len(quiet) // 12]:
        told = "\n".join(crossed(check))
        assert not any(secret in told for secret in (SECRET, ACCESS, REFRESH, CODE)), check.id
