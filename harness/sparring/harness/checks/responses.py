"""Authorization requests and the responses to them: forms, errors, doubles, strangers."""

from urllib.parse import parse_qsl, urlsplit

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import code_of, code_requests, query_of
from sparring.harness.evidence import Evidence, Visit
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, passed, warned

_KNOWN = frozenset({
    "response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "nonce",
    "response_mode", "prompt", "display", "max_age", "ui_locales", "id_token_hint", "login_hint", "acr_values",
    "claims", "claims_locales", "request", "request_uri", "resource", "authorization_details", "dpop_jkt", "network_id",
    "kc_idp_hint", "kc_locale", "client_secret",
})  # fmt: skip
"""Parameters of RFC 6749, 7636, 8707, 9396, 9449, OpenID Connect Core 3.1.2.1, and the providers' own.

Whether the client's secret may stand there is a question for another check.
"""

_NAMED = {"server_error": "retry-later", "temporarily_unavailable": "retry-later"}


def _numbers(evidence: Evidence, visit: Visit) -> list[int]:
    return [e.n for e in evidence.at("authorize") if e.url == visit.url]


def _malformed(evidence: Evidence, url: str) -> str:
    """What is wrong with an authorization request, as a sentence; empty where nothing is."""
    sent = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    names = [name for name, _ in sent]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        return f"The parameter `{doubled[0]}` is sent {names.count(doubled[0])} times."
    asked = dict(sent)
    for name, wanted in (("response_type", "code"), ("client_id", evidence.context.get("client_id"))):
        if asked.get(name) != wanted:
            return f"The parameter `{name}` is `{asked.get(name, '')}`, not `{wanted}`."
    target = urlsplit(asked.get("redirect_uri", ""))
    if not target.scheme or not target.netloc:
        return "The redirect_uri is no absolute URI."
    return "The redirect_uri has a fragment." if target.fragment else ""


def _careless(url: str) -> str:
    """What is careless about an authorization request, as a sentence; empty where nothing is."""
    query = urlsplit(url).query
    raw = dict(pair.partition("=")[::2] for pair in query.split("&"))
    if "://" in raw.get("redirect_uri", ""):
        return "The redirect_uri is not encoded: a query in it would be torn apart."
    unknown = sorted({name for name, _ in parse_qsl(query, keep_blank_values=True)} - _KNOWN)
    return f"The parameter `{unknown[0]}` belongs to no specification." if unknown else ""


def authorization_request_is_wellformed(evidence: Evidence) -> Finding:
    """The authorization request has what it needs, once, in the right form.

    Pass: response_type code, the client's own id, an absolute redirect_uri without a fragment, each parameter once.
    Warn: the redirect_uri is not percent-encoded, or there are parameters that no specification knows. Fail: otherwise.
    Inconclusive: nobody was sent to sign in.
    """
    if not evidence.visits:
        return inconclusive("Nobody was sent to sign in.")
    for visit in evidence.visits:
        wrong = _malformed(evidence, visit.url)
        if wrong:
            return failed(wrong, *_numbers(evidence, visit))
    for visit in evidence.visits:
        careless = _careless(visit.url)
        if careless:
            return warned(careless, *_numbers(evidence, visit))
    return passed("The authorization request is in order.")


def extra_parameters_are_ignored(evidence: Evidence) -> Finding:
    """Parameters of the callback that the client does not know change nothing.

    Pass: the code is exchanged under a redirect_uri without them, and the client succeeds. Fail: otherwise. Whether it
    is that of the login, is judged elsewhere. Inconclusive: no such callback was delivered.
    """
    odd = [visit for visit in evidence.visits if query_of(visit.callback).get("foo") == "bar"]
    if not evidence.fired or not odd:
        return no_stimulus("a callback with parameters that it cannot know")
    asked = query_of(query_of(odd[0].url).get("redirect_uri"))
    for exchange in code_requests(evidence):
        if query_of(exchange.param("redirect_uri")) != asked:
            return failed("Parameters of the callback have found their way into the redirect_uri.", exchange.n)
    if evidence.outcome != "ok":
        return failed(f"With more parameters in the callback the client ended with {said(evidence)}.")
    return passed("The parameters that nobody asked for were ignored.")


def authorization_errors_are_understood(evidence: Evidence) -> Finding:
    """An error of the authorization endpoint ends the login, and is told for what it is.

    Pass: no token request, and the client ends with ``config``, or ``retry-later`` where the provider is in trouble; or
    with an error of unknown class. Warn: another class, or a crash. Fail: a token request, success, or no end.
    Inconclusive: no such callback was delivered.
    """
    odd = [visit for visit in evidence.visits if query_of(visit.callback).get("error")]
    if not evidence.fired or not odd:
        return no_stimulus("an error of the authorization endpoint")
    code = query_of(odd[0].callback)["error"]
    asked = [e.n for e in code_requests(evidence)]
    if asked:
        return failed(f"The authorization endpoint answered {code}, and the client asked for a token.", *asked)
    return rejected(evidence, f"The authorization endpoint answered {code}", named=_NAMED.get(code, "config"))


