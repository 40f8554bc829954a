"""The members of a good token answer: what may differ, what may be missing, what may be there besides."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import answer, issued, protected, word
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed

EXTRA_MEMBER = "x_request_id"
"""One of the members that no specification knows, by which an answer with such members is recognised."""


def token_type_in_any_case(evidence: Evidence) -> Finding:
    """``"token_type": "bearer"`` is the same as ``"Bearer"``.

    Pass: the token is used, and the call succeeds. Fail: the answer is refused, or the call does not succeed.
    Inconclusive: no such answer was sent.
    """
    odd = [token for token in issued(evidence) if token.token_type == "bearer"]
    if not evidence.fired or not odd:
        return no_stimulus("a token type in lower case")
    if evidence.outcome != "ok":
        return failed(f"With the token type `bearer` the client ended with {said(evidence)}.", odd[0].n)
    return passed("The token type in lower case was accepted.", odd[0].n)


def extra_members_are_ignored(evidence: Evidence) -> Finding:
    """Members of the answer that the client does not know are ignored.

    Pass: the token is used, and the call succeeds. Fail: the answer is refused, or the call does not succeed.
    Inconclusive: no such answer was sent.
    """
    odd = [e.n for e in evidence.at("token") if e.status == 200 and EXTRA_MEMBER in answer(e)]
    if not evidence.fired or not odd:
        return no_stimulus("an answer with members that it cannot know")
    if evidence.outcome != "ok":
        return failed(f"With members in the answer that it does not know the client ended with {said(evidence)}.", *odd)
    return passed("The members that nobody knows were ignored.", *odd)


def no_call_without_a_token(evidence: Evidence) -> Finding:
    """An answer without an access token is none.

    Pass: no API call, and the client ends with an error. Warn: it crashes. Fail: an API call (``Bearer None``,
    ``Bearer undefined``, an empty header), or success. Inconclusive: no such answer was sent.
    """
    odd = [e.n for e in evidence.at("token") if e.status == 200 and not word(answer(e), "access_token")]
    if not evidence.fired or not odd:
        return no_stimulus("an answer without an access token")
    calls = [e.n for e in protected(evidence, odd[0])]
    if calls:
        return failed("The answer brought no access token, and the API was called all the same.", odd[0], *calls)
    return rejected(evidence, "The answer brought no access token", odd[0])


def missing_lifetime_is_accepted(evidence: Evidence) -> Finding:
    """An answer without ``expires_in`` is a good one.

    Pass: the token is used, and the call succeeds; how many tokens the client asks for is judged where many calls
    are made. Fail: the answer is refused, or the call does not succeed. Inconclusive: no such answer was sent.
    """
    odd = [token for token in issued(evidence) if token.expires_in is None]
    if not evidence.fired or not odd:
        return no_stimulus("an answer without a lifetime")
    numbers = [token.n for token in odd]
    if evidence.outcome != "ok":
        return failed(f"Without a lifetime in the answer the client ended with {said(evidence)}.", *numbers)
    return passed(f"{len(odd)} token(s) without a stated lifetime were accepted.", *numbers)


CHECKS = (
    Check(
        id="token-type-in-any-case",
        title="The token type in any case of letters",
        why="Servers spell it as they like, and change it on an upgrade; the client then stops working overnight.",
        mend="Compare token_type with bearer in lower case, and write `Bearer` into the header yourself.",
        sources=("rfc6749/5.1/token-type", "movingimage/document/token-type"),
        judge=token_type_in_any_case,
    ),
    Check(
        id="extra-members-are-ignored",
        title="Unknown members of the answer are ignored",
        why="Servers add members at any time; a client that insists on the ones it knows breaks on that day.",
        mend="Read the members that you need, and let the parser ignore all others.",
        sources=("rfc6749/5.1/unrecognized",),
        judge=extra_members_are_ignored,
    ),
    Check(
        id="no-call-without-a-token",
        title="No call without a token",
        why="A call with `Bearer None` hides the real cause: the log shows a 401 of the API, not the broken answer.",
        mend="Accept a token answer only if access_token is there, a string, and not empty.",
        sources=("rfc6749/5.1/access-token", "clickview/document/access-token-field"),
        judge=no_call_without_a_token,
    ),
    Check(
        id="missing-lifetime-is-accepted",
        title="An answer without a lifetime is accepted",
        why="expires_in is only recommended; a client that insists on it cannot work with servers that leave it out.",
        mend="Without expires_in use the token until the API answers 401, and renew then.",
        sources=("rfc6749/5.1/expires-in-omitted",),
        judge=missing_lifetime_is_accepted,
    ),
)
