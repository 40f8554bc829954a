"""How each provider wants to be spoken to, where the documents differ from one another."""

from sparring.contracts import facts
from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import (
    credential,
    error_of,
    issued,
    protected,
    refresh_requests,
    registered,
    succeeded,
)
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, allowed, failed, inconclusive, passed, warned


def registration_answer_is_read_as_json_api(evidence: Evidence) -> Finding:
    """A registration's answer may say more than the token, and may call itself JSON:API.

    Pass: the API is called with the user's token that stands in it. Warn: the answer is refused, or the client crashes.
    Fail: the API is called with something else, or the client does not come back in time; calls with the partner's own
    token are judged elsewhere. Inconclusive: no such answer was sent.
    """
    odd = [token for token in registered(evidence) if token.n in _touched(evidence, "register")]
    if not odd:
        return no_stimulus("such an answer to a registration")
    calls = [e for e in evidence.at("api") if e.n > odd[0].n]
    known = {token.access_token for token in (*odd, *issued(evidence))}
    foreign = [e.n for e in calls if credential(e) not in known]
    if foreign:
        return failed("The API was called with another token than the user's.", odd[0].n, *foreign)
    if any(step.outcome == "timeout" for step in evidence.steps):
        return failed("The client did not come back in time.", odd[0].n)
    if not {credential(e) for e in calls} & {token.access_token for token in odd} or evidence.outcome != "ok":
        return warned(f"The answer brings the user's token, and the client ended with {said(evidence)}.", odd[0].n)
    return passed("The user's token was found and used.", odd[0].n, calls[0].n)


def _touched(evidence: Evidence, endpoint: str) -> set[int]:
    """The requests whose answers a fault has touched."""
    return {e.n for e in evidence.at(endpoint) if e.facts.get("faults")}


def refused_scope_is_configuration(evidence: Evidence) -> Finding:
    """A scope that the client is not registered for is a matter of configuration, and there is no token without it.

    Pass: no API call, no other token request for the same instruction, outcome ``config``. Warn: more token requests
    after the refusal, another class of error, or a crash. Fail: an API call (with a token for whatever else, or none),
    or success. Inconclusive: no scope was refused.
    """
    refused = [e for e in evidence.at("token") if error_of(e) == "invalid_scope"]
    if not refused:
        return no_stimulus("a refusal of its scope")
    calls = [e.n for e in protected(evidence, refused[0].n)]
    if calls:
        return failed("The scope was refused, and the API was called all the same.", refused[0].n, *calls)
    finding = rejected(evidence, "The scope was refused", refused[0].n, named="config")
    for step in evidence.steps:
        asked = evidence.during(step, "token")
        answered = next((e.n for e in asked if error_of(e) == "invalid_scope"), None)
        more = [e.n for e in asked if answered is not None and e.n > answered]
        if more and finding.verdict is Verdict.PASS:
            return warned(f"After invalid_scope {len(more)} more token request(s) came.", refused[0].n, *more)
    return finding


def refresh_request_as_documented(evidence: Evidence) -> Finding:
    """A renewal has the newest refresh token and the client's credentials; what the guide adds may be there.

    Pass: so it is, with the ``response_type`` and ``redirect_uri`` of the guide. Allowed: without them, as RFC 6749 has
    it. Warn: with another value of theirs. Fail: without the client's credentials, with another refresh token than the
    newest, or no renewal succeeds. Inconclusive: nothing was renewed.
    """
    renewals = refresh_requests(evidence)
    if not renewals:
        return inconclusive("The client never renewed its token by refresh token.")
    for exchange in renewals:
        proved = exchange.param("client_secret") or (exchange.header("authorization") or "").lower().startswith("basic")
        if not proved and not evidence.public:
            return failed("The renewal came without the client's secret.", exchange.n)
        if exchange.param("refresh_token") != _newest(evidence, exchange.n):
            return failed("The renewal did not have the refresh token that came last.", exchange.n)
    last = renewals[-1]
    if not succeeded(last) or evidence.outcome != "ok":
        return failed(f"The renewal did not succeed; the client ended with {said(evidence)}.", last.n)
    wanted = {"response_type": "token", "redirect_uri": evidence.context.get("redirect_uri")}
    given = {name: last.param(name) for name in wanted if last.param(name) is not None}
    wrong = [name for name, value in given.items() if value != wanted[name]]
    if wrong:
        return warned(f"The renewal came with another `{wrong[0]}` than the guide wants.", last.n)
    if len(given) < len(wanted):
        missing = " and ".join(sorted(wanted.keys() - given.keys()))
        return allowed(f"The renewal came without {missing}, which the guide lists and the server ignores.", last.n)
    return passed("The renewal was as the guide has it.", last.n)


def _newest(evidence: Evidence, before: int) -> str | None:
    """The refresh token that the last answer before that exchange brought."""
    brought = [token.refresh_token for token in issued(evidence) if token.n < before and token.refresh_token]
    return brought[-1] if brought else None


def accept_names_the_version(evidence: Evidence) -> Finding:
    """The Accept header names the version of the API.

    Pass: in every call, and in the token requests. Warn: not in a token request, although every sample has it there.
    Fail: not in a call of the API, which answers 406. Inconclusive: the API was not called.
    """
    wanted = facts(evidence.provider).accept
    calls = evidence.at("api")
    if not wanted or not calls:
        return inconclusive("The API was not called.")
    without = [e.n for e in calls if wanted not in _accepted(e.header("accept"))]
    if without:
        return failed(f"The Accept header of a call does not name {wanted}.", *without)
    silent = [e.n for e in evidence.at("token") if wanted not in _accepted(e.header("accept"))]
    if silent:
        return warned(f"The Accept header of a token request does not name {wanted}, as every sample has it.", *silent)
    return passed("Every request named the version.")


def _accepted(header: str | None) -> set[str]:
    """The media types of an Accept header, without their parameters."""
    return {part.partition(";")[0].strip().lower() for part in (header or "").split(",")}


CHECKS: tuple[Check, ...] = (
    Check(
        id="registration-answer-is-read-as-json-api",
        title="A registration's answer is read as JSON:API",
        why="JSON:API documents grow links and meta; a client that knows one shape loses its users on that day.",
        mend="Take data.attributes.access_token, ignore the rest, and accept application/vnd.api+json too.",
        sources=("rotor/document/register-with-partner-token",),
        judge=registration_answer_is_read_as_json_api,
    ),
    Check(
        id="refused-scope-is-configuration",
        title="A refused scope is told as such",
        why="A client that goes on without the scope is refused later, at a call, where nobody looks for the cause.",
        mend="Report invalid_scope with the scope that was asked for; do not leave the scope out and try again.",
        sources=(
            "rfc6749/5.2/invalid-scope",
            "clickview/document/scope-required",
            "ingest/document/scope-required",
        ),
        judge=refused_scope_is_configuration,
    ),
    Check(
        id="refresh-request-as-documented",
        title="A renewal is made as the guide has it",
        why="Prose and sample of the guide differ; what counts is the newest refresh token and the client's secret.",
        mend="Send grant_type, the newest refresh_token, client_id and client_secret; the rest does no harm.",
        sources=("movingimage/document/refresh-request", "movingimage/document/new-refresh-token", "rfc6749/6/client"),
        judge=refresh_request_as_documented,
    ),
    Check(
        id="accept-names-the-version",
        title="The Accept header names the version",
        why="Without it the API answers 406, or one day with another version than the client was written for.",
        mend="Send Accept: application/vnd.ingest.v1+json with every request, token requests included.",
        sources=("ingest/document/accept-version",),
        judge=accept_names_the_version,
    ),
)
