"""Answers of the token endpoint that are no tokens: refusals, odd types, redirects."""

from sparring.contracts import facts
from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.traces import found, names
from sparring.harness.checks.wire import answer, credential, error_of, issued, protected, word
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, failed, warned


def _request(exchange: Exchange) -> tuple[object, ...]:
    """A token request without its client authentication."""
    named = sorted(pair for pair in exchange.params if pair[0] not in {"client_id", "client_secret"})
    return (exchange.method, tuple(named))


def no_call_after_refused_client(evidence: Evidence) -> Finding:
    """After ``invalid_client``, or the provider's own word for it, there is no token, so there is no API call.

    Pass: no API call, one token request per instruction, outcome ``config``. Warn: the same request again
    within one instruction (probing another authentication), another class of error, or a crash. Fail: an API
    call, or success. Inconclusive: the client was not refused.
    """
    codes = facts(evidence.provider).refused_client
    refused = [e for e in evidence.at("token") if error_of(e) in codes]
    if not refused:
        return no_stimulus(f"a refusal of its credentials ({' or '.join(codes)})")
    calls = [e.n for e in protected(evidence, refused[0].n)]
    if calls:
        return failed(
            "The client's credentials were refused, and it called the API all the same.", refused[0].n, *calls
        )
    finding = rejected(evidence, "The client's credentials were refused", refused[0].n, named="config")
    for step in evidence.steps:
        asked = [e for e in evidence.during(step, "token") if error_of(e) in codes]
        if len({_request(e) for e in asked}) < len(asked) and finding.verdict is Verdict.PASS:
            return warned(
                f"After {error_of(asked[0])} the same request was made {len(asked)} times.", *(e.n for e in asked)
            )
    return finding


def error_object_is_no_token(evidence: Evidence) -> Finding:
    """An error object is a refusal, also where it comes with status 200.

    Pass: no API call, and the client ends with an error. Warn: it crashes. Fail: an API call without any
    token having been issued, or success. Inconclusive: no such answer was sent.
    """
    odd = [e for e in evidence.at("token") if e.status == 200 and error_of(e) and not word(answer(e), "access_token")]
    if not evidence.fired or not odd:
        return no_stimulus("an error object with status 200")
    calls = [e.n for e in protected(evidence, odd[0].n)]
    if calls:
        return failed(
            "The token endpoint answered with an error, and the API was called all the same.", odd[0].n, *calls
        )
    return rejected(evidence, "The token endpoint answered 200 with an error object", odd[0].n)


def unknown_token_type_is_not_used(evidence: Evidence) -> Finding:
    """A token of an unknown type is not used.

    Pass: the token stands in no API call, and the client ends with an error. Warn: it crashes. Fail: the
    token is sent to the API under whatever scheme, or the client reports success. Inconclusive: no such token
    was issued.
    """
    odd = [token for token in issued(evidence) if token.token_type.lower() not in {"bearer", ""}]
    if not evidence.fired or not odd:
        return no_stimulus("a token of an unknown type")
    tokens = {token.access_token for token in odd}
    used = [e.n for e in protected(evidence) if credential(e) in tokens or e.param("access_token") in tokens]
    if used:
        return failed(f"A token of type `{odd[0].token_type}` was sent to the API.", odd[0].n, *used)
    return rejected(evidence, f"The token was of type `{odd[0].token_type}`", odd[0].n)


def no_post_across_origins(evidence: Evidence) -> Finding:
    """A redirect of the token endpoint to another origin is not followed.

    Pass: the other origin sees nothing, and the client ends with an error. Warn: it sees a request without
    credentials, or the client crashes. Fail: it sees secret, code, verifier, refresh token or an
    Authorization header, or the client uses the token that the stranger hands out. Inconclusive: no redirect
    was sent.
    """
    moved = [e for e in evidence.at("token") if e.status in {307, 308}]
    if not evidence.fired or not moved:
        return no_stimulus("a redirect of the token endpoint")
    foreign = set()
    for exchange in evidence.decoy:
        foreign.add(word(answer(exchange), "access_token"))
        text = f"{exchange.url}\n{exchange.body.decode(errors='replace')}"
        leaked = found(text, evidence)
        if leaked:
            return failed(f"The redirect took {names(leaked)} to another origin.", moved[0].n, exchange.n)
        if exchange.header("authorization") is not None:
            return failed("The redirect took the Authorization header to another origin.", moved[0].n, exchange.n)
    used = [e.n for e in protected(evidence) if credential(e) in foreign - {""}]
    if used:
        return failed("The client uses a token that another origin handed out.", moved[0].n, *used)
    finding = rejected(evidence, "The token endpoint redirected to another origin", moved[0].n)
    if evidence.decoy and finding.verdict is Verdict.PASS:
        return warned("The redirect was followed to another origin, without credentials.", evidence.decoy[0].n)
    return finding


CHECKS = (
    Check(
        id="no-call-after-refused-client",
        title="Refused credentials end the attempt",
        why="A call without a token hides the real cause: the log shows a 401 of the API, not the wrong secret.",
        mend="Look at the token answer's status and error before using it; report invalid_client as configuration.",
        sources=(
            "rfc6749/5.2/invalid-client",
            "ingest/document/client-secret-required",
            "movingimage/document/client-secret",
            "panopto/document/credentials",
            "rotor/document/server-to-server",
            "clickview/document/error-payload",
        ),
        judge=no_call_after_refused_client,
    ),
    Check(
        id="error-object-is-no-token",
        title="An error with status 200 is an error",
        why="Who looks at the status alone goes on with an undefined token, and fails far from the cause.",
        mend="Accept a token answer only if access_token is there and a string.",
        sources=(
            "rfc6749/5.1/access-token",
            "clickview/document/access-token-field",
            "clickview/document/error-payload",
        ),
        judge=error_object_is_no_token,
    ),
    Check(
        id="unknown-token-type-is-not-used",
        title="A token of an unknown type is not used",
        why="A token bound to a key is exposed when it is sent as if it were a bearer token.",
        mend="Compare token_type with Bearer, in any case of letters, and refuse anything else.",
        sources=("rfc6749/7.1", "clickview/document/token-type"),
        judge=unknown_token_type_is_not_used,
    ),
    Check(
        id="no-post-across-origins",
        title="The token request stays at its origin",
        why="With a 307 the whole body is sent again: client secret, code and refresh token go to whoever is there.",
        mend="Turn off redirects for token requests.",
        sources=(
            "rfc6749/10.1",
            "rfc6749/10.4",
            "rfc6750/5.3/safeguard",
            "clickview/document/secret-confidential",
        ),
        judge=no_post_across_origins,
    ),
)
