"""What an answer says, or does not say, of the token's type and scope."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import answer, issued, protected
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, passed, warned


def missing_token_type_is_no_word(evidence: Evidence) -> Finding:
    """A missing ``token_type`` does not end up in the Authorization header.

    Pass: the answer is refused by an error. Allowed: the token is used as Bearer. Warn: the client crashes. Fail: a
    call under a scheme that is none (``undefined``, ``None``), or success without a call. Inconclusive: no such answer
    was sent.
    """
    odd = [token for token in issued(evidence) if not token.token_type]
    if not evidence.fired or not odd:
        return no_stimulus("an answer without a token type")
    calls = protected(evidence, odd[0].n)
    schemes = {(e.header("authorization") or "").partition(" ")[0] for e in calls}
    strange = sorted(scheme for scheme in schemes if scheme.lower() != "bearer")
    if strange:
        return failed(f"The API was called under the scheme `{strange[0]}`.", odd[0].n, *(e.n for e in calls))
    if calls:
        return allowed("The token was used as a Bearer token.", odd[0].n, calls[0].n)
    return rejected(evidence, "The answer states no token type", odd[0].n)


def narrowed_scope_is_noticed(evidence: Evidence) -> Finding:
    """A scope that is narrower than asked for is taken as it is, or refused before anything is called.

    Pass: the client goes on and succeeds; or it ends with an error before any API call. Warn: it calls the API and then
    ends with an error. Fail: it crashes or hangs. Inconclusive: no such answer was sent.
    """
    odd = [token for token in issued(evidence) if token.scope]
    if not evidence.fired or not odd:
        return no_stimulus("a narrower scope")
    outcomes = {step.outcome for step in evidence.steps}
    if outcomes & {"crash", "timeout"}:
        return failed(f'Granted no more than "{odd[0].scope}", the client ended with {said(evidence)}.', odd[0].n)
    calls = [e.n for e in protected(evidence, odd[0].n)]
    if evidence.outcome != "ok" and calls:
        return warned(f"The client went on with the narrower scope and ended with {said(evidence)}.", odd[0].n, *calls)
    how = "went on with what was granted" if evidence.outcome == "ok" else "refused it before any call"
    return passed(f'Granted no more than "{odd[0].scope}", the client {how}.', odd[0].n)


def omitted_scope_means_as_asked(evidence: Evidence) -> Finding:
    """An answer without ``scope`` grants what was asked for.

    Pass: the token is used, and the call succeeds. Fail: the answer is refused, or the call does not succeed.
    Inconclusive: no such answer was sent.
    """
    odd = [e.n for e in evidence.at("token") if e.status == 200 and "scope" not in answer(e)]
    if not evidence.fired or not odd:
        return no_stimulus("an answer without a scope")
    if evidence.outcome != "ok":
        return failed(f"Without a scope in the answer the client ended with {said(evidence)}.", *odd)
    return passed("An answer without a scope was taken as granted.", *odd)


def wider_scope_is_accepted(evidence: Evidence) -> Finding:
    """More scope than asked for, in whatever order, is no reason to give up: movingimage answers so.

    Pass: the token is used, and the call succeeds. Warn: a scope that is a list is refused by an error. Fail: a scope
    that is a string is refused, or the client crashes. Inconclusive: no such answer was sent.
    """
    odd = [e for e in evidence.at("token") if e.status == 200 and e.facts.get("faults")]
    if not odd:
        return no_stimulus("a wider scope")
    if evidence.outcome == "ok":
        return passed("The scope in the answer was no obstacle.", odd[0].n)
    scope = answer(odd[0]).get("scope")
    if not isinstance(scope, str) and "crash" not in {step.outcome for step in evidence.steps}:
        return warned(f"A scope that is a list was refused: {said(evidence)}.", odd[0].n)
    return failed(f'Granted "{scope}", the client ended with {said(evidence)}.', odd[0].n)


CHECKS = (
    Check(
        id="missing-token-type-is-no-word",
        title="A missing token type is no scheme",
        why="`Authorization: undefined ...` is refused by the API, and nobody looks for the cause in the token answer.",
        mend="Write `Bearer` into the header yourself, and refuse an answer whose token_type is missing or another.",
        sources=("rfc6749/5.1/token-type", "rfc6750/2.1"),
        judge=missing_token_type_is_no_word,
    ),
    Check(
        id="narrowed-scope-is-noticed",
        title="A narrower scope is noticed",
        why="People leave boxes empty, and administrators restrict clients; the client crashes for just those.",
        mend="Compare the granted scope with what you need, and say which one is missing.",
        sources=("rfc6749/3.3/partial",),
        judge=narrowed_scope_is_noticed,
    ),
    Check(
        id="omitted-scope-means-as-asked",
        title="No scope in the answer means: as asked for",
        why="Servers need not repeat the scope; a client that insists on it works with some of them only.",
        mend="Take the scope that you asked for as granted where the answer names none.",
        sources=("rfc6749/5.1/scope",),
        judge=omitted_scope_means_as_asked,
    ),
    Check(
        id="wider-scope-is-accepted",
        title="More scope than asked for is no error",
        why="Keycloak adds default scopes; a client that compares strings stops working when one is added.",
        mend="Look for the scopes that you need in the answer, as a set.",
        sources=("movingimage/document/scope-granted", "rfc6749/3.3/partial"),
        judge=wider_scope_is_accepted,
    ),
)
