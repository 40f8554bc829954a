"""What a provider publishes about itself: its discovery document and its keys."""

import json
from base64 import urlsafe_b64decode

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import answer, word
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, inconclusive, passed, warned

_DEAD = "/nobody/serves/this"


def endpoints_come_from_discovery(evidence: Evidence) -> Finding:
    """A client that knows discovery takes the endpoints from the provider's document.

    Pass: it reads the document, and succeeds at the endpoints that stand there. Fail: it asks at an endpoint of its
    own settings, never reads the document, or does not succeed. Inconclusive: it asked for nothing at all.
    """
    dead = [e.n for e in evidence.exchanges if _DEAD in e.url]
    if not evidence.exchanges and not evidence.visits:
        return inconclusive("The client asked for nothing at all.")
    if dead or any(_DEAD in visit.url for visit in evidence.visits):
        return failed("The client asked at an endpoint of its settings, not at the one of the document.", *dead)
    read = [e.n for e in evidence.at("discovery")]
    if not read:
        return failed("The client never read the discovery document.")
    if evidence.outcome != "ok":
        return failed(f"The client read the discovery document, and ended with {said(evidence)}.", *read)
    return passed("The endpoints came from the discovery document.", read[0])


def discovered_issuer_is_compared(evidence: Evidence) -> Finding:
    """A discovery document by another issuer is not used, also where only a slash or a capital differs.

    Pass: nothing further is sent, and the client ends with an error. Warn: it crashes. Fail: it goes on with the
    endpoints of that document, or reports success. Inconclusive: no such document was sent.
    """
    odd = [e for e in evidence.at("discovery") if e.facts.get("faults")]
    if not odd:
        return no_stimulus("a discovery document by another issuer")
    told = word(answer(odd[0]), "issuer")
    further = [e.n for e in evidence.exchanges if e.n > odd[0].n and e.endpoint != "discovery"]
    if further or evidence.visits:
        return failed(
            f"The discovery document names `{told}` as its issuer, and the client went on with it.", odd[0].n, *further
        )
    return rejected(evidence, f"The discovery document names `{told}` as its issuer", odd[0].n)


def rotated_keys_are_fetched(evidence: Evidence) -> Finding:
    """An ID token under a new key id sends the client back to the published keys, once.

    Pass: the keys are fetched again, and the login is accepted. Allowed: it is accepted without the new key, over TLS,
    where the signature need not be checked. Warn: the keys are fetched more than once for it; or it is refused by a
    client that fetches them before each login, so that the next one is accepted. Fail: it is refused, or accepted
    without the new key over plain HTTP. Inconclusive: the client never met a new key.
    """
    signed = [(e, kid) for e in evidence.at("token") if (kid := _kid(word(answer(e), "id_token")))]
    turned = next(((e, kid) for e, kid in signed if kid != signed[0][1]), None)
    if turned is None:
        return no_stimulus("an ID token by another key than before")
    login, kid = turned
    wrong = [step for step in evidence.steps if step.last > login.n and step.outcome != "ok"]
    own = bool(wrong) and wrong[0].first > signed[0][0].n
    before = [e.n for e in evidence.at("jwks") if own and wrong[0].first <= e.n < login.n]
    if before:
        return warned(
            "The provider had changed its key after the client fetched the keys for this login, which ended with "
            f"{wrong[0].outcome}; the next login fetches them again.",
            *before,
            login.n,
        )
    if wrong:
        return failed(
            f"The provider had changed its key, and the client ended with {wrong[0].outcome}: "
            "nobody can sign in before it is started again.",
            login.n,
        )
    if not any(kid in _published(e) for e in evidence.at("jwks")):
        message = "The ID token was accepted without a look at the new key"
        if evidence.tls and not evidence.strict:
            return allowed(f"{message}; it came over TLS, where the signature need not be checked.", login.n)
        return failed(f"{message}.", login.n)
    again = [e.n for e in evidence.at("jwks") if e.n > login.n]
    if len(again) > 1:
        return warned(f"The keys were fetched {len(again)} times for one new key.", login.n, *again)
    return passed("The new key was fetched, and the login accepted.", login.n, *again)


def _kid(token: str) -> str:
    """The name of the key in a JWT's header; empty where there is none."""
    header = token.partition(".")[0]
    try:
        return word(dict(json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4)))), "kid")
    except (ValueError, TypeError):
        return ""


def _published(exchange: Exchange) -> set[str]:
    """The names of the keys in an answer of the JWKS endpoint."""
    keys = answer(exchange).get("keys")
    return {word(key, "kid") for key in keys if isinstance(key, dict)} if isinstance(keys, list) else set()


CHECKS: tuple[Check, ...] = (
    Check(
        id="endpoints-come-from-discovery",
        title="The endpoints come from the discovery document",
        why="Endpoints that are written down somewhere else are wrong on the day on which the provider moves.",
        mend="Read the document at the discovery URL when the client starts, and use what stands there.",
        sources=("oidc-discovery/4", "movingimage/document/discovered-token-endpoint"),
        judge=endpoints_come_from_discovery,
    ),
    Check(
        id="discovered-issuer-is-compared",
        title="The issuer of the discovery document is compared",
        why="Who can have another document read sends the client, with its secret, to his own token endpoint.",
        mend="Compare issuer with the one that you are set up with, as strings; add and remove no slash.",
        sources=("oidc-discovery/4.3", "rfc8414/3.3"),
        judge=discovered_issuer_is_compared,
    ),
    Check(
        id="rotated-keys-are-fetched",
        title="New keys are fetched",
        why="Providers change their keys; a client that reads them at its start signs nobody in until a restart.",
        mend="On a kid that you do not know fetch the keys again, once, and only then refuse.",
        sources=("oidc-core/10.1.1/rotation",),
        judge=rotated_keys_are_fetched,
    ),
)
