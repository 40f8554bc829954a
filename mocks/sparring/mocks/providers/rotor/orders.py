"""/api/partner/v1/orders, with a user's token: "Orders". What the embedded editor would have left there is made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import api_refusal, shown
from sparring.mocks.providers.rotor.bearer import admit_user
from sparring.mocks.providers.rotor.documents import attributes_of
from sparring.mocks.providers.rotor.managed_users import ManagedUser

PENDING = ("Warming up [CANVAS]", "Three rounds [CANVAS]")
"""The titles of the orders that every managed user has."""

RENDERING = 60
"""Seconds that a render takes [assumed]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalized:
    """An order that was finalized; its id is the store's key."""

    at: float


async def every(desk: Desk, request: Request) -> Answer:
    """GET /orders: all orders of the user [doc]."""
    try:
        user = await admit_user(desk, request)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return shown(rules.ORDERS, {"data": [await _order(desk, user, uuid) for uuid in _uuids(desk, user)]})


async def one(desk: Desk, request: Request) -> Answer:
    """GET /orders/{uuid} [doc]."""
    try:
        user = await admit_user(desk, request)
        (uuid,) = _known(desk, user, [request.path_params["uuid"]])
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    return shown(rules.ORDER, {"data": await _order(desk, user, uuid)})


async def finalize(desk: Desk, request: Request) -> Answer:
    """POST /orders/{uuid}/finalize, without a body [doc]; once more changes nothing [assumed]."""
    try:
        user = await admit_user(desk, request)
        (uuid,) = _known(desk, user, [request.path_params["uuid"]])
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    await _finalize(desk, request, uuid)
    return shown(rules.FINALIZED, {"data": await _order(desk, user, uuid)})


async def finalize_many(desk: Desk, request: Request) -> Answer:
    """POST /orders/finalize: ``order_uuids`` in the body [doc]; all of them or none [assumed]."""
    try:
        user = await admit_user(desk, request)
        uuids = _known(desk, user, _order_uuids(request))
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    for uuid in uuids:
        await _finalize(desk, request, uuid)
    return shown(rules.FINALIZED_MANY, {"data": [await _order(desk, user, uuid) for uuid in uuids]})


def _uuids(desk: Desk, user: ManagedUser) -> list[str]:
    label = (desk.provider, "order", user.client_id, user.remote_user_id)
    return [desk.entropy.uuid(*label, index) for index in range(len(PENDING))]


def _known(desk: Desk, user: ManagedUser, asked: Sequence[str]) -> list[str]:
    """The ids asked for, each once; only the user's own orders are there for it."""
    own = _uuids(desk, user)
    if any(uuid not in own for uuid in asked):  # rotor/api/order-unknown [assumed]
        raise Refusal(rules.ORDER_UNKNOWN, description="Order not found", status=404)
    return list(dict.fromkeys(asked))


def _order_uuids(request: Request) -> list[str]:
    uuids = attributes_of(request).get("order_uuids")
    if not isinstance(uuids, list) or not uuids or not all(isinstance(uuid, str) for uuid in uuids):
        # rotor/api/order-uuids-missing [assumed]
        raise Refusal(rules.ORDER_UUIDS_MISSING, description="order_uuids is required")
    return uuids


async def _finalize(desk: Desk, request: Request, uuid: str) -> None:
    if await desk.store.get(Finalized, uuid) is None:
        await desk.store.put(uuid, Finalized(at=desk.clock.now()))
    else:
        request.facts.notes.append(f"order {uuid} was finalized before; a stricter server would refuse")


async def _order(desk: Desk, user: ManagedUser, uuid: str) -> dict[str, Any]:
    """One order, members in the document's order [doc]; how a pending one looks is [assumed]."""
    number = _uuids(desk, user).index(uuid)
    finalized = await desk.store.get(Finalized, uuid)
    created_at = user.created_at
    return {
        "id": uuid,
        "type": "orders",
        "attributes": {
            "title": PENDING[number],
            "order_paid": finalized is not None,
            "created_at": _time(created_at),
            "updated_at": _time(created_at if finalized is None else finalized.at),
            "total_credits": 1,
            "remote_user_id": user.remote_user_id,
            "remote_track_id": f"track-{number + 1}",
            "remote_release_id": "release-1",
            "assets": {"data": [] if finalized is None else [_render(desk, uuid, finalized.at)]},
        },
    }


def _render(desk: Desk, uuid: str, started_at: float) -> dict[str, Any]:
    """The film of an order; its address is known when it is done, on another host [doc: webhook sample]."""
    render_id = desk.entropy.uuid(desk.provider, "render", uuid)
    done_at = started_at + RENDERING
    done = desk.clock.now() >= done_at
    return {
        "id": render_id,
        "type": "render",
        "attributes": {
            "style_used": "Footwork canvas",
            "error": None,
            "created_at": _time(started_at),
            "updated_at": _time(done_at if done else started_at),
            "progress": 1.0 if done else 0.0,
            "url": f"{desk.media_url}/renders/{render_id}.mp4" if done else None,
            "render_started_at": _time(started_at),
            "render_completed_at": _time(done_at) if done else None,
            "specification": {
                "bitrate": 0,
                "container": "mp4",
                "frame_rate": 30.0,
                "output_width": 1080,
                "output_height": 1920,
                "duration": 8.0,
            },
        },
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
