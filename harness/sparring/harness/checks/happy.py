"""The happy path as a ladder of diagnoses: the first rung that breaks is the one cause to tell the user."""

from sparring.contracts import facts
from sparring.harness.checks.partners import REGISTERED
from sparring.harness.checks.rejection import said
from sparring.harness.checks.scopes import ACCEPTED
from sparring.harness.checks.traces import found
from sparring.harness.checks.wire import (
    answer,
    authorize_url_of,
    credential,
    issued,
    query_of,
    registered,
    succeeded,
    word,
)
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed

_CERTIFICATE = ("certificate", "ssl", "tls")
_LONGEST_LINE = 200


def _last_words(evidence: Evidence) -> str:
    """The last line that the client wrote, where it has no secret in it."""
    for name in ("stderr", "stdout"):
        for log in evidence.logs:
            lines = [line.strip() for line in log.text.splitlines() if log.name == name and line.strip()]
            words = [line for line in lines if not line.startswith('{"sparring"')]
            if words and not found(words[-1], evidence):
                return f' Its last words: "{words[-1][:_LONGEST_LINE]}".'
    return ""


def client_starts(evidence: Evidence) -> Finding:
    """The client starts and turns to the provider.

    Pass: it made a request, or sent a person to the provider. Fail: it never said that it is ready, it
    crashed at once, or it gave up before its first request (an unreadable environment, a certificate that it
    does not trust).
    """
    if evidence.exchanges or evidence.visits:
        return passed("The client started.")
    words = _last_words(evidence)
    if not evidence.steps:
        code = evidence.ending.exit_code
        ended = "" if code is None else f" It ended with exit code {code}."
        problems = "".join(f" {problem}" for problem in evidence.ending.problems)
        return failed(f"The client never said that it was ready.{ended}{problems}{words}")
    hint = ""
    if any(word in f"{said(evidence)} {words}".lower() for word in _CERTIFICATE):
        hint = " It does not trust the certificate of the fake: give it the CA file that SPARRING_CA_FILE names."
    return failed(f"The client ended with {said(evidence)} before it asked the provider for anything.{hint}{words}")


def authorization_answered(evidence: Evidence) -> Finding:
    """The person is sent to the authorization endpoint and comes back with a code.

    Pass: a callback with a code was delivered. Fail: nobody was sent, the provider refused the request (its
    error and rule are named), or the callback could not be delivered.
    """
    if any(query_of(v.callback).get("code") and not v.problem for v in evidence.visits) or issued(evidence):
        return passed("The person came back with a code.")
    if not evidence.visits and not authorize_url_of(evidence):
        return failed(f"The client never sent a person to the authorization URL; it ended with {said(evidence)}.")
    seen = evidence.at("authorize", "login", "consent")
    proof = [seen[-1].n] if seen else []
    rule = f" [{seen[-1].rule}]" if seen and seen[-1].rule else ""
    for visit in reversed(evidence.visits):
        back = query_of(visit.callback)
        if back.get("error"):
            told = f": {back['error_description']}" if back.get("error_description") else ""
            return failed(f"The provider refused the login with {back['error']}{told}{rule}.", *proof)
        if visit.problem:
            return failed(f"The login did not come back: {visit.problem}{rule}", *proof)
    return failed(f"The login did not come back to the client{rule}.", *proof)


def _refusal(exchange: Exchange) -> str:
    body = answer(exchange)
    error, told = word(body, "error"), word(body, "error_description")
    quoted = f'"{told}"' if told else ""
    rule = f"[{exchange.rule}]" if exchange.rule else ""
    return " ".join(part for part in (str(exchange.status or "no answer"), error, quoted, rule) if part)


def token_request_accepted(evidence: Evidence) -> Finding:
    """The token endpoint accepts the client's request.

    Pass: it issued a token. Fail: it was never asked, or it refused; status, error, description and rule are
    named.
    """
    tokens = issued(evidence)
    if tokens:
        return passed("A token was issued.", tokens[0].n)
    asked = evidence.at("token")
    if not asked:
        return failed(
            f"The client never asked the token endpoint; it ended with {said(evidence)}.{_last_words(evidence)}"
        )
    last = asked[-1]
    hint = ""
    ours = facts(evidence.provider)
    if ours.pkce == "refused" and last.param("code_verifier"):
        hint = " This provider refuses a code_verifier from a client with a secret: leave PKCE out here."
    elif word(answer(last), "error") in ours.refused_client:
        hint = (
            " Client id or secret are not those of SPARRING_CLIENT_ID and SPARRING_CLIENT_SECRET, "
            "or they are sent where the provider does not look."
        )
    return failed(f"The token endpoint refused the request: {_refusal(last)}.{hint}", last.n)


