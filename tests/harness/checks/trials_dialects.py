"""Hand-made evidence. How each provider wants to be spoken to."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from sparring.harness.evidence import Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    ACCESS,
    CALLBACK,
    FORM,
    REFRESH,
    REFRESH_2,
    SECOND,
    SECRET,
    api,
    basic,
    evidence,
    exchange_code,
    good,
    refresh,
    refused,
    register,
    steps,
    token,
    visit,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, ALLOWED = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ALLOWED
INCONCLUSIVE, SKIP = Verdict.INCONCLUSIVE, Verdict.SKIP
ODD: dict[str, Any] = {"facts": {"faults": ["fault"]}}
GRANT = {"grant_type": "client_credentials"}
AMONG = ("accept", "*/*;q=0.1,Application/Vnd.Ingest.V1+JSON;q=0.9;level=1")
COLONS = "s3cret:canary:0123456789"
FOLDED = ("authorization", f"{basic()[1][:40]} {basic()[1][40:]}")
VERSION = ("accept", "application/vnd.ingest.v1+json; q=1, */*")


def _at(provider: str, *exchanges: Exchange, **more: Any) -> Any:
    """Evidence of another provider's."""
    moved = (replace(exchange, provider=provider) for exchange in exchanges)
    return evidence(*moved, provider=provider, grant="client_credentials", **more)


def _basic(n: int, secret: str, **more: Any) -> Exchange:
    return token(n, GRANT, headers=(*FORM, basic(secret)), **more)


def _in_body(n: int, secret: str, **more: Any) -> Exchange:
    return token(n, {**GRANT, "client_id": "client", "client_secret": secret}, **more)


def _renewal(n: int, **params: str) -> Exchange:
    with_token = params.pop("refresh_token", REFRESH)
    wanted = {"grant_type": "refresh_token", "refresh_token": with_token, "client_secret": SECRET, **params}
    return token(n, {name: value for name, value in wanted.items() if value}, answer=good(SECOND, REFRESH_2))


def _versioned(exchange: Exchange) -> Exchange:
    return replace(exchange, headers=(*exchange.headers, VERSION))


BASIC, BODY = "basic-carries-any-secret", "body-carries-any-secret"
METHOD, SCOPE = "auth-method-as-documented", "refused-scope-is-configuration"
REGISTERED = "registration-answer-is-read-as-json-api"
RENEWED, ACCEPT = "refresh-request-as-documented", "accept-names-the-version"
GUIDE = {"response_type": "token", "redirect_uri": CALLBACK}
ANSWERED = register(2, **ODD)
REFUSED = token(1, status=400, answer=refused("invalid_scope"))
MALFORMED = token(1, method="GET", status=405, answer={})
LOGIN = exchange_code(1)
AS_JSON = token(1, body=b'{"grant_type": "client_credentials"}', headers=(("content-type", "application/json"),))
PASSWORD = token(1, {"grant_type": "password", "username": "ada", "password": "x"}, status=400)

