"""Several renewals for one expiry, told in one sentence; and what only looks like it."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.harness.checks.refresh_race import one_refresh_at_a_time, races
from sparring.harness.checks.refresh_tokens import one_refresh_per_expiry
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.verdict import Verdict, passed
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
    token,
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


def test_no_refresh_token_at_all_is_another_one_too() -> None:
    """The winner's answer had none, and the client took that for its new one."""
    race = (*BEGUN, wins(3, None), wins(4, None))
    bare = token(5, {"grant_type": "refresh_token"}, status=400, answer=refused("invalid_request"), at=MUCH_LATER)
    finding = one_refresh_at_a_time(evidence(*race, bare))
    assert finding.message == "2 refreshes for one expiry; the winner's token was overwritten."
    assert finding.exchanges == (3, 4, 5)


def test_of_several_races_the_worst_is_told() -> None:
    second = (wins(n, REFRESH_3, REFRESH_2, MUCH_LATER) for n in (5, 6, 7))
    finding = one_refresh_at_a_time(evidence(*BEGUN, wins(3), refuses(4), *second))
    assert (finding.message, finding.exchanges) == ("3 refreshes for one expiry.", (5, 6, 7))


def test_a_race_that_cost_the_winners_token_is_worse_than_a_larger_one() -> None:
    lost = (*BEGUN, wins(3), wins(4, REFRESH_3))
    larger = (wins(n, with_token=REFRESH_3, at=MUCH_LATER) for n in (5, 6, 7))
    finding = one_refresh_at_a_time(evidence(*lost, *larger))
    assert finding.message == "2 refreshes for one expiry; the winner's token was overwritten."
    assert finding.exchanges == (3, 4, 5)


def test_a_race_after_an_outage_is_one() -> None:
    assert said(*BEGUN, refresh(3, status=503, at=LATER), wins(4), refuses(5)) == "2 refreshes for one expiry."


def test_where_there_is_no_race_the_good_renewals_are_told() -> None:
    careful = (
        wins(3),
        refuses(4, REFRESH_2, MUCH_LATER, "invalid_scope"),
        wins(5, REFRESH_3, REFRESH_2, MUCH_LATER + 1),
    )
    assert one_refresh_at_a_time(evidence(*BEGUN, *careful)) == passed("One refresh at a time.", 3, 5)


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
        (wins(3, None), wins(4, None, at=LATER + DAY)),
        (refresh(3, status=503, at=LATER), wins(4)),
        (refresh(3, status=500, at=LATER), wins(4)),
        (refresh(3, status=429, at=LATER), wins(4)),
        (refresh(3, status=None, at=LATER), refuses(4)),
        (wins(3, None), api(4, SECOND, 401, at=LATER), wins(5, None)),
        (refuses(3), refuses(4)),
        (refuses(3, error="invalid_client"), wins(4, at=LATER + 1)),
    ],
    ids=[
        "rotating",
        "not-rotating",
        "at-the-very-end",
        "unavailable",
        "broken",
        "rate-limited",
        "answer-lost",
        "revoked",
        "nobody-won",
        "a-second-after-a-refusal",
    ],
)
def test_what_is_no_race(careful: tuple[Exchange, ...]) -> None:
    assert said(*BEGUN, *careful) == ""


def test_the_check_of_an_expiry_says_the_same() -> None:
    traffic: Evidence = evidence(*six(), refuses(10, REFRESH, MUCH_LATER))
    finding = one_refresh_per_expiry(traffic)
    assert finding.message == "6 refreshes for one expiry; the winner's token was overwritten."
    assert finding.exchanges == (3, 4, 5, 6, 7, 8, 10)
