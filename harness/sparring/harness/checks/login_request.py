"""What goes out with a login: state, proof of possession, and the grant that is named."""

import hashlib
import math
import re
import string
from base64 import urlsafe_b64encode

from sparring.contracts import facts
from sparring.harness.checks.rejection import said
from sparring.harness.checks.wire import authorize_url_of, code_of, code_requests, issued, query_of
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, passed, warned

_ENOUGH_BITS = 128
_BY_CHANCE = 4
"""Fewer characters than this at the beginning or the end are alike by chance."""

_ALPHABETS = (
    string.digits,
    string.digits + "abcdef-",
    string.digits + "ABCDEF-",
    string.ascii_lowercase,
    string.digits + string.ascii_lowercase,
    string.ascii_letters + string.digits,
    string.ascii_letters + string.digits + "-_",
)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def _numbers(evidence: Evidence, url: str) -> list[int]:
    return [e.n for e in evidence.at("authorize") if e.url == url]


def without_state(evidence: Evidence) -> Finding | None:
    """The finding for a login without state: a warning where something else protects it, else a failure."""
    for url in authorize_url_of(evidence):
        asked = query_of(url)
        if asked.get("state"):
            continue
        if asked.get("code_challenge") and facts(evidence.provider).pkce == "verified":
            shield = "a code challenge"
        elif asked.get("nonce") and "openid" in asked.get("scope", "").split():
            shield = "a nonce"
        else:
            return failed(
                "The authorization request has no state, so no callback can be told from a forged one.",
                *_numbers(evidence, url),
            )
        return warned(f"The authorization request has no state; {shield} protects it.", *_numbers(evidence, url))
    return None


def _common_start(values: list[str]) -> int:
    """How many characters all values begin with, where these are too many for chance."""
    count = 0
    for letters in zip(*values, strict=False):
        if len(set(letters)) > 1:
            break
        count += 1
    return count if len(values) > 1 and count >= _BY_CHANCE else 0


def _bits(states: list[str]) -> float:
    """How hard the varying part of these values is to guess at most, by its length and alphabet."""
    alike = _common_start(states) + _common_start([state[::-1] for state in states])
    used = set("".join(states))
    size = next((len(alphabet) for alphabet in _ALPHABETS if used <= set(alphabet)), len(string.printable))
    return max(min(map(len, states)) - alike, 0) * math.log2(size)


def state_is_fresh_and_random(evidence: Evidence) -> Finding:
    """Each login has a state of its own that nobody can guess.

    Pass: a state in each login, all different, 128 bits or more by length and alphabet. Warn: no state, but a
    code challenge that the provider verifies, or a nonce; or a state that is shorter than that. Fail: no state and
    nothing in its place, or one that comes again. Inconclusive: nobody was sent to sign in, or in a session only
    once. Never skipped: binding the callback to the browser is an obligation.
    """
    urls = authorize_url_of(evidence)
    if not urls:
        return inconclusive("Nobody was sent to sign in.")
    missing = without_state(evidence)
    if missing:
        return missing
    states = [query_of(url)["state"] for url in [visit.url for visit in evidence.visits] or urls]
    numbers = [n for url in urls for n in _numbers(evidence, url)]
    if len(set(states)) < len(states):
        return failed(f"{len(states)} logins shared {len(set(states))} state(s).", *numbers)
    bits = _bits(states)
    if bits < _ENOUGH_BITS:
        return warned(f"The state can be guessed with {int(bits)} bits; it takes {_ENOUGH_BITS}.", *numbers)
    if len(states) < 2 and evidence.driver == "session":
        return inconclusive("There was only one login, so nothing can be said about the next one's state.", *numbers)
    return passed(f"{len(states)} login(s), each with a state of its own.")


def _challenge(verifier: str, method: str) -> str:
    if method == "plain":
        return verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _exchange_of(evidence: Evidence, code: str) -> Exchange | None:
    return next((e for e in code_requests(evidence) if code and e.param("code") == code), None)


def _unproved(evidence: Evidence) -> Finding | None:
    """The first exchange whose verifier is missing, malformed, or not that of its login."""
    for visit in evidence.visits:
        asked, exchange = query_of(visit.url), _exchange_of(evidence, code_of(visit))
        if exchange is None or not asked.get("code_challenge"):
            continue
        verifier = exchange.param("code_verifier") or ""
        if not verifier:
            return failed("The login had a code challenge, the token request has no code_verifier.", exchange.n)
        if not _VERIFIER.fullmatch(verifier):
            return failed(f"The code_verifier has {len(verifier)} characters, or some that it may not.", exchange.n)
        if _challenge(verifier, asked.get("code_challenge_method", "plain")) != asked["code_challenge"]:
            return failed("The code_verifier is not that of the login's code challenge.", exchange.n)
    return None


