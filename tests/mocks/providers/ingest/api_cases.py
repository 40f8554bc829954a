"""The API, and addresses that are none, rule by rule."""

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.ingest import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.cases import REQUEST_ID, Case, Headers
from tests.mocks.providers.ingest.talk import ACCEPT, APPLICATION, MEDIA_TYPE, api_request, read, token_request, tokens
from tests.mocks.providers.ingest.token_cases import Scene
from tests.mocks.stages import ask, request

SHOWN: Headers = (("Content-Type", MEDIA_TYPE), *REQUEST_ID)
CHALLENGE: Headers = (("WWW-Authenticate", "Bearer"), *REQUEST_ID)
BEARER = ("authorization", "Bearer x")


def _sent(message: Request) -> Scene:
    async def scene(stage: Stage) -> Answer:
        return await ask(stage, message)

    return scene


def _called(target: str, *, scope: str = "read_videos", person: bool = False) -> Scene:
    async def scene(stage: Stage) -> Answer:
        if person:
            token = (await tokens(stage, {"scope": scope}))["access_token"]
        else:
            token = read(await ask(stage, token_request(APPLICATION | {"scope": scope})))["access_token"]
        return await ask(stage, api_request(token, target))

    return scene


async def _one_video(stage: Stage) -> Answer:
    video = stage.entropy.uuid("ingest", "video", 1)
    return await _called(f"/videos/{video}")(stage)


async def _after_a_day(stage: Stage) -> Answer:
    token = (await tokens(stage))["access_token"]
    stage.clock.advance(86400)
    return await ask(stage, api_request(token))


async def _refresh_token_as_bearer(stage: Stage) -> Answer:
    return await ask(stage, api_request((await tokens(stage))["refresh_token"]))


def _empty(name: str, rule: Rule, scene: Scene, status: int, headers: Headers = REQUEST_ID) -> Case:
    return Case(name=name, rule=rule, scene=scene, status=status, headers=headers)


_VIDEO = (
    "id,url,title,description,playback_urls,type,status,private,tags,poster,variants,created_at,updated_at,"
    "deleted_at,published_at"
)
_ME = ("id", "url", "email", "name", "timezone", "profile")
_PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "content-type"),
    ("Access-Control-Max-Age", "600"),
    ("Access-Control-Allow-Origin", "*"),
)
_ASKING = (
    ("origin", "https://app.example"),
    ("access-control-request-method", "POST"),
    ("access-control-request-headers", "content-type"),
)

CASES = [
    *(
        _empty(name, rules.ACCEPT, _sent(request("GET", "/videos", BEARER, *headers)), 406)
        for name, headers in (
            ("missing", ()),
            ("json", (("accept", "application/json"),)),
            ("any", (("accept", "*/*"),)),
            ("v2", (("accept", "application/vnd.ingest.v2+json"),)),
        )
    ),
    *(
        _empty(name, rules.BEARER_MISSING, _sent(request("GET", "/videos", ACCEPT, *headers)), 401, CHALLENGE)
        for name, headers in (
            ("missing", ()),
            ("blank", (("authorization", "Bearer "),)),
            ("basic", (("authorization", "Basic YTpi"),)),
        )
    ),
    _empty("query", rules.BEARER_MISSING, _sent(request("GET", "/videos?access_token=x", ACCEPT)), 401, CHALLENGE),
    *(
        _empty(name, rules.BEARER_REFUSED, scene, 401, CHALLENGE)
        for name, scene in (
            ("made-up", _sent(api_request("made-up"))),
            ("expired", _after_a_day),
            ("refresh-token", _refresh_token_as_bearer),
        )
    ),
    _empty("write-only", rules.SCOPE_LACKING, _called("/videos", scope="write_videos"), 403),
    _empty("one-video", rules.SCOPE_LACKING, _called("/videos/x", scope="write_videos"), 403),
    _empty("application", rules.USER_CONTEXT, _called("/users/me"), 403),
    Case(
        name="list",
        rule=rules.VIDEOS,
        scene=_called("/videos"),
        status=200,
        headers=SHOWN,
        body=None,
        words=tuple(f'"{name}":' for name in _VIDEO.split(",")),
    ),
    Case(
        name="one",
        rule=rules.VIDEOS,
        scene=_one_video,
        status=200,
        headers=SHOWN,
        body=None,
        members=tuple(_VIDEO.split(",")),
    ),
    Case(
        name="all-is-enough",
        rule=rules.VIDEOS,
        scene=_called("/videos", scope="all"),
        status=200,
        headers=SHOWN,
        body=None,
    ),
    _empty("made-up", rules.VIDEO_UNKNOWN, _called("/videos/made-up"), 404),
    Case(
        name="person",
        rule=rules.ME,
        scene=_called("/users/me", person=True),
        status=200,
        headers=SHOWN,
        body=None,
        members=_ME,
        words=('"name":"Ada"', '"email":"ada@network.example"'),
    ),
    Case(
        name="token",
        rule=rules.PREFLIGHT,
        scene=_sent(request("OPTIONS", "/token", *_ASKING)),
        status=204,
        headers=_PREFLIGHT,
    ),
    _empty("root", rules.LOST, _sent(request("GET", "/")), 404),
    _empty("nothing", rules.LOST, _sent(request("POST", "/nothing")), 404),
    _empty("keys", rules.LOST, _sent(request("GET", "/.well-known/openid-configuration")), 404),
    _empty("delete", rules.METHOD, _sent(request("DELETE", "/videos")), 405, (("Allow", "GET"), *REQUEST_ID)),
    _empty("put", rules.METHOD, _sent(request("PUT", "/authorize")), 405, (("Allow", "GET, POST"), *REQUEST_ID)),
]
