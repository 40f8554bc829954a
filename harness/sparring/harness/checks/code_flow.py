"""The code grant: redirect URI, state, code, and a person who says no."""

from sparring.harness.checks.login_request import without_state
from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.wire import authorize_url_of, code_of, code_requests, query_of
from sparring.harness.evidence import Evidence, Exchange, Visit
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed, skipped, warned


def _exchanges_of_codes(evidence: Evidence) -> dict[str, list[Exchange]]:
    uses: dict[str, list[Exchange]] = {}
    for exchange in code_requests(evidence):
        code = exchange.param("code")
        if code:
            uses.setdefault(code, []).append(exchange)
    return uses


def _grant_of(exchange: Exchange) -> list[tuple[str, str]]:
    return sorted(pair for pair in exchange.params if pair[0] not in {"client_id", "client_secret"})


def code_single_use(evidence: Evidence) -> Finding:
    """An authorization code is in one token request at most.

    Pass: each code once. Warn: a second request after a refusal (400, 401) that changed only how the client
    authenticates; libraries probe so. Fail: any other second use. Why: a server may withdraw every token of
    that code.
    """
    uses = _exchanges_of_codes(evidence)
    if not uses:
        return skipped("No code was exchanged.")
    probed: Finding | None = None
    for requests in uses.values():
        if len(requests) == 1:
            continue
        numbers = [e.n for e in requests]
        first, second = requests[0], requests[1]
        probing = len(requests) == 2 and first.status in {400, 401} and _grant_of(first) == _grant_of(second)
        ways = {(e.header("authorization") is None, e.param("client_secret") is None) for e in requests}
        if not probing or len(ways) == 1:
            return failed(f"One code was sent in {len(requests)} token requests.", *numbers)
        probed = probed or warned("A code was sent again with another client authentication (probing).", *numbers)
    return probed or passed("Each code was exchanged once.")


def redirect_uri_equality(evidence: Evidence) -> Finding:
    """The redirect URI is the registered one, and the same at both endpoints, byte for byte.

    Pass: authorization request, registration and token request agree; the token request may leave it out
    where the authorization request had none. Fail: any difference (a slash, localhost for 127.0.0.1, a port),
    or it is missing.
    """
    asked = {query_of(url).get("redirect_uri") for url in authorize_url_of(evidence)}
    exchanged = {code: requests[0] for code, requests in _exchanges_of_codes(evidence).items()}
    if not asked and not exchanged:
        return skipped("No login took place.")
    registered = evidence.context.get("redirect_uri")
    for uri in asked - {None}:
        if isinstance(registered, str) and uri != registered:
            return failed(f"The authorization request names {uri}; registered is {registered}.")
    logins = {code_of(visit): query_of(visit.url).get("redirect_uri") for visit in evidence.visits}
    for code, exchange in exchanged.items():
        repeated = exchange.param("redirect_uri")
        expected = {logins[code]} if code in logins else asked
        if repeated in expected or not expected:
            continue
        if repeated is None:
            return failed("The authorization request had a redirect_uri, the token request has none.", exchange.n)
        if expected == {None} and repeated == registered:
            continue
        wanted = " or ".join(sorted(uri for uri in expected if uri)) or str(registered)
        return failed(f"The token request names {repeated}; the login was for {wanted}.", exchange.n)
    return passed("The redirect URI was the same everywhere.")


def _after_poison(evidence: Evidence, poisoned: list[Visit], what: str) -> Finding:
    codes = {code_of(visit) for visit in poisoned}
    used = [e.n for e in evidence.at("token") if e.param("code") in codes]
    if used:
        return failed(f"{what}, and the client exchanged its code.", *used)
    last = max(evidence.visits.index(visit) for visit in poisoned)
    if evidence.outcome == "ok" and last + 1 < len(evidence.visits):
        return warned(f"{what}; the client rejected it, but started another login by itself.")
    return rejected(evidence, what)


def no_token_request_without_state(evidence: Evidence) -> Finding:
    """A callback without the state that was sent is refused.

    Pass: the code of that callback is never exchanged, and the client ends with an error. Warn: it crashes,
    or starts another login by itself; or it sends no state, and a code challenge or a nonce protects it. Fail: the
    code is exchanged, or nothing protects the login.
    Inconclusive: no callback without state arrived. Never skipped: binding the callback to the browser is an
    obligation.
    """
    stateless = without_state(evidence)
    if stateless:
        return stateless
    poisoned = [v for v in evidence.visits if v.callback and "state" not in query_of(v.callback) and code_of(v)]
    if not evidence.fired or not poisoned:
        return no_stimulus("a callback without state")
    return _after_poison(evidence, poisoned, "The callback came without state")