def pkce_with_s256(evidence: Evidence) -> Finding:
    """Each login has a code challenge of its own, by S256, and the token request proves it.

    Pass: method S256, a verifier of 43 to 128 characters that fits, another one for each login. Warn: none at
    all from a client with a secret, or the method plain. Fail: none from a public client, a verifier that does
    not fit, or a challenge that comes again. Inconclusive: nobody was sent to sign in, or in a session only once.
    """
    logins = [visit.url for visit in evidence.visits] or list(authorize_url_of(evidence))
    if not logins:
        return inconclusive("Nobody was sent to sign in.")
    asked = [query_of(url) for url in logins]
    numbers = [n for url in dict.fromkeys(logins) for n in _numbers(evidence, url)]
    challenges = [one.get("code_challenge") for one in asked]
    if not all(challenges):
        grade = failed if evidence.public else warned
        return grade("The authorization request has no code_challenge.", *numbers)
    wrong = _unproved(evidence)
    if wrong:
        return wrong
    if len(set(challenges)) < len(challenges):
        return failed(f"{len(challenges)} logins shared {len(set(challenges))} code challenge(s).", *numbers)
    methods = {one.get("code_challenge_method", "plain") for one in asked}
    if methods != {"S256"}:
        method = min(methods - {"S256"})
        return warned(f"The code challenge is made by `{method}`, which shows the verifier to everybody.", *numbers)
    if len(challenges) < 2 and evidence.driver == "session":
        return inconclusive("There was only one login, so nothing can be said about the next one's.", *numbers)
    return passed(f"{len(challenges)} login(s), each with an S256 challenge of its own.")


def no_verifier_where_it_is_refused(evidence: Evidence) -> Finding:
    """A provider that refuses a code_verifier gets none, or the client finds a way back.

    Pass: no token request has one. Warn: one was refused, and a new login without it succeeded. Fail: the client
    does not get a token. Inconclusive: no code was exchanged.
    """
    exchanges = code_requests(evidence)
    if not exchanges:
        return inconclusive("No code was exchanged.")
    sent = [e.n for e in exchanges if e.param("code_verifier")]
    if not sent:
        return passed("No code_verifier was sent.")
    recovered = [token.n for token in issued(evidence) if token.n > sent[0]]
    if recovered and evidence.outcome == "ok":
        return warned("A code_verifier was refused, and cost the person a second login.", *sent, *recovered)
    return failed(f"The code_verifier was refused, and the client ended with {said(evidence)}.", *sent)


def grant_type_is_spelt_right(evidence: Evidence) -> Finding:
    """The grant is called ``authorization_code``, with a z, whatever a guide says.

    Pass: every exchange of a code is spelt so. Fail: another spelling was sent, refused or not. Inconclusive: no
    code was exchanged.
    """
    with_code = [e for e in evidence.at("token") if e.param("code")]
    if not with_code:
        return inconclusive("No code was exchanged.")
    for exchange in with_code:
        named = exchange.param("grant_type") or ""
        if named != "authorization_code":
            copied = ", as the provider's own guide misspells it" if named == "authorisation_code" else ""
            return failed(f"The grant_type is `{named}`{copied}; it is `authorization_code`.", exchange.n)
    return passed("The grant was named as the specification has it.")


CHECKS = (
    Check(
        id="state-is-fresh-and-random",
        title="Each login has a state that nobody can guess",
        why="Who knows the next state can forge a callback: the victim is logged in with the attacker's account.",
        mend="Draw 32 random octets for each login, keep them for this browser, and compare them at the callback.",
        sources=(
            "rfc6749/10.12/non-guessable",
            "rfc9700/2.1/otherwise-state",
            "ingest/document/state",
            "movingimage/document/state",
        ),
        judge=state_is_fresh_and_random,
    ),
    Check(
        id="pkce-with-s256",
        title="A code challenge by S256",
        why="Without it a stolen or injected code is a token; by `plain` the challenge itself is the proof.",
        mend="Draw a verifier for each login, send its SHA-256 with code_challenge_method=S256, then the verifier.",
        sources=(
            "rfc7636/4.1",
            "rfc7636/4.2",
            "rfc9700/2.1.1",
            "rfc9700/2.1.1/public",
            "rfc9700/2.1.1/transaction-specific",
        ),
        judge=pkce_with_s256,
    ),
    Check(
        id="no-verifier-where-it-is-refused",
        title="No code_verifier where it is refused",
        why="This provider refuses it from a client with a secret, burns the code, and says only invalid_grant.",
        mend="Leave PKCE out at this provider, whatever its discovery document advertises.",
        sources=("panopto/document/exchange-parameters",),
        judge=no_verifier_where_it_is_refused,
    ),
    Check(
        id="grant-type-is-spelt-right",
        title="The grant is spelt authorization_code",
        why="The guide's only sample is misspelt; copied, it is refused with unsupported_grant_type.",
        mend="Write `authorization_code`, with a z.",
        sources=("rfc6749/4.1.3/grant-type", "panopto/document/grant-type-misspelt"),
        judge=grant_type_is_spelt_right,
    ),
)
