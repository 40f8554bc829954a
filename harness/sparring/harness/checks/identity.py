"""What an ID token must say, by whom and how it must be signed, and what a good one may look like."""

from collections.abc import Callable

from sparring.harness.checks.id_tokens import after_poison, unless_direct
from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import answer, authorize_url_of, credential, issued, protected, query_of, word
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, allowed, failed, inconclusive, passed, warned

_SAMPLE_NONCE = "12345"


def issuer_is_checked(evidence: Evidence) -> Finding:
    """An ID token by another issuer, or by nobody, is refused: the issuer is compared letter by letter.

    Pass: the access token is not used, and the client ends with an error. Warn: it crashes. Fail: the token is
    used, or success. Inconclusive: no such ID token was sent.
    """
    return after_poison(evidence, "is not by the provider's issuer")


def strangers_in_the_audience_are_noticed(evidence: Evidence) -> Finding:
    """An ID token that is for a stranger too, or was asked for by another client, is refused.

    Pass: the access token is not used, and the client ends with an error. Warn: it is used (a client may trust that
    stranger), or the client crashes. Fail: it does not come back in time. Inconclusive: no such ID token was sent.
    """
    finding = after_poison(evidence, "is for a stranger too, or was asked for by another client")
    timed_out = any(step.outcome == "timeout" for step in evidence.steps)
    if finding.verdict is Verdict.FAIL and not timed_out:
        return warned(finding.message, *finding.exchanges)
    return finding


def required_claims_are_missed(evidence: Evidence) -> Finding:
    """An ID token without a subject, or without the time at which it was issued, is refused.

    Pass: the access token is not used, and the client ends with an error. Warn: it crashes. Fail: the token is
    used, or success. Inconclusive: no such ID token was sent.
    """
    return after_poison(evidence, "lacks a claim that every ID token has")


def unsigned_id_token_is_refused(evidence: Evidence) -> Finding:
    """An ID token under ``alg`` none, however that is spelt, is refused, or it came straight over TLS.

    Pass: the access token is not used, and the client ends with an error. Allowed: it is used, and the answer came
    over TLS (not with ``--strict``). Warn: the client crashes. Fail: it is used, and the answer came over plain HTTP.
    Inconclusive: no such ID token was sent.
    """
    return unless_direct(evidence, after_poison(evidence, "has no signature, and says so in `alg`"))


def algorithm_is_the_agreed_one(evidence: Evidence) -> Finding:
    """An ID token under HS256, whose key is the provider's public one, is refused, or it came straight over TLS.

    Pass: the access token is not used, and the client ends with an error. Allowed: it is used, and the answer came
    over TLS (not with ``--strict``). Warn: the client crashes. Fail: it is used, and the answer came over plain HTTP.
    Inconclusive: no such ID token was sent.
    """
    return unless_direct(evidence, after_poison(evidence, "is signed by HS256 with a key that everybody knows"))


def valid_id_token_is_accepted(evidence: Evidence) -> Finding:
    """A good ID token of an unusual form is a good one.

    Pass: the login succeeds, and the API is called with the token that came with it. Fail: it is refused, or the
    client crashes. Inconclusive: no such ID token was sent.
    """
    odd = [e.n for e in evidence.at("token") if e.facts.get("faults") and word(answer(e), "id_token")]
    if not odd:
        return no_stimulus("an ID token of that form")
    if evidence.outcome != "ok":
        return failed(f"The ID token is a good one, and the client ended with {said(evidence)}.", odd[0])
    tokens = {token.access_token for token in issued(evidence) if token.n in odd}
    used = [e.n for e in protected(evidence, odd[0]) if credential(e) in tokens]
    if not used:
        return failed("The ID token is a good one, and the token that came with it was never used.", odd[0])
    return passed("The ID token was accepted.", odd[0], used[0])


def missing_id_token_is_noticed(evidence: Evidence) -> Finding:
    """A login that asked who the person is, and got no ID token, is refused, or goes on for the API alone.

    Pass: the access token is not used, and the client ends with an error. Allowed: the API is called all the same; the
    client must not take anybody for signed in then. Warn: it crashes. Fail: it does not come back in time, or reports
    success without a call. Inconclusive: every answer had an ID token, or none was asked for.
    """
    asked = any("openid" in query_of(url).get("scope", "").split() for url in authorize_url_of(evidence))
    odd = [token for token in issued(evidence) if token.n in _touched(evidence)]
    if not asked or not odd:
        return no_stimulus("an answer without the ID token that it asked for")
    used = [e.n for e in protected(evidence, odd[0].n) if credential(e) == odd[0].access_token]
    if used:
        return allowed("There was no ID token, and the client went on to call the API.", odd[0].n, *used)
    return rejected(evidence, "The answer has no ID token", odd[0].n)


def _touched(evidence: Evidence) -> set[int]:
    """The token requests whose answers came without an ID token, by a fault."""
    return {e.n for e in evidence.at("token") if e.facts.get("faults") and "id_token" not in answer(e)}


