"""Answers of the token endpoint that are broken, hostile or odd: what must not be used, and what must not surprise."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import answer, code_requests, credential, error_of, issued, protected
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, passed, warned

_CONFIGURATION = frozenset({"invalid_request", "unauthorized_client", "unsupported_grant_type", "invalid_scope"})


def _poisoned(evidence: Evidence) -> tuple[Exchange, ...]:
    """The token requests whose answers a fault has touched."""
    return tuple(e for e in evidence.at("token") if e.facts.get("faults"))


def unreadable_answer_is_no_token(evidence: Evidence) -> Finding:
    """What is no JSON object, or only part of one, is no token; nor is what is shorter than its Content-Length.

    Pass: no API call, and the client ends with an error. Warn: it crashes. Fail: an API call with whatever was found
    in the answer, or success. Inconclusive: no such answer was sent.
    """
    odd = _poisoned(evidence)
    if not odd:
        return no_stimulus("an answer that cannot be read")
    cut = "access_token" in answer(odd[0])
    what = "The answer is shorter than its Content-Length" if cut else "The answer cannot be read as a token"
    calls = [e.n for e in protected(evidence, odd[0].n)]
    if calls:
        return failed(f"{what}, and the API was called all the same.", odd[0].n, *calls)
    return rejected(evidence, what, odd[0].n)


def not_quite_json_is_no_trap(evidence: Evidence) -> Finding:
    """An answer that many parsers take for JSON, though it is none, is accepted or refused, but not fatal.

    Allowed: the token is used; or the answer is refused by an error. Warn: the client crashes. Fail: it does not come
    back in time. Inconclusive: no such answer was sent.
    """
    odd = _poisoned(evidence)
    if not odd:
        return no_stimulus("an answer with NaN in it")
    outcomes = {step.outcome for step in evidence.steps}
    if "timeout" in outcomes:
        return failed("With NaN in the answer the client did not come back in time.", odd[0].n)
    if "crash" in outcomes:
        return warned("With NaN in the answer the client crashed rather than ended with a clean error.", odd[0].n)
    used = [e.n for e in protected(evidence, odd[0].n)]
    return allowed("The token was used." if used else "The answer was refused.", odd[0].n, *used)


def error_page_is_a_refusal(evidence: Evidence) -> Finding:
    """A page with a status of 500 or more is a provider in trouble, not a token, and not a riddle.

    Pass: no API call, and the client ends with ``retry-later``, or an error of unknown class. Warn: another class (the
    page masked the status), or a crash. Fail: an API call, or success. Inconclusive: no such answer was sent.
    """
    odd = [e for e in _poisoned(evidence) if e.status is not None and e.status >= 500]
    if not odd:
        return no_stimulus("a page with an error status")
    calls = [e.n for e in protected(evidence, odd[0].n)]
    if calls:
        return failed(f"The answer was a page with {odd[0].status}, and the API was called.", odd[0].n, *calls)
    return rejected(evidence, f"The answer was a page with {odd[0].status}", odd[0].n, named="retry-later")


def errors_are_understood(evidence: Evidence) -> Finding:
    """Every ``error`` is a refusal, with or without a description, with whatever members beside it.

    Pass: no API call, and the client ends with ``config`` (where the error is one of RFC 6749's), or another error.
    Warn: another class, or a crash. Fail: an API call, or success. Inconclusive: no such answer was sent.
    """
    odd = [e for e in _poisoned(evidence) if error_of(e)]
    if not odd:
        return no_stimulus("an error of the token endpoint")
    code = error_of(odd[0])
    calls = [e.n for e in protected(evidence, odd[0].n)]
    if calls:
        return failed(f"The token endpoint answered {code}, and the API was called all the same.", odd[0].n, *calls)
    named = "config" if code in _CONFIGURATION else None
    return rejected(evidence, f"The token endpoint answered {code}", odd[0].n, named=named)


def refused_code_is_final(evidence: Evidence) -> Finding:
    """A code that was refused is not sent again.

    Pass: each code is in one token request, and the client ends with an error; a new login is fine. Warn: the same code
    once more, with another way of client authentication (probing), or a crash. Fail: the same code again, an API call,
    or success. Inconclusive: no code was refused.
    """
    odd = [e for e in code_requests(evidence) if error_of(e) == "invalid_grant"]
    if not odd:
        return no_stimulus("a code that is refused")
    calls = [e.n for e in protected(evidence, odd[0].n)]
    if calls:
        return failed("The code was refused, and the API was called all the same.", odd[0].n, *calls)
    finding = rejected(evidence, "The code was refused", odd[0].n)
    for code in dict.fromkeys(e.param("code") for e in odd):
        sent = [e for e in odd if e.param("code") == code]
        ways = {e.header("authorization") is None for e in sent}
        if len(sent) > len(ways):
            return failed(f"The refused code was sent {len(sent)} times.", *(e.n for e in sent))
        if len(sent) > 1:
            return warned("The refused code was sent again, to probe another authentication.", *(e.n for e in sent))
    return finding


def token_cannot_break_out(evidence: Evidence) -> Finding:
    """An access token with characters that no header may carry does not become a header of its own.

    Pass: it is not sent, and the client ends with an error. Warn: a call is made with it, or with what is left of it,
    or the client crashes. Fail: a header that stood in the token reaches the API, or the client reports success.
    Inconclusive: no such token was sent.
    """
    odd = [e for e in _poisoned(evidence) if e.status == 200]
    if not odd:
        return no_stimulus("a token with such characters")
    injected = [e.n for e in evidence.exchanges if e.header("x-injected") is not None]
    if injected:
        return failed("A line break in the token became a header of the request.", odd[0].n, *injected)
    finding = rejected(evidence, "The token has characters that no header may carry", odd[0].n)
    sent = [e.n for e in protected(evidence, odd[0].n) if credential(e)]
    if sent and evidence.outcome != "ok":
        return warned("A call was made with a token that no header may carry.", odd[0].n, *sent)
    return finding


def large_tokens_are_used(evidence: Evidence) -> Finding:
    """A token of some kilobytes is a token.

    Pass: the call succeeds. Warn: it does not. Inconclusive: no such token was sent.
    """
    odd = [token for token in issued(evidence) if len(token.access_token) > 4096]
    if not odd:
        return no_stimulus("a token of that size")
    if evidence.outcome != "ok":
        return warned(
            f"With an access token of {len(odd[0].access_token)} characters the client ended with {said(evidence)}.",
            odd[0].n,
        )
    return passed(f"An access token of {len(odd[0].access_token)} characters was used.", odd[0].n)


def content_type_is_no_trap(evidence: Evidence) -> Finding:
    """A good answer under another Content-Type is accepted, or refused cleanly.

    Pass: JSON with a charset is accepted. Allowed: any other is accepted, or refused by an error. Warn: JSON with a
    charset is refused, or the client crashes. Fail: it does not come back in time. Inconclusive: no such answer was
    sent.
    """
    odd = _poisoned(evidence)
    if not odd:
        return no_stimulus("an answer under another Content-Type")
    label = next((value for name, value in odd[0].response_headers if name.lower() == "content-type"), "")
    what = f"Under the Content-Type `{label}`" if label else "Without a Content-Type"
    outcomes = {step.outcome for step in evidence.steps}
    if "timeout" in outcomes:
        return failed(f"{what} the client did not come back in time.", odd[0].n)
    if "crash" in outcomes:
        return warned(f"{what} the client crashed rather than ended with a clean error.", odd[0].n)
    if label.startswith("application/json"):
        if evidence.outcome != "ok":
            return warned(f"{what} the client ended with {said(evidence)}.", odd[0].n)
        return passed(f"{what} the answer was accepted.", odd[0].n)
    return allowed(f"{what} the answer was {'accepted' if evidence.outcome == 'ok' else 'refused'}.", odd[0].n)


def answers_are_read_within_limits(evidence: Evidence) -> Finding:
    """An answer of absurd size is not read to its end.

    Pass: the client ends with an error. Warn: it reads all of it and goes on, or crashes. Fail: it does not come back
    in time. Inconclusive: no such answer was sent.
    """
    odd = _poisoned(evidence)
    if not odd:
        return no_stimulus("an answer of absurd size")
    used = [e.n for e in protected(evidence, odd[0].n)]
    if used or evidence.outcome == "ok":
        return warned("The client read an answer of absurd size to its end, and went on with it.", odd[0].n, *used)
    return rejected(evidence, "The answer was of absurd size", odd[0].n)


CHECKS = (
    Check(
        id="unreadable-answer-is-no-token",
        title="What cannot be read is no token",
        why="A maintenance page or a cut answer becomes a token that fails later, far from the cause.",
        mend="Read as much as Content-Length says, all of it as JSON; refuse what is no object with an access_token.",
        sources=("rfc6749/5.1/json", "rfc6749/5.1/access-token", "rfc9112/6.3"),
        judge=unreadable_answer_is_no_token,
    ),
    Check(
        id="not-quite-json-is-no-trap",
        title="NaN does not bring the client down",
        why="Parsers differ over NaN; a lifetime that is no number then breaks arithmetic that nobody guards.",
        mend="Check that expires_in is a finite number before you compute with it.",
        sources=("rfc6749/5.1/json",),
        judge=not_quite_json_is_no_trap,
    ),
    Check(
        id="error-page-is-a-refusal",
        title="A page with an error status is a provider in trouble",
        why="`Unexpected token <` in the log says nothing; the status 503 would have said all.",
        mend="Look at the status before you parse the body, and report it with the content type.",
        sources=("rfc9110/15.6", "rfc6749/5.2/status"),
        judge=error_page_is_a_refusal,
    ),
    Check(
        id="errors-are-understood",
        title="Every error of the token endpoint is a refusal",
        why="A client that insists on a description, or knows only its own list of errors, crashes over the next one.",
        mend="Read `error`, treat everything else as optional, and keep unknown codes as they are.",
        sources=("rfc6749/5.2/status", "rfc6749/5.2/error-description", "clickview/document/error-payload"),
        judge=errors_are_understood,
    ),
    Check(
        id="refused-code-is-final",
        title="A refused code is not sent again",
        why="Many servers revoke every token of a code that comes twice; a retry turns one failure into a sign-out.",
        mend="After invalid_grant begin a new login, or tell the person.",
        sources=("rfc6749/4.1.2", "rfc6749/5.2/invalid-grant", "ingest/document/code-one-time"),
        judge=refused_code_is_final,
    ),
    Check(
        id="token-cannot-break-out",
        title="A token cannot become a header",
        why="Who can put a line break into a token writes headers of his own into the client's requests.",
        mend="Refuse an access token with anything but the characters of RFC 6750 section 2.1.",
        sources=("rfc6750/2.1/syntax", "rfc6749/10.14"),
        judge=token_cannot_break_out,
    ),
    Check(
        id="large-tokens-are-used",
        title="Large tokens are tokens",
        why="A token grows with a person's permissions; a limit of 4 kB locks out those who have the most.",
        mend="Do not limit tokens below what servers take in a header, and do not keep them in cookies.",
        sources=("rfc6749/5.1/size",),
        judge=large_tokens_are_used,
    ),
    Check(
        id="content-type-is-no-trap",
        title="Another Content-Type is no trap",
        why="Proxies and gateways rewrite the header; the client then says that access_token is missing.",
        mend="Accept application/json with parameters; refuse the rest with a message that names the Content-Type.",
        sources=("rfc6749/5.1/json",),
        judge=content_type_is_no_trap,
    ),
    Check(
        id="answers-are-read-within-limits",
        title="An answer has a limit",
        why="Whoever answers for the token endpoint can fill the client's memory.",
        mend="Stop reading token answers at a megabyte or so.",
        sources=("rfc6749/5.1/size",),
        judge=answers_are_read_within_limits,
    ),
)
