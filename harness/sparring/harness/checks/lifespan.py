"""When a token is replaced: before its end, after a long pause, and where the answer states a life that is none."""

from sparring.harness.checks.rejection import no_stimulus, said
from sparring.harness.checks.wire import (
    Issued,
    answer,
    credential,
    issued,
    outlived,
    protected,
    registered,
    seconds_of,
)
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, inconclusive, passed, skipped, warned

_LAST_MOMENT = 2.0
"""Seconds; ends are whole seconds at some providers, so that one alone could not be told from none."""

_REQUESTS_PER_INSTRUCTION = 3


def _holder(evidence: Evidence, call: Exchange) -> Issued | None:
    """The answer that brought the call's token, with a stated life; the latest, where it came more than once."""
    found = None
    for token in (*issued(evidence), *registered(evidence)):
        if token.n < call.n and token.access_token == credential(call) and seconds_of(token) is not None:
            found = token
    return found


def _left(token: Issued, at: float) -> float:
    """Seconds of its stated life that the token has left at that time; negative after its end."""
    return token.at + (seconds_of(token) or 0.0) - at


def _dead(evidence: Evidence) -> list[Exchange]:
    """The calls whose token was past its stated end."""
    calls = ((call, _holder(evidence, call)) for call in protected(evidence))
    return [call for call, token in calls if token is not None and _left(token, call.at) <= 0]


def _does_not_renew(evidence: Evidence) -> bool:
    """Whether only a person could renew this client's tokens."""
    return evidence.grant == "authorization_code" and "refresh" not in evidence.supports


def token_is_renewed_before_its_end(evidence: Evidence) -> Finding:
    """The token is replaced while it is still good; the message says how long before its end.

    Pass: the calls shortly before and after its end all carry a living token, and it was replaced before. Warn: it was
    used in its last two seconds or after its end, so that a call that is under way arrives dead; or it was replaced
    with more than half of its life left. Fail: a call does not succeed. Skipped: a client that does not renew by
    refresh token. Inconclusive: no life was stated, or time did not get near its end.
    """
    if _does_not_renew(evidence):
        return skipped("needs refresh, which is not among --supports")
    calls = [(call, token) for call in evidence.at("api") if (token := _holder(evidence, call)) is not None]
    if not calls:
        return no_stimulus("a stated lifetime")
    first = calls[0][1]
    if any(step.outcome != "ok" for step in evidence.steps):
        return failed(f"Around the end of its token the client ended with {said(evidence)}.", first.n)
    late = _dead(evidence)
    if late:
        return warned("The token was used after its end.", first.n, *(call.n for call in late))
    used = [call for call, token in calls if token.access_token == first.access_token]
    later = [call for call, token in calls if token.access_token != first.access_token]
    last = _left(first, used[-1].at)
    if last <= _LAST_MOMENT:
        return warned("The token was still used in the last two seconds of its life.", first.n, used[-1].n)
    if not later:
        return inconclusive(f"The token was never replaced; it had {last:.0f} s left.", first.n)
    left, life = _left(first, later[0].at), seconds_of(first) or 0.0
    if left > life / 2:
        return warned(f"The token was replaced with {left:.0f} s of its {life:.0f} s left.", first.n, later[0].n)
    return passed(
        f"The token was used {last:.0f} s before its end and replaced {max(left, 0):.0f} s before it.", later[0].n
    )


def first_call_after_idle_renews(evidence: Evidence) -> Finding:
    """After a pause that outlived the token, the client renews before it calls.

    Pass: the first call carries a new token, and succeeds. Warn: it carries the dead one, and the refusal leads to a
    renewal. Fail: the call does not succeed. Skipped: a client that does not renew by refresh token. Inconclusive: no
    life was stated, or no time passed for the client.
    """
    if _does_not_renew(evidence):
        return skipped("needs refresh, which is not among --supports")
    late = outlived(evidence)
    if late is None:
        return no_stimulus("the end of its access token")
    if evidence.outcome != "ok":
        return failed(f"After a pause longer than the token's life the client ended with {said(evidence)}.", late.n)
    dead = [call.n for call in _dead(evidence)]
    if dead:
        return warned("After a pause longer than the token's life the dead token was used first.", *dead)
    return passed("After a pause longer than its life the token was renewed first.", late.n)


def _answers(evidence: Evidence) -> list[Exchange]:
    """The token answers whose life a fault has changed."""
    return [e for e in evidence.at("token") if e.status == 200 and e.facts.get("faults")]


