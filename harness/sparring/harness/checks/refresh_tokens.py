"""How often a refresh token is used, how long it is kept, and what happens where there is none."""

from sparring.harness.checks.refresh_race import one_refresh_at_a_time
from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import (
    answer,
    code_of,
    issued,
    outlived,
    refresh_requests,
    seconds_of,
    succeeded,
    word,
)
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, allowed, failed, inconclusive, passed

_NOTHING = frozenset({"", "None", "null", "undefined", "nil", "NaN", "[object Object]"})
_MARGIN = 10
"""Seconds before a token's end in which a client may well renew it at every use."""


def one_refresh_per_expiry(evidence: Evidence) -> Finding:
    """When the access token has expired it is renewed once, by refresh token, without the person.

    Pass: one refresh, and the call after it succeeds. Fail: several (the message says how many, and whether the
    client went on with another refresh token than that of the one that won), a new login instead, or no success.
    Allowed: several, of tokens that live for a few seconds only, so that they are always within a margin before the
    end. Inconclusive: no refresh token was issued, or no time passed for the client.
    """
    if not any(token.refresh_token for token in issued(evidence)):
        return inconclusive("The provider issued no refresh token.")
    late = outlived(evidence)
    if late is None:
        return no_stimulus("the end of its access token")
    requests = [e.n for e in refresh_requests(evidence)]
    if len(requests) > 1:
        race = one_refresh_at_a_time(evidence)
        if race.verdict is Verdict.FAIL:
            return race
        if all((seconds_of(token) or _MARGIN) < _MARGIN for token in issued(evidence)) and evidence.outcome == "ok":
            return allowed("Tokens of so short a life are always near their end, and were renewed early.", *requests)
        return failed(f"{len(requests)} refreshes for one expiry.", *requests)
    logins = [visit for visit in evidence.visits if code_of(visit)]
    if len(logins) > 1 and not requests:
        return failed("The person had to sign in again although there was a refresh token.", late.n)
    if evidence.outcome != "ok":
        return failed(f"The session did not survive the end of the access token: {said(evidence)}.", late.n, *requests)
    if not requests:
        return failed("The access token expired, and the refresh token was not used.", late.n)
    return passed("One refresh for one expiry.", *requests)


def old_refresh_token_is_kept(evidence: Evidence) -> Finding:
    """Where a renewal brings no new refresh token, the old one stays the client's.

    Pass: the next renewal presents the same refresh token again, and the calls succeed. Fail: it presents
    another one or nothing, there is no next renewal, or a new login takes its place. Inconclusive: no answer to
    a renewal came without a refresh token, or nothing expired after it.
    """
    silent = [e for e in refresh_requests(evidence) if succeeded(e) and not word(answer(e), "refresh_token")]
    if not evidence.fired or not silent:
        return no_stimulus("a renewal that brings no refresh token")
    first = silent[0]
    later = [e for e in refresh_requests(evidence) if e.n > first.n]
    forgotten = [e.n for e in later if e.param("refresh_token") != first.param("refresh_token")]
    if forgotten:
        return failed("The next renewal did not present the refresh token that is still good.", first.n, *forgotten)
    if evidence.outcome != "ok":
        return failed(f"After an answer without a refresh token the client ended with {said(evidence)}.", first.n)
    if any(e.n > first.n and e.param("grant_type") == "authorization_code" for e in evidence.at("token")):
        return failed("The person had to sign in again although the refresh token was still good.", first.n)
    if not later:
        return inconclusive("There was no renewal after it.", first.n)
    return passed("The old refresh token was kept.", first.n, *(e.n for e in later))