_REASONS = {
    401: "no token, or not the one that was issued, came in `Authorization: Bearer`",
    403: "the token has not the scope for this call",
    404: "the path is not that of SPARRING_API_URL",
    405: "the method is not GET",
    406: "the Accept header does not name what the API answers with",
}


def api_accepts_token(evidence: Evidence) -> Finding:
    """The client calls the API with its token, and the API accepts it.

    Pass: a call was answered with a 2xx. Fail: the API was never called, or it refused; status and rule are
    named.
    """
    calls = evidence.at("api")
    good = [call for call in calls if succeeded(call)]
    if good:
        return passed("The API accepted the token.", good[0].n)
    if not calls:
        words = _last_words(evidence)
        return failed(f"The client got a token but never called the API; it ended with {said(evidence)}.{words}")
    last = calls[-1]
    reason = f": {_REASONS[last.status]}" if last.status in _REASONS else ""
    accept = facts(evidence.provider).accept
    if last.status == 406 and accept:
        reason = f": the Accept header does not name the API's version ({accept})"
    if registered(evidence) and credential(last) in {token.access_token for token in issued(evidence)}:
        reason = ": the call carried the partner's token, and the API wants the user's, which the registration brought"
    return failed(f"The API refused the call: {_refusal(last)}{reason}.", last.n)


def happy_outcome(evidence: Evidence) -> Finding:
    """The client reports that all went well, as it did.

    Pass: every instruction ended with ``ok``. Fail: another outcome although token and API call were fine, or
    a crash or timeout after them.
    """
    done = [step for step in evidence.steps if step.do != "quit"]
    wrong = [step for step in done if step.outcome != "ok"]
    if not done:
        return failed("The client was given no instruction.")
    if wrong:
        step = wrong[0]
        detail = f" ({step.detail})" if step.detail else ""
        ended = f"`{step.do}` ended with {step.outcome}{detail}"
        return failed(f"Token and API call were fine, but {ended}.{_last_words(evidence)}")
    return passed("All went well, and the client says so.")


STARTS = Check(
    id="client-starts",
    title="The client starts",
    why="Nothing can be said about a client that does not reach the provider.",
    mend="Run the command by hand with the variables of the client protocol, and look at its first error.",
    sources=(),
    judge=client_starts,
)
ANSWERED = Check(
    id="authorization-answered",
    title="The login comes back with a code",
    why="Without a code there is no token.",
    mend="Compare the authorization URL with the provider's document, parameter by parameter.",
    sources=(
        "rfc6749/4.1.1",
        "ingest/document/person-rejects",
        "movingimage/document/authorization-endpoint",
        "panopto/document/authorization-url",
    ),
    judge=authorization_answered,
)
TOKEN_ACCEPTED = Check(
    id="token-request-accepted",
    title="The token endpoint accepts the request",
    why="Without a token there is no API call.",
    mend="Read the error and its rule: `sparring explain RULE` says what the provider looks at.",
    sources=(
        "rfc6749/5.2/invalid-client",
        "ingest/document/client-secret-required",
        "clickview/document/client-secret-required",
        "movingimage/document/client-secret",
        "panopto/document/credentials",
        "rotor/document/server-to-server",
        "clickview/document/error-payload",
        "rfc6749/5.2/status",
    ),
    judge=token_request_accepted,
)
API_ACCEPTS = Check(
    id="api-accepts-token",
    title="The API accepts the token",
    why="A token that is not used as the API expects it is worth nothing.",
    mend="Send `Authorization: Bearer <token>` and the headers that the API's document asks for.",
    sources=(
        "rfc6750/2.1",
        "ingest/document/bearer",
        "clickview/document/authorization-header",
        "movingimage/document/use-the-access-token",
        "rotor/document/user-token-for-all-calls",
    ),
    judge=api_accepts_token,
)
OUTCOME = Check(
    id="happy-outcome",
    title="The client reports success",
    why="A client that reports an error after all went well makes its caller try again, or give up.",
    mend="Look at what the client does after the API's answer: parsing it, storing the token, its exit code.",
    sources=(),
    judge=happy_outcome,
)

SCOPE = ACCEPTED
CHECKS = (STARTS, SCOPE, ANSWERED, TOKEN_ACCEPTED, REGISTERED, API_ACCEPTS, OUTCOME)
