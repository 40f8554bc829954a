"""/api/partner/v1/tracks and their artwork, with a user's token: "Tracks", "Artwork"."""

from dataclasses import dataclass

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import api_refusal, shown
from sparring.mocks.providers.rotor.bearer import admit_user
from sparring.mocks.providers.rotor.documents import attributes_of, text_of
from sparring.mocks.providers.rotor.managed_users import ManagedUser

TRANSFER = 10
"""Seconds until an upload is there [assumed]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track of one managed user, by the id that the partner gave it. ``at``: when its upload began."""

    key: str
    id: str
    name: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """The artwork of a track, under the track's key."""

    id: str
    at: float


async def create(desk: Desk, request: Request) -> Answer:
    """POST /tracks [doc]; the same id again replaces the track [assumed]."""
    try:
        user = await admit_user(desk, request)
        attributes = attributes_of(request)
        track_id, name, _ = (text_of(attributes, member) for member in ("id", "name", "url"))
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    track = Track(key=_key(user, track_id), id=track_id, name=name, at=desk.clock.now())
    await desk.store.put(track.key, track)
    return shown(rules.TRACK_CREATED, _track(desk, track))  # rotor/api/track-created [doc]


async def one(desk: Desk, request: Request) -> Answer:
    """GET /tracks/{id} [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return shown(rules.TRACK, _track(desk, track))  # rotor/api/track [doc]


async def create_artwork(desk: Desk, request: Request) -> Answer:
    """POST /tracks/{id}/artwork [doc]; another one replaces it [assumed]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        text_of(attributes_of(request), "url")
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    artwork = Artwork(id=desk.entropy.uuid(*await desk.serial("artwork", track.key)), at=desk.clock.now())
    await desk.store.put(track.key, artwork)
    return shown(rules.ARTWORK_CREATED, _artwork(desk, artwork))  # rotor/api/artwork-created [doc]


async def artwork(desk: Desk, request: Request) -> Answer:
    """GET /tracks/{id}/artwork [doc]."""
    try:
        track = await find_track(desk, await admit_user(desk, request), request)
        found = await desk.store.get(Artwork, track.key)
        if found is None:  # rotor/api/artwork-unknown [assumed]
            raise Refusal(rules.ARTWORK_UNKNOWN, description="Artwork not found", status=404)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return shown(rules.ARTWORK, _artwork(desk, found))  # rotor/api/artwork [doc]


async def find_track(desk: Desk, user: ManagedUser, request: Request) -> Track:
    """The track that the path names; Refusal where this user has none of that id."""
    track = await desk.store.get(Track, _key(user, request.path_params["id"]))
    if track is None:  # rotor/api/track-unknown [assumed]
        raise Refusal(rules.TRACK_UNKNOWN, description="Track not found", status=404)
    return track


def _key(user: ManagedUser, track_id: str) -> str:
    return f"{len(user.remote_user_id)} {user.client_id} {user.remote_user_id} {track_id}"


def _track(desk: Desk, track: Track) -> object:
    """Its address is known when the upload is done, on another host [doc]."""
    done = desk.clock.now() >= track.at + TRANSFER
    name = desk.entropy.uuid(desk.provider, "track", track.key)
    url = f"{desk.media_url}/uploads/tracks/{name}.mp3" if done else None
    return {"data": {"attributes": {"id": track.id, "name": track.name, "url": url}}}


def _artwork(desk: Desk, artwork: Artwork) -> object:
    done = desk.clock.now() >= artwork.at + TRANSFER
    url = f"{desk.media_url}/uploads/artwork/{artwork.id}.png" if done else None
    return {"data": {"attributes": {"id": artwork.id, "url": url}}}