def _without_any(evidence: Evidence) -> Finding | None:
    """The finding where a refresh token was issued, nothing expired, or the grant was used without having one."""
    if any(token.refresh_token for token in issued(evidence)):
        return inconclusive("The provider issued a refresh token.")
    asked = refresh_requests(evidence)
    if asked:
        sent = asked[0].param("refresh_token") or ""
        shown = f"`{sent}`" if sent in _NOTHING and sent else "an empty one" if not sent else "an invented one"
        shown = "none, only the grant type" if asked[0].param("refresh_token") is None else shown
        return failed(f"There is no refresh token, yet the client asked with one: {shown}.", *(e.n for e in asked))
    return None


def no_refresh_without_a_token(evidence: Evidence) -> Finding:
    """Who has no refresh token renews by the grant that brought the access token.

    Pass: after the token's life a new one by client credentials, and no refresh request. Fail: a refresh
    request without a refresh token, or the calls after the token's life do not succeed. Inconclusive: a refresh
    token was issued, or no time passed for the client.
    """
    finding = _without_any(evidence)
    if finding is not None:
        return finding
    late = outlived(evidence)
    if late is None:
        return no_stimulus("the end of its access token")
    if evidence.outcome != "ok":
        return failed(f"After the token's life the client ended with {said(evidence)}.", late.n)
    return passed("The token was renewed as it had been obtained.", late.n)


def no_empty_refresh_token(evidence: Evidence) -> Finding:
    """Where no refresh token was issued, the end of the access token is the end of the session.

    Pass: no refresh request, and the client reports ``reauth`` or has the person sign in again. Warn: another
    class of error, or a crash. Fail: a refresh request (with an empty value, ``None``, ``undefined``), or success
    with nothing to succeed by. Inconclusive: a refresh token was issued, or the client was not called upon after
    the token's life.
    """
    finding = _without_any(evidence)
    if finding is not None:
        return finding
    tokens = issued(evidence)
    asked_again = len(list(evidence.doing("call_api"))) > 1
    if not tokens or not asked_again:
        return no_stimulus("the end of its access token")
    if evidence.outcome == "ok" and len(tokens) > 1:
        return passed("Without a refresh token the client had the person sign in again.", tokens[-1].n)
    if evidence.outcome == "ok" and not any(call.status == 401 for call in evidence.at("api")):
        return no_stimulus("the end of its access token")
    return rejected(evidence, "The access token ended, and there was no refresh token", tokens[-1].n, named="reauth")


CHECKS = (
    Check(
        id="one-refresh-per-expiry",
        title="One refresh for one expiry",
        why="A second refresh costs a request each time, and where tokens rotate it ends the session.",
        mend="Renew in one place, under a lock, and let everybody else wait for that one result.",
        sources=("rfc6749/6", "ingest/document/refresh-token-last-time", "movingimage/document/use-the-refresh-token"),
        judge=one_refresh_per_expiry,
    ),
    Check(
        id="old-refresh-token-is-kept",
        title="The refresh token is kept where no new one comes",
        why="A client that overwrites it with nothing loses the session at the first renewal.",
        mend="Replace the stored refresh token only with an answer that brings one.",
        sources=("rfc6749/6",),
        judge=old_refresh_token_is_kept,
    ),
    Check(
        id="no-refresh-without-a-token",
        title="No refresh request without a refresh token",
        why="The request is always refused: each renewal costs a useless request, and looks like an attack.",
        mend="Where the answer has no refresh_token, repeat the client credentials request when the token expires.",
        sources=("rfc6749/4.4.3", "rfc6749/6/refresh-token", "ingest/document/no-refresh-token"),
        judge=no_refresh_without_a_token,
    ),
    Check(
        id="no-empty-refresh-token",
        title="Without a refresh token the person signs in again",
        why="A refresh request with `None` in it is refused, and the user sees an error that nobody understands.",
        mend="Look whether there is a refresh token before using it, and ask for a login where there is none.",
        sources=(
            "rfc6749/5.1/refresh-token",
            "rfc6749/6/refresh-token",
            "panopto/document/scope-without-offline-access",
        ),
        judge=no_empty_refresh_token,
    ),
)
