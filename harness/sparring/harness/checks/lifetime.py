"""How long a token is used."""

from sparring.harness.checks.rejection import no_stimulus, said
from sparring.harness.checks.wire import Issued, credential, issued, registered, seconds_of
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, inconclusive, passed, warned

_DOCUMENTED_AS_STRING = frozenset({"ingest"})
"""The providers whose own document has the lifetime in quotation marks."""


def _seconds(token: Issued) -> float | None:
    """The stated lifetime, where it is a string of digits."""
    return seconds_of(token) if isinstance(token.expires_in, str) else None


def _is_dead(call: Exchange, stated: list[tuple[Issued, float]]) -> bool:
    """Whether the call's token was past its stated life, however often it had been issued until then."""
    ends = [
        token.at + seconds for token, seconds in stated if token.n < call.n and token.access_token == credential(call)
    ]
    return bool(ends) and call.at >= max(ends)


def lifetime_as_string_is_honoured(evidence: Evidence) -> Finding:
    """``"expires_in": "86400"``, a string, is understood as a number of seconds.

    Pass: the answer is accepted, the token is used within its life, and after it the client renews before it
    calls. Warn: the dead token is used once more and the 401 then leads to a renewal: the lifetime was not
    understood, or is not looked at. Allowed: a client that never renews asks for another login when the token has
    ended; or the answer is rejected, RFC 6749 having numbers as JSON numbers, where no document of the provider has
    strings. Fail: the answer is rejected where the document has it so, or the calls after the token's life do not
    succeed. Inconclusive: no such answer was sent, or the time that passed did not reach the client's life of
    the token.
    """
    stated = [(token, seconds) for token in issued(evidence) if (seconds := _seconds(token)) is not None]
    if not stated:
        return no_stimulus("a lifetime that is a string")
    first = stated[0][0]
    if evidence.outcome != "ok":
        before, last = evidence.steps[:-1], evidence.steps[-1:]
        served = len(before) > 1 and all(step.outcome == "ok" for step in before)
        ended = any(step.outcome == "reauth" or step.status == 401 for step in last)
        if served and ended and "refresh" not in evidence.supports:
            return allowed("This client renews nothing: the end of its token is the end of its session.", first.n)
        if evidence.provider not in _DOCUMENTED_AS_STRING and not evidence.at("api"):
            return allowed("A lifetime that is no JSON number was rejected, as RFC 6749 lets a client do.", first.n)
        return failed(f"With a lifetime that is a string the client ended with {said(evidence)}.", first.n)
    calls = evidence.at("api")
    if not calls:
        return inconclusive("The API was not called.", first.n)
    if not any(call.at >= first.at + stated[0][1] for call in calls):
        return inconclusive("No call was made after the life of the token.", first.n)
    dead = [call.n for call in calls if _is_dead(call, stated)]
    if dead:
        return warned("The token was used after the life that the answer stated as a string.", first.n, *dead)
    return passed("The lifetime was understood.", first.n)


def one_token_for_many_calls(evidence: Evidence) -> Finding:
    """One token serves all calls until it expires.

    Pass: five calls, one token issued, and one registration where users are registered. Warn: two. Fail: more
    than two, or the calls do not succeed.
    Inconclusive: the API was called less than twice.
    """
    tokens = max(issued(evidence), registered(evidence), key=len)
    calls = evidence.at("api")
    numbers = [token.n for token in tokens]
    if evidence.outcome != "ok":
        return failed(f"The calls did not succeed: {said(evidence)}.", *numbers)
    if len(calls) < 2 or not tokens:
        return inconclusive(f"The API was called {len(calls)} time(s), so nothing can be said about reuse.", *numbers)
    if len(tokens) > 2:
        return failed(f"{len(tokens)} tokens were issued for {len(calls)} calls.", *numbers)
    if len(tokens) == 2:
        return warned(f"Two tokens were issued for {len(calls)} calls.", *numbers)
    return passed(f"One token for {len(calls)} calls.", *numbers)


CHECKS = (
    Check(
        id="lifetime-as-string-is-honoured",
        title="A lifetime that is a string is understood",
        why="The token dies unnoticed: each day's first call fails, or the client stops with a type error.",
        mend="Convert expires_in to a number before you add it to the time of receipt.",
        sources=(
            "ingest/document/expires-in-string",
            "movingimage/document/expires-in",
            "rfc6749/5.1/expires-in",
            "clickview/document/renew-before-expiry",
        ),
        judge=lifetime_as_string_is_honoured,
    ),
    Check(
        id="one-token-for-many-calls",
        title="One token for many calls",
        why="A token for each call doubles every call's time, and exhausts the provider's quota under load.",
        mend="Keep the token with its expiry, and ask for a new one only when it is about to expire.",
        sources=("rfc6749/5.1/expires-in", "clickview/document/cache-one-token"),
        judge=one_token_for_many_calls,
    ),
)
