"""Several renewals for one expiry: how many there were, and what became of the tokens of the one that won."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sparring.harness.checks.wire import (
    Issued,
    credential,
    issued,
    protected,
    refresh_requests,
    seconds_of,
    succeeded,
)
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.verdict import Finding, failed, passed


@dataclass(slots=True)
class Race:
    """Requests that presented one refresh token while the renewal it was for had been made, or was under way.

    ``winner`` is the first good answer; ``next`` the refresh request that came after all of them.
    """

    requests: list[Exchange] = field(default_factory=list)
    winner: Issued | None = None
    next: Exchange | None = None

    @property
    def overwritten(self) -> bool:
        """Whether the next renewal presents another refresh token than the winner's."""
        if self.winner is None or self.next is None:
            return False
        kept = self.winner.refresh_token or self.requests[0].param("refresh_token")
        return self.next.param("refresh_token") != kept

    @property
    def sentence(self) -> str:
        """What happened, as far as it is known."""
        end = "; the winner's token was overwritten." if self.overwritten else "."
        return f"{len(self.requests)} refreshes for one expiry{end}"

    @property
    def numbers(self) -> tuple[int, ...]:
        """The exchanges that show it."""
        later = [self.next] if self.overwritten and self.next else []
        return tuple(exchange.n for exchange in (*self.requests, *later))


def races(evidence: Evidence) -> tuple[Race, ...]:
    """The races among the refresh requests, in the order in which they began.

    A retry after no answer, 429 or 5xx is none, nor is a renewal after the winner's access token has expired or was
    refused by the API; where nobody won, nothing was raced for.
    """
    return tuple(race for race in _groups(evidence) if len(race.requests) > 1 and race.winner is not None)


def _groups(evidence: Evidence) -> Iterator[Race]:
    answers = {token.n: token for token in issued(evidence)}
    current: dict[str, Race] = {}
    found: list[Race] = []
    for request in refresh_requests(evidence):
        if request.status is None or request.status == 429 or request.status >= 500:
            continue
        presented = request.param("refresh_token") or ""
        race = current.get(presented)
        if race is None or not _under_way(evidence, race, request):
            for earlier in found:
                if earlier.next is None and earlier.winner is not None and _related(earlier, presented, answers):
                    earlier.next = request
            race = current[presented] = Race()
            found.append(race)
        race.requests.append(request)
        race.winner = race.winner or answers.get(request.n)
    yield from found


def _under_way(evidence: Evidence, race: Race, request: Exchange) -> bool:
    """Whether that request is for the same expiry as the others of the race."""
    if race.winner is None:
        return request.elapsed - race.requests[-1].elapsed < 1
    life = seconds_of(race.winner)
    if life is not None and request.at >= race.winner.at + life:
        return False
    token = race.winner.access_token
    calls = (e for e in protected(evidence, after=race.winner.n) if e.n < request.n and credential(e) == token)
    return not any(call.status == 401 for call in calls)


def _related(race: Race, presented: str, answers: dict[int, Issued]) -> bool:
    """Whether that refresh token is of the same session: the one that was raced for, or what came of the race."""
    numbers = {request.n for request in race.requests}
    brought = {token.refresh_token for n, token in answers.items() if n in numbers}
    return presented in {race.requests[0].param("refresh_token"), *brought}


def one_refresh_at_a_time(evidence: Evidence) -> Finding:
    """No two renewals for one expiry.

    Pass: each refresh token is presented once while its renewal is under way or fresh. Fail: several times; the
    message says how many, and whether the client went on with another refresh token than the winner's.
    """
    found = races(evidence)
    if not found:
        return passed("One refresh at a time.", *(e.n for e in refresh_requests(evidence) if succeeded(e)))
    worst = max(found, key=lambda race: (race.overwritten, len(race.requests)))
    return failed(worst.sentence, *worst.numbers)
