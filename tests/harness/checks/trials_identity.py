"""Hand-made evidence. ID tokens, keys and discovery documents."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

from sparring.harness.evidence import Exchange, Visit
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    BASE,
    CODE_2,
    SECOND,
    api,
    evidence,
    exchange_code,
    good,
    steps,
    visit,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, ALLOWED = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ALLOWED
INCONCLUSIVE = Verdict.INCONCLUSIVE
LOGIN = visit(asked={"nonce": "n-1", "scope": "openid"})
FIRED: dict[str, Any] = {"fired": ("poison",), "visits": (LOGIN,)}
ODD: dict[str, Any] = {"facts": {"faults": ["poison"]}}
POISONED = exchange_code(1, answer=good(id_token="eyJ.eyJ.x"), **ODD)
UNTOUCHED = exchange_code(1, answer=good(id_token="eyJ.eyJ.x"))
WITHOUT = exchange_code(1, answer=good(), **ODD)
DEAD = f"{BASE}/nobody/serves/this"


def _refusing(check: str, used: Verdict = FAIL, *, over_tls: Verdict | None = None) -> list[Case]:
    """The rows that each check of a poisoned ID token has; ``over_tls``: what its use is worth there."""
    return [
        Case(check, "refused", evidence(POISONED, steps=steps("protocol", "reauth"), **FIRED), PASS),
        Case(check, "crash", evidence(POISONED, steps=steps("crash"), **FIRED), WARN),
        Case(check, "timeout", evidence(POISONED, steps=steps("timeout"), **FIRED), FAIL),
        Case(check, "used", evidence(POISONED, api(2), **FIRED), over_tls or used, "was used"),
        Case(check, "used-over-plain-http", evidence(POISONED, api(2), tls=False, **FIRED), used, "was used"),
        Case(check, "used-and-strict", evidence(POISONED, api(2), strict=True, **FIRED), used, "was used"),
        Case(check, "success-without-a-call", evidence(POISONED, tls=False, **FIRED), used, "reported ok"),
        Case(check, "another-token", evidence(POISONED, api(2, SECOND), steps=steps("protocol"), **FIRED), PASS),
        Case(check, "not-poisoned", evidence(UNTOUCHED, api(2), **FIRED), INCONCLUSIVE),
    ]


def _signed(n: int, kid: str, **more: Any) -> Exchange:
    """A token answer whose ID token names that key."""
    header = urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": kid}).encode()).rstrip(b"=").decode()
    return exchange_code(n, answer=good(id_token=f"{header}.e30.x"), **more)


def _asked(n: int, endpoint: str, document: object = None, **more: Any) -> Exchange:
    """A GET of the client's at that endpoint, answered with the document."""
    return Exchange(
        n=n,
        provider="ingest",
        endpoint=endpoint,
        method="GET",
        url=more.pop("url", f"{BASE}/{endpoint}"),
        headers=(),
        status=200,
        response_body=json.dumps(document).encode(),
        **more,
    )


def _keys(n: int, *kids: str) -> Exchange:
    return _asked(n, "jwks", {"keys": [*({"kid": kid} for kid in kids), "no key"]})


TWO_LOGINS = (_signed(1, "one"), _keys(2, "one"), _signed(3, "two", code=CODE_2))
ONCE = replace(steps("ok")[0], first=1, last=2)
BUSY = tuple(replace(step, first=n, last=n + 1) for n, step in enumerate(steps("ok", "retry-later", "ok"), start=1))
DOCUMENT = _asked(1, "discovery", {"issuer": "https://login.example"}, **ODD)


def _asked_at(n: int, query: str) -> Exchange:
    return api(n, None, endpoint="authorize", url=f"{BASE}/authorize{query}")


def _nonces(*nonces: str, **asked: str) -> dict[str, Any]:
    return {"visits": tuple(visit(asked={"nonce": nonce, **asked}) for nonce in nonces)}


