"""The token endpoint, rule by rule."""

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.users import User
from sparring.mocks.providers.panopto import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.panopto.talk import (
    CLIENT,
    GOOD,
    JSON,
    REDIRECT_URI,
    RIVAL,
    TOKEN,
    Browser,
    Case,
    Changes,
    Scene,
    ask,
    basic,
    changed,
    exchange,
    post,
    read,
    refresh,
    refused,
    register,
    sent,
    tokens,
)
from tests.mocks.stages import request


def _exchanged(changes: Changes | None = None, *, later: float = 0, asked: Changes | None = None) -> Scene:
    async def scene(stage: Stage) -> Answer:
        await register(stage)
        code = await Browser(stage).code(asked)
        stage.clock.advance(later)
        return await post(stage, exchange(code, changes))

    return scene


def _refreshed(changes: Changes | None = None, *, later: float = 0, times: int = 1) -> Scene:
    async def scene(stage: Stage) -> Answer:
        await register(stage)
        token = (await tokens(stage))["refresh_token"]
        stage.clock.advance(later)
        for _ in range(times - 1):
            await post(stage, refresh(token))
        return await post(stage, refresh(token, changes))

    return scene


async def _replayed(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    await post(stage, exchange(code))
    return await post(stage, exchange(code))


async def _other_flow(stage: Stage) -> Answer:
    await register(stage, grants=frozenset({"password"}))
    return await post(stage, exchange("0" * 32, RIVAL))


async def _account_gone(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    await stage.houses["panopto"].desk.store.delete(User, "ada")
    return await post(stage, exchange(code))


async def _account_gone_before_refresh(stage: Stage) -> Answer:
    token = (await tokens(stage))["refresh_token"]
    await stage.houses["panopto"].desk.store.delete(User, "ada")
    return await post(stage, refresh(token))


async def _scope_withdrawn(stage: Stage) -> Answer:
    await register(stage)
    code = await Browser(stage).code({"client_id": "rival"})
    token = read(await post(stage, exchange(code, RIVAL)))["refresh_token"]
    await register(stage, scopes=("openid", "api"))
    return await post(stage, refresh(token, RIVAL))


async def _json(stage: Stage) -> Answer:
    return await ask(stage, request("POST", TOKEN, ("content-type", "application/json"), body=b"{}"))


async def _got(stage: Stage) -> Answer:
    return await ask(stage, request("GET", TOKEN))


GRANT = {"grant_type": "authorization_code", "code": "c"}

CASES = [
    Case(
        rule=rules.CONTENT_TYPE,
        scene=_json,
        status=415,
        headers=JSON,
        body='{"ErrorMessage":"Unsupported Media Type"}',
    ),
    Case(
        rule=rules.METHOD,
        scene=_got,
        status=405,
        headers=(*JSON, ("Allow", "POST")),
        body='{"Message":"The requested resource does not support http method \'GET\'."}',
        name="token",
    ),
    refused(rules.CLIENT_MISSING, sent(GRANT), "invalid_client"),
    refused(rules.CLIENT_MISSING, sent(changed(CLIENT, {"client_secret": None})), "invalid_client", "no-secret"),
    refused(rules.CLIENT_MISSING, sent(CLIENT | {"client_secret": "s" * 101}), "invalid_client", "too-long"),
    refused(rules.TOKEN_CLIENT_UNKNOWN, sent(CLIENT | {"client_id": "nobody"}), "invalid_client"),
    refused(rules.SECRET_WRONG, sent(CLIENT | {"client_secret": "wrong"}), "invalid_client"),
    refused(
        rules.SECRET_WRONG, sent(CLIENT | {"client_secret": "x", "grant_type": "y"}), "invalid_client", "client-first"
    ),
    refused(
        rules.SECRET_WRONG, sent(CLIENT | GRANT, TOKEN, basic(secret="wrong")), "invalid_client", "header-before-body"
    ),
    refused(rules.GRANT_TYPE_MISSING, sent(CLIENT), "unsupported_grant_type"),
    refused(rules.GRANT_TYPE_UNKNOWN, sent(CLIENT | {"grant_type": "implicit"}), "unsupported_grant_type"),
    refused(
        rules.GRANT_TYPE_UNKNOWN,
        _exchanged({"grant_type": "authorisation_code"}),
        "unsupported_grant_type",
        "as-in-the-guide",
    ),
    refused(rules.GRANT_NOT_ALLOWED, sent(CLIENT | {"grant_type": "password"}), "unauthorized_client", "password"),
    refused(
        rules.GRANT_NOT_ALLOWED,
        sent(CLIENT | {"grant_type": "client_credentials", "scope": "api"}),
        "unauthorized_client",
        "client_credentials",
    ),
    refused(rules.GRANT_NOT_ALLOWED, _other_flow, "unauthorized_client", "code"),
    refused(rules.CODE_MISSING, sent(CLIENT | {"grant_type": "authorization_code"}), "invalid_grant"),
    refused(rules.CODE_UNKNOWN, sent(exchange("0" * 32)), "invalid_grant"),
    refused(rules.CODE_USED, _replayed, "invalid_grant"),
    refused(rules.CODE_FOREIGN, _exchanged(RIVAL), "invalid_grant"),
    refused(rules.CODE_VERIFIER, _exchanged({"code_verifier": "v" * 43}), "invalid_grant"),
    refused(rules.CODE_VERIFIER, _exchanged({"code_verifier": "v"}, later=300), "invalid_grant", "before-expiry"),
    refused(rules.CODE_EXPIRED, _exchanged(later=300), "invalid_grant"),
    refused(rules.CODE_EXPIRED, _exchanged({"redirect_uri": None}, later=300), "invalid_grant", "before-redirect-uri"),
    refused(rules.TOKEN_REDIRECT_URI_MISSING, _exchanged({"redirect_uri": None}), "unauthorized_client"),
    refused(rules.REDIRECT_URI_DIFFERS, _exchanged({"redirect_uri": "http://localhost:8000"}), "unauthorized_client"),
    refused(
        rules.REDIRECT_URI_DIFFERS, _exchanged({"redirect_uri": REDIRECT_URI.upper()}), "unauthorized_client", "case"
    ),
    refused(rules.USER_DISABLED, _account_gone, "invalid_request"),
    refused(rules.USER_DISABLED, _account_gone_before_refresh, "invalid_request", "refresh"),
    Case(rule=rules.CODE_REDEEMED, scene=_exchanged(), status=200, headers=GOOD),
    Case(rule=rules.CODE_REDEEMED, scene=_exchanged(later=299.9), status=200, headers=GOOD, name="in-time"),
    Case(
        rule=rules.CODE_REDEEMED,
        scene=_exchanged(asked={"code_challenge": "c" * 43}),
        status=200,
        headers=GOOD,
        name="challenge-ignored",
    ),
    refused(rules.REFRESH_MISSING, _refreshed({"refresh_token": None}), "invalid_request"),
    refused(rules.REFRESH_UNKNOWN, _refreshed({"refresh_token": "0" * 32}), "invalid_grant"),
    refused(rules.REFRESH_UNKNOWN, _refreshed({"refresh_token": "0" * 101}), "invalid_grant", "too-long"),
    refused(rules.REFRESH_USED, _refreshed(times=2), "invalid_grant"),
    refused(rules.REFRESH_EXPIRED, _refreshed(later=2592000), "invalid_grant"),
    refused(rules.REFRESH_FOREIGN, _refreshed(RIVAL), "invalid_grant"),
    refused(rules.REFRESH_SCOPE, _scope_withdrawn, "invalid_grant"),
    Case(rule=rules.REFRESHED, scene=_refreshed(), status=200, headers=GOOD),
    Case(rule=rules.REFRESHED, scene=_refreshed({"scope": "api videos"}), status=200, headers=GOOD, name="wider-scope"),
]
