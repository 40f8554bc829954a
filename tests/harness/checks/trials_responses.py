"""Hand-made evidence. What goes to the authorization endpoint, and what comes back from it."""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlencode

from sparring.harness.evidence import Evidence, Visit
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import BASE, CALLBACK, CODE, api, evidence, exchange_code, steps, visit
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
FIRED: dict[str, Any] = {"fired": ("fault",)}
S256 = {"code_challenge": "c" * 43, "code_challenge_method": "S256"}
EXTRA = visit(answer={"code": CODE, "foo": "bar"})
TWICE = visit(callback=f"{CALLBACK}?code={CODE}&state=st-1&code=strangers")
ELSEWHERE = visit(answer={"code": CODE, "iss": "https://login.elsewhere.example"})


def _asked(**changes: str | None) -> Visit:
    """A visit whose authorization request differs; None leaves a parameter out."""
    params = {"response_type": "code", "client_id": "client", "redirect_uri": CALLBACK, "state": "st-1"} | changes
    return Visit(url=f"{BASE}/authorize?{urlencode({k: v for k, v in params.items() if v is not None})}", step=1)


def _error(code: str) -> Visit:
    return visit(answer={"error": code})


def _seen(asked: Visit) -> Evidence:
    """That request, between two others that the provider has seen."""
    pages = (api(n, None, 200, endpoint="authorize", url=url) for n, url in enumerate((BASE, asked.url, BASE), start=1))
    return evidence(*pages, visits=(asked,))


def _form(name: str, seen: Visit, verdict: Verdict, says: str = "") -> Case:
    return Case("authorization-request-is-wellformed", name, evidence(visits=(seen,)), verdict, says)


