"""The API, userinfo, logout and introspection, rule by rule."""

import base64
from typing import Any

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import revoke_tokens
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.movingimage.cases import (
    JSON,
    NO_CACHE,
    PAGE,
    SIGNED_OUT,
    Case,
    Scene,
    error,
)
from tests.mocks.providers.movingimage.talk import (
    CLIENT,
    CONNECT,
    Browser,
    ask,
    calling,
    claims_of,
    exchange,
    forged,
    read,
    signed_in,
    token_request,
)

UNAUTHORIZED = "<html><head><title>Error</title></head><body>Unauthorized</body></html>"
USERINFO = f"{CONNECT}/userinfo"
LOGOUT = f"{CONNECT}/logout"
INTROSPECT = f"{CONNECT}/token/introspect"
ISSUER = "http://127.0.0.1:9401/auth/realms/platform"


def _called(kind: str = "access_token", *, later: float = 0, target: str = "/v1/vms", **changes: Any) -> Scene:
    async def scene(stage: Stage) -> Answer:
        token = (await signed_in(stage))[kind]
        stage.clock.advance(later)
        return await ask(stage, calling(forged(stage, claims_of(token) | changes) if changes else token, target))

    return scene


def _sent(token: str, target: str = "/v1/vms") -> Scene:
    return lambda stage: ask(stage, calling(token, target))


def _odd(claims: bytes) -> str:
    parts = (b'{"alg":"RS256"}', claims, b"x")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _signed(**header: Any) -> Scene:
    async def scene(stage: Stage) -> Answer:
        claims = claims_of((await signed_in(stage))["access_token"])
        return await ask(stage, calling(forged(stage, claims, **header)))

    return scene


async def _refresh_token_tampered(stage: Stage) -> Answer:
    token = (await signed_in(stage))["refresh_token"]
    return await ask(stage, calling(f"{token[:-4]}AAAA", USERINFO))