def doubled_parameters_are_refused(evidence: Evidence) -> Finding:
    """A callback in which a parameter stands twice is not to be trusted.

    The text forbids it to whoever sends, and does not say what a client does with it. Pass: no token request, and the
    client ends with an error. Warn: a code is exchanged, the client's own or the stranger's; or it crashes. Fail: no
    end. Inconclusive: no such callback was delivered.
    """
    odd = [visit for visit in evidence.visits if _doubled(visit)]
    if not evidence.fired or not odd:
        return no_stimulus("a callback with a parameter that stands twice")
    name = _doubled(odd[0])
    own = {code_of(visit) for visit in odd}
    sent = code_requests(evidence)
    foreign = [e.n for e in sent if e.param("code") not in own]
    if foreign:
        return warned("Of two codes in the callback the client took the stranger's.", *foreign)
    if sent:
        return warned(f"The callback has `{name}` twice, and the client took the first.", *(e.n for e in sent))
    return rejected(evidence, f"The callback has `{name}` twice")


def _doubled(visit: Visit) -> str:
    names = [name for name, _ in parse_qsl(urlsplit(visit.callback or "").query, keep_blank_values=True)]
    return next((name for name in names if names.count(name) > 1), "")


def wrong_issuer_is_noticed(evidence: Evidence) -> Finding:
    """A callback that names another issuer is not taken for this one's.

    Pass: no token request, and the client ends with an error. Warn: the code is exchanged (who talks to one provider
    only need not look at ``iss``, and it protects whoever will talk to two); or a crash. Fail: no end. Inconclusive: no
    such callback was delivered.
    """
    odd = [visit for visit in evidence.visits if "elsewhere" in query_of(visit.callback).get("iss", "")]
    if not evidence.fired or not odd:
        return no_stimulus("a callback from another issuer")
    sent = [e.n for e in code_requests(evidence)]
    if sent:
        return warned("The callback named another issuer, and its code was exchanged.", *sent)
    return rejected(evidence, "The callback named another issuer")


def challenge_is_never_dropped(evidence: Evidence) -> Finding:
    """A provider that claims not to know the code challenge gets no login without one.

    Pass: every login has an S256 challenge, and the client ends with an error. Warn: it crashes. Fail: a login without
    a challenge, or with the method plain, or success. Inconclusive: no such callback was delivered.
    """
    if not evidence.fired or not any(query_of(visit.url).get("code_challenge") for visit in evidence.visits):
        return no_stimulus("a refusal of its code challenge")
    for visit in evidence.visits:
        if query_of(visit.url).get("code_challenge_method") != "S256":
            return failed(
                "After the refusal the client began a login without an S256 challenge.", *_numbers(evidence, visit)
            )
    return rejected(evidence, "The provider claimed not to know the code challenge")


CHECKS = (
    Check(
        id="authorization-request-is-wellformed",
        title="The authorization request is in order",
        why="Servers differ in what they forgive: a request that one accepts is an error page at the next.",
        mend="Build the query with a library that encodes, and send each parameter once.",
        sources=("rfc6749/4.1.1", "rfc6749/3.1", "rfc6749/3.1.2", "ingest/document/redirect-uri"),
        judge=authorization_request_is_wellformed,
    ),
    Check(
        id="extra-parameters-are-ignored",
        title="Unknown parameters of the callback are ignored",
        why="Providers add parameters (session_state, iss); a client that copies or refuses them breaks on that day.",
        mend="Read code, state, error and iss; ignore the rest, and send the redirect_uri of the login.",
        sources=("rfc6749/4.1.2/ignore", "movingimage/document/redirect-uri-match"),
        judge=extra_parameters_are_ignored,
    ),
    Check(
        id="authorization-errors-are-understood",
        title="Errors of the authorization endpoint are told for what they are",
        why="A wrong scope reported as `please try again` is tried again for ever, by everybody.",
        mend="Map `error`: what the developer must mend, what may be tried later, what the person decided.",
        sources=("rfc6749/4.1.2.1", "ingest/document/person-rejects"),
        judge=authorization_errors_are_understood,
    ),
    Check(
        id="doubled-parameters-are-refused",
        title="A doubled parameter is refused",
        why="Proxy, framework and client may each read another of two codes; what was checked is not what is used.",
        mend="Refuse a callback in which code, state, error or iss stands more than once.",
        sources=("rfc6749/3.2/once", "rfc6749/3.1"),
        judge=doubled_parameters_are_refused,
    ),
    Check(
        id="wrong-issuer-is-noticed",
        title="A callback of another issuer is noticed",
        why="With two providers, a code of the honest one is sent to the attacker's token endpoint.",
        mend="Compare `iss` with the issuer that the login was sent to, character by character.",
        sources=("rfc9207/2.4", "rfc9700/4.4.2"),
        judge=wrong_issuer_is_noticed,
    ),
    Check(
        id="challenge-is-never-dropped",
        title="The code challenge is never dropped",
        why="Who can make a client fall back to no PKCE has removed the protection for everybody.",
        mend="Report the error; never try again without a challenge, or with `plain`.",
        sources=("rfc7636/7.2",),
        judge=challenge_is_never_dropped,
    ),
)
