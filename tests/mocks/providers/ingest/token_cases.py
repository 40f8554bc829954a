"""The token endpoint, rule by rule."""

from collections.abc import Awaitable, Callable, Mapping

from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.grants import Grant, revoke_grant
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.ingest import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.cases import JSON, NO_STORE, Case, Headers, error, register
from tests.mocks.providers.ingest.talk import (
    APPLICATION,
    CLIENT,
    REDIRECT_URI,
    Browser,
    Changes,
    basic,
    changed,
    exchange,
    refresh,
    token_request,
    tokens,
)
from tests.mocks.stages import ask, request

Scene = Callable[[Stage], Awaitable[Answer]]
CHALLENGE: Headers = (("WWW-Authenticate", 'Basic realm="Ingest"'),)
RIVAL = {"client_id": "Rival", "client_secret": "another"}
ALL_GRANTS = frozenset({"authorization_code", "refresh_token", "client_credentials"})
CLIENT_WORDS = "Client authentication failed."
CODE_WORDS = "The authorization code is invalid or expired."
REFRESH_WORDS = "The refresh token is invalid or expired."
SCOPE_WORDS = "The requested scope is invalid, or malformed."
URI_WORDS = "The redirect_uri does not match."


def _sent(params: Mapping[str, str], *headers: tuple[str, str], style: str = "query") -> Scene:
    async def scene(stage: Stage) -> Answer:
        return await ask(stage, token_request(params, *headers, style=style))

    return scene


def _application(changes: Changes) -> Scene:
    return _sent(changed(APPLICATION, changes))


def _exchanged(changes: Changes, asked: Changes | None = None, *, later: float = 0) -> Scene:
    async def scene(stage: Stage) -> Answer:
        await register(stage, "Rival", grants=ALL_GRANTS)
        code = await Browser(stage).code(asked)
        stage.clock.advance(later)
        return await ask(stage, token_request(exchange(code, changes), style="body"))

    return scene


def _refreshed(changes: Changes) -> Scene:
    async def scene(stage: Stage) -> Answer:
        await register(stage, "Rival", grants=ALL_GRANTS)
        old = await tokens(stage)
        return await ask(stage, token_request(refresh(old["refresh_token"], changes), style="body"))

    return scene


async def _code_used_twice(stage: Stage) -> Answer:
    code = await Browser(stage).code()
    await ask(stage, token_request(exchange(code)))
    return await ask(stage, token_request(exchange(code)))


async def _grant_gone(stage: Stage) -> Answer:
    store = stage.houses["ingest"].desk.store
    code = await Browser(stage).code()
    (record,) = await store.every(Code)
    await store.delete(Grant, record.grant_id)
    return await ask(stage, token_request(exchange(code)))


async def _grant_revoked(stage: Stage) -> Answer:
    desk = stage.houses["ingest"].desk
    code = await Browser(stage).code()
    (record,) = await desk.store.every(Code)
    await revoke_grant(desk, record.grant_id)
    return await ask(stage, token_request(exchange(code)))


async def _refresh_token_used_twice(stage: Stage) -> Answer:
    old = (await tokens(stage))["refresh_token"]
    await ask(stage, token_request(refresh(old)))
    return await ask(stage, token_request(refresh(old)))


async def _refresh_token_expired(stage: Stage) -> Answer:
    old = (await tokens(stage))["refresh_token"]
    stage.clock.advance(31536000)
    return await ask(stage, token_request(refresh(old)))


async def _grant_not_allowed(stage: Stage) -> Answer:
    await register(stage, "Rival", grants=frozenset({"authorization_code"}), scopes=("read_videos",))
    return await ask(stage, token_request(APPLICATION | RIVAL))


async def _disabled(stage: Stage) -> Answer:
    await register(stage, "Rival", grants=ALL_GRANTS, enabled=False)
    return await ask(stage, token_request(APPLICATION | RIVAL))


async def _public(stage: Stage) -> Answer:
    await register(stage, "Rival", grants=ALL_GRANTS, secret=None)
    return await ask(stage, token_request(APPLICATION | RIVAL))


async def _get(stage: Stage) -> Answer:
    return await ask(stage, request("GET", "/token?grant_type=client_credentials"))


