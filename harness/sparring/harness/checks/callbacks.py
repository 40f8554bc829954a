"""Callbacks that are none: one that comes twice, one that brings nothing."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import code_of, code_requests, fragment_of, query_of
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed, skipped, warned


def callback_is_taken_once(evidence: Evidence) -> Finding:
    """A callback that the browser delivers a second time is not taken again.

    Pass: its code is exchanged once, and the client goes on as if nothing had happened. Warn: the second one is
    answered with a server error. Fail: the code is exchanged again, or the session does not survive. Skipped: no
    browser delivers the callback. Inconclusive: none was delivered twice.
    """
    replayed = [visit for visit in evidence.visits if visit.replayed]
    delivered = [visit for visit in evidence.visits if visit.callback and not visit.problem]
    if delivered and all(visit.callback_status is None for visit in delivered):
        return skipped("The client takes the callback as a line of text, and no browser can deliver it twice.")
    if not evidence.fired or not replayed:
        return no_stimulus("a callback that comes twice")
    for visit in replayed:
        uses = [e.n for e in code_requests(evidence) if code_of(visit) and e.param("code") == code_of(visit)]
        if len(uses) > 1:
            return failed("The callback came twice, and its code was exchanged twice.", *uses)
    if evidence.outcome != "ok":
        return failed(f"The callback came twice, and the client ended with {said(evidence)}.")
    broken = [visit.replay_status for visit in replayed if visit.replay_status and visit.replay_status >= 500]
    if broken:
        return warned(f"The second delivery of the callback was answered with {broken[0]}.")
    return passed("The callback was taken once.")


def callback_without_a_code_ends(evidence: Evidence) -> Finding:
    """A callback without a code, for the response stayed in the fragment, ends in an error.

    Pass: no token request, and the client ends with an error in time. Warn: it crashes. Fail: a token request
    with whatever code, success, or no end. Inconclusive: the response did not come in the fragment.
    """
    empty = [
        visit
        for visit in evidence.visits
        if "code" in fragment_of(visit.callback) and "code" not in query_of(visit.callback)
    ]
    if not evidence.fired or not empty:
        return no_stimulus("a response in the fragment")
    asked = [e.n for e in code_requests(evidence)]
    if asked:
        return failed("The callback brought no code, and the client asked for a token all the same.", *asked)
    return rejected(evidence, "The callback brought no code")


CHECKS = (
    Check(
        id="callback-is-taken-once",
        title="A callback is taken once",
        why="Browsers reload, and scanners follow links; a second exchange may withdraw the tokens of the first.",
        mend="Forget the state with the first callback, and answer the second with a page that says so.",
        sources=("rfc6749/4.1.2", "ingest/document/code-one-time"),
        judge=callback_is_taken_once,
    ),
    Check(
        id="callback-without-a-code-ends",
        title="A callback without a code is an error",
        why="A client that goes on with no code asks for a token in vain, or waits for ever.",
        mend="Look for code or error in the query; where there is neither, report the callback as unusable.",
        sources=(
            "rfc6749/4.1.2/code",
            "movingimage/document/code-from-the-query",
            "movingimage/document/response-mode",
        ),
        judge=callback_without_a_code_ends,
    ),
)
