"""Redirects of the token endpoint and of the API: what must not travel with them, and what must not come of them."""

from sparring.harness.checks.network import struck
from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.traces import found, names
from sparring.harness.checks.wire import answer, credential, protected, word
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, allowed, failed, passed, warned

MOVED = "/moved/token"
"""Where a redirect within the provider's own origin leads: nobody serves that path."""


def _redirects(evidence: Evidence, endpoint: str) -> list[Exchange]:
    return [e for e in struck(evidence, endpoint) if e.status is not None and 300 <= e.status < 400]


def given_away(evidence: Evidence, exchange: Exchange) -> str:
    """What of the client's secrets that request shows, in words; empty where nothing."""
    if exchange.header("authorization") is not None:
        return "the Authorization header"
    body = exchange.body.decode(errors="replace")
    return names(found(f"{exchange.url}\n{body}", evidence))


def strangers_token_is_refused(evidence: Evidence) -> Finding:
    """What another origin answers in the place of the token endpoint is no token.

    Pass: the redirect is not followed, or followed without credentials and its answer refused; the client ends with an
    error. Warn: it crashes. Fail: it uses the stranger's token, shows the stranger a secret, reports success, or does
    not come back in time. Inconclusive: no redirect was sent.
    """
    moved = _redirects(evidence, "token")
    if not moved:
        return no_stimulus("a redirect of the token endpoint")
    for exchange in evidence.decoy:
        leaked = given_away(evidence, exchange)
        if leaked:
            return failed(f"The redirect took {leaked} to another origin.", moved[0].n, exchange.n)
    foreign = {word(answer(exchange), "access_token") for exchange in evidence.decoy} - {""}
    used = [e.n for e in protected(evidence) if credential(e) in foreign]
    if used:
        return failed("The client uses a token that another origin handed out.", moved[0].n, *used)
    finding = rejected(evidence, f"The token endpoint answered {moved[0].status} to another origin", moved[0].n)
    if evidence.decoy and finding.verdict is Verdict.PASS:
        return passed("The redirect was followed, and what came of it was refused.", evidence.decoy[0].n)
    return finding


def moved_endpoint_is_noticed(evidence: Evidence) -> Finding:
    """A token endpoint that moves within its own origin has moved in the configuration, not in passing.

    Pass: the redirect is not followed, and the client ends with an error. Warn: it is followed, or the client crashes.
    Fail: success is reported, or no end in time. Inconclusive: no redirect was sent.
    """
    moved = _redirects(evidence, "token")
    if not moved:
        return no_stimulus("a redirect of the token endpoint")
    finding = rejected(evidence, "The token endpoint redirected within its origin", moved[0].n)
    followed = [e.n for e in evidence.exchanges if e.n > moved[0].n and e.url.partition("?")[0].endswith(MOVED)]
    if followed and finding.verdict is not Verdict.FAIL:
        return warned("The redirect was followed within the origin, as it would be to any other.", *followed)
    return finding


def token_stays_with_the_api(evidence: Evidence) -> Finding:
    """A redirect of the API does not take the access token to another origin.

    Pass: the redirect is not followed, and the client ends with an error. Allowed: it is followed without the token.
    Warn: a redirect that is not followed counts as success, or the client crashes. Fail: the other origin sees the
    token or any secret, or no end in time. Inconclusive: no redirect was sent.
    """
    moved = _redirects(evidence, "api")
    if not moved:
        return no_stimulus("a redirect of the API")
    strangers = [*evidence.decoy, *(e for e in evidence.exchanges if e.facts.get("certificate"))]
    for exchange in strangers:
        leaked = given_away(evidence, exchange)
        if leaked:
            return failed(f"The redirect took {leaked} to another origin.", moved[0].n, exchange.n)
    if evidence.outcome == "ok" and not strangers:
        return warned(f"The API answered {moved[0].status}, and the client took that for success.", moved[0].n)
    if strangers and not {step.outcome for step in evidence.steps} & {"crash", "timeout"}:
        return allowed("The redirect was followed without the token.", moved[0].n, strangers[0].n)
    return rejected(evidence, "The API redirected to another origin", moved[0].n)


CHECKS = (
    Check(
        id="strangers-token-is-refused",
        title="A token from another origin is refused",
        why="Whoever can plant a redirect hands out a token of his own account, and then owns what the client stores.",
        mend="Turn off redirects for token requests, and refuse every status but 200.",
        sources=("rfc6749/3.2/post", "rfc6749/10.9"),
        judge=strangers_token_is_refused,
    ),
    Check(
        id="moved-endpoint-is-noticed",
        title="A redirect within the origin is not followed either",
        why="A client that follows one redirect with its secret follows the next one, which leads elsewhere.",
        mend="Report the redirect with its target, so that somebody changes the configured address.",
        sources=("rfc9110/15.4",),
        judge=moved_endpoint_is_noticed,
    ),
    Check(
        id="token-stays-with-the-api",
        title="The token does not follow a redirect",
        why="An open redirect at the API is enough to collect the tokens of every client that takes them along.",
        mend="Follow no redirect with the Authorization header unless scheme, host and port stay the same.",
        sources=("rfc6750/5.3/safeguard", "rfc9110/15.4"),
        judge=token_stays_with_the_api,
    ),
)
