"""The API's calls about videos and live streams: members in the reference's order."""

from datetime import UTC, datetime
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Answer, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.api import MEDIA_TYPE, Call, show, show_list

SHELF = (("Warming up", "PUBLISHED"), ("Three rounds", "PUBLISHED"), ("Ring walk", "CREATED"))
USUAL_STATUS = "draft,published"


def _video(desk: Desk, index: int) -> dict[str, Any]:
    """One video; its poster lies on another host, as a content network's would."""
    video_id = desk.entropy.uuid("ingest", "video", index)
    title, status = SHELF[index]
    return {
        "id": video_id,
        "url": f"{desk.base_url}/videos/{video_id}",
        "title": title,
        "description": "",
        "playback_urls": [],
        "type": "hls",
        "status": status,
        "schedule_start": None,
        "schedule_end": None,
        "private": status == "CREATED",
        "genre": None,
        "content_type": None,
        "release_date": None,
        "runtime": None,
        "crew": None,
        "country": None,
        "language": None,
        "tags": [],
        "poster": {
            "thumbnail_id": desk.entropy.uuid("ingest", "poster", index),
            "thumbnail_url": f"{desk.media_url}/posters/{video_id}.png",
            "thumbnail_type": "system",
        },
        "author": desk.entropy.uuid("ingest", "author"),
        "updater": desk.entropy.uuid("ingest", "author"),
        "variants": None,
        "created_at": "2017-03-04T10:11:12.123456Z",
        "updated_at": "2017-03-05T08:09:10.654321Z",
        "deleted_at": None,
        "published_at": None,
    }


async def videos(desk: Desk, call: Call) -> Answer:
    """GET /videos, narrowed by ``search``, ``status`` and ``private`` [doc]."""
    query = call.request.query_params
    private = first(query, "private")
    if private not in {None, "true"}:  # ingest/api/private-malformed [assumed]; "the only acceptable value is true"
        raise Refusal(rules.VIDEOS_PRIVATE, status=400)
    wanted = (first(query, "status") or USUAL_STATUS).lower().split(",")
    title = (first(query, "search") or "").lower()
    shelf = [_video(desk, index) for index in range(len(SHELF))]
    found = [each for each in shelf if each["status"].lower() in wanted and title in each["title"].lower()]
    return show_list(call, rules.VIDEOS, [each for each in found if each["private"] or private is None])


async def video(desk: Desk, call: Call) -> Answer:
    """GET /videos/{id}; 404 where there is none [doc]."""
    for index in range(len(SHELF)):
        item = _video(desk, index)
        if item["id"] == call.request.path_params["id"]:
            return show(call, rules.VIDEO, item)
    raise Refusal(rules.VIDEO_UNKNOWN, status=404)


async def go_live(desk: Desk, call: Call) -> Answer:
    """POST /live with a title: a new stream, in the network of the token [doc]."""
    title = call.text("title")
    grant = await desk.store.get(Grant, call.token.grant_id)
    label = await desk.serial("live", call.token.grant_id)
    stream = desk.entropy.uuid(*label)
    key = desk.entropy.alnum(15, *label, "key")
    document = {
        "id": stream,
        "url": f"{desk.base_url}/live/{stream}",
        "stream_key": key,
        "title": title,
        "network_id": "" if grant is None else grant.attributes["network"],
        "rtmp_url": f"rtmp://live.ingest.io/origin/{key}",
        "play_url": f"{desk.media_url}/{stream}/master.m3u8",
        "status": "IDLE",
        "created_at": datetime.fromtimestamp(desk.seconds(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "finished_at": None,
        "deleted_at": None,
        "modified_at": None,
    }
    return json_answer(rules.LIVE, document, kind=MEDIA_TYPE, status=201)
