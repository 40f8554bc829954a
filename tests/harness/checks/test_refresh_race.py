"""Several renewals for one expiry, told in one sentence; and what only looks like it."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.harness.checks.refresh_race import one_refresh_at_a_time, races
from sparring.harness.checks.refresh_tokens import one_refresh_per_expiry
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    REFRESH,
    REFRESH_2,
    REFRESH_3,
    SECOND,
    START,
    api,
    evidence,
    exchange_code,
    good,
    refresh,
    refused,
)

DAY = 86400.0
LATER, MUCH_LATER = START + DAY + 1, START + 2 * DAY + 2
THIRD = "eyJhbGciOiJSUzI1NiJ9.canarythird.signature"
BEGUN = (exchange_code(1), api(2))


def refuses(n: int, with_token: str = REFRESH, at: float = LATER, error: str = "invalid_grant") -> Exchange:
    return refresh(n, with_token, status=400, answer=refused(error), at=at)


def wins(n: int, brings: str | None = REFRESH_2, with_token: str = REFRESH, at: float = LATER) -> Exchange:
    return refresh(n, with_token, answer=good(SECOND, brings), at=at)


def six() -> tuple[Exchange, ...]:
    return (*BEGUN, wins(3), *(refuses(n) for n in range(4, 9)))


def said(*exchanges: Exchange) -> str:
    finding = one_refresh_at_a_time(evidence(*exchanges))
    return "" if finding.verdict is Verdict.PASS else finding.message


def test_six_refreshes_are_one_sentence() -> None:
    finding = one_refresh_at_a_time(evidence(*six()))
    assert (finding.verdict, finding.message) == (Verdict.FAIL, "6 refreshes for one expiry.")
    assert finding.exchanges == (3, 4, 5, 6, 7, 8)


@pytest.mark.parametrize("later", [REFRESH, REFRESH_3, "None"])
def test_the_winners_token_was_overwritten_where_the_next_renewal_presents_another(later: str) -> None:
    told = [*six(), refuses(10, later, MUCH_LATER)]
    if later != REFRESH:  # it is of the same session because one of the losers brought it
        told[4] = wins(5, later)
    finding = one_refresh_at_a_time(evidence(*told))
    assert finding.message == "6 refreshes for one expiry; the winner's token was overwritten."
    assert finding.exchanges == (3, 4, 5, 6, 7, 8, 10)


def test_a_winner_whose_token_is_presented_next_was_kept() -> None:
    assert said(*six(), wins(10, REFRESH_3, REFRESH_2, MUCH_LATER)) == "6 refreshes for one expiry."


def test_an_answer_without_a_refresh_token_leaves_the_old_one() -> None:
    race = (*BEGUN, wins(3, None), wins(4, None))
    assert said(*race, wins(5, None, at=MUCH_LATER)) == "2 refreshes for one expiry."


def test_whoever_is_quicker_wins_although_another_came_first() -> None:
    (race,) = races(evidence(*BEGUN, refuses(3), wins(4), refuses(5)))
    assert (len(race.requests), race.winner and race.winner.n) == (3, 4)


def test_the_session_of_another_person_is_no_part_of_it() -> None:
    other = wins(10, "their-second-refresh-token", "their-first-refresh-token", MUCH_LATER)
    assert said(*six(), other) == "6 refreshes for one expiry."


@pytest.mark.parametrize(
    "careful",
    [
        (wins(3), wins(4, REFRESH_3, REFRESH_2, MUCH_LATER)),
        (wins(3, None), wins(4, None, at=MUCH_LATER)),
        (refresh(3, status=503, at=LATER), wins(4)),
        (refresh(3, status=429, at=LATER), wins(4)),
        (refresh(3, status=None, at=LATER), refuses(4)),
        (wins(3, None), api(4, SECOND, 401, at=LATER), wins(5, None)),
        (refuses(3), refuses(4)),
    ],
    ids=["rotating", "not-rotating", "unavailable", "rate-limited", "answer-lost", "revoked", "nobody-won"],
)
def test_what_is_no_race(careful: tuple[Exchange, ...]) -> None:
    assert said(*BEGUN, *careful) == ""


def test_the_check_of_an_expiry_says_the_same() -> None:
    traffic: Evidence = evidence(*six(), refuses(10, REFRESH, MUCH_LATER))
    finding = one_refresh_per_expiry(traffic)
    assert finding.message == "6 refreshes for one expiry; the winner's token was overwritten."
    assert finding.exchanges == (3, 4, 5, 6, 7, 8, 10)