def no_token_request_after_forged_state(evidence: Evidence) -> Finding:
    """A callback with another state than the one that was sent is refused.

    Pass: the code of that callback is never exchanged, and the client ends with an error. Warn: it crashes,
    or starts another login by itself; or it sends no state, and a code challenge or a nonce protects it. Fail: the
    code is exchanged, or nothing protects the login.
    Inconclusive: no forged callback arrived. Never skipped: binding the callback to the browser is an
    obligation.
    """
    stateless = without_state(evidence)
    if stateless:
        return stateless
    poisoned = [
        visit
        for visit in evidence.visits
        if code_of(visit) and query_of(visit.callback).get("state") not in {None, query_of(visit.url).get("state")}
    ]
    if not evidence.fired or not poisoned:
        return no_stimulus("a callback with a forged state")
    return _after_poison(evidence, poisoned, "The callback came with a forged state")


def denial_is_final(evidence: Evidence) -> Finding:
    """A person who says no is not asked again.

    Pass: after ``error=access_denied`` there is no token request and no second login, and the client reports
    ``denied``. Warn: another class of error, or a crash. Fail: another login by itself, a token request, or
    success. Inconclusive: nobody denied.
    """
    denied = [v for v in evidence.visits if query_of(v.callback).get("error") == "access_denied"]
    if not evidence.fired or not denied:
        return no_stimulus("a denial")
    later = evidence.visits[evidence.visits.index(denied[0]) + 1 :]
    if later:
        numbers = [e.n for e in evidence.at("authorize") if e.url == later[0].url]
        return failed(f"After the denial the client sent the person to sign in {len(later)} more time(s).", *numbers)
    begun = max((e.n for e in evidence.at("authorize") if e.url == denied[0].url), default=0)
    asked = [e.n for e in evidence.at("token") if e.n > begun]
    if asked:
        return failed("After the denial the client asked for a token.", *asked)
    return rejected(evidence, "The person denied", named="denied")


_CSRF = ("rfc6749/10.12", "rfc9700/2.1", "ingest/document/state", "movingimage/document/state-matches")
_CSRF_WHY = (
    "Without that comparison an attacker can log a victim in with the attacker's account, "
    "and then reads what the victim stores there."
)

CHECKS = (
    Check(
        id="code-single-use",
        title="A code is exchanged once",
        why="A second use looks like a stolen code: the server refuses it and may withdraw the tokens of the first.",
        mend="Exchange the code once and forget it; on an error start a new login.",
        sources=("rfc6749/4.1.2", "ingest/document/code-one-time"),
        judge=code_single_use,
    ),
    Check(
        id="redirect-uri-equality",
        title="The same redirect URI everywhere",
        why="Servers compare it byte for byte; a slash more and the exchange is refused, often with the code burnt.",
        mend="Keep the redirect URI in one constant and use it in both requests and in the registration.",
        sources=(
            "rfc6749/4.1.3/redirect-uri",
            "ingest/document/redirect-uri-repeated",
            "movingimage/document/redirect-uri-match",
            "panopto/document/redirect-uri",
        ),
        judge=redirect_uri_equality,
    ),
    Check(
        id="no-token-request-without-state",
        title="A callback without state is refused",
        why=_CSRF_WHY,
        mend="Refuse a callback that has no state before you look at anything else in it.",
        sources=_CSRF,
        judge=no_token_request_without_state,
    ),
    Check(
        id="no-token-request-after-forged-state",
        title="A callback with a forged state is refused",
        why=_CSRF_WHY,
        mend="Compare the callback's state with the one kept for this browser, and refuse any other.",
        sources=_CSRF,
        judge=no_token_request_after_forged_state,
    ),
    Check(
        id="denial-is-final",
        title="A denial is final",
        why="A client that asks again by itself traps a person who said no in a loop of sign-in pages.",
        mend="On error=access_denied stop, and say that access was denied; start again only when the person asks.",
        sources=("rfc6749/4.1.2.1", "ingest/document/person-rejects"),
        judge=denial_is_final,
    ),
)
