"""The rules of discovery and of what it advertises."""

from sparring.mocks.engine.messages import Answer
from sparring.mocks.providers.clickview import connect, rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import (
    ENGINE_JSON,
    NO_STORE,
    ORIGIN,
    PAGE,
    TOKEN_HEADERS,
    Case,
    ask,
    bearing,
    change_client,
    claims,
    clickview,
    forged,
    got,
    new_token,
    sent,
)

WELL_KNOWN = "/.well-known/openid-configuration"
POLICY = f"default-src 'none'; script-src 'sha256-{connect.SESSION_HASH}'"


async def _authorize_with_redirect_uri(stage: Stage) -> Answer:
    await change_client(stage, redirect_uris=("https://partner.example/cb",))
    target = "/connect/authorize?client_id=partner-1&redirect_uri=https://partner.example/cb&response_type=code"
    return await ask(stage, stages.request("GET", target))


async def _error_page(stage: Stage) -> Answer:
    answer = await ask(stage, stages.request("GET", "/connect/authorize?client_id=partner-1"))
    page = await ask(stage, stages.request("GET", (answer.header("Location") or "").removeprefix(ORIGIN)))
    assert b"Sorry, there was an error: invalid_request, Invalid redirect_uri" in page.body
    assert rules.AUTHORIZE_REDIRECT_URI.id.encode() in page.body
    return page


async def _userinfo(stage: Stage) -> Answer:
    return await ask(stage, bearing(await new_token(stage), path="/connect/userinfo"))


async def _userinfo_expired(stage: Stage) -> Answer:
    token = await new_token(stage)
    stage.clock.advance(86400 + 301)
    return await ask(stage, stages.request("POST", "/connect/userinfo", form={"access_token": token}))


async def _userinfo_forged(stage: Stage) -> Answer:
    token = forged(stage, claims(scope=["openid"], aud="anything"))
    return await ask(stage, bearing(token, path="/connect/userinfo"))


