"""https://api.ingest.io: the resources called next. Conventions as in the API reference."""

from typing import Any

from sparring.mocks.engine import tokens, users
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.answers import api_refusal, request_id

MEDIA_TYPE = "application/vnd.ingest.v1+json"


async def _admit(desk: Desk, request: Request, scope: str | None) -> Token:
    """The token of a call that may go on: version, then token, then scope [order assumed]."""
    accepted = [part.partition(";")[0].strip().lower() for part in (request.header("accept") or "").split(",")]
    if MEDIA_TYPE not in accepted:  # ingest/api/accept [doc] otherwise 406
        raise Refusal(rules.ACCEPT, status=406)
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():  # ingest/api/bearer-missing [doc]
        raise Refusal(rules.BEARER_MISSING, status=401)
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value.strip(), "header")
    if token is None or standing is not Standing.VALID:  # ingest/api/bearer-refused [assumed]
        raise Refusal(rules.BEARER_REFUSED, status=401)
    request.facts.client, request.facts.user = token.client_id, token.subject
    if scope is not None and not {scope, "all"} & set(token.scopes):  # ingest/api/scope-lacking [assumed]
        raise Refusal(rules.SCOPE_LACKING, status=403)
    return token


async def _refuse(desk: Desk, refusal: Refusal) -> Answer:
    """Empty [assumed]; a 401 names the scheme, as RFC 6750 section 3 asks."""
    challenge = (("WWW-Authenticate", "Bearer"),) if refusal.status == 401 else ()
    return await api_refusal(desk, refusal.rule, refusal.status, *challenge)


async def _show(desk: Desk, rule: Rule, document: object) -> Answer:
    return json_answer(rule, document, await request_id(desk), kind=MEDIA_TYPE)


def _video(desk: Desk, index: int) -> dict[str, Any]:
    """One item, members in the reference's order; its poster lies on another host, as a content network's would."""
    video_id = desk.entropy.uuid("ingest", "video", index)
    return {
        "id": video_id,
        "url": f"{desk.base_url}/videos/{video_id}",
        "title": ("Warming up", "Three rounds")[index],
        "description": "",
        "playback_urls": [],
        "type": "hls",
        "status": "PUBLISHED",
        "private": False,
        "tags": [],
        "poster": {
            "thumbnail_id": desk.entropy.uuid("ingest", "poster", index),
            "thumbnail_url": f"{desk.media_url}/posters/{video_id}.png",
            "thumbnail_type": "poster",
        },
        "variants": None,
        "created_at": "2017-03-04T10:11:12.123456Z",
        "updated_at": "2017-03-05T08:09:10.654321Z",
        "deleted_at": None,
        "published_at": None,
    }


async def videos(desk: Desk, request: Request) -> Answer:
    """GET /videos: needs read_videos [doc]."""
    try:
        await _admit(desk, request, "read_videos")
    except Refusal as refusal:
        return await _refuse(desk, refusal)
    return await _show(desk, rules.VIDEOS, [_video(desk, index) for index in range(2)])


async def video(desk: Desk, request: Request) -> Answer:
    """GET /videos/{id}: needs read_videos; 404 where there is none [doc]."""
    try:
        await _admit(desk, request, "read_videos")
    except Refusal as refusal:
        return await _refuse(desk, refusal)
    for index in range(2):
        item = _video(desk, index)
        if item["id"] == request.path_params["id"]:
            return await _show(desk, rules.VIDEOS, item)
    return await api_refusal(desk, rules.VIDEO_UNKNOWN, 404)


async def me(desk: Desk, request: Request) -> Answer:
    """GET /users/me: only for a token that acts for a person [assumed 403]."""
    try:
        token = await _admit(desk, request, None)
        person = next((u for u in await desk.store.every(users.User) if u.subject == token.subject), None)
        if person is None:  # ingest/api/user-context [assumed]
            raise Refusal(rules.USER_CONTEXT, status=403)
    except Refusal as refusal:
        return await _refuse(desk, refusal)
    document = {
        "id": person.subject,
        "url": f"{desk.base_url}/users/{person.subject}",
        "email": person.email,
        "name": person.name,
        "timezone": "UTC",
        "profile": {"display_name": person.name, "title": "", "phone_number": ""},
    }
    return await _show(desk, rules.ME, document)


BROWSER_ENDPOINTS = frozenset({"token", "api"})


def cors(_desk: Desk, request: Request, endpoint: str) -> tuple[tuple[str, str], ...]:
    """A browser on any origin may read tokens and the API [client: starter-js does both by XMLHttpRequest]."""
    if request.header("origin") is None or endpoint not in BROWSER_ENDPOINTS:
        return ()
    return (("Access-Control-Allow-Origin", "*"),)


def preflight(_desk: Desk, request: Request, endpoint: str) -> Answer | None:
    """A preflight of the Fetch standard, section 3.2.2; None for any other request."""
    asked = request.header("access-control-request-method")
    if request.method != "OPTIONS" or asked is None or endpoint not in BROWSER_ENDPOINTS:
        return None
    return empty_answer(
        rules.PREFLIGHT,
        204,
        ("Access-Control-Allow-Methods", asked),
        ("Access-Control-Allow-Headers", request.header("access-control-request-headers") or "Authorization"),
        ("Access-Control-Max-Age", "600"),
    )