CASES: list[Case] = [
    *_refusing("issuer-is-checked"),
    *_refusing("required-claims-are-missed"),
    *_refusing("strangers-in-the-audience-are-noticed", WARN),
    *_refusing("unsigned-id-token-is-refused", over_tls=ALLOWED),
    *_refusing("algorithm-is-the-agreed-one", over_tls=ALLOWED),
    Case("unsigned-id-token-is-refused", "used-and-vouched-for", evidence(POISONED, api(2), **FIRED), ALLOWED, "TLS"),
    Case("valid-id-token-is-accepted", "used", evidence(POISONED, api(2), **FIRED), PASS),
    Case("valid-id-token-is-accepted", "refused", evidence(POISONED, steps=steps("protocol"), **FIRED), FAIL),
    Case("valid-id-token-is-accepted", "crash", evidence(POISONED, steps=steps("crash"), **FIRED), FAIL, "crash"),
    Case("valid-id-token-is-accepted", "idle", evidence(POISONED, api(2, SECOND), **FIRED), FAIL, "never used"),
    Case("valid-id-token-is-accepted", "before", evidence(api(1), replace(POISONED, n=2), **FIRED), FAIL, "never used"),
    Case("valid-id-token-is-accepted", "not-met", evidence(UNTOUCHED, api(2), **FIRED), INCONCLUSIVE),
    Case("missing-id-token-is-noticed", "refused", evidence(WITHOUT, steps=steps("protocol"), **FIRED), PASS),
    Case("missing-id-token-is-noticed", "goes-on", evidence(WITHOUT, api(2), **FIRED), ALLOWED, "went on"),
    Case("missing-id-token-is-noticed", "crash", evidence(WITHOUT, steps=steps("crash"), **FIRED), WARN),
    Case("missing-id-token-is-noticed", "timeout", evidence(WITHOUT, steps=steps("timeout"), **FIRED), FAIL),
    Case("missing-id-token-is-noticed", "success", evidence(WITHOUT, **FIRED), FAIL, "reported ok"),
    Case("missing-id-token-is-noticed", "there", evidence(POISONED, api(2), **FIRED), INCONCLUSIVE),
    Case("missing-id-token-is-noticed", "not-asked", evidence(WITHOUT, api(2), visits=(visit(),)), INCONCLUSIVE),
    Case("nonce-is-fresh", "two", evidence(**_nonces("n-1", "n-2")), PASS, "2 login(s)"),
    Case("nonce-is-fresh", "same", evidence(**_nonces("n-1", "n-1")), FAIL, "shared 1"),
    Case("nonce-is-fresh", "sample", evidence(driver="oneshot", **_nonces("12345")), FAIL, "12345"),
    Case("nonce-is-fresh", "none", evidence(**_nonces("", "")), WARN, "nothing else"),
    Case("nonce-is-fresh", "challenge", evidence(**_nonces("", code_challenge="x")), ALLOWED, "challenge"),
    Case("nonce-is-fresh", "one-login", evidence(**_nonces("n-1")), INCONCLUSIVE, "only one"),
    Case("nonce-is-fresh", "one-run", evidence(driver="oneshot", **_nonces("n-1")), PASS),
    *(
        Case(
            "nonce-is-fresh",
            f"seen-{name}",
            evidence(*(_asked_at(n, url) for n, url in enumerate(urls, start=3))),
            verdict,
        )
        for name, urls, verdict in (
            ("two", ("?nonce=n-1", "?nonce=n-2"), PASS),
            ("same", ("?nonce=n-1&state=1", "?nonce=n-1&state=2"), FAIL),
            ("sample", ("?nonce=12345",), FAIL),
            ("none", ("?state=s",), WARN),
            ("one-none", ("?state=s", "?nonce=n-2"), WARN),
            ("challenge", ("?code_challenge=x",), ALLOWED),
            ("one-login", ("?nonce=n-1",), INCONCLUSIVE),
        )
    ),
    Case("nonce-is-fresh", "nobody", evidence(), INCONCLUSIVE),
    Case("rotated-keys-are-fetched", "again", evidence(*TWO_LOGINS, _keys(4, "two"), api(5)), PASS),
    Case(
        "rotated-keys-are-fetched",
        "before-each-login",
        evidence(_signed(1, "one"), _keys(2, "one", "two"), _signed(3, "two")),
        PASS,
    ),
    Case("rotated-keys-are-fetched", "twice", evidence(*TWO_LOGINS, _keys(4, "two"), _keys(5, "two")), WARN, "2 times"),
    Case("rotated-keys-are-fetched", "refused", evidence(*TWO_LOGINS, steps=steps("ok", "protocol")), FAIL, "protocol"),
    Case(
        "rotated-keys-are-fetched",
        "both-logins-in-one-step",
        evidence(*TWO_LOGINS, steps=(replace(ONCE, outcome="protocol", first=1, last=4),)),
        FAIL,
        "protocol",
    ),
    Case(
        "rotated-keys-are-fetched",
        "refused-once",
        evidence(*TWO_LOGINS, steps=(ONCE, replace(ONCE, id=2, outcome="protocol", first=2, last=4))),
        WARN,
        "the next login",
    ),
    Case(
        "rotated-keys-are-fetched",
        "error-before",
        evidence(_signed(1, "one"), api(2, status=503), _signed(3, "two"), _keys(4, "two"), steps=BUSY),
        PASS,
    ),
    Case("rotated-keys-are-fetched", "unverified", evidence(*TWO_LOGINS, api(4)), ALLOWED, "TLS"),
    Case("rotated-keys-are-fetched", "unverified-over-http", evidence(*TWO_LOGINS, api(4), tls=False), FAIL),
    Case("rotated-keys-are-fetched", "unverified-and-strict", evidence(*TWO_LOGINS, api(4), strict=True), FAIL),
    Case("rotated-keys-are-fetched", "one-key", evidence(_signed(1, "one"), _signed(2, "one")), INCONCLUSIVE),
    Case("rotated-keys-are-fetched", "no-token", evidence(exchange_code(1)), INCONCLUSIVE),
    Case("endpoints-come-from-discovery", "read", evidence(_asked(1, "discovery", {}), api(2)), PASS),
    Case(
        "endpoints-come-from-discovery",
        "token-request",
        evidence(_asked(1, "discovery", {}), _asked(2, "unknown", url=DEAD), steps=steps("protocol")),
        FAIL,
        "of its settings",
    ),
    Case(
        "endpoints-come-from-discovery",
        "login",
        evidence(_asked(1, "discovery", {}), visits=(Visit(url=f"{DEAD}?response_type=code", step=1),)),
        FAIL,
        "of its settings",
    ),
    Case("endpoints-come-from-discovery", "never-read", evidence(api(1)), FAIL, "never read"),
    Case(
        "endpoints-come-from-discovery",
        "error",
        evidence(_asked(1, "discovery", {}), steps=steps("protocol")),
        FAIL,
        "protocol",
    ),
    Case("endpoints-come-from-discovery", "nothing", evidence(), INCONCLUSIVE),
    Case(
        "discovered-issuer-is-compared", "refused", evidence(DOCUMENT, steps=steps("protocol")), PASS, "login.example"
    ),
    Case("discovered-issuer-is-compared", "crash", evidence(DOCUMENT, steps=steps("crash")), WARN),
    Case("discovered-issuer-is-compared", "success", evidence(DOCUMENT), FAIL, "reported ok"),
    Case(
        "discovered-issuer-is-compared",
        "keys",
        evidence(DOCUMENT, _keys(2), steps=steps("protocol")),
        FAIL,
        "went on with it",
    ),
    Case(
        "discovered-issuer-is-compared",
        "login",
        evidence(DOCUMENT, visits=(LOGIN,), steps=steps("protocol")),
        FAIL,
        "went on with it",
    ),
    Case(
        "discovered-issuer-is-compared",
        "again",
        evidence(DOCUMENT, _asked(2, "discovery", {}), steps=steps("protocol")),
        PASS,
    ),
    Case("discovered-issuer-is-compared", "not-met", evidence(_asked(1, "discovery", {}), api(2)), INCONCLUSIVE),
]