async def _preflight(_stage: Stage) -> Answer:
    stage = await clickview(origins=("https://spa.example",))
    headers = (
        ("origin", "https://spa.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    )
    return await ask(stage, stages.request("OPTIONS", "/connect/token", *headers))


def _challenge(words: str) -> tuple[tuple[str, str], ...]:
    return (*NO_STORE, ("WWW-Authenticate", f'Bearer realm="IdentityServer",{words}'))


INVALID = _challenge('error="invalid_token"')
EXPIRED = _challenge('error="invalid_token",error_description="The access token expired"')
LACKING = _challenge('error="insufficient_scope"')

CASES = (
    Case(rules.DISCOVERY, got("GET", WELL_KNOWN), 200, ENGINE_JSON, None),
    Case(rules.DISCOVERY, got("GET", "/.Well-Known/OpenID-Configuration"), 200, ENGINE_JSON, None),
    Case(rules.JWKS, got("GET", f"{WELL_KNOWN}/jwks"), 200, ENGINE_JSON, None),
    Case(rules.DISCOVERY_METHOD, got("POST", WELL_KNOWN), 405),
    Case(rules.DISCOVERY_METHOD, got("DELETE", f"{WELL_KNOWN}/jwks"), 405),
    Case(rules.AUTHORIZE_METHOD, got("PUT", "/connect/authorize"), 405),
    Case(rules.AUTHORIZE_CONTENT_TYPE, got("POST", "/connect/authorize"), 415),
    Case(rules.ERROR_PAGE, _error_page, 200, PAGE, None),
    Case(rules.USERINFO_METHOD, got("PUT", "/connect/userinfo"), 405),
    Case(rules.USERINFO_TOKEN, got("GET", "/connect/userinfo"), 401, INVALID),
    Case(rules.USERINFO_TOKEN, got("GET", "/connect/userinfo", ("authorization", "Bearer x")), 401, INVALID),
    Case(rules.USERINFO_TOKEN, _userinfo_expired, 401, EXPIRED),
    Case(rules.USERINFO_TOKEN, _userinfo_forged, 401, INVALID),
    Case(rules.USERINFO_SCOPE, _userinfo, 403, LACKING),
    Case(rules.END_SESSION_METHOD, got("PUT", "/connect/endsession"), 405),
    Case(rules.END_SESSION, got("GET", "/connect/endsession"), 302, (("Location", f"{ORIGIN}/account/logout"),)),
    Case(rules.SIGNED_OUT, got("GET", "/account/logout"), 200, PAGE, None),
    Case(rules.CHECK_SESSION_METHOD, got("POST", "/connect/checksession"), 405),
    Case(
        rules.CHECK_SESSION,
        got("GET", "/connect/checksession"),
        200,
        (*PAGE, ("Content-Security-Policy", POLICY), ("X-Content-Security-Policy", POLICY)),
        None,
    ),
    Case(rules.REVOCATION_METHOD, got("GET", "/connect/revocation"), 405),
    Case(rules.REVOCATION_CONTENT_TYPE, got("POST", "/connect/revocation"), 415),
    Case(
        rules.REVOCATION_CLIENT,
        sent("/connect/revocation", client_secret="wrong", token="t"),
        400,
        ENGINE_JSON,
        b'{"error":"invalid_client"}',
    ),
    Case(rules.REVOCATION_TOKEN_MISSING, sent("/connect/revocation"), 400, ENGINE_JSON, b'{"error":"invalid_request"}'),
    Case(
        rules.REVOCATION_HINT,
        sent("/connect/revocation", token="t", token_type_hint="id_token"),
        400,
        ENGINE_JSON,
        b'{"error":"unsupported_token_type"}',
    ),
    Case(rules.REVOCATION_DONE, sent("/connect/revocation", token="t", token_type_hint="access_token"), 200),
    Case(rules.INTROSPECTION_METHOD, got("GET", "/connect/introspect"), 405),
    Case(rules.INTROSPECTION_CONTENT_TYPE, got("POST", "/connect/introspect"), 415),
    Case(rules.INTROSPECTION_REFUSED, sent("/connect/introspect", token="t"), 401),
    Case(
        rules.DEVICE_REQUEST,
        got("GET", "/connect/deviceauthorization"),
        400,
        TOKEN_HEADERS,
        b'{"error":"invalid_request"}',
    ),
    Case(
        rules.DEVICE_CLIENT,
        sent("/connect/deviceauthorization", client_id="nobody"),
        400,
        TOKEN_HEADERS,
        b'{"error":"invalid_client"}',
    ),
    Case(
        rules.DEVICE_GRANT,
        sent("/connect/deviceauthorization"),
        400,
        TOKEN_HEADERS,
        b'{"error":"unauthorized_client"}',
    ),
    Case(
        rules.PREFLIGHT,
        _preflight,
        204,
        (
            ("Access-Control-Allow-Headers", "content-type"),
            ("Access-Control-Allow-Methods", "POST"),
            ("Access-Control-Allow-Origin", "https://spa.example"),
        ),
    ),
    Case(rules.LOST, got("GET", "/nowhere"), 404),
    Case(rules.LOST, got("POST", "/connect/token/"), 404),
)

TO_THE_ERROR_PAGE = (
    Case(rules.AUTHORIZE_CLIENT_MISSING, got("GET", "/connect/authorize"), 302),
    Case(rules.AUTHORIZE_CLIENT_MISSING, got("GET", f"/connect/authorize?client_id={'c' * 101}"), 302),
    Case(rules.AUTHORIZE_CLIENT_UNKNOWN, got("GET", "/connect/authorize?client_id=nobody"), 302),
    Case(rules.AUTHORIZE_REDIRECT_URI, sent("/connect/authorize", redirect_uri="https://a.example/cb"), 302),
    Case(rules.AUTHORIZE_GRANT, _authorize_with_redirect_uri, 302),
)
