"""Which checks can be decided from traffic alone, and how: nobody is blamed for what a recording does not show."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sparring.harness import checks
from sparring.harness.checks import process
from sparring.harness.checks.refresh_race import races
from sparring.harness.checks.wire import (
    answer,
    code_requests,
    error_of,
    query_of,
    refresh_requests,
    word,
)
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Budget
from sparring.harness.traffic.hidden import has_fingerprint
from sparring.harness.traffic.subjects import NO_TOKEN, Subject
from sparring.harness.verdict import ORDER, Finding, Verdict, failed, passed, skipped

Decision = Callable[[Subject], Finding]

_AT_ONCE = 2.0
"""Real seconds within which renewals count as side by side; a program that is started anew renews later."""

_ANY_NUMBER = 1 << 30
_NO_LIMIT = Budget(token=_ANY_NUMBER, api=_ANY_NUMBER, jwks=_ANY_NUMBER, discovery=_ANY_NUMBER, register=_ANY_NUMBER)
_BURSTS = process.within(_NO_LIMIT)
_FINGERPRINTS = "The recording has fingerprints in the place of secrets: these were compared."


def _judge(name: str, evidence: Evidence) -> Finding:
    return checks.check(name).judge(evidence)


def _worst(findings: Sequence[Finding], otherwise: str) -> Finding:
    return max(findings, key=lambda finding: ORDER.index(finding.verdict), default=skipped(otherwise))


def _said_of_fingerprints(subject: Subject, finding: Finding) -> Finding:
    if not subject.traffic.redacted or finding.verdict is Verdict.SKIP:
        return finding
    return replace(finding, message=f"{finding.message} {_FINGERPRINTS}")


def _is_asking(exchange: Exchange) -> bool:
    """Whether it is a request for a token, and not somebody who looks at the address."""
    return exchange.method == "POST" or bool(exchange.params) or exchange.header("authorization") is not None


def _token_method(subject: Subject) -> Finding:
    asked = [e for e in subject.exchanges if e.endpoint == "token" and _is_asking(e)]
    return _judge("token-request-is-post", subject.evidence(asked))


def _form(name: str) -> Decision:
    """A check of the parameters of token requests: of those that are shown."""

    def decide(subject: Subject) -> Finding:
        asked = [e for e in subject.whole if e.endpoint == "token" and _is_asking(e)]
        if not asked and any(e.endpoint == "token" for e in subject.exchanges):
            return skipped("The recording does not show the parameters of a token request.")
        return _judge(name, subject.evidence(asked))

    return decide


def _password_grant(subject: Subject) -> Finding:
    """Whoever shows no secret beside the password counts as a public client."""
    evidence = subject.evidence(e for e in subject.whole if e.endpoint in {"token", "authorize"})
    by_password = [e for e in evidence.at("token") if e.param("grant_type") == "password"]
    public = all(e.header("authorization") is None and not e.param("client_secret") for e in by_password)
    return _judge("no-password-grant", replace(evidence, public=public))


def _url(subject: Subject) -> Finding:
    return _said_of_fingerprints(subject, _judge("secret-never-in-url", subject.evidence()))


def _front_channel(subject: Subject) -> Finding:
    return _said_of_fingerprints(subject, _judge("secret-never-front-channel", subject.evidence()))


def _other_hosts(subject: Subject) -> Finding:
    if not subject.traffic.ours:
        return skipped("Which of the other hosts in this archive are the client's own, nobody knows.")
    evidence = subject.evidence()
    if not evidence.decoy:
        return skipped("The recording shows only what reached the provider.")
    return _said_of_fingerprints(subject, _judge("token-never-to-other-host", evidence))


def _bearer(subject: Subject) -> Finding:
    calls = [e for e in subject.exchanges if subject.traffic.ours or _bears(e)]
    return _judge("bearer-header-only", subject.evidence(e for e in calls if not _lost_scheme(e)))


def _bears(exchange: Exchange) -> bool:
    """Whether a token shows; tools leave headers out, and people look at an API's address."""
    return exchange.header("authorization") is not None or exchange.param("access_token") is not None


