"""What the API refuses for good: a client gives up after one try to mend it, or at once."""

from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.wire import credential, issued, registered
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, failed, warned

_MOST_CALLS = 4


def _refused(evidence: Evidence, status: int) -> list[Exchange]:
    return [e for e in evidence.at("api") if e.status == status]


def _renewals(evidence: Evidence, after: int) -> int:
    """How often tokens were renewed: by token endpoint or registration, whichever was asked more often."""
    return max(sum(1 for token in group if token.n > after) for group in (issued(evidence), registered(evidence)))


def persistent_401_ends(evidence: Evidence) -> Finding:
    """A 401 that stays is reported after at most one renewal and one repeat.

    Pass: one renewal and one repeat with the new token at most, and the client ends with an error. Warn: it
    crashes. Fail: more of either, more than four calls with whatever token, success is reported, or the client does
    not come back. Inconclusive: the API did not answer 401. A few repeats with the rejected token itself are judged
    where one renewal mends the 401.
    """
    refused = _refused(evidence, 401)
    if not evidence.fired or not refused:
        return no_stimulus("an API that answers 401 to every call")
    proof = tuple(e.n for e in refused)
    for step in evidence.doing("call_api"):
        calls = [e for e in evidence.during(step, "api") if e.status == 401]
        if len(calls) > _MOST_CALLS or len({credential(e) for e in calls}) > 2:
            return failed(f"A 401 that stays led to {len(calls)} calls.", *proof)
    renewals = _renewals(evidence, refused[0].n)
    if renewals > 1:
        return failed(f"A 401 that stays led to {renewals} renewals.", *proof)
    return rejected(evidence, "The API answered 401 to every call", *proof)


def no_renewal_after_403(evidence: Evidence) -> Finding:
    """A 403 is about permission: no new token mends it.

    Pass: no renewal, no repeat, and the client ends with an error. Warn: one renewal or one repeat, or a
    crash. Fail: more of either, or success is reported. Inconclusive: the API did not answer 403.
    """
    refused = _refused(evidence, 403)
    if not evidence.fired or not refused:
        return no_stimulus("a 403 of the API")
    proof = tuple(e.n for e in refused)
    renewals = _renewals(evidence, refused[0].n)
    repeats = len(refused) - 1
    if max(renewals, repeats) > 1:
        return failed(f"A 403 led to {renewals} renewal(s) and {repeats} repeat(s).", *proof)
    finding = rejected(evidence, "The API answered 403", *proof)
    if finding.verdict is not Verdict.PASS:
        return finding
    if renewals:
        return warned("After a 403 the client renewed its token, which is no matter of permission.", *proof)
    if repeats:
        same = len({credential(e) for e in refused}) == 1
        return warned(f"After a 403 the call was repeated{' with the same token' if same else ''}.", *proof)
    return finding


CHECKS = (
    Check(
        id="persistent-401-ends",
        title="A 401 that stays is reported",
        why="A loop of renewals and calls exhausts the quota, and gets the client banned for everybody.",
        mend="Renew and repeat once for each call; report the second 401.",
        sources=("rfc6750/3.1", "rfc9110/9.2.2", "ingest/document/unauthorized-call"),
        judge=persistent_401_ends,
    ),
    Check(
        id="no-renewal-after-403",
        title="No renewal after a 403",
        why="A new token has the same scope: renewing only hides the missing permission, and costs two requests.",
        mend="Report a 403 as a matter of permission, with the scope that the answer names.",
        sources=("rfc6750/3.1/insufficient-scope",),
        judge=no_renewal_after_403,
    ),
)