CASES: list[Case] = [
    Case(METHOD, "body", _at("clickview", _in_body(1, SECRET)), PASS, "in the body"),
    Case(METHOD, "basic", _at("clickview", _basic(1, SECRET)), WARN, "document has it in the body."),
    Case(METHOD, "probing", _at("rotor", _in_body(1, SECRET, status=401), _basic(2, SECRET)), WARN, "next try"),
    Case(METHOD, "query", evidence(token(1, {}, query={"client_secret": SECRET})), PASS, "in the query"),
    Case(METHOD, "any-of-ingest", evidence(_basic(1, SECRET)), PASS, "Basic"),
    Case(
        METHOD,
        "twice",
        _at("clickview", replace(_in_body(1, SECRET), headers=(*FORM, basic(SECRET)))),
        PASS,
        "in the body",
    ),
    Case(METHOD, "no-form-at-first", _at("clickview", AS_JSON, _in_body(2, SECRET)), PASS, "in the body"),
    Case(METHOD, "never-a-form", _at("clickview", AS_JSON), INCONCLUSIVE),
    Case(METHOD, "none", _at("clickview", token(1, GRANT, status=400)), WARN, "nowhere"),
    Case(METHOD, "public", _at("movingimage", token(1, GRANT), public=True), PASS, "nowhere"),
    Case(METHOD, "unknown-provider", _at("my-own", _basic(1, SECRET)), PASS),
    Case(METHOD, "no-request", evidence(api(1)), INCONCLUSIVE),
    Case(BASIC, "as-it-is", _at("rotor", _basic(1, SECRET)), PASS),
    Case(BASIC, "form-encoded", _at("rotor", _basic(1, quote_plus(SECRET), status=401)), WARN, "as it is"),
    Case(BASIC, "both-are-read", evidence(_basic(1, quote_plus(SECRET))), ALLOWED, "both are read"),
    Case(BASIC, "decoded-there", _at("clickview", _basic(1, SECRET)), WARN, "decodes it as a form"),
    Case(BASIC, "form-encoded-there", _at("clickview", _basic(1, quote_plus(SECRET))), PASS),
    Case(
        BASIC,
        "second-try",
        _at("rotor", _basic(1, quote_plus(SECRET), status=401), _basic(2, SECRET)),
        WARN,
        "another try",
    ),
    Case(BASIC, "half-encoded", _at("rotor", _basic(1, SECRET.replace("/", "%2F"), status=401)), FAIL, "neither"),
    Case(
        BASIC,
        "no-base64",
        _at("rotor", token(1, GRANT, headers=(*FORM, ("authorization", f"Basic client:{SECRET}")))),
        FAIL,
        "neither",
    ),
    Case(
        BASIC,
        "colon",
        _at("rotor", _basic(1, COLONS), context={"client_id": "client", "client_secret": COLONS}),
        PASS,
        "as it is",
    ),
    Case(BASIC, "folded", _at("rotor", token(1, GRANT, headers=(*FORM, FOLDED), status=401)), FAIL, "neither"),
    Case(BASIC, "body", evidence(_in_body(1, SECRET)), ALLOWED, "in the body"),
    Case(BASIC, "no-secret", evidence(token(1, GRANT)), INCONCLUSIVE),
    Case(BODY, "whole", evidence(_in_body(1, SECRET)), PASS),
    Case(BODY, "query", evidence(token(1, GRANT, query={"client_secret": SECRET})), PASS),
    Case(BODY, "plus", evidence(_in_body(1, SECRET.replace("+", " "), status=401)), FAIL, "does not decode"),
    Case(BODY, "second-try", evidence(_in_body(1, "s3cret"), _in_body(2, SECRET)), WARN, "another try"),
    Case(BODY, "basic", evidence(_basic(1, SECRET)), ALLOWED, "Basic"),
    Case(BODY, "no-secret", evidence(token(1, GRANT)), INCONCLUSIVE),
    Case(REGISTERED, "used", _at("rotor", token(1), ANSWERED, api(3, SECOND)), PASS),
    Case(REGISTERED, "refused", _at("rotor", token(1), ANSWERED, steps=steps("ok", "protocol")), WARN, "protocol"),
    Case(REGISTERED, "crash", _at("rotor", token(1), ANSWERED, steps=steps("ok", "crash")), WARN, "crash"),
    Case(REGISTERED, "timeout", _at("rotor", token(1), ANSWERED, steps=steps("ok", "timeout")), FAIL, "in time"),
    Case(REGISTERED, "another", _at("rotor", token(1), ANSWERED, api(3, "third")), FAIL, "another token"),
    Case(REGISTERED, "partners-too", _at("rotor", token(1), ANSWERED, api(3, SECOND), api(4, ACCESS)), PASS),
    Case(REGISTERED, "partners-only", _at("rotor", token(1), ANSWERED, api(3, ACCESS)), WARN, "brings the user's"),
    Case(REGISTERED, "not-met", _at("rotor", token(1), register(2), api(3, SECOND)), INCONCLUSIVE),
    Case(SCOPE, "config", evidence(REFUSED, steps=steps("config", "config")), PASS),
    Case(SCOPE, "class", evidence(REFUSED, steps=steps("reauth")), WARN, "config"),
    Case(SCOPE, "crash", evidence(REFUSED, steps=steps("crash")), WARN, "crash"),
    Case(SCOPE, "called", evidence(REFUSED, token(2, GRANT), api(3)), FAIL, "called"),
    Case(SCOPE, "success", evidence(REFUSED), FAIL, "reported ok"),
    Case(SCOPE, "again", evidence(REFUSED, replace(REFUSED, n=2), steps=steps("config")), WARN, "1 more"),
    Case(SCOPE, "malformed-before", evidence(MALFORMED, replace(REFUSED, n=2), steps=steps("config")), PASS),
    Case(
        SCOPE,
        "no-request-for-the-call",
        evidence(
            REFUSED,
            steps=(
                replace(steps("config")[0], first=1, last=2),
                replace(steps("config", "config")[1], first=2, last=2),
            ),
        ),
        PASS,
    ),
    Case(SCOPE, "granted", evidence(token(1), api(2)), INCONCLUSIVE),
    Case(RENEWED, "guide", evidence(LOGIN, _renewal(2, **GUIDE), api(3, SECOND)), PASS),
    Case(RENEWED, "plain", evidence(LOGIN, refresh(2), api(3, SECOND)), ALLOWED, "redirect_uri and response_type"),
    Case(
        RENEWED, "elsewhere", evidence(LOGIN, _renewal(2, **{**GUIDE, "redirect_uri": "https://x/"})), WARN, "redirect"
    ),
    Case(RENEWED, "no-secret", evidence(LOGIN, _renewal(2, client_secret="")), FAIL, "without the client's secret"),
    Case(
        RENEWED,
        "basic",
        evidence(LOGIN, replace(_renewal(2, client_secret="", **GUIDE), headers=(*FORM, basic()))),
        PASS,
    ),
    Case(RENEWED, "public", evidence(LOGIN, _renewal(2, client_secret="", **GUIDE), public=True), PASS),
    Case(RENEWED, "old", evidence(LOGIN, _renewal(2), _renewal(3), api(4)), FAIL, "came last"),
    Case(RENEWED, "newest", evidence(LOGIN, _renewal(2), _renewal(3, refresh_token=REFRESH_2, **GUIDE)), PASS),
    Case(
        RENEWED,
        "refused",
        evidence(LOGIN, refresh(2, status=400, answer=refused("invalid_grant")), steps=steps("ok", "reauth")),
        FAIL,
        "reauth",
    ),
    Case(RENEWED, "never", evidence(LOGIN, api(2)), INCONCLUSIVE),
    Case(ACCEPT, "everywhere", evidence(_versioned(token(1)), _versioned(api(2))), PASS),
    Case(
        ACCEPT, "among-others", evidence(*(replace(e, headers=(*e.headers, AMONG)) for e in (token(1), api(2)))), PASS
    ),
    Case(ACCEPT, "not-for-tokens", evidence(token(1), _versioned(api(2))), WARN, "token request"),
    Case(ACCEPT, "not-for-calls", evidence(_versioned(token(1)), api(2, status=406)), FAIL, "call"),
    Case(ACCEPT, "no-call", evidence(_versioned(token(1))), INCONCLUSIVE),
    Case(ACCEPT, "no-version", _at("clickview", token(1), api(2)), INCONCLUSIVE),
]

