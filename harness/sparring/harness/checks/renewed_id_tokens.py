"""ID tokens that come with a renewal: the same person's, from the same issuer, for the same client, and fresh."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import answer, code_requests, credential, issued, refresh_requests, succeeded, word
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, failed, passed, warned


def _poisoned(evidence: Evidence) -> list[int]:
    """The renewals whose ID token a fault has changed."""
    renewals = refresh_requests(evidence)
    return [e.n for e in renewals if succeeded(e) and e.facts.get("faults") and word(answer(e), "id_token")]


def _refused(evidence: Evidence, poisoned: list[int], what: str) -> Finding:
    """Nothing of an answer with that ID token may be used; a new login instead is fine."""
    bad = {token.access_token for token in issued(evidence) if token.n in poisoned}
    used = [e.n for e in evidence.at("api", "userinfo") if e.n > poisoned[0] and credential(e) in bad]
    if used:
        return failed(f"{what}, and the access token that came with it was used.", poisoned[0], *used)
    again = [e.n for e in code_requests(evidence) if e.n > poisoned[0] and succeeded(e)]
    if evidence.outcome == "ok" and again:
        return passed(f"{what}, and the client had the person sign in again.", poisoned[0], *again)
    return rejected(evidence, what, poisoned[0])


def id_token_of_renewal_is_checked(evidence: Evidence) -> Finding:
    """An ID token that comes with a renewal is about the person who signed in, by the same issuer, for this client.

    With another ``sub``, ``iss``, ``aud`` or ``nonce`` it is refused with everything that came with it. Pass: the new
    access token is not used, and the client ends with an error or has the person sign in. Warn: the token is used, and
    it is the nonce alone that differs (the text says which nonce the provider may send, and not that the client
    compares it); or the client crashes. Fail: the token is used, or success. Inconclusive: no such ID token was sent.
    """
    poisoned = _poisoned(evidence)
    if not poisoned:
        return no_stimulus("a renewal with somebody else's ID token")
    finding = _refused(evidence, poisoned, "The ID token of the renewal does not belong to this login")
    if finding.verdict is Verdict.FAIL and evidence.outcome != "timeout" and _only_by_its_nonce(evidence, poisoned[0]):
        return warned(finding.message, *finding.exchanges)
    return finding


def _only_by_its_nonce(evidence: Evidence, renewal: int) -> bool:
    """Whether the ID token of that renewal names the person, the issuer and the client of the login before it."""
    of = {e.n: _claims(e) for e in evidence.at("token") if succeeded(e)}
    logins = [e.n for e in code_requests(evidence) if of.get(e.n) and e.n < renewal]
    named = [[of[n].get(name) for name in ("iss", "sub", "aud")] for n in (*logins[-1:], renewal)]
    return len(named) > 1 and named[0] == named[1] and of[logins[-1]].get("nonce") != of[renewal].get("nonce")


def _claims(exchange: Exchange) -> dict[str, Any]:
    """What the ID token of an answer says; nothing where there is none that can be read."""
    payload = word(answer(exchange), "id_token").partition(".")[2].partition(".")[0]
    try:
        return dict(json.loads(urlsafe_b64decode(payload + "==")))
    except (ValueError, TypeError):
        return {}


def id_token_of_renewal_is_fresh(evidence: Evidence) -> Finding:
    """An ID token that comes with a renewal was made for it, and not the day before.

    Pass: the new access token is not used, and the client ends with an error or has the person sign in. Warn: the token
    is used, or the client crashes. Fail: it does not come back in time. Inconclusive: no such ID token was sent.
    """
    poisoned = _poisoned(evidence)
    if not poisoned:
        return no_stimulus("a renewal with yesterday's ID token")
    finding = _refused(evidence, poisoned, "The ID token of the renewal was a day old")
    if finding.verdict is Verdict.FAIL and evidence.outcome != "timeout":
        return warned(finding.message, *finding.exchanges)
    return finding


def legal_renewal_is_accepted(evidence: Evidence) -> Finding:
    """A renewal may come without an ID token, with one that has no nonce, or with one that repeats it.

    Pass: the new token is used, and the call succeeds. Fail: the renewal is refused, or the call does not succeed.
    Inconclusive: nothing was renewed.
    """
    renewals = [e for e in refresh_requests(evidence) if succeeded(e)]
    if not renewals:
        return no_stimulus("a renewal")
    id_token = word(answer(renewals[0]), "id_token")
    what = "With an ID token" if id_token else "Without an ID token"
    if evidence.outcome != "ok":
        return failed(f"{what} that may be so, the renewal ended with {said(evidence)}.", renewals[0].n)
    brought = {token.access_token for token in issued(evidence) if token.n >= renewals[0].n}
    calls = [e.n for e in evidence.at("api") if e.n > renewals[0].n and credential(e) in brought]
    if not calls:
        return failed(f"{what} that may be so, the new token was not used.", renewals[0].n)
    return passed(f"{what} the renewal was accepted.", renewals[0].n, calls[0])


CHECKS = (
    Check(
        id="id-token-of-renewal-is-checked",
        title="The ID token of a renewal belongs to the login",
        why="A mix-up at the provider, or a swapped refresh token, puts one user into another one's account.",
        mend="Compare sub, iss, aud and a nonce that is there with those of the login before you keep the new tokens.",
        sources=(
            "oidc-core/12.2/iss",
            "oidc-core/12.2/sub",
            "oidc-core/12.2/aud",
            "oidc-core/12.2/nonce",
        ),
        judge=id_token_of_renewal_is_checked,
    ),
    Check(
        id="id-token-of-renewal-is-fresh",
        title="The ID token of a renewal is a fresh one",
        why="An answer that was cached somewhere goes unnoticed, and with it everything that has changed since.",
        mend="Refuse an ID token whose iat is older than the renewal by more than some minutes.",
        sources=("oidc-core/12.2/iat",),
        judge=id_token_of_renewal_is_fresh,
    ),
    Check(
        id="legal-renewal-is-accepted",
        title="A renewal need not bring all that the login brought",
        why="Providers differ over the nonce and the ID token of a renewal; the client works with one of them only.",
        mend="Check the ID token of a renewal where there is one, and its nonce where it has one.",
        sources=("oidc-core/12.2/without", "oidc-core/12.2/nonce"),
        judge=legal_renewal_is_accepted,
    ),
)