def nonce_is_fresh(evidence: Evidence) -> Finding:
    """Each login has a nonce of its own.

    Pass: all nonces differ. Warn: a login has none, and no code challenge either. Allowed: none, but a code challenge.
    Fail: one that comes again, or the `12345` of the guide. Inconclusive: nobody was sent to sign in, or in a session
    only once.
    """
    asked = [query_of(visit.url) for visit in evidence.visits] or [query_of(u) for u in authorize_url_of(evidence)]
    proof = [e.n for e in evidence.at("authorize") if e.method == "GET"]
    if not asked:
        return inconclusive("Nobody was sent to sign in.")
    nonces = [params.get("nonce", "") for params in asked]
    if not all(nonces):
        if all(params.get("code_challenge") for params in asked):
            return allowed("The login has no nonce; a code challenge binds it to this client.", *proof)
        return warned("The login has no nonce, and nothing else binds the code to it.", *proof)
    if _SAMPLE_NONCE in nonces:
        return failed(f"The nonce is the `{_SAMPLE_NONCE}` of the guide.", *proof)
    if len(set(nonces)) < len(nonces):
        return failed(f"{len(nonces)} logins shared {len(set(nonces))} nonce(s).", *proof)
    if len(nonces) < 2 and evidence.driver == "session":
        return inconclusive("There was only one login, so nothing can be said about the next one's nonce.", *proof)
    return passed(f"{len(nonces)} login(s), each with a nonce of its own.")


_IMPOSTOR = "Who can slip in an ID token of another making is signed in as somebody else."


def _check(id: str, title: str, judge: Callable[[Evidence], Finding], why: str, mend: str, *sources: str) -> Check:  # noqa: A002
    return Check(id=id, title=title, why=why, mend=mend, sources=sources, judge=judge)


CHECKS: tuple[Check, ...] = (
    _check(
        "issuer-is-checked",
        "The issuer of the ID token is checked",
        issuer_is_checked,
        "Two issuers may both know a subject `42`; without the issuer one is signed in as the other.",
        "Compare iss with the issuer that you are set up with, as strings, without any tidying up.",
        "oidc-core/3.1.3.7/issuer",
    ),
    _check(
        "strangers-in-the-audience-are-noticed",
        "Strangers in the audience are noticed",
        strangers_in_the_audience_are_noticed,
        "Another client's ID token can be passed off as one's own where it is made for both.",
        "Refuse an ID token with audiences that you do not know, or whose azp is not your client_id.",
        "oidc-core/3.1.3.7/audience",
        "oidc-core/3.1.3.7/azp",
    ),
    _check(
        "required-claims-are-missed",
        "An ID token without subject or time is refused",
        required_claims_are_missed,
        "A missing subject becomes an empty user name, and all who lack one share an account.",
        "Refuse an ID token without sub, iat, exp, iss or aud before you look anybody up.",
        "oidc-core/2/sub",
        "oidc-core/2/iat",
    ),
    _check(
        "unsigned-id-token-is-refused",
        "An ID token without a signature is refused",
        unsigned_id_token_is_refused,
        _IMPOSTOR,
        "Accept the algorithms that you have agreed on, by an allow-list, and never `none` in any spelling.",
        "oidc-core/2/none",
        "rfc8725/3.2/none",
        "oidc-core/3.1.3.7/direct",
    ),
    _check(
        "algorithm-is-the-agreed-one",
        "The algorithm of the signature is the one agreed on",
        algorithm_is_the_agreed_one,
        "Where the token chooses the algorithm, the public key becomes a password that everybody knows.",
        "Pass the expected algorithm to the library that verifies; never read it from the token.",
        "rfc8725/3.1/algorithms",
        "oidc-core/3.1.3.7/alg",
        "oidc-core/3.1.3.7/direct",
    ),
    _check(
        "valid-id-token-is-accepted",
        "A good ID token of an unusual form is accepted",
        valid_id_token_is_accepted,
        "A provider's upgrade puts the audience into a list or adds a claim, and nobody can sign in any more.",
        "Read aud as a string or a list, ignore claims that you do not know, and need no kid where there is one key.",
        "oidc-core/2/aud",
        "oidc-core/2/other-claims",
        "oidc-core/10.1/kid",
    ),
    _check(
        "missing-id-token-is-noticed",
        "A login without an ID token is noticed",
        missing_id_token_is_noticed,
        "Without it nobody knows who signed in, and the last person's session goes on.",
        "Look for the id_token where you asked for openid, and refuse the login that has none.",
        "oidc-core/3.1.3.3/id-token",
    ),
    _check(
        "nonce-is-fresh",
        "Each login has a nonce of its own",
        nonce_is_fresh,
        "With a constant nonce a stolen code or ID token fits into every login.",
        "Draw the nonce anew for each login; 12345 is a placeholder.",
        "rfc9700/2.1.1/transaction-specific",
        "panopto/document/nonce-constant",
    ),
)
