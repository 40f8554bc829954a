"""The token endpoint, rule by rule."""

import base64
from collections.abc import Awaitable

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.tokens import revoke_token
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.movingimage.cases import JSON, NO_STORE, Case, Scene, change_client, refused
from tests.mocks.providers.movingimage.talk import (
    CLIENT,
    CONNECT,
    SECRET,
    Browser,
    Changes,
    ask,
    changed,
    exchange,
    password,
    read,
    refreshing,
    signed_in,
    token_request,
)

RIVAL = {"client_id": "rival", "client_secret": "another"}
FOREIGN = "Invalid refresh token. Token client and authorized client don't match"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
BODY = (
    b"\ngrant_type=authorization_code&\nclient_id=example-client&\nclient_secret=9a0c2f4b-6a53-4f0e-8f7d-5d1e3b7c9a10&"
    b"\ncode=beEGJ717OmpTI6DuCmOsAWmcPMz4EwaJvLE-0BU5NdA.3a21d1a0-23ad-40c0-8d79-332ac758dee2&"
    b"\nredirect_uri=https://redirect.example.com/"
)


def _sent(params: dict[str, str], *headers: tuple[str, str]) -> Scene:
    return lambda stage: ask(stage, token_request(params, *headers))


def _code(changes: Changes) -> Scene:
    return _sent(exchange("8ad5b1f8-0000-4000-8000-000000000000.x.y", changes))


def _samples_line_breaks(stage: Stage) -> Awaitable[Answer]:
    form = ("content-type", "application/x-www-form-urlencoded")
    return ask(stage, stages.request("POST", f"{CONNECT}/token", form, body=BODY))


def _in_the_query(stage: Stage) -> Awaitable[Answer]:
    query = "&".join(f"{name}={value}" for name, value in password().items())
    return ask(stage, stages.request("POST", f"{CONNECT}/token?{query}", form={}))


def _exchanged(changes: Changes, asked: Changes | None = None, *, later: float = 0) -> Scene:
    async def scene(stage: Stage) -> Answer:
        await change_client(stage, "rival", grants=frozenset({"authorization_code"}))
        code = await Browser(stage).code(asked)
        stage.clock.advance(later)
        return await ask(stage, token_request(exchange(code, changes)))

    return scene


def _refresh_token(answer: Answer) -> str:
    return str(read(answer)["refresh_token"])


