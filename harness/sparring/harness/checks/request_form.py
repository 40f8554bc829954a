"""The form of a token request: method, media type, parameters, client authentication."""

from collections import Counter

from sparring.contracts import facts
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed, skipped, warned

_MAY_BE_EMPTY = {"client_secret", "refresh_token"}
_FORM = "application/x-www-form-urlencoded"


def token_request_is_post(evidence: Evidence) -> Finding:
    """Every request to the token endpoint is a POST.

    Pass: no other method was seen there (an OPTIONS preflight of a browser does not count). Fail: any other
    method. Why: a GET puts its parameters into the request line, and those are logged everywhere.
    """
    requests = [e for e in evidence.at("token") if e.method != "OPTIONS"]
    if not requests:
        return skipped("No token request was made.")
    wrong = [e for e in requests if e.method != "POST"]
    if wrong:
        methods = ", ".join(sorted({e.method for e in wrong}))
        return failed(f"The token endpoint was asked with {methods}.", *(e.n for e in wrong))
    return passed("Every token request was a POST.")


def _media_type(exchange: Exchange) -> str:
    return (exchange.header("content-type") or "").partition(";")[0].strip().lower()


def token_content_type(evidence: Evidence) -> Finding:
    """A token request's body is form-encoded and says so.

    Pass: ``Content-Type: application/x-www-form-urlencoded`` (a charset is fine) on each body; where the
    provider's document offers the query for it, an empty body with everything there passes too. Fail: another
    media type (JSON and multipart are the classics), a body that cannot be read as a form, or no parameters in the
    body at all. Requests by another method than POST are judged elsewhere.
    """
    posts = [e for e in evidence.at("token") if e.method == "POST"]
    if not posts:
        return skipped("No token request was made by POST.")
    for exchange in posts:
        kind = _media_type(exchange)
        if exchange.body and kind != _FORM:
            return failed(f"The body was sent as `{kind or 'no media type'}`.", exchange.n)
        if exchange.body and not exchange.form:
            return failed("The body does not decode as a form.", exchange.n)
        if exchange.body and any(name != name.strip() for name, _ in exchange.form):
            return failed("A parameter's name has blanks or a line break around it.", exchange.n)
        if not exchange.body and not ("query" in facts(evidence.provider).token_parameters and exchange.query):
            return failed("The body is empty.", exchange.n)
    if any(not e.body for e in posts):
        return passed("The parameters came in the query, as the provider's document offers.")
    return passed("Every body was form-encoded.")


def token_params_once(evidence: Evidence) -> Finding:
    """No parameter of a token request occurs twice, in body and query together.

    Pass: each name once, none without a value (an empty client_secret is fine, and an empty refresh_token is
    judged with the renewals). Warn: a parameter without a
    value. Fail: a name that occurs twice. Why: servers refuse it, or pick one of the two, and not always the
    same one.
    """
    if not evidence.at("token"):
        return skipped("No token request was made.")
    empty: list[tuple[str, int]] = []
    for exchange in evidence.at("token"):
        twice = [name for name, times in Counter(name for name, _ in exchange.params).items() if times > 1]
        if twice:
            return failed(f"`{twice[0]}` was sent more than once in one request.", exchange.n)
        empty += [(name, exchange.n) for name, value in exchange.params if not value and name not in _MAY_BE_EMPTY]
    if empty:
        return warned(f"`{empty[0][0]}` was sent without a value.", empty[0][1])
    return passed("Every parameter was sent once.")


def auth_single_method(evidence: Evidence) -> Finding:
    """A token request authenticates the client in one way: Basic, or body, or query where that is offered.

    Pass: one of them. Warn: Basic, and a bare client_id as well; some servers refuse it. Fail: the secret in
    two places.
    """
    if not evidence.at("token"):
        return skipped("No token request was made.")
    hint: int | None = None
    for exchange in evidence.at("token"):
        places = []
        if (exchange.header("authorization") or "").lower().startswith("basic "):
            places.append("the Basic header")
        if any(name == "client_secret" and value for name, value in exchange.form):
            places.append("the body")
        if any(name == "client_secret" and value for name, value in exchange.query):
            places.append("the query")
        if len(places) > 1:
            return failed(f"The client authenticated in {' and in '.join(places)} at once.", exchange.n)
        if places == ["the Basic header"] and exchange.param("client_id") is not None:
            hint = hint or exchange.n
    if hint is not None:
        return warned("The client authenticated by Basic and sent a bare client_id as well.", hint)
    return passed("Each token request authenticated in one way.")


CHECKS = (
    Check(
        id="token-request-is-post",
        title="Token requests are POST",
        why="What a GET carries is in the request line, and request lines are logged by every server and proxy.",
        mend="Send the token request as POST, with its parameters in the body.",
        sources=(
            "rfc6749/3.2/post",
            "ingest/document/token-post",
            "clickview/document/token-post",
            "movingimage/document/token-post",
        ),
        judge=token_request_is_post,
    ),
    Check(
        id="token-content-type",
        title="Token requests are form-encoded",
        why="A server that expects a form finds no parameter in JSON or multipart and refuses the request.",
        mend="Encode the body as application/x-www-form-urlencoded and say so in Content-Type.",
        sources=(
            "rfc6749/4.1.3/form",
            "ingest/document/query-or-body",
            "clickview/document/content-type",
            "movingimage/document/content-type",
            "panopto/document/content-type",
            "rotor/document/content-type",
        ),
        judge=token_content_type,
    ),
    Check(
        id="token-params-once",
        title="Token request parameters occur once",
        why="A strict server refuses a repeated parameter; another one uses whichever of the two it sees first.",
        mend="Build the parameters as a map, and look for a second place in the code that adds the same one.",
        sources=("rfc6749/3.2/once",),
        judge=token_params_once,
    ),
    Check(
        id="auth-single-method",
        title="One client authentication per token request",
        why="Strict servers refuse a request that authenticates twice, so the client breaks on a server's upgrade.",
        mend="Choose either Basic or client_id and client_secret in the body, not both.",
        sources=(
            "rfc6749/2.3",
            "ingest/document/client-credentials-once",
            "clickview/document/client-secret-required",
            "rotor/document/basic",
        ),
        judge=auth_single_method,
    ),
)
