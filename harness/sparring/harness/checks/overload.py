"""A provider that is busy or broken: what a client waits for, and what it leaves alone."""

from calendar import timegm
from email.utils import parsedate_to_datetime

from sparring.harness.checks.network import struck
from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.wire import succeeded
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, passed, warned

_CLOSE = 0.05
_AT_ONCE = 0.1
_MOST_TRIES = 5


def _follow_ups(evidence: Evidence, refused: Exchange) -> list[Exchange]:
    """What was asked of the same endpoint after that, within the same instruction."""
    step = next((step for step in evidence.steps if step.first <= refused.n < step.last), None)
    return [] if step is None else [e for e in evidence.during(step, refused.endpoint) if e.n > refused.n]


def _missing(refused: Exchange, again: Exchange) -> float:
    """Seconds by which the request came too early, as Retry-After has it; not positive where it did not. A date counts
    to the second.
    """
    told = (refused.response_header("retry-after") or "").strip()
    if told.isascii() and told.isdigit():
        return float(told) - (again.elapsed - refused.elapsed) - _CLOSE
    try:
        until = timegm(parsedate_to_datetime(told).utctimetuple())
    except (ValueError, OverflowError):
        return 0.0
    return until - again.at - 1


def retry_after_is_honoured(evidence: Evidence) -> Finding:
    """Who is told to wait asks again then, and not before, or says that it is too early.

    Pass: no further request to that endpoint before the time, and success, or an end with ``retry-later`` or an error
    of unknown class. Where Retry-After cannot be read there is no such time. Warn: a request before it, another class,
    or a crash. Fail: success without an answer, or no end in time. Inconclusive: nobody was told to wait.
    """
    refused = [e for e in struck(evidence, "token", "api") if e.status in {429, 503}]
    if not refused:
        return no_stimulus("an answer that tells it to wait")
    told = refused[0].response_header("retry-after")
    what = f"The {refused[0].endpoint} endpoint answered {refused[0].status}"
    what += f" with `Retry-After: {told}`" if told else " without Retry-After"
    again = _follow_ups(evidence, refused[0])
    finding = _ended(evidence, what, refused[0], again)
    if again and _missing(refused[0], again[0]) > 0 and finding.verdict is not Verdict.FAIL:
        waited = again[0].elapsed - refused[0].elapsed
        return warned(f"{what}, and was asked again {waited:.1f} s later.", refused[0].n, again[0].n)
    return finding


def _ended(evidence: Evidence, what: str, refused: Exchange, again: list[Exchange]) -> Finding:
    good = [e.n for e in again if succeeded(e)]
    if evidence.outcome == "ok" and good:
        return passed(f"{what}, and the client asked again in time.", refused.n, good[0])
    return rejected(evidence, what, refused.n, named="retry-later")


def server_errors_leave_the_token(evidence: Evidence) -> Finding:
    """An API that is broken says nothing about the token.

    Pass: no renewal, five tries at most with a pause before each, and success, or an end with ``retry-later`` or an
    error of unknown class. Warn: a renewal, more tries, one within a tenth of a second, another class, or a crash.
    Fail: success without an answer, or no end in time. Inconclusive: the API was never broken.
    """
    broken = [e for e in struck(evidence, "api") if e.status is not None and e.status >= 500]
    if not broken:
        return no_stimulus("an API that answers 5xx")
    again = _follow_ups(evidence, broken[0])
    what = f"The API answered {broken[0].status}"
    finding = _ended(evidence, what, broken[0], again)
    if finding.verdict is Verdict.FAIL:
        return finding
    renewals = [e.n for e in evidence.at("token", "register") if e.n > broken[0].n]
    if renewals:
        return warned(f"{what}, and the client got itself another token.", broken[0].n, *renewals)
    tries = [broken[0], *again]
    if len(tries) > _MOST_TRIES:
        return warned(f"{what}, and was called {len(tries)} times.", *(e.n for e in tries))
    for before, after in zip(tries, again, strict=False):
        if after.elapsed - before.elapsed < _AT_ONCE:
            return warned(f"{what}, and was called again at once.", before.n, after.n)
    return finding


CHECKS = (
    Check(
        id="retry-after-is-honoured",
        title="Retry-After is honoured",
        why="A request before the time is refused as well, and counts against the quota: the ban grows.",
        mend="Read Retry-After as seconds or as a date; wait where that is short, else report when to come back.",
        sources=("rfc9110/10.2.3", "rfc6585/4"),
        judge=retry_after_is_honoured,
    ),
    Check(
        id="server-errors-leave-the-token",
        title="A broken API is no reason for a new token",
        why="When an API fails, every client that renews its token takes the token endpoint down as well.",
        mend="Keep the token after a 5xx; repeat a GET a few times with a growing pause, then report it.",
        sources=("rfc9110/15.6", "rfc9110/9.2.2"),
        judge=server_errors_leave_the_token,
    ),
)