async def _repeated(stage: Stage) -> Answer:
    form = {**APPLICATION, "grant_type": "client_credentials"}
    return await ask(stage, request("POST", "/token?scope=read_videos", form=form))


def _refused(
    name: str, rule: Rule, scene: Scene, code: str, words: str, *, status: int = 400, headers: Headers = ()
) -> Case:
    whole = (*JSON, *NO_STORE, *headers)
    return Case(name=name, rule=rule, scene=scene, status=status, headers=whole, body=error(code, words))


def _missing(rule: Rule, name: str, scene: Scene, code: str = "invalid_request") -> Case:
    return _refused(f"no-{name}", rule, scene, code, f"The {name} parameter is missing.")


def _granted(name: str, rule: Rule, scene: Scene, *members: str) -> Case:
    return Case(
        name=name,
        rule=rule,
        scene=scene,
        status=200,
        headers=(*JSON, *NO_STORE),
        body=None,
        members=("access_token", "token_type", "expires_in", *members),
    )


_JSON_BODY = request("POST", "/token", ("content-type", "application/json"), body=b'{"grant_type":"x"}')


async def _json_body(stage: Stage) -> Answer:
    return await ask(stage, _JSON_BODY)


_BASIC_ONLY = {name: value for name, value in APPLICATION.items() if not name.startswith("client_")}