def _rejecting(check: str, seen: Visit, outcome: str = "protocol") -> list[Case]:
    """The rows that every rejection of a callback has."""
    return [
        Case(check, "error", evidence(visits=(seen,), steps=steps(outcome), **FIRED), PASS),
        Case(check, "crash", evidence(visits=(seen,), steps=steps("crash"), **FIRED), WARN),
        Case(check, "timeout", evidence(visits=(seen,), steps=steps("timeout"), **FIRED), FAIL),
        Case(check, "success", evidence(visits=(seen,), **FIRED), FAIL, "reported ok"),
        Case(check, "not-met", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
        Case(check, "not-fired", evidence(visits=(seen,)), INCONCLUSIVE),
    ]


CASES = [
    _form("good", _asked(), PASS),
    _form("more", _asked(**S256, nonce="n", prompt="login", scope="openid"), PASS),
    _form("type", _asked(response_type="token"), FAIL, "`token`"),
    _form("client", _asked(client_id="another"), FAIL, "`another`"),
    _form("no-client", _asked(client_id=None), FAIL, "client_id"),
    _form("relative", _asked(redirect_uri="/callback"), FAIL, "absolute"),
    _form("fragment", _asked(redirect_uri=f"{CALLBACK}#x"), FAIL, "fragment"),
    _form("no-redirect", _asked(redirect_uri=None), FAIL, "absolute"),
    _form("no-scheme", _asked(redirect_uri="//127.0.0.1/cb"), FAIL, "absolute"),
    _form("no-host", _asked(redirect_uri="http:/cb"), FAIL, "absolute"),
    _form("doubled-and-blank", Visit(url=_asked().url + "&scope=&scope=", step=1), FAIL, "2 times"),
    Case("authorization-request-is-wellformed", "told-where", _seen(_asked(response_type="token")), FAIL, "`token`"),
    Case("authorization-request-is-wellformed", "careless-told-where", _seen(_asked(tracking="yes")), WARN, "tracking"),
    _form("doubled", Visit(url=_asked().url + "&state=st-2", step=1), FAIL, "2 times"),
    _form("unencoded", Visit(url=unquote(_asked().url), step=1), WARN, "not encoded"),
    _form("secret", _asked(client_secret="s3cret"), PASS),
    _form("unencoded-query", Visit(url=unquote(_asked(redirect_uri=f"{CALLBACK}?x=1").url), step=1), WARN, "encoded"),
    _form("name-encoded", Visit(url=_asked().url.replace("redirect_uri", "redirect%5Furi"), step=1), PASS),
    _form("unknown", _asked(tracking="yes"), WARN, "`tracking`"),
    _form("unknown-and-blank", _asked(tracking=""), WARN, "`tracking`"),
    Case("authorization-request-is-wellformed", "no-login", evidence(), INCONCLUSIVE),
    Case("extra-parameters-are-ignored", "ignored", evidence(exchange_code(1), api(2), visits=(EXTRA,), **FIRED), PASS),
    Case(
        "extra-parameters-are-ignored",
        "copied",
        evidence(exchange_code(1, redirect_uri=f"{CALLBACK}?foo=bar", status=400), visits=(EXTRA,), **FIRED),
        FAIL,
        "found their way",
    ),
    Case(
        "extra-parameters-are-ignored",
        "another-uri",
        evidence(exchange_code(1, redirect_uri=f"{CALLBACK}/", status=400), exchange_code(2), visits=(EXTRA,), **FIRED),
        PASS,
    ),
    Case(
        "extra-parameters-are-ignored",
        "a-query-of-its-own",
        evidence(
            exchange_code(1, redirect_uri=f"{CALLBACK}?tenant=7"),
            visits=(
                visit(
                    asked={"redirect_uri": f"{CALLBACK}?tenant=7"},
                    callback=f"{CALLBACK}?tenant=7&code={CODE}&state=st-1&foo=bar",
                ),
            ),
            **FIRED,
        ),
        PASS,
    ),
    Case("extra-parameters-are-ignored", "refused", evidence(visits=(EXTRA,), steps=steps("protocol"), **FIRED), FAIL),
    Case("extra-parameters-are-ignored", "not-met", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
    *_rejecting("authorization-errors-are-understood", _error("invalid_scope"), "config"),
    Case(
        "authorization-errors-are-understood",
        "later",
        evidence(visits=(_error("temporarily_unavailable"),), steps=steps("retry-later"), **FIRED),
        PASS,
    ),
    Case(
        "authorization-errors-are-understood",
        "class",
        evidence(visits=(_error("temporarily_unavailable"),), steps=steps("config"), **FIRED),
        WARN,
        "retry-later",
    ),
    Case(
        "authorization-errors-are-understood",
        "token-request",
        evidence(
            exchange_code(1, "None", status=400), visits=(_error("invalid_scope"),), steps=steps("config"), **FIRED
        ),
        FAIL,
        "asked for a token",
    ),
    *_rejecting("doubled-parameters-are-refused", TWICE),
    Case("doubled-parameters-are-refused", "own", evidence(exchange_code(1), visits=(TWICE,), **FIRED), WARN, "first"),
    Case(
        "doubled-parameters-are-refused",
        "blank",
        evidence(visits=(visit(callback=f"{CALLBACK}?code={CODE}&x=&x="),), steps=steps("protocol"), **FIRED),
        PASS,
        "`x` twice",
    ),
    Case(
        "doubled-parameters-are-refused",
        "strangers",
        evidence(exchange_code(1, "strangers", status=400), visits=(TWICE,), steps=steps("reauth"), **FIRED),
        WARN,
        "stranger's",
    ),
    *_rejecting("wrong-issuer-is-noticed", ELSEWHERE),
    Case(
        "wrong-issuer-is-noticed",
        "ignored",
        evidence(exchange_code(1), api(2), visits=(ELSEWHERE,), **FIRED),
        WARN,
        "exchanged",
    ),
    Case(
        "challenge-is-never-dropped",
        "reported",
        evidence(visits=(visit(asked=S256, answer={"error": "invalid_request"}),), steps=steps("config"), **FIRED),
        PASS,
    ),
    Case(
        "challenge-is-never-dropped",
        "dropped",
        evidence(visits=(visit(asked=S256, answer={"error": "invalid_request"}), visit()), steps=steps("ok"), **FIRED),
        FAIL,
        "without an S256 challenge",
    ),
    Case(
        "challenge-is-never-dropped",
        "dropped-and-told-where",
        replace(_seen(visit()), visits=(visit(asked=S256, answer={"error": "invalid_request"}), visit()), **FIRED),
        FAIL,
        "without an S256 challenge",
    ),
    Case(
        "challenge-is-never-dropped",
        "plain",
        evidence(visits=(visit(asked=S256), visit(asked={**S256, "code_challenge_method": "plain"})), **FIRED),
        FAIL,
    ),
    Case(
        "challenge-is-never-dropped",
        "crash",
        evidence(visits=(visit(asked=S256),), steps=steps("crash"), **FIRED),
        WARN,
    ),
    Case("challenge-is-never-dropped", "no-challenge", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
]
