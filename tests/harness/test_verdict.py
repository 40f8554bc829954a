"""Verdicts: which one decides, and the exit code that follows."""

from collections.abc import Callable
from itertools import pairwise, permutations

import pytest

from sparring.harness import verdict
from sparring.harness.verdict import ORDER, Finding, Verdict, exit_code, worst


def test_the_worst_verdict_decides_and_nothing_at_all_is_a_skip() -> None:
    """In whatever order they come."""
    for better, worse in pairwise(ORDER):
        assert [worst(pair) for pair in permutations((better, worse))] == [worse, worse]
    assert worst(()) is Verdict.SKIP
    assert set(ORDER) == set(Verdict)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((), 0),
        (("SKIP",), 0),
        (("PASS", "ALLOWED", "WARN"), 0),
        (("PASS", "INCONCLUSIVE"), 1),
        (("FAIL", "PASS"), 1),
        (("HARNESS_ERROR", "FAIL"), 3),
    ],
)
def test_the_exit_code_follows_from_the_worst(verdicts: tuple[str, ...], code: int) -> None:
    """As `sparring check` documents it."""
    assert exit_code(Verdict(name) for name in verdicts) == code


@pytest.mark.parametrize(
    ("find", "found"),
    [
        (verdict.passed, Verdict.PASS),
        (verdict.warned, Verdict.WARN),
        (verdict.failed, Verdict.FAIL),
        (verdict.allowed, Verdict.ALLOWED),
        (verdict.inconclusive, Verdict.INCONCLUSIVE),
    ],
)
def test_a_finding_keeps_its_words_and_its_proofs(find: Callable[..., Finding], found: Verdict) -> None:
    """Whichever verdict it is."""
    assert find("m", 1, 2) == Finding(verdict=found, message="m", exchanges=(1, 2))


def test_a_finding_may_need_neither_words_nor_proofs() -> None:
    """What is skipped has no exchange to point at, what passed no word to say."""
    assert verdict.skipped("m") == Finding(verdict=Verdict.SKIP, message="m", exchanges=())
    assert verdict.passed() == Finding(verdict=Verdict.PASS, message="", exchanges=())
