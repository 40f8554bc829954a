"""How the API is called: where the token stands, and what follows a 401."""

from sparring.harness.checks.rejection import no_stimulus, said
from sparring.harness.checks.wire import credential, issued, protected, registered, succeeded
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed, skipped, warned


def bearer_header_only(evidence: Evidence) -> Finding:
    """An API call, a registration too, carries the token once, as ``Authorization: Bearer``.

    Pass: exactly one such header, and no access_token parameter. Warn: the scheme in another spelling, or a
    call without any token. Fail: the token in a parameter as well, several headers, or another scheme.
    """
    calls = protected(evidence)
    if not calls:
        return skipped("The API was not called.")
    doubt: Finding | None = None
    for exchange in calls:
        headers = exchange.header_values("authorization")
        if any(name == "access_token" for name, _ in exchange.params):
            place = "query" if any(name == "access_token" for name, _ in exchange.query) else "body"
            return failed(f"The {place} of an API call has an access_token parameter.", exchange.n)
        if len(headers) > 1:
            return failed(f"An API call has {len(headers)} Authorization headers.", exchange.n)
        if not headers:
            doubt = doubt or warned("The API was called without a token.", exchange.n)
            continue
        scheme = headers[0].partition(" ")[0]
        if scheme.lower() != "bearer":
            return failed("An API call uses another scheme than Bearer.", exchange.n)
        if scheme != "Bearer":
            doubt = doubt or warned(f"The scheme is spelt `{scheme}`; some servers know only `Bearer`.", exchange.n)
    return doubt or passed("Every API call carried the token in its header.")


def _refused(evidence: Evidence) -> Exchange | None:
    """The first 401 to a token that the API had accepted before."""
    good: set[str] = set()
    for exchange in evidence.at("api"):
        token = credential(exchange)
        if succeeded(exchange):
            good.add(token)
        elif exchange.status == 401 and token in good:
            return exchange
    return None


def _left_by_itself(evidence: Evidence) -> Finding | None:
    """The finding for a client that got itself a new token for the last call, before it could be refused."""
    asked = list(evidence.doing("call_api"))
    if len(asked) < 2 or asked[-1].outcome != "ok":
        return None
    last = asked[-1]
    new = {t.access_token for t in (*issued(evidence), *registered(evidence)) if t.n >= last.first}
    calls = evidence.during(last, "api")
    if not calls or not all(succeeded(call) and credential(call) in new for call in calls):
        return None
    return passed("The client had a new token before the withdrawn one could be refused.", *(e.n for e in calls))


def one_renewal_after_401(evidence: Evidence) -> Finding:
    """A 401 to a token that worked before leads to one renewal and one repeat.

    Pass: one renewal, one repeat with the new token, and the call succeeds; where users are registered with a
    partner's token, that may have to be renewed as well. Warn: no renewal, or one that is refused, and the error
    is reported; the specification only says MAY. Fail: the rejected token is used again, several renewals, or no
    success after the renewal. Inconclusive: the API never refused a token that had worked, and the client had not
    left that token by itself either.
    """
    refused = _refused(evidence)
    if refused is None:
        return _left_by_itself(evidence) or no_stimulus("a 401 to a token that had worked")
    again = [e for e in evidence.at("api") if e.n > refused.n and credential(e) == credential(refused)]
    if again:
        return failed(f"The rejected token was used {len(again)} more time(s).", refused.n, *(e.n for e in again))
    asked = [e for e in evidence.at("token", "register") if e.n > refused.n]
    proof = (refused.n, *(e.n for e in asked))
    renewals = [token for token in issued(evidence) if token.n > refused.n]
    registrations = [token for token in registered(evidence) if token.n > refused.n]
    if len(renewals) > 1:
        return failed(f"One 401 led to {len(renewals)} token requests.", *proof)
    if len(registrations) > 1:
        return failed(f"One 401 led to {len(registrations)} registrations.", *proof)
    if evidence.outcome == "timeout":
        return failed("After the 401 the client did not come back in time.", *proof)
    if not renewals and not registrations:
        if evidence.outcome == "ok":
            return failed("The call ended in a 401, yet the client reported ok.", *proof)
        how = "and the renewal was refused" if asked else "without trying a renewal"
        return warned(f"The 401 was reported ({said(evidence)}) {how}.", *proof)
    repeats = [e.n for e in evidence.at("api") if e.n > asked[0].n and succeeded(e)]
    if evidence.outcome != "ok" or not repeats:
        return failed(f"The token was renewed, but the call did not succeed: {said(evidence)}.", *proof)
    return passed("One renewal, one repeat.", *proof, *repeats)


CHECKS = (
    Check(
        id="bearer-header-only",
        title="The token only in the Authorization header",
        why="A token in a parameter is logged and cached, and servers refuse a request that carries it twice.",
        mend="Send `Authorization: Bearer <token>` and no access_token parameter.",
        sources=(
            "rfc6750/2",
            "rfc6750/2.1",
            "rfc9700/4.3.2",
            "ingest/document/bearer",
            "clickview/document/authorization-header",
            "movingimage/document/use-the-access-token",
            "rotor/document/register-with-partner-token",
        ),
        judge=bearer_header_only,
    ),
    Check(
        id="one-renewal-after-401",
        title="One renewal after a 401",
        why="A client that trusts its own clock alone keeps failing with a withdrawn token, up to its expiry.",
        mend="On a 401, drop the access token, renew once, repeat the call once, and then report the error.",
        sources=("rfc6750/3.1", "ingest/document/unauthorized-call"),
        judge=one_renewal_after_401,
    ),
)
