"""Renewing by refresh token: the newest one, and not after it was refused."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import credential, error_of, issued, refresh_requests
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, passed, skipped


def latest_refresh_token_is_used(evidence: Evidence) -> Finding:
    """Each renewal presents the refresh token of the answer before.

    Pass: over several renewals always the newest one, and every call succeeds. Fail: an older one, or the
    calls do not succeed. Skip: the provider gives no new refresh token with a renewal. Inconclusive: there were
    fewer than two renewals.
    """
    requests = refresh_requests(evidence)
    answers = [token for token in issued(evidence) if token.refresh_token]
    for request in requests:
        before = [token for token in answers if token.n < request.n]
        presented = request.param("refresh_token")
        older = [token for token in before if token.refresh_token == presented]
        if before and older and presented != before[-1].refresh_token:
            return failed("A refresh token was used again after it had been replaced.", before[-1].n, request.n)
    numbers = [request.n for request in requests]
    if evidence.outcome == "timeout" or (requests and evidence.outcome != "ok"):
        return failed(f"The session did not survive its renewals: {said(evidence)}.", *numbers)
    if len(requests) < 2:
        return inconclusive(f"{len(requests)} renewal(s) were seen; it takes two to tell.", *numbers)
    if len({token.refresh_token for token in answers}) < 2:
        return skipped("No renewal brought another refresh token, so there was none to mix up.")
    return passed(f"{len(requests)} renewals, each with the newest refresh token.", *numbers)


def refused_refresh_token_is_dropped(evidence: Evidence) -> Finding:
    """A refresh token that was refused with ``invalid_grant`` is not tried again.

    Pass: it is presented once, and the client reports ``reauth`` or sends the person to a new login. Warn:
    another class of error, or a crash. Fail: it is presented again, the dead access token is used after the
    refusal, or success is reported without a new login. Inconclusive: no refresh token was refused.
    """
    refused = [e for e in refresh_requests(evidence) if error_of(e) == "invalid_grant"]
    if not refused:
        return no_stimulus("the refusal of a refresh token (invalid_grant)")
    first = refused[0]
    presented = first.param("refresh_token")
    later = [e for e in refresh_requests(evidence) if e.n > first.n]
    repeated = [e.n for e in later if e.param("refresh_token") == presented]
    if repeated:
        return failed(f"The refused refresh token was tried {len(repeated)} more time(s).", first.n, *repeated)
    old = {token.access_token for token in issued(evidence) if token.n < first.n}
    dead = [e.n for e in evidence.at("api") if e.n > first.n and credential(e) in old]
    if dead:
        return failed("After the refusal the old access token was used once more.", first.n, *dead)
    renewed = [token.n for token in issued(evidence) if token.n > first.n]
    if evidence.outcome == "ok" and renewed:
        return passed("The refresh token was refused, and the client had the person sign in again.", first.n, *renewed)
    return rejected(evidence, "The refresh token was refused", first.n, named="reauth")


CHECKS = (
    Check(
        id="latest-refresh-token-is-used",
        title="The newest refresh token is used",
        why="The old one is dead: the second renewal fails and the person must sign in again, every other day.",
        mend="Replace the stored refresh token with each answer that brings one.",
        sources=("rfc6749/6", "ingest/document/refresh-token-last-time", "movingimage/document/new-refresh-token"),
        judge=latest_refresh_token_is_used,
    ),
    Check(
        id="refused-refresh-token-is-dropped",
        title="A refused refresh token is dropped",
        why="invalid_grant is final: who keeps trying looks like an attack, and the user is never told.",
        mend="On invalid_grant delete the refresh token and ask for a new login.",
        sources=(
            "rfc6749/5.2/invalid-grant",
            "ingest/document/refresh-token-last-time",
            "movingimage/document/authenticate-again",
        ),
        judge=refused_refresh_token_is_dropped,
    ),
)
