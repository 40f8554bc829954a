"""Discovery, user information, revocation and the folders, rule by rule."""

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.panopto.talk import (
    CLIENT,
    GOOD,
    JSON,
    NO_CACHE,
    OAUTH2,
    ROOT,
    TOKEN,
    Case,
    Changes,
    Headers,
    Scene,
    ask,
    basic,
    bearer,
    refused,
    sent,
    tokens,
)
from tests.mocks.stages import request

USERINFO, REVOCATION = f"{OAUTH2}/connect/userinfo", f"{OAUTH2}/connect/revocation"
INVALID_TOKEN: Headers = (("WWW-Authenticate", 'Bearer error="invalid_token"'),)


def _userinfo(header: tuple[str, str], asked: Changes | None = None) -> Scene:
    async def scene(stage: Stage) -> Answer:
        token = (await tokens(stage, asked))["access_token"]
        return await ask(stage, request("GET", USERINFO, (header[0], header[1].replace("TOKEN", token))))

    return scene


async def _userinfo_late(stage: Stage) -> Answer:
    token = (await tokens(stage))["access_token"]
    stage.clock.advance(3600)
    return await ask(stage, request("GET", USERINFO, bearer(token)))


def _folders(target: str = ROOT, *, later: float = 0, asked: Changes | None = None, token: str = "") -> Scene:
    async def scene(stage: Stage) -> Answer:
        access = token or (await tokens(stage, asked))["access_token"]
        stage.clock.advance(later)
        return await ask(stage, request("GET", target, bearer(access)))

    return scene


async def _folders_alone(stage: Stage) -> Answer:
    return await ask(stage, request("GET", ROOT))


async def _preflight(stage: Stage) -> Answer:
    wanted = ("access-control-request-headers", "authorization, accept")
    method = ("access-control-request-method", "PUT")
    return await ask(stage, request("OPTIONS", TOKEN, ("origin", "https://localhost"), method, wanted))


async def _discovery(stage: Stage) -> Answer:
    return await ask(stage, request("GET", f"{OAUTH2}/.well-known/openid-configuration"))


async def _jwks(stage: Stage) -> Answer:
    return await ask(stage, request("GET", f"{OAUTH2}/.well-known/jwks"))


async def _elsewhere(stage: Stage) -> Answer:
    return await ask(stage, request("GET", "/Panopto/Pages/Home.aspx"))


def _empty(rule: Rule, scene: Scene, status: int, headers: Headers = (), name: str = "") -> Case:
    return Case(rule=rule, scene=scene, status=status, headers=headers, body="", name=name)


def _api_error(rule: Rule, target: str, status: int, code: str, words: str, name: str = "") -> Case:
    body = f'{{"Error":{{"Code":"{code}","Message":"{words}"}}}}'
    return Case(rule=rule, scene=_folders(target), status=status, headers=JSON, body=body, name=name)


GUID = "5a8f7f0e-7a5e-4ac0-9b52-55a1cf6ef9c7"

CASES = [
    Case(rule=rules.DISCOVERY, scene=_discovery, status=200, headers=JSON),
    Case(rule=rules.JWKS, scene=_jwks, status=200, headers=JSON),
    Case(
        rule=rules.USERINFO,
        scene=_userinfo(bearer("TOKEN"), {"scope": "openid profile email"}),
        status=200,
        headers=GOOD,
        body='{"sub":"b7e23ec2-9af2-4c17-8d54-1f6a0e3c5d90","name":"Ada","preferred_username":"ada",'
        '"emailaddress":"ada@campus.example"}',
    ),
    _empty(rules.USERINFO_TOKEN_MISSING, _userinfo(("x", "")), 401, INVALID_TOKEN),
    _empty(rules.USERINFO_TOKEN_MISSING, _userinfo(("authorization", "Basic TOKEN")), 401, INVALID_TOKEN, "basic"),
    _empty(rules.USERINFO_TOKEN_REFUSED, _userinfo(bearer("bogus")), 401, INVALID_TOKEN),
    _empty(rules.USERINFO_TOKEN_REFUSED, _userinfo_late, 401, INVALID_TOKEN, "expired"),
    _empty(
        rules.USERINFO_SCOPE,
        _userinfo(bearer("TOKEN"), {"scope": "api"}),
        403,
        (("WWW-Authenticate", 'Bearer error="insufficient_scope"'),),
    ),
    _empty(rules.REVOKED, sent({"token": "nobody's"}, REVOCATION, basic()), 200, NO_CACHE),
    refused(rules.CLIENT_MISSING, sent({"token": "t"}, REVOCATION), "invalid_client", "revocation"),
    refused(rules.REVOCATION_TOKEN_MISSING, sent(CLIENT, REVOCATION), "invalid_request"),
    refused(
        rules.REVOCATION_HINT,
        sent(CLIENT | {"token": "t", "token_type_hint": "id_token"}, REVOCATION),
        "unsupported_token_type",
    ),
    _empty(rules.INTROSPECTION_REFUSED, sent(CLIENT | {"token": "t"}, f"{OAUTH2}/connect/introspect"), 401),
    _empty(rules.BEARER_MISSING, _folders_alone, 401),
    _empty(rules.BEARER_REFUSED, _folders(token="bogus"), 401),
    _empty(rules.BEARER_REFUSED, _folders(later=3600), 401, name="expired"),
    _empty(rules.SCOPE_LACKING, _folders(asked={"scope": "openid"}), 403),
    _api_error(
        rules.PAGE_MALFORMED, f"{ROOT}?pageNumber=x", 400, "BadRequest", "The value of pageNumber is not valid."
    ),
    _api_error(
        rules.FOLDER_MALFORMED,
        "/Panopto/api/v1/folders/root/children",
        400,
        "BadRequest",
        "The folder id is not a GUID.",
    ),
    _api_error(
        rules.FOLDER_UNKNOWN, f"/Panopto/api/v1/folders/{GUID}/children", 404, "NotFound", "The folder was not found."
    ),
    Case(rule=rules.FOLDERS, scene=_folders(later=3599), status=200, headers=JSON),
    _empty(
        rules.PREFLIGHT,
        _preflight,
        200,
        (
            ("Access-Control-Allow-Methods", "PUT"),
            ("Access-Control-Allow-Headers", "authorization"),
            ("Access-Control-Allow-Origin", "https://localhost"),
        ),
    ),
    _empty(rules.LOST, _elsewhere, 404),
]
