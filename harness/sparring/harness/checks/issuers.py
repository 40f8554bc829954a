"""The issuer in a callback (RFC 9207): compared by letter, and missed where it was promised."""

import json

from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.checks.wire import code_requests, query_of
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, warned

_PROMISE = "authorization_response_iss_parameter_supported"


def _folded(issuer: str) -> str:
    return issuer.rstrip("/").lower()


def issuer_is_compared_by_letter(evidence: Evidence) -> Finding:
    """An issuer that is nearly this one is another one.

    Pass: no token request, and the client ends with an error. Warn: the code is exchanged (who talks to one provider
    only need not look at ``iss``); or a crash. Fail: no end. Inconclusive: no such callback was delivered.
    """
    own = evidence.context.get("issuer", "")
    named = [query_of(visit.callback).get("iss", "") for visit in evidence.visits]
    near = [one for one in named if one != own and _folded(one) == _folded(own)]
    if not evidence.fired or not near:
        return no_stimulus("a callback from nearly the right issuer")
    sent = [e.n for e in code_requests(evidence)]
    if sent:
        return warned(f"The callback was from `{near[0]}`, which is not `{own}`, and its code was exchanged.", *sent)
    return rejected(evidence, "The callback was from nearly the right issuer")


def promised_issuer_is_missed(evidence: Evidence) -> Finding:
    """Where a provider's document promises ``iss``, a callback without it is not that provider's.

    Pass: no token request, and the client ends with an error. Warn: the code is exchanged (who talks to one provider
    only need not look for ``iss``); or a crash. Fail: no end. Inconclusive: no such callback was delivered, or the
    client never read the promise.
    """
    documents = [e for e in evidence.at("discovery") if e.status == 200]
    if not any(_promises(e.response_body) for e in documents):
        return no_stimulus("the promise of `iss`, which stands in the provider's document")
    if not evidence.fired or not any(visit.callback and not _names(visit.callback) for visit in evidence.visits):
        return no_stimulus("a callback without `iss`")
    sent = [e.n for e in code_requests(evidence)]
    if sent:
        message = f"The provider's document promises `iss` ({_PROMISE}), a callback came without it and was taken."
        return warned(message, documents[0].n, *sent)
    return rejected(evidence, "The callback came without the `iss` that was promised", documents[0].n)


def _promises(body: bytes) -> bool:
    try:
        document = json.loads(body)
    except ValueError:
        return False
    return isinstance(document, dict) and document.get(_PROMISE) is True


def _names(callback: str) -> bool:
    return "iss" in query_of(callback)


CHECKS = (
    Check(
        id="issuer-is-compared-by-letter",
        title="The callback's issuer is compared letter by letter",
        why="Two issuers may differ in no more than a slash or a capital; who folds them lets one speak for the other.",
        mend="Compare `iss` as text, after percent-decoding and nothing else.",
        sources=("rfc9207/2.4/simple", "rfc9207/2.4"),
        judge=issuer_is_compared_by_letter,
    ),
    Check(
        id="promised-issuer-is-missed",
        title="A promised issuer is missed where it is not there",
        why="An attacker's provider that leaves `iss` out gets past every client that only compares what comes.",
        mend="Where the provider's document says that it sends `iss`, refuse a callback without it.",
        sources=("rfc9207/2.4/missing",),
        judge=promised_issuer_is_missed,
    ),
)
