"""Renewing by refresh token when something is in the way: others at the same time, an outage, the session's end."""

from sparring.contracts import facts
from sparring.harness.checks.refresh_race import one_refresh_at_a_time
from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import (
    answer,
    code_of,
    code_requests,
    error_of,
    issued,
    outlived,
    refresh_requests,
    succeeded,
    word,
)
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, failed, passed, warned

_TEMPORARY = frozenset({"ok", "retry-later", "transport", "error"})
_REFRESHES_PER_CALL = 2


def _step_of(evidence: Evidence, exchange: Exchange) -> int:
    """The number of the step that the exchange belongs to; 0 where there are no steps."""
    return max((step.id for step in evidence.steps if step.first <= exchange.n < step.last), default=0)


def _signed_in_again(evidence: Evidence, since: int) -> bool:
    """Whether a person came back from the provider with a code in that step or a later one.

    The first login of all does not count, whatever step it was in.
    """
    logins = [visit.step for visit in evidence.visits if code_of(visit)]
    return any(step >= since for step in logins[1:])


def parallel_calls_share_one_refresh(evidence: Evidence) -> Finding:
    """Parallel calls after the token's end wait for one renewal, and share what it brings.

    Pass: one refresh, and every call succeeds, those after the next expiry too. Warn: several refreshes, though every
    call succeeds. Fail: a call fails, or the session ends: the message says how many refreshes there were, and whether
    the client went on with another refresh token than that of the one that won. Inconclusive: no refresh token was
    issued, or nothing was renewed.
    """
    late = outlived(evidence)
    if late is None or not any(token.refresh_token for token in issued(evidence)):
        return no_stimulus("the end of an access token that a refresh token could renew")
    race = one_refresh_at_a_time(evidence)
    raced = race.verdict is Verdict.FAIL
    wrong = next((step for step in evidence.steps if step.outcome != "ok" or set(step.calls) - {"ok"}), None)
    numbers = race.exchanges if raced else tuple(e.n for e in refresh_requests(evidence))
    if wrong is not None:
        cause = f"{race.message} " if raced else ""
        outcomes = ", ".join(sorted(set(wrong.calls) - {"ok"})) or wrong.outcome
        return failed(f"{cause}Parallel calls after the token's end did not all succeed: {outcomes}.", *numbers)
    if _signed_in_again(evidence, _step_of(evidence, late)):
        return failed("The person had to sign in again although there was a refresh token.", *numbers)
    if raced:
        return warned(race.message, *numbers)
    if not numbers:
        return no_stimulus("a renewal")
    return passed("The parallel calls shared one refresh.", *numbers)


def ended_session_leads_to_login(evidence: Evidence) -> Finding:
    """When the refresh token has come to its end, the person is asked to sign in again.

    Pass: the client tries it once, or does not even try, and reports ``reauth`` or has the person sign in. Warn:
    another class of error, or a crash. Fail: it tries again and again, reports success without a new login, or does not
    come back in time. Inconclusive: no refresh token was issued, or it was still good.
    """
    requests = refresh_requests(evidence)
    refused = [e.n for e in requests if error_of(e) == "invalid_grant"]
    good = [e.n for e in requests if succeeded(e)]
    calls = [step.id for step in evidence.doing("call_api")]
    if not any(token.refresh_token for token in issued(evidence)) or len(calls) < 2 or good:
        return no_stimulus("the end of its refresh token")
    tokens = [e.param("refresh_token") for e in requests]
    if len(tokens) > len(set(tokens)):
        return failed(f"The refresh token that had ended was tried {len(tokens)} times.", *refused)
    how = "the refresh token was tried once" if refused else "the refresh token was not tried"
    if evidence.outcome == "ok" and _signed_in_again(evidence, calls[1]):
        return passed(f"The session had ended ({how}), and the person signed in again.", *refused)
    return rejected(evidence, f"The session had ended ({how})", *refused, named="reauth")


def refresh_token_survives_an_outage(evidence: Evidence) -> Finding:
    """A renewal that fails for the moment does not end the session: only ``invalid_grant`` does.

    Pass: the refresh token is kept, and a later call succeeds; the calls until then end with ``retry-later`` or
    ``transport``. Warn: they end with another class, with a crash, or the client does not try again. Fail: the person
    is asked to sign in again, no later call succeeds, or the client does not come back in time. Inconclusive: no
    renewal failed that way.
    """
    odd = [e for e in refresh_requests(evidence) if e.facts.get("faults")]
    if not odd:
        return no_stimulus("a renewal that fails for the moment")
    what = f"A renewal was answered with {odd[0].status}" if odd[0].status else "A renewal was never answered"
    outcomes = [step.outcome for step in evidence.steps]
    if "timeout" in outcomes:
        return failed(f"{what}, and the client did not come back in time.", odd[0].n)
    if "reauth" in outcomes or _signed_in_again(evidence, _step_of(evidence, odd[0])):
        return failed(f"{what}, and the person had to sign in again.", odd[0].n)
    later = [e.n for e in refresh_requests(evidence) if e.n > odd[-1].n]
    if evidence.outcome != "ok" and not later and evidence.outcome in _TEMPORARY:
        return warned(f"{what}, and the client did not try again.", *(e.n for e in odd))
    if "crash" in outcomes:
        return warned(f"{what}, and the client crashed rather than ended with a clean error.", odd[0].n)
    if evidence.outcome != "ok":
        return failed(f"{what}, and later calls ended with {said(evidence)}.", odd[0].n, *later)
    strange = sorted(set(outcomes) - _TEMPORARY)
    if strange:
        return warned(f"{what}; the client reported {strange[0]}, but this is a case of `retry-later`.", odd[0].n)
    return passed(f"{what}, and a later one brought a new token.", odd[0].n, *later)