async def _replayed(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    assert (await ask(stage, token_request(exchange(code)))).status == 200
    return await ask(stage, token_request(exchange(code)))


async def _burnt(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    assert (await ask(stage, token_request(exchange(code, {"redirect_uri": "https://x.example"})))).status == 400
    return await ask(stage, token_request(exchange(code)))


async def _signed_out_meanwhile(stage: Stage) -> Answer:
    browser = Browser(stage)
    code = await browser.code()
    await browser.send("GET", f"{CONNECT}/logout")
    return await ask(stage, token_request(exchange(code)))


async def _person_gone(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    await stage.houses["movingimage"].desk.store.delete(User, "ada")
    return await ask(stage, token_request(exchange(code)))


async def _flow_off_meanwhile(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    await change_client(stage, "example-client", grants=frozenset())
    return await ask(stage, token_request(exchange(code)))


async def _session_over(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.come_back()
    for _ in range(10):  # used every hour, until ten hours are over
        stage.clock.advance(3595)
        code = await browser.code()
    stage.clock.advance(51)
    return await ask(stage, token_request(exchange(code)))


def _refreshed(changes: Changes, *, later: float = 0, token: str = "refresh_token") -> Scene:
    async def scene(stage: Stage) -> Answer:
        await change_client(stage, "rival", grants=frozenset({"authorization_code"}))
        held = await signed_in(stage)
        stage.clock.advance(later)
        return await ask(stage, token_request(refreshing(held[token], changes)))

    return scene


async def _stale(stage: Stage) -> Answer:
    held = (await signed_in(stage))["refresh_token"]
    await revoke_token(stage.houses["movingimage"].desk, held)
    return await ask(stage, token_request(refreshing(held)))


async def _signed_out(stage: Stage) -> Answer:
    browser = Browser(stage)
    held = _refresh_token(await ask(stage, token_request(exchange(await browser.code()))))
    await browser.send("GET", f"{CONNECT}/logout")
    return await ask(stage, token_request(refreshing(held)))


async def _detached(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    held = _refresh_token(await ask(stage, token_request(exchange(code))))
    await ask(stage, token_request(exchange(code)))
    return await ask(stage, token_request(refreshing(held)))


async def _reused(stage: Stage) -> Answer:
    held = (await signed_in(stage))["refresh_token"]
    assert (await ask(stage, token_request(refreshing(held)))).status == 200
    return await ask(stage, token_request(refreshing(held)))


async def _outdated(stage: Stage) -> Answer:
    held = (await signed_in(stage))["refresh_token"]
    newer = _refresh_token(await ask(stage, token_request(refreshing(held))))
    assert (await ask(stage, token_request(refreshing(newer)))).status == 200
    return await ask(stage, token_request(refreshing(held)))


async def _disabled(stage: Stage) -> Answer:
    await change_client(stage, "example-client", enabled=False)
    return await _code({})(stage)


CLIENTS = (
    refused(rules.GRANT_TYPE_MISSING, _sent(CLIENT), "invalid_request", "Missing form parameter: grant_type"),
    refused(
        rules.GRANT_TYPE_MISSING,
        _samples_line_breaks,
        "invalid_request",
        "Missing form parameter: grant_type",
    ),
    refused(
        rules.GRANT_TYPE_MISSING,
        _in_the_query,
        "invalid_request",
        "Missing form parameter: grant_type",
    ),
    refused(rules.GRANT_TYPE_UNKNOWN, _sent({"grant_type": "magic"}), "invalid_request", "Invalid grant_type"),
    Case(
        rule=rules.HEADER_NOT_BASIC,
        scene=_sent({"grant_type": "refresh_token"}, ("authorization", "Negotiate abc")),
        status=401,
        headers=(*NO_STORE, ("WWW-Authenticate", 'Basic realm="platform"')),
    ),
    refused(rules.TOKEN_CLIENT_MISSING, _code({"client_id": None}), "invalid_client", "Missing client_id parameter"),
    refused(
        rules.TOKEN_CLIENT_UNKNOWN, _code({"client_id": "nobody"}), "unauthorized_client", "Invalid client credentials"
    ),
    refused(rules.TOKEN_CLIENT_UNKNOWN, _disabled, "unauthorized_client", "Invalid client credentials"),
    refused(
        rules.SECRET_MISSING,
        _code({"client_secret": None}),
        "unauthorized_client",
        "Client secret not provided in request",
    ),
    refused(rules.SECRET_WRONG, _code({"client_secret": "guess"}), "unauthorized_client", "Invalid client secret"),
    refused(
        rules.SECRET_WRONG,  # the form's secret counts, not the header's
        _sent(
            exchange("x", {"client_secret": "guess"}),
            ("authorization", f"Basic {base64.b64encode(f'example-client:{SECRET}'.encode()).decode()}"),
        ),
        "unauthorized_client",
        "Invalid client secret",
    ),
)

CODES = (
    refused(rules.CODE_MISSING, _code({"code": None}), "invalid_request", "Missing parameter: code"),
    refused(rules.CODE_UNKNOWN, _code({}), "invalid_grant", "Code not valid"),
    refused(rules.CODE_UNKNOWN, _signed_out_meanwhile, "invalid_grant", "Code not valid"),
    refused(rules.CODE_USED, _replayed, "invalid_grant", "Code not valid"),
    refused(rules.CODE_USED, _burnt, "invalid_grant", "Code not valid"),
    refused(rules.CODE_EXPIRED, _exchanged({}, later=60), "invalid_grant", "Code is expired"),
    refused(rules.CODE_USER_GONE, _person_gone, "invalid_grant", "User not found"),
    refused(
        rules.REDIRECT_URI_DIFFERS,
        _exchanged({"redirect_uri": "https://redirect.example.com"}),
        "invalid_grant",
        "Incorrect redirect_uri",
    ),
    refused(rules.REDIRECT_URI_DIFFERS, _exchanged({"redirect_uri": None}), "invalid_grant", "Incorrect redirect_uri"),
    refused(rules.CODE_FOREIGN, _exchanged(RIVAL), "invalid_grant", "Auth error"),
    refused(rules.CODE_FLOW_OFF, _flow_off_meanwhile, "invalid_grant", "Client not allowed to exchange code"),
    refused(rules.CODE_SESSION_ENDED, _session_over, "invalid_grant", "Session not active"),
    refused(rules.VERIFIER_MISSING, _exchanged({}, CHALLENGE), "invalid_grant", "PKCE code verifier not specified"),
    refused(
        rules.VERIFIER_MALFORMED,
        _exchanged({"code_verifier": "short"}, CHALLENGE),
        "invalid_grant",
        "PKCE invalid code verifier",
    ),
    refused(
        rules.VERIFIER_WRONG,
        _exchanged({"code_verifier": "a" * 43}, CHALLENGE),
        "invalid_grant",
        "PKCE verification failed",
    ),
)

REFRESHES = (
    refused(rules.REFRESH_MISSING, _refreshed({"refresh_token": None}), "invalid_request", "No refresh token"),
    *(
        refused(rules.REFRESH_INVALID, _refreshed({}, token=token), "invalid_grant", "Invalid refresh token")
        for token in ("access_token", "id_token", "session_state")
    ),
    refused(rules.REFRESH_EXPIRED, _refreshed({}, later=3600), "invalid_grant", "Refresh token expired"),
    refused(rules.REFRESH_STALE, _stale, "invalid_grant", "Stale refresh token"),
    refused(rules.REFRESH_FOREIGN, _refreshed(RIVAL), "invalid_grant", FOREIGN),
    refused(rules.REFRESH_SESSION_ENDED, _signed_out, "invalid_grant", "Session not active"),
    refused(rules.REFRESH_DETACHED, _detached, "invalid_grant", "Session doesn't have required client"),
    refused(
        rules.REFRESH_REUSED,
        _reused,
        "invalid_grant",
        "Maximum allowed refresh token reuse exceeded",
        variant="rotating",
    ),
    refused(rules.REFRESH_OUTDATED, _outdated, "invalid_grant", "Stale token", variant="rotating"),
)

OTHERS = (
    refused(
        rules.PASSWORD_OFF,
        _sent(password(CLIENT)),
        "invalid_grant",
        "Client not allowed for direct access grants",
    ),
    refused(
        rules.USERNAME_MISSING,
        _sent(password({"username": None})),
        "invalid_request",
        "Missing parameter: username",
        401,
    ),
    *(
        refused(rules.PASSWORD_WRONG, _sent(password(wrong)), "invalid_grant", "Invalid user credentials", 401)
        for wrong in ({"username": "nobody"}, {"password": "wrong"}, {"password": None})
    ),
    refused(
        rules.PUBLIC_SERVICE,
        _sent({"client_id": "anonymous", "grant_type": "client_credentials"}),
        "unauthorized_client",
        "Public client not allowed to retrieve service account",
        401,
    ),
    refused(
        rules.NO_SERVICE,
        _sent(CLIENT | {"grant_type": "client_credentials"}),
        "unauthorized_client",
        "Client not enabled to retrieve service account",
        401,
    ),
)

GIVEN = tuple(
    Case(
        rule=rule,
        scene=scene,
        status=200,
        headers=JSON + NO_STORE,
        body=None,
        words=('{"access_token":"<jwt>","expires_in":300,"refresh_expires_in":3600,"refresh_token":"<jwt>",',),
    )
    for rule, scene in (
        (rules.CODE_REDEEMED, _exchanged({})),
        (rules.CODE_REDEEMED, _exchanged({"code_verifier": VERIFIER}, CHALLENGE)),
        (rules.CODE_REDEEMED, _exchanged({"code_verifier": "ignored"})),
        (rules.REFRESHED, _refreshed({})),
        (rules.REFRESHED, _reused),
        (rules.PASSWORD_ACCEPTED, _sent(password())),
        (rules.PASSWORD_ACCEPTED, _sent(changed(password(), {"username": "ADA@network.example"}))),
    )
)

CASES = CLIENTS + CODES + REFRESHES + OTHERS + GIVEN
