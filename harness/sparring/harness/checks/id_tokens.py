"""ID tokens that must not be trusted: another login's, another client's, a stranger's, an old one."""

from collections.abc import Callable

from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.wire import answer, authorize_url_of, credential, issued, query_of, word
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, allowed, failed, skipped


def after_poison(evidence: Evidence, what: str) -> Finding:
    """Nothing of an answer with a poisoned ID token may be used."""
    poisoned = [e.n for e in evidence.at("token") if e.facts.get("faults") and word(answer(e), "id_token")]
    if not evidence.fired or not poisoned:
        return no_stimulus(f"an ID token that {what}")
    bad = {token.access_token for token in issued(evidence) if token.n in poisoned}
    used = [e.n for e in evidence.at("api", "userinfo") if credential(e) in bad]
    if used:
        return failed(f"The ID token {what}, and the access token that came with it was used.", poisoned[0], *used)
    return rejected(evidence, f"The ID token {what}", poisoned[0])


def unless_direct(evidence: Evidence, finding: Finding) -> Finding:
    """The finding, unless the ID token came straight from the token endpoint over TLS, which vouches for it then."""
    if finding.verdict is Verdict.FAIL and evidence.tls and not evidence.strict and evidence.outcome == "ok":
        message = (
            f"{finding.message} It came straight from the token endpoint over TLS, "
            "where the signature need not be checked."
        )
        return allowed(message, *finding.exchanges)
    return finding


def nonce_is_compared(evidence: Evidence) -> Finding:
    """An ID token with another nonce than the login's, or without one, is refused, and everything that came with it.

    Pass: the access token is not used, and the client ends with an error. Warn: it crashes. Fail: the token is
    used, or success. Skipped: the login had no nonce. Inconclusive: no such ID token was sent.
    """
    urls = authorize_url_of(evidence)
    if urls and not any(query_of(url).get("nonce") for url in urls):
        return skipped("The client sends no nonce, so there is none to compare.")
    return after_poison(evidence, "has not the nonce of the login")


def audience_is_checked(evidence: Evidence) -> Finding:
    """An ID token for another client, or for nobody, is refused, and everything that came with it.

    Pass: the access token is not used, and the client ends with an error. Warn: it crashes. Fail: the token is
    used, or success. Inconclusive: no such ID token was sent.
    """
    return after_poison(evidence, "is not for this client")


def id_token_expiry_is_checked(evidence: Evidence) -> Finding:
    """An ID token that expired long ago, or that never does, is refused, and everything that came with it.

    Pass: the access token is not used, and the client ends with an error. Warn: it crashes. Fail: the token is
    used, or success. Inconclusive: no such ID token was sent.
    """
    return after_poison(evidence, "is not valid any more, or says nothing of it")


def signature_is_checked(evidence: Evidence) -> Finding:
    """An ID token that a stranger signed is refused, or it came straight from the token endpoint over TLS.

    Pass: the access token is not used, and the client ends with an error. Allowed: it is used, and the answer
    came over TLS; the server's certificate then stands for the issuer (not with ``--strict``). Warn: the client
    crashes. Fail: it is used, and the answer came over plain HTTP. Inconclusive: no such ID token was sent.
    """
    return unless_direct(evidence, after_poison(evidence, "is signed by a stranger"))


def _check(id: str, title: str, judge: Callable[[Evidence], Finding], mend: str, *sources: str) -> Check:  # noqa: A002
    return Check(
        id=id,
        title=title,
        why="Who can slip in an ID token of another making is signed in as somebody else.",
        mend=mend,
        sources=sources,
        judge=judge,
    )


CHECKS = (
    _check(
        "nonce-is-compared",
        "The nonce of the ID token is compared",
        nonce_is_compared,
        "Draw a nonce for each login, keep it for this browser, and compare it with the ID token's.",
        "oidc-core/3.1.3.7/nonce",
        "rfc9700/2.1.1/transaction-specific",
    ),
    _check(
        "audience-is-checked",
        "The audience of the ID token is checked",
        audience_is_checked,
        "Refuse an ID token whose aud does not name your client_id.",
        "oidc-core/3.1.3.7/audience",
    ),
    _check(
        "signature-is-checked",
        "The signature of the ID token is checked",
        signature_is_checked,
        "Verify the signature with the provider's published keys, by the algorithm that you expect.",
        "oidc-core/3.1.3.7/signature",
        "oidc-core/3.1.3.7/direct",
    ),
    _check(
        "id-token-expiry-is-checked",
        "The expiry of the ID token is checked",
        id_token_expiry_is_checked,
        "Refuse an ID token whose exp has passed, with a minute or two for clocks that differ.",
        "oidc-core/3.1.3.7/expiry",
    ),
)
