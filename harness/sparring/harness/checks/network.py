"""Answers that are slow, that never come, or that are lost: how long a client waits, and what it tries again."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import code_requests, issued
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, failed, passed, warned

_MOST_TRIES = 3


def struck(evidence: Evidence, *endpoints: str) -> tuple[Exchange, ...]:
    """The requests at these endpoints at which a fault has fired."""
    return tuple(e for e in evidence.at(*endpoints) if e.facts.get("faults"))


def silence_has_an_end(evidence: Evidence) -> Finding:
    """A token endpoint that says nothing more does not keep the client for ever.

    Pass: the client ends with ``transport``, or an error of unknown class, within the time that it was told. Warn:
    another class, or a crash; or no end in time where it is a command that runs once, or where the answer drips, so
    that no single read is long. Fail: no end in time, or success. Inconclusive: no answer was held back.
    """
    held = struck(evidence, "token")
    if not held:
        return no_stimulus("a token endpoint that falls silent")
    if any(step.outcome == "timeout" for step in evidence.steps):
        dripping = held[0].status is not None
        how = "sent its answer byte by byte" if dripping else "fell silent"
        limit = evidence.context.get("timeout", 0)
        message = f"The token endpoint {how}, and the client had not come back after {limit:g} s (SPARRING_TIMEOUT)."
        return (warned if dripping or evidence.driver == "oneshot" else failed)(message, held[0].n)
    return rejected(evidence, "The token endpoint fell silent", held[0].n, named="transport")


def slow_answers_are_awaited(evidence: Evidence) -> Finding:
    """Two seconds are no reason to give up.

    Pass: the client takes the token. Warn: it does not. Fail: it does not come back in time. Inconclusive: no answer
    was delayed.
    """
    slow = struck(evidence, "token")
    if not slow:
        return no_stimulus("a slow answer")
    if any(step.outcome == "timeout" for step in evidence.steps):
        return failed("The answer was slow, and the client did not come back in time.", slow[0].n)
    if evidence.outcome != "ok":
        return warned(f"An answer that took two seconds ended in {said(evidence)}.", slow[0].n)
    return passed("The slow answer was taken.", slow[0].n)


def lost_connections_are_not_hammered(evidence: Evidence) -> Finding:
    """Where no connection holds, a client gives up after a few tries.

    Pass: three token requests at most in one instruction, and the client ends with ``transport``, or an error of
    unknown class. Warn: more of them, another class, or a crash. Fail: success is reported, or no end in time.
    Inconclusive: no connection was reset.
    """
    lost = struck(evidence, "token")
    if not lost:
        return no_stimulus("a connection that is reset")
    finding = rejected(evidence, "Every connection to the token endpoint was reset", lost[0].n, named="transport")
    for step in evidence.steps:
        tries = evidence.during(step, "token")
        if len(tries) > _MOST_TRIES and finding.verdict is not Verdict.FAIL:
            return warned(f"The token endpoint was tried {len(tries)} times in a row.", *(e.n for e in tries))
    return finding


def code_is_not_sent_after_a_reset(evidence: Evidence) -> Finding:
    """A code whose answer was lost may be used up: it is not sent again.

    Pass: the code is in one token request, and the client ends with an error; or it succeeds by another login. Warn: it
    is sent a second time, and the refusal is reported; or the client crashes. Fail: it is sent more often, success is
    reported without a token, or no end in time. Inconclusive: no answer to a code was lost.
    """
    lost = [e for e in struck(evidence, "token") if e in code_requests(evidence) and e.status is None]
    if not lost:
        return no_stimulus("a connection that is reset after its code was taken")
    same = [e for e in code_requests(evidence) if e.param("code") == lost[0].param("code")]
    numbers = [e.n for e in same]
    if len(same) > 2:
        return failed(f"After the connection was lost the same code was sent {len(same) - 1} more times.", *numbers)
    again = [token for token in issued(evidence) if token.n > lost[0].n and token.n not in numbers]
    if evidence.outcome == "ok" and again:
        return passed("The connection was lost, and another login brought a token.", lost[0].n, again[0].n)
    finding = rejected(evidence, "The answer to the code was lost", *numbers)
    if len(same) > 1 and finding.verdict is not Verdict.FAIL:
        return warned("The code was sent again, though the lost answer may have used it up.", *numbers)
    return finding


CHECKS = (
    Check(
        id="silence-has-an-end",
        title="A silent token endpoint does not hold the client for ever",
        why="Most HTTP libraries wait without a limit: one silent server holds every worker until somebody restarts.",
        mend="Limit connecting, each read and the whole request; where SPARRING_TIMEOUT is too short, raise --timeout.",
        sources=("rfc9110/7.5",),
        judge=silence_has_an_end,
    ),
    Check(
        id="slow-answers-are-awaited",
        title="A slow answer is awaited",
        why="Token endpoints are slow when everybody signs in; whoever gives up early asks again, and adds to it.",
        mend="Give a token request ten seconds or more.",
        sources=("rfc9110/7.5",),
        judge=slow_answers_are_awaited,
    ),
    Check(
        id="lost-connections-are-not-hammered",
        title="A connection that fails is not tried for ever",
        why="Thousands of clients in a tight loop keep a provider down that has just come back.",
        mend="Try twice or three times with a growing pause, then report that the provider cannot be reached.",
        sources=("rfc9110/9.2.2", "rfc9110/9.2.2/not-idempotent"),
        judge=lost_connections_are_not_hammered,
    ),
    Check(
        id="code-is-not-sent-after-a-reset",
        title="A code is not sent again after a lost connection",
        why="Where the code was used up already, the second request makes many servers revoke the tokens of the first.",
        mend="Turn off retries for token requests; after a lost answer begin a new login.",
        sources=("rfc6749/4.1.2", "rfc9110/9.2.2/not-idempotent", "ingest/document/code-one-time"),
        judge=code_is_not_sent_after_a_reset,
    ),
)
