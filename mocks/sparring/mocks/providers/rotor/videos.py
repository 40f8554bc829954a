"""What is rendered of a track, with a user's token: "Trailers", "Previews", "Final Videos"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import api_refusal, shown
from sparring.mocks.providers.rotor.bearer import admit_user
from sparring.mocks.providers.rotor.documents import attributes_of, number_of
from sparring.mocks.providers.rotor.orders import RENDERING
from sparring.mocks.providers.rotor.styles import STYLES, Style, Variant, find_style, find_variant
from sparring.mocks.providers.rotor.tracks import Track, find_track

TRAILER = 5  # [doc] seconds
WHOLE = 220  # [doc] seconds of the sample's track


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A render that was begun: trailer, preview or video of a track in one variant of a style."""

    at: float


async def create_trailers(desk: Desk, request: Request) -> Answer:
    """POST /tracks/{id}/trailers: one for each style [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    # rotor/api/trailers-created [doc]
    return await _begin(desk, rules.TRAILERS_CREATED, track, "trailer", _trailers())


async def trailers(desk: Desk, request: Request) -> Answer:
    """GET /tracks/{id}/trailers [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        found = await _outputs(desk, track, "trailer", _trailers(), "Trailers")
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return _shown(desk, rules.TRAILERS, track, found)  # rotor/api/trailers [doc]


async def create_previews(desk: Desk, request: Request) -> Answer:
    """POST /tracks/{id}/previews: one for each variant of the style [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        style = find_style(number_of(attributes_of(request), "style_id"))
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    # rotor/api/previews-created [doc]
    return await _begin(desk, rules.PREVIEWS_CREATED, track, "preview", _variants(style))


async def previews(desk: Desk, request: Request) -> Answer:
    """GET /tracks/{id}/previews/{style_id} [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        style = find_style(request.path_params["style_id"])
        found = await _outputs(desk, track, "preview", _variants(style), "Previews")
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return _shown(desk, rules.PREVIEWS, track, found)  # rotor/api/previews [doc]


async def create_video(desk: Desk, request: Request) -> Answer:
    """POST /tracks/{id}/videos: the final one, in one variant [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        attributes = attributes_of(request)
        style = find_style(number_of(attributes, "style_id"))
        variant = find_variant(style, number_of(attributes, "variant_id"))
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    # rotor/api/video-created [doc]
    return await _begin(desk, rules.VIDEO_CREATED, track, "video", [(style, variant)])


async def video(desk: Desk, request: Request) -> Answer:
    """GET /tracks/{id}/videos/{variant_id} [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        wanted = [pair for pair in _everything() if str(pair[1].id) == request.path_params["variant_id"]]
        found = await _outputs(desk, track, "video", wanted, "Video")
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return _shown(desk, rules.VIDEO, track, found)  # rotor/api/video [doc]


async def videos(desk: Desk, request: Request) -> Answer:
    """GET /tracks/{id}/videos: all final ones [doc]; there may be none yet [assumed]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    found = await _begun(desk, track, "video", _everything())
    return _shown(desk, rules.VIDEOS, track, found)  # rotor/api/videos [doc]


Pairs = Sequence[tuple[Style, Variant]]


def _trailers() -> Pairs:
    return [(style, style.variants[0]) for style in STYLES]


def _variants(style: Style) -> Pairs:
    return [(style, variant) for variant in style.variants]


def _everything() -> Pairs:
    return [pair for style in STYLES for pair in _variants(style)]


async def _begin(desk: Desk, rule: Rule, track: Track, kind: str, wanted: Pairs) -> Answer:
    """Renders that begin now; those that were begun go on [assumed]."""
    for _, variant in wanted:
        key = f"{kind} {variant.id} {track.key}"
        if await desk.store.get(Render, key) is None:
            await desk.store.put(key, Render(at=desk.clock.now()))
    return _shown(desk, rule, track, await _begun(desk, track, kind, wanted))


async def _outputs(desk: Desk, track: Track, kind: str, wanted: Pairs, name: str) -> list[dict[str, Any]]:
    found = await _begun(desk, track, kind, wanted)
    if not found:  # rotor/api/render-unknown [assumed]
        raise Refusal(rules.RENDER_UNKNOWN, description=f"{name} not found", status=404)
    return found


async def _begun(desk: Desk, track: Track, kind: str, wanted: Pairs) -> list[dict[str, Any]]:
    found = []
    for style, variant in wanted:
        render = await desk.store.get(Render, f"{kind} {variant.id} {track.key}")
        if render is not None:
            found.append(_output(desk, track, kind, style, variant, render))
    return found


def _output(desk: Desk, track: Track, kind: str, style: Style, variant: Variant, render: Render) -> dict[str, Any]:
    """One film, members in the document's order; its address is known when it is done, on another host [doc]."""
    label = (desk.provider, kind, track.key, variant.id)
    shape = "" if variant == style.variants[0] else f" ({variant.title})"  # [doc] a final video in the first shape
    name = {"trailer": f" ({style.title})", "preview": f" ({variant.title})", "video": shape}[kind]
    done = desk.clock.now() >= render.at + RENDERING
    return {
        "id": _number(desk, *label),
        "title": f"{track.name}{name}",
        "duration": TRAILER if kind == "trailer" else WHOLE,
        "video_url": f"{desk.media_url}/output/{desk.entropy.uuid(*label)}.mp4" if done else None,
        "style_id": style.id,
        "variant_id": variant.id,
        "progress": 100 if done else 0,
        "progress_message": None,
        "aspect_ratio": variant.aspect_ratio,
    }


def _shown(desk: Desk, rule: Rule, track: Track, outputs: list[dict[str, Any]]) -> Answer:
    video_id = _number(desk, desk.provider, "video-id", track.key)
    return shown(rule, {"data": {"attributes": {"video_id": video_id, "outputs": outputs}}})


def _number(desk: Desk, *label: str | int) -> int:
    return 1 + int.from_bytes(desk.entropy.draw(3, *label))