def refused_client_is_no_lost_session(evidence: Evidence) -> Finding:
    """A renewal that is refused because of the client's own credentials is a matter of configuration.

    Pass: the client ends with ``config``. Warn: another class (the person is asked to sign in, which cannot help), or a
    crash. Fail: more than two refresh requests for a call, or success. Inconclusive: no renewal was refused that way.
    """
    codes = facts(evidence.provider).refused_client
    refused = [e for e in refresh_requests(evidence) if error_of(e) in codes]
    if not refused:
        return no_stimulus("a renewal that is refused because of its secret")
    what = f"The renewal was refused with {error_of(refused[0])}"
    numbers = [e.n for e in refused]
    if len(refused) > _REFRESHES_PER_CALL * len(list(evidence.doing("call_api"))):
        return failed(f"{what}, and tried {len(refused)} times.", *numbers)
    finding = rejected(evidence, what, *numbers, named="config")
    reported = {step.outcome for step in evidence.steps}
    lost = "reauth" in reported or _signed_in_again(evidence, _step_of(evidence, refused[0]))
    if lost and finding.verdict is Verdict.PASS:
        return warned(f"{what}; the client had the person sign in again, which cannot help.", *numbers)
    return finding


def _granted(evidence: Evidence, request: Exchange) -> set[str]:
    """The scopes of the answer to the login before that request; empty where it names none."""
    logins = [word(answer(e), "scope") for e in code_requests(evidence) if succeeded(e) and e.n < request.n]
    return set(logins[-1].replace(",", " ").split()) if logins else set()


def refresh_asks_for_no_more(evidence: Evidence) -> Finding:
    """A renewal asks for what was granted, and for no more.

    Pass: it names no scope, or none but the granted ones; or the client does not go on with less than it asked for.
    Fail: it names a scope that was not granted. Inconclusive: nothing was renewed, or the grant was not narrowed.
    """
    narrowed = [e.n for e in code_requests(evidence) if succeeded(e) and e.facts.get("faults")]
    if not narrowed:
        return no_stimulus("a narrower scope")
    requests = refresh_requests(evidence)
    for request in requests:
        asked = set((request.param("scope") or "").replace(",", " ").split())
        more = sorted(asked - _granted(evidence, request))
        if more:
            return failed(f"The renewal asked for `{more[0]}`, which was not granted.", narrowed[0], request.n)
    if requests:
        return passed("The renewal asked for no more than was granted.", narrowed[0], *(e.n for e in requests))
    if evidence.outcome != "ok" and not evidence.at("api"):
        return passed("The client did not go on with less than it had asked for.", narrowed[0])
    return no_stimulus("the end of its access token")


CHECKS = (
    Check(
        id="parallel-calls-share-one-refresh",
        title="Parallel calls share one refresh",
        why="Where refresh tokens rotate, the second refresh of a page load ends the session: a sign-out at random.",
        mend="Renew under a lock, and look again whether the token is still old once you hold it.",
        sources=("rfc6749/6", "rfc9700/4.14.2"),
        judge=parallel_calls_share_one_refresh,
    ),
    Check(
        id="ended-session-leads-to-login",
        title="The end of the session leads to a login",
        why="After a weekend the user sees an error that nobody can read, and reports a bug instead of signing in.",
        mend="On invalid_grant for a refresh token say that a login is needed, whatever you believed of its life.",
        sources=(
            "movingimage/document/expires-in",
            "movingimage/document/authenticate-again",
            "rfc6749/5.2/invalid-grant",
        ),
        judge=ended_session_leads_to_login,
    ),
    Check(
        id="refresh-token-survives-an-outage",
        title="An outage does not end the session",
        why="One restart of the provider signs all users out, and all sign in again at the same time.",
        mend="Delete a refresh token on invalid_grant alone; after anything else try it again later.",
        sources=("rfc6749/5.2/invalid-grant", "rfc9110/15.6"),
        judge=refresh_token_survives_an_outage,
    ),
    Check(
        id="refused-client-is-no-lost-session",
        title="A refused client is no lost session",
        why="After a change of the secret all users are sent to a login that cannot work, and nobody is told why.",
        mend="Report invalid_client to the operator as a matter of configuration, and keep the refresh tokens.",
        sources=("rfc6749/5.2/invalid-client",),
        judge=refused_client_is_no_lost_session,
    ),
    Check(
        id="refresh-asks-for-no-more",
        title="A renewal asks for no more than was granted",
        why="The server refuses the renewal of just those users who granted less: they sign in again every hour.",
        mend="Leave the scope out of refresh requests.",
        sources=("rfc6749/6/scope", "ingest/document/scope-of-the-renewal"),
        judge=refresh_asks_for_no_more,
    ),
)