async def _asked_about_after_replay(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    held = read(await ask(stage, token_request(exchange(code))))
    await ask(stage, token_request(exchange(code)))
    return await ask(stage, stages.request("POST", INTROSPECT, form=CLIENT | {"token": held["access_token"]}))


async def _tampered(stage: Stage) -> Answer:
    head, claims, signature = (await signed_in(stage))["access_token"].split(".")
    return await ask(stage, calling(f"{head}.{claims}.{signature[4:]}AAAA"))


async def _withdrawn(stage: Stage, target: str = "/v1/vms") -> Answer:
    token = (await signed_in(stage))["access_token"]
    await revoke_tokens(stage.houses["movingimage"].desk)
    return await ask(stage, calling(token, target))


async def _withdrawn_userinfo(stage: Stage) -> Answer:
    return await _withdrawn(stage, USERINFO)


async def _after_logout(stage: Stage, target: str) -> Answer:
    browser = Browser(stage)
    held = read(await ask(stage, token_request(exchange(await browser.code()))))
    await browser.send("GET", LOGOUT)
    return await ask(stage, calling(held["access_token"], target))


async def _api_after_logout(stage: Stage) -> Answer:
    return await _after_logout(stage, "/v1/vms")


async def _userinfo_after_logout(stage: Stage) -> Answer:
    return await _after_logout(stage, USERINFO)


async def _userinfo_of_an_idle_session(stage: Stage) -> Answer:
    token = (await signed_in(stage))["access_token"]
    stage.clock.advance(3600 + 120)
    later = int(stage.clock.now()) + 60
    return await ask(stage, calling(forged(stage, claims_of(token) | {"exp": later}), USERINFO))


async def _posted_userinfo(stage: Stage) -> Answer:
    token = (await signed_in(stage))["access_token"]
    return await ask(stage, stages.request("POST", USERINFO, form={"access_token": token}))


def _left(query: str = "", *, first: bool = True) -> Scene:
    async def scene(stage: Stage) -> Answer:
        browser = Browser(stage)
        if first:
            await browser.come_back()
        return await browser.send("GET", LOGOUT + query)

    return scene


async def _left_by_hint(stage: Stage) -> Answer:
    held = await signed_in(stage)
    return await Browser(stage).send("GET", f"{LOGOUT}?id_token_hint={held['id_token']}")


def _returned(kind: str | None, **client: str) -> Scene:
    async def scene(stage: Stage) -> Answer:
        held = await signed_in(stage)
        form = (client or CLIENT) | ({} if kind is None else {"refresh_token": held[kind]})
        return await ask(stage, stages.request("POST", LOGOUT, form=form))

    return scene


def _asked_about(kind: str | None, form: dict[str, str], *, later: float = 0) -> Scene:
    async def scene(stage: Stage) -> Answer:
        held = await signed_in(stage)
        stage.clock.advance(later)
        token = {} if kind is None else {"token": held.get(kind, kind)}
        return await ask(stage, stages.request("POST", INTROSPECT, form=form | token))

    return scene


async def _asked_about_after_logout(stage: Stage) -> Answer:
    held = await signed_in(stage)
    await ask(stage, stages.request("POST", LOGOUT, form=CLIENT | {"refresh_token": held["refresh_token"]}))
    return await ask(stage, stages.request("POST", INTROSPECT, form=CLIENT | {"token": held["access_token"]}))


def _unauthorized(rule: Rule, scene: Scene, words: str = "") -> Case:
    more = f', error="invalid_token", error_description="{words}"' if words else ""
    headers = (
        ("WWW-Authenticate", f'Bearer realm="platform"{more}'),
        ("Content-Type", "text/html;charset=UTF-8"),
    )
    return Case(rule=rule, scene=scene, status=401, headers=headers, body=UNAUTHORIZED)


def _json(rule: Rule, scene: Scene, status: int, code: str, words: str, *headers: tuple[str, str]) -> Case:
    return Case(rule=rule, scene=scene, status=status, headers=JSON + headers, body=error(code, words))


def _told(rule: Rule, scene: Scene, words: str) -> Case:
    said = f'<div id="kc-error-message"><p class="instruction">{words}</p></div>'
    headers = PAGE[:1] + NO_CACHE + PAGE[1:]
    return Case(rule=rule, scene=scene, status=400, headers=headers, body=None, words=(said,))


MANAGERS = '[{"id":4711,"name":"Example Video Manager"},{"id":4712,"name":"Second Manager"}]'

API = (
    Case(rule=rules.VMS, scene=_called(), status=200, headers=JSON, body=MANAGERS),
    Case(rule=rules.VMS, scene=_api_after_logout, status=200, headers=JSON, body=MANAGERS),
    _unauthorized(rules.BEARER_MISSING, lambda stage: ask(stage, stages.request("GET", "/v1/vms"))),
    _unauthorized(rules.BEARER_MISSING, _sent("two words")),
    _unauthorized(rules.TOKEN_MALFORMED, _sent("None"), "Failed to parse JWT"),
    _unauthorized(rules.TOKEN_MALFORMED, _sent("a.b.c.d"), "Failed to parse JWT"),
    _unauthorized(rules.TOKEN_MALFORMED, _sent(_odd(b"[]")), "Failed to read access token from JWT"),
    _unauthorized(rules.KEY_UNKNOWN, _sent(_odd(b"{}")), "Didn't find publicKey for specified kid"),
    _unauthorized(rules.KEY_UNKNOWN, _called("refresh_token"), "Didn't find publicKey for specified kid"),
    _unauthorized(rules.SIGNATURE_INVALID, _tampered, "Invalid token signature"),
    _unauthorized(rules.SIGNATURE_INVALID, _signed(alg="HS256"), "Invalid token signature"),
    _unauthorized(rules.SIGNATURE_INVALID, _signed(alg="none"), "Invalid token signature"),
    _unauthorized(rules.KEY_UNKNOWN, _signed(kid=None), "Didn't find publicKey for specified kid"),
    _unauthorized(
        rules.ISSUER_DIFFERS,
        _called(iss="https://other.example"),
        "Invalid token issuer. Expected 'http://127.0.0.1:9401/auth/realms/platform' or "
        "'https://login.movingimage.com/auth/realms/platform', but was 'https://other.example'",
    ),
    _unauthorized(rules.TOKEN_KIND, _called("id_token"), "Token type is incorrect. Expected 'Bearer' but was 'ID'"),
    _unauthorized(rules.TOKEN_EXPIRED, _called(later=300), "Token is not active"),
    _unauthorized(rules.TOKEN_STALE, _withdrawn, "Stale token"),
)

_PERSON = (
    '{"sub":"<uuid>","email_verified":true,"name":"Ada Example","preferred_username":"ada","given_name":"Ada",'
    '"family_name":"Example","email":"ada@network.example"}'
)
_GONE = "User session not found or doesn't have client attached on it"

PEOPLE = (
    Case(rule=rules.USERINFO, scene=_called(target=USERINFO), status=200, headers=JSON + NO_CACHE, body=_PERSON),
    Case(rule=rules.USERINFO, scene=_posted_userinfo, status=200, headers=JSON + NO_CACHE, body=_PERSON),
    _json(
        rules.USERINFO_TOKEN_MISSING,
        lambda stage: ask(stage, stages.request("GET", USERINFO)),
        400,
        "invalid_request",
        "Token not provided",
        *NO_CACHE,
    ),
    *(
        _json(rules.USERINFO_TOKEN_INVALID, scene, 401, "invalid_token", f"Token invalid: {words}", *NO_CACHE)
        for scene, words in (
            (_sent("None", USERINFO), "Failed to parse JWT"),
            (_called(later=300, target=USERINFO), "Token is not active"),
            (_withdrawn_userinfo, "Token is not active"),
            (_refresh_token_tampered, "Invalid token signature"),
            (
                _called("refresh_token", target=USERINFO),
                "Token type is incorrect. Expected 'Bearer' but was 'Refresh'",
            ),
            (
                _called(target=USERINFO, iss="https://other.example"),
                f"Invalid token issuer. Expected '{ISSUER}', but was 'https://other.example'",
            ),
        )
    ),
    _json(rules.USERINFO_SESSION_GONE, _userinfo_after_logout, 401, "invalid_request", _GONE, *NO_CACHE),
    _json(
        rules.USERINFO_SESSION_EXPIRED,
        _userinfo_of_an_idle_session,
        401,
        "invalid_token",
        "Session expired",
        *NO_CACHE,
    ),
)

ENDS = (
    Case(rule=rules.SIGNED_OUT, scene=_left(), status=200, headers=NO_CACHE + SIGNED_OUT),
    Case(rule=rules.SIGNED_OUT, scene=_left_by_hint, status=200, headers=NO_CACHE),
    Case(rule=rules.SIGNED_OUT, scene=_left(first=False), status=200, headers=NO_CACHE),
    Case(
        rule=rules.SIGNED_OUT,
        scene=_left("?redirect_uri=https://redirect.example.com/&state=s1"),
        status=302,
        headers=(("Location", "https://redirect.example.com/?state=s1"), *NO_CACHE, *SIGNED_OUT),
    ),
    _told(rules.LOGOUT_REDIRECT_URI, _left("?post_logout_redirect_uri=https://evil.example/"), "Invalid redirect uri"),
    _told(rules.LOGOUT_HINT, _left("?id_token_hint=a.b.c"), "Session not active."),
    Case(rule=rules.LOGGED_OUT, scene=_returned("refresh_token"), status=204, headers=()),
    _json(rules.LOGOUT_TOKEN_MISSING, _returned(None), 400, "invalid_request", "No refresh token"),
    _json(rules.LOGOUT_TOKEN_INVALID, _returned("access_token"), 400, "invalid_grant", "Invalid refresh token"),
    _json(
        rules.LOGOUT_TOKEN_INVALID,
        _returned("refresh_token", client_id="anonymous"),
        400,
        "invalid_grant",
        "Invalid refresh token. Token client and authorized client don't match",
    ),
    _json(
        rules.SECRET_MISSING,
        _returned("refresh_token", client_id="example-client"),
        400,
        "unauthorized_client",
        "Client secret not provided in request",
    ),
)

INTROSPECTION = (
    _json(
        rules.INTROSPECT_REFUSED,
        _asked_about("access_token", {}),
        401,
        "invalid_request",
        "Authentication failed.",
        *NO_CACHE,
    ),
    _json(
        rules.INTROSPECT_PUBLIC,
        _asked_about("access_token", {"client_id": "anonymous"}),
        403,
        "invalid_request",
        "Client not allowed.",
        *NO_CACHE,
    ),
    _json(
        rules.INTROSPECT_MISSING, _asked_about(None, CLIENT), 400, "invalid_request", "Token not provided.", *NO_CACHE
    ),
    *(
        Case(rule=rules.INTROSPECT_INACTIVE, scene=scene, status=200, headers=JSON + NO_CACHE, body='{"active":false}')
        for scene in (
            _asked_about("nonsense", CLIENT),
            _asked_about("access_token", CLIENT, later=300),
            _asked_about_after_logout,
            _asked_about_after_replay,
        )
    ),
    Case(
        rule=rules.INTROSPECT_ACTIVE,
        scene=_asked_about("access_token", CLIENT),
        status=200,
        headers=JSON + NO_CACHE,
        body=None,
        words=('"sub":"<uuid>","typ":"Bearer"', '"client_id":"example-client","username":"ada","active":true}'),
    ),
    Case(
        rule=rules.INTROSPECT_ACTIVE,
        scene=_asked_about("refresh_token", CLIENT),
        status=200,
        headers=JSON + NO_CACHE,
        body=None,
        words=('"typ":"Refresh"', '"client_id":"example-client","username":null,"active":true}'),
    ),
)

CASES = API + PEOPLE + ENDS + INTROSPECTION