def _lost_scheme(exchange: Exchange) -> bool:
    """Whether a header is one fingerprint as a whole: it may have been the bare word Bearer."""
    header = exchange.header("authorization") or ""
    return has_fingerprint(header) and " " not in header


def _codes(subject: Subject) -> Finding:
    """A request that never got an answer may never have been sent, as far as another tool's archive tells."""
    asked = [e for e in subject.whole if subject.traffic.ours or e.status is not None]
    return _judge("code-single-use", subject.evidence(asked))


def _redirect_uri(subject: Subject) -> Finding:
    """Each code with its own login; the one that is registered, nobody knows."""
    found = []
    evidence = subject.evidence(subject.whole)
    for login in subject.logins:
        asked = query_of(login.asked.url).get("redirect_uri")
        uses = [e for e in code_requests(evidence) if login.code and e.param("code") == login.code]
        if not uses or not login.shows("redirect_uri") or has_fingerprint(uses[0].param("redirect_uri") or ""):
            continue
        known = {} if asked else {"redirect_uri": uses[0].param("redirect_uri")}
        one = replace(subject.evidence([login.asked, *uses], visits=[login.visit]), context=known)
        found.append(_judge("redirect-uri-equality", one))
    return _worst(found, "The recording shows no login together with the exchange of its code.")


def _budget(subject: Subject) -> Finding:
    """Nobody knows here how many requests are too many; bursts are."""
    if not subject.traffic.timed:
        return skipped("The recording does not tell real time finely enough.")
    finding = _BURSTS(subject.evidence(subject.whole))
    return passed("No burst of failing requests.") if finding.verdict is Verdict.PASS else finding


def _login(name: str, *parameters: str) -> Decision:
    """A check of what goes out with each login, where these parameters are shown."""

    def decide(subject: Subject) -> Finding:
        logins = [login for login in subject.logins if login.shows(*parameters)]
        if not logins:
            return skipped("The recording shows no authorization request with its parameters.")
        evidence = subject.evidence([login.asked for login in logins], visits=[login.visit for login in logins])
        return _judge(name, evidence)

    return decide


def _pkce(subject: Subject) -> Finding:
    """A verifier that is a fingerprint cannot be held against its challenge; that there is one counts. One that fits
    another login came with a code that was slipped in, which is not the client's doing.
    """
    asked = code_requests(subject.evidence(subject.whole))
    fitting = {_challenge_of(query_of(login.asked.url)) for login in subject.logins}
    unjudged = set()
    for exchange in asked:
        verifier = exchange.param("code_verifier") or ""
        own = next((login for login in subject.logins if login.code == exchange.param("code")), None)
        slipped_in = own is not None and bool(_proofs(verifier) & (fitting - {_challenge_of(query_of(own.asked.url))}))
        if has_fingerprint(verifier) or slipped_in:
            unjudged.add(exchange.param("code"))
    visits = [
        replace(login.visit, callback=None if login.code in unjudged else login.callback) for login in subject.logins
    ]
    if not visits:
        return skipped("The recording shows no authorization request with its parameters.")
    exchanges = [*(login.asked for login in subject.logins), *asked]
    return _judge("pkce-with-s256", subject.evidence(exchanges, visits=visits))


def _challenge_of(asked: Mapping[str, str]) -> str:
    """The code challenge of a login, or an empty string."""
    return asked.get("code_challenge", "")


def _proofs(verifier: str) -> set[str]:
    """The challenges that a verifier proves."""
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return {verifier, urlsafe_b64encode(digest).rstrip(b"=").decode()} if verifier else set()


def _grant_type(subject: Subject) -> Finding:
    return _judge("grant-type-is-spelt-right", subject.evidence(subject.whole))


def _scope(subject: Subject) -> Finding:
    shown = [e for e in subject.whole if not has_fingerprint(e.param("scope") or "")]
    return _judge("scope-is-comma-separated", subject.evidence(shown, outcome="ok"))