CASES = [
    Case(name="get", rule=rules.TOKEN_METHOD, scene=_get, status=405, headers=(("Allow", "POST"),)),
    _refused("both", rules.TOKEN_REPEATED, _repeated, "invalid_request", "A parameter is repeated."),
    _refused(
        "header-and-secret",
        rules.TOKEN_TWO_METHODS,
        _sent(APPLICATION, basic()),
        "invalid_request",
        "Two ways of client authentication were used.",
    ),
    *(
        _refused(name, rules.CLIENT_MISSING, scene, "invalid_client", CLIENT_WORDS, status=401)
        for name, scene in (
            ("no-secret", _application({"client_secret": None})),
            ("blank-secret", _application({"client_secret": ""})),
            ("no-id", _application({"client_id": None})),
            ("json-body", _json_body),
        )
    ),
    *(
        _refused(name, rules.CLIENT_REFUSED, scene, "invalid_client", CLIENT_WORDS, status=401)
        for name, scene in (
            ("unknown", _application({"client_id": "nobody"})),
            ("wrong-secret", _application({"client_secret": "wrong"})),
            ("disabled", _disabled),
            ("public", _public),
        )
    ),
    *(
        _refused(name, rules.CLIENT_REFUSED, scene, "invalid_client", CLIENT_WORDS, status=401, headers=CHALLENGE)
        for name, scene in (
            ("basic-wrong", _sent(_BASIC_ONLY, basic(secret="wrong"))),
            ("basic-malformed", _sent(_BASIC_ONLY, ("authorization", "Basic %%%"))),
            ("bearer", _sent(_BASIC_ONLY, ("authorization", "Bearer abc"))),
            ("basic-other-id", _sent(_BASIC_ONLY | {"client_id": "Rival"}, basic())),
        )
    ),
    _missing(rules.GRANT_TYPE_MISSING, "grant_type", _application({"grant_type": None})),
    _refused(
        "blank",
        rules.GRANT_TYPE_MISSING,
        _application({"grant_type": ""}),
        "invalid_request",
        "The grant_type parameter is missing.",
    ),
    _refused(
        "password",
        rules.GRANT_TYPE_UNKNOWN,
        _application({"grant_type": "password"}),
        "unsupported_grant_type",
        "This grant_type is not supported.",
    ),
    _refused(
        "rival",
        rules.GRANT_TYPE_FORBIDDEN,
        _grant_not_allowed,
        "unauthorized_client",
        "This application may not use this grant.",
    ),
    _missing(rules.CODE_MISSING, "code", _sent(CLIENT | {"grant_type": "authorization_code"})),
    *(
        _refused(name, rule, scene, "invalid_grant", CODE_WORDS)
        for name, rule, scene in (
            ("made-up", rules.CODE_UNKNOWN, _exchanged({"code": "made-up"})),
            ("grant-gone", rules.CODE_UNKNOWN, _grant_gone),
            ("grant-revoked", rules.CODE_UNKNOWN, _grant_revoked),
            ("rival", rules.CODE_FOREIGN, _exchanged(RIVAL)),
            ("twice", rules.CODE_USED, _code_used_twice),
            ("ten-minutes", rules.CODE_EXPIRED, _exchanged({}, later=600)),
        )
    ),
    *(
        _refused(name, rules.REDIRECT_URI_DIFFERS, scene, "invalid_grant", URI_WORDS)
        for name, scene in (
            ("left-out", _exchanged({"redirect_uri": None})),
            ("blank", _exchanged({"redirect_uri": ""})),
            ("slash", _exchanged({"redirect_uri": REDIRECT_URI + "/"})),
            ("added", _exchanged({}, {"redirect_uri": None})),
        )
    ),
    *(
        _refused(name, rules.SCOPE_WIDER, scene, "invalid_scope", SCOPE_WORDS)
        for name, scene in (
            ("code", _exchanged({"scope": "read_videos,read_users"})),
            ("refresh", _refreshed({"scope": "all"})),
            ("spaces", _refreshed({"scope": "read_videos write_videos"})),
        )
    ),
    _granted("body", rules.CODE_REDEEMED, _exchanged({}), "refresh_token", "scope"),
    _granted("last-moment", rules.CODE_REDEEMED, _exchanged({}, later=599.5), "refresh_token", "scope"),
    _granted(
        "stored-uri",
        rules.CODE_REDEEMED,
        _exchanged({"redirect_uri": None}, {"redirect_uri": None}),
        "refresh_token",
        "scope",
    ),
    _granted(
        "blank-uri",
        rules.CODE_REDEEMED,
        _exchanged({"redirect_uri": None}, {"redirect_uri": ""}),
        "refresh_token",
        "scope",
    ),
    _granted("narrower", rules.CODE_REDEEMED, _exchanged({"scope": "read_videos"}), "refresh_token", "scope"),
    _missing(rules.REFRESH_MISSING, "refresh_token", _sent(CLIENT | {"grant_type": "refresh_token"})),
    *(
        _refused(name, rule, scene, "invalid_grant", REFRESH_WORDS)
        for name, rule, scene in (
            ("made-up", rules.REFRESH_REFUSED, _refreshed({"refresh_token": "made-up"})),
            ("rival", rules.REFRESH_REFUSED, _refreshed(RIVAL)),
            ("a-year", rules.REFRESH_REFUSED, _refresh_token_expired),
            ("twice", rules.REFRESH_USED, _refresh_token_used_twice),
        )
    ),
    _granted("body", rules.REFRESHED, _refreshed({}), "refresh_token", "scope"),
    _granted("narrower", rules.REFRESHED, _refreshed({"scope": "write_videos"}), "refresh_token", "scope"),
    _missing(rules.SCOPE_MISSING, "scope", _application({"scope": None}), "invalid_scope"),
    *(
        _refused(name, rules.SCOPE_INVALID, _application({"scope": scope}), "invalid_scope", SCOPE_WORDS)
        for name, scope in (("spaces", "read_videos write_videos"), ("unknown", "fly"), ("commas-only", ","))
    ),
    _refused(
        "other",
        rules.REDIRECT_URI_CHANGED,
        _application({"redirect_uri": "https://evil.example/"}),
        "invalid_grant",
        "The redirect_uri is not the stored one.",
    ),
    _granted("query", rules.APPLICATION_TOKEN, _application({}), "scope"),
    _granted("stored-uri", rules.APPLICATION_TOKEN, _application({"redirect_uri": REDIRECT_URI}), "scope"),
    _granted("body", rules.APPLICATION_TOKEN, _sent(APPLICATION, style="body"), "scope"),
    _granted("basic", rules.APPLICATION_TOKEN, _sent(APPLICATION, style="basic"), "scope"),
    _granted(
        "basic-and-id",
        rules.APPLICATION_TOKEN,
        _sent(_BASIC_ONLY | {"client_id": CLIENT["client_id"]}, basic()),
        "scope",
    ),
]