def _stops(evidence: Evidence, what: str, odd: list[Exchange]) -> Finding | None:
    """The finding where the client did not come back, crashed, or renewed without an end."""
    outcomes = {step.outcome for step in evidence.steps}
    if "timeout" in outcomes:
        return failed(f"{what} the client did not come back in time.", odd[0].n)
    asked, given = len(evidence.at("token")), len(evidence.steps)
    if asked > _REQUESTS_PER_INSTRUCTION * given:
        return failed(f"{what} the client made {asked} token requests for {given} instructions.", odd[0].n, odd[-1].n)
    if "crash" in outcomes:
        return warned(f"{what} the client crashed rather than ended with a clean error.", odd[0].n)
    return None


def spent_lifetime_is_over(evidence: Evidence) -> Finding:
    """A life of no seconds, or of less, is over when the answer arrives: good for the call in hand at most.

    Pass: each further call gets a new token. Allowed: the answer is refused by an error. Warn: the token is used again
    and again, as if it had no end; or the client crashes. Fail: it renews without an end, or does not come back in
    time. Inconclusive: no such answer was sent.
    """
    odd = [e for e in _answers(evidence) if _is_spent(answer(e).get("expires_in"))]
    if not odd:
        return no_stimulus("a life that is over")
    stated = answer(odd[0])["expires_in"]
    what = f"Told that the token lives for {stated} seconds,"
    stopped = _stops(evidence, what, odd)
    if stopped is not None:
        return stopped
    if evidence.outcome != "ok":
        return allowed(f"{what} the client refused it.", odd[0].n)
    spent = {token.access_token for token in issued(evidence) if _is_spent(token.expires_in)}
    calls = [(e.n, credential(e)) for e in evidence.at("api") if credential(e) in spent]
    again = [n for n, token in calls if [each for _, each in calls].count(token) > 1]
    if again:
        return warned(f"{what} the client went on using it.", odd[0].n, *again)
    return passed(f"{what} the client got a new one for the next call.", odd[0].n)


def _is_spent(stated: object) -> bool:
    return isinstance(stated, int | float) and not isinstance(stated, bool) and stated <= 0


def odd_lifetime_is_no_trap(evidence: Evidence) -> Finding:
    """A life that is no whole number is refused, or taken as unknown; nothing worse.

    Allowed: the answer is refused by an error; the token is used for every call; or each call gets a new one. Warn: the
    client crashes. Fail: it renews without an end, or does not come back in time. Inconclusive: no such answer was
    sent.
    """
    odd = _answers(evidence)
    if not odd:
        return no_stimulus("a life that is no whole number")
    what = "With a life that is no whole number"
    stopped = _stops(evidence, what, odd)
    if stopped is not None:
        return stopped
    if evidence.outcome != "ok":
        return allowed("The answer was refused.", odd[0].n)
    calls = [credential(e) for e in evidence.at("api")]
    if not calls:
        return inconclusive(f"{what} the client called nothing.", odd[0].n)
    how = "each call got a new token" if len(set(calls)) == len(calls) > 1 else "the token was used"
    return allowed(f"{what} {how}.", odd[0].n)


CHECKS = (
    Check(
        id="token-is-renewed-before-its-end",
        title="The token is renewed before its end",
        why="A call that leaves in the last second arrives with a dead token, a few times a day, and nobody knows why.",
        mend="Renew some seconds before the end: ten to sixty are usual, and less than half of the token's life.",
        sources=("clickview/document/renew-before-expiry", "rfc6749/5.1/expires-in", "ingest/document/exact-lifetime"),
        judge=token_is_renewed_before_its_end,
    ),
    Check(
        id="first-call-after-idle-renews",
        title="The first call after a pause renews first",
        why="Each morning's first call fails, or costs an extra request and a warning in the provider's log.",
        mend="Compare the token's end with the clock at each call, not with a timer that sleeps with the machine.",
        sources=(
            "rfc6749/5.1/expires-in",
            "movingimage/document/use-the-refresh-token",
            "ingest/document/unauthorized-call",
        ),
        judge=first_call_after_idle_renews,
    ),
    Check(
        id="spent-lifetime-is-over",
        title="A life of no seconds is over",
        why="Zero is false in many languages: the token counts as eternal, and fails long after anybody looks.",
        mend="Tell a life that is missing from one of zero, and take what is negative for zero.",
        sources=("rfc6749/5.1/expires-in",),
        judge=spent_lifetime_is_over,
    ),
    Check(
        id="odd-lifetime-is-no-trap",
        title="A life that is no number is no trap",
        why="The library's type error names neither the provider nor the member, or the end of the token is NaN.",
        mend="Check that expires_in is a finite number before you compute with it; take anything else as not stated.",
        sources=("rfc6749/a.14",),
        judge=odd_lifetime_is_no_trap,
    ),
)