ALWAYS: list[Case] = [
    Case("no-password-grant", "code", evidence(LOGIN, visits=(visit(),)), PASS),
    Case("no-password-grant", "password", evidence(PASSWORD), FAIL, "grant_type=password"),
    Case("no-password-grant", "of-a-public-client", _at("movingimage", PASSWORD, public=True), PASS),
    Case(
        "no-password-grant",
        "of-a-public-client-with-a-token",
        _at("movingimage", replace(PASSWORD, status=200, response_body=token(1).response_body), public=True),
        PASS,
    ),
    Case("no-password-grant", "of-a-client-with-a-secret", _at("movingimage", PASSWORD), FAIL),
    Case("no-password-grant", "implicit", evidence(visits=(visit(asked={"response_type": "token"}),)), WARN, "`token`"),
    Case("no-password-grant", "hybrid", evidence(visits=(visit(asked={"response_type": "code id_token"}),)), WARN),
    Case("no-password-grant", "undocumented", _at("clickview", token(1, {"grant_type": "delegation"})), WARN, "know"),
    Case("no-password-grant", "refused", _at("clickview", token(1, {"grant_type": "delegation"}, status=400)), PASS),
    Case("no-password-grant", "unknown-provider", _at("my-own", token(1, {"grant_type": "delegation"})), PASS),
    Case("no-password-grant", "nothing", evidence(api(1)), SKIP),
]