def _sessions(subject: Subject) -> Iterator[list[Exchange]]:
    """The token requests of each session: a grant, and the renewals that came of it."""
    evidence = subject.evidence(subject.whole)
    by_token: dict[str, list[Exchange]] = {}
    found: list[list[Exchange]] = []
    for exchange in evidence.at("token"):
        presented = exchange.param("refresh_token") or ""
        session = by_token.get(presented) if presented else None
        if session is None:
            session = []
            found.append(session)
            if presented:
                by_token[presented] = session
        session.append(exchange)
        brought = word(answer(exchange), "refresh_token")
        if brought and exchange.status == 200:
            by_token[brought] = session
    yield from found


def _race(subject: Subject) -> Finding:
    if not subject.traffic.timed:
        return skipped("The recording does not tell real time finely enough.")
    evidence = subject.evidence(subject.whole)
    if not refresh_requests(evidence):
        return skipped("No refresh token was used.")
    for race in races(evidence):
        if race.requests[-1].elapsed - race.requests[0].elapsed <= _AT_ONCE:
            return failed(race.sentence, *race.numbers)
    return passed("One refresh at a time.")


def _newest(subject: Subject) -> Finding:
    """Where renewals run side by side nobody knows which answer came first."""
    found = []
    for session in _sessions(subject):
        evidence = subject.evidence(session, outcome="ok")
        if not races(evidence) and not any(e.status is None for e in session):
            found.append(_judge("latest-refresh-token-is-used", evidence))
    decided = [finding for finding in found if finding.verdict is not Verdict.INCONCLUSIVE]
    return _worst(decided, "No session in the recording was renewed twice, one after the other.")


def _refused(subject: Subject) -> Finding:
    """A second request that was under way when the first was refused is no second try."""
    found = []
    for session in _sessions(subject):
        first = next((e for e in session if error_of(e) == "invalid_grant" and e.param("refresh_token")), None)
        if first is not None and subject.traffic.timed:
            later = [e for e in session if e.elapsed - first.elapsed > _AT_ONCE]
            found.append(_judge("refused-refresh-token-is-dropped", subject.evidence([first, *later])))
    return _worst(found, "No refresh token was refused, as far as the recording shows.")


def _no_token(name: str) -> Decision:
    """A refresh token may be older than the recording; a word that is none is none."""

    def decide(subject: Subject) -> Finding:
        evidence = subject.evidence(subject.whole)
        asked = refresh_requests(evidence)
        wrong = [e for e in asked if (e.param("refresh_token") or "") in NO_TOKEN]
        if wrong:
            return _judge(name, subject.evidence(wrong[:1]))
        return passed("Each refresh request has a refresh token.") if asked else skipped("No refresh token was used.")

    return decide


DECISIONS: Mapping[str, Decision] = {
    "token-request-is-post": _token_method,
    "token-content-type": _form("token-content-type"),
    "token-params-once": _form("token-params-once"),
    "auth-single-method": _form("auth-single-method"),
    "no-password-grant": _password_grant,
    "secret-never-in-url": _url,
    "secret-never-front-channel": _front_channel,
    "token-never-to-other-host": _other_hosts,
    "bearer-header-only": _bearer,
    "code-single-use": _codes,
    "redirect-uri-equality": _redirect_uri,
    "request-budget": _budget,
    "state-is-fresh-and-random": _login("state-is-fresh-and-random", "state"),
    "nonce-is-fresh": _login("nonce-is-fresh", "nonce"),
    "pkce-with-s256": _pkce,
    "grant-type-is-spelt-right": _grant_type,
    "scope-is-comma-separated": _scope,
    "one-refresh-per-expiry": _race,
    "latest-refresh-token-is-used": _newest,
    "refused-refresh-token-is-dropped": _refused,
    "no-refresh-without-a-token": _no_token("no-refresh-without-a-token"),
    "no-empty-refresh-token": _no_token("no-empty-refresh-token"),
}
"""How each of them is decided. What is not here takes a client that is told what to do, and says how it ended."""

UNSEEN: Mapping[str, str] = {
    "secret-never-in-logs": "Traffic does not show what the client writes.",
    "client-terminates": "Traffic does not show how the client ends.",
}
"""Why an always-on check cannot be decided."""
