"""Orders: two wait for every managed user; finalized, they are rendered as time passes."""

from typing import Any

from sparring.mocks.engine.messages import Answer
from sparring.mocks.stage import Stage
from tests.mocks.providers.rotor.asking import (
    ORDERS,
    ask,
    bearing,
    json_request,
    notes,
    orders,
    read,
    rotor,
    user_token,
)
from tests.mocks.stages import in_loop

MEMBERS = [
    "title",
    "order_paid",
    "created_at",
    "updated_at",
    "total_credits",
    "remote_user_id",
    "remote_track_id",
    "remote_release_id",
    "assets",
]
RENDER = [
    "style_used",
    "error",
    "created_at",
    "updated_at",
    "progress",
    "url",
    "render_started_at",
    "render_completed_at",
    "specification",
]


async def _finalize(stage: Stage, token: str, uuid: str) -> Answer:
    return await ask(stage, bearing(token, f"{ORDERS}/{uuid}/finalize", "POST"))


def _render(order: dict[str, Any]) -> dict[str, Any]:
    (asset,) = order["attributes"]["assets"]["data"]
    assert list(asset) == ["id", "type", "attributes"]
    assert asset["type"] == "render"
    attributes = asset["attributes"]
    assert isinstance(attributes, dict)
    return attributes


@in_loop
async def test_an_order_waits_until_it_is_finalized() -> None:
    """Members in the document's order; times in milliseconds, in UTC."""
    stage = await rotor()
    token = await user_token(stage)
    pending = await orders(stage, token)
    assert [list(order) for order in pending] == [["id", "type", "attributes"]] * 2
    assert [order["type"] for order in pending] == ["orders", "orders"]
    attributes = pending[0]["attributes"]
    assert list(attributes) == MEMBERS
    assert (attributes["order_paid"], attributes["assets"]) == (False, {"data": []})
    assert attributes["created_at"] == attributes["updated_at"] == "2025-06-15T15:06:40.000Z"
    one = read(await ask(stage, bearing(token, f"{ORDERS}/{pending[0]['id']}")))
    assert one == {"data": pending[0]}


@in_loop
async def test_a_finalized_order_is_rendered_in_a_minute() -> None:
    """Until then there is no address; then there is one, on another host."""
    stage = await rotor()
    token = await user_token(stage)
    uuid = (await orders(stage, token))[0]["id"]
    stage.clock.advance(5.25)
    order = read(await _finalize(stage, token, uuid))["data"]
    render = _render(order)
    assert list(render) == RENDER
    assert (order["attributes"]["order_paid"], order["attributes"]["updated_at"]) == (True, "2025-06-15T15:06:45.250Z")
    assert (render["progress"], render["url"], render["render_completed_at"]) == (0.0, None, None)

    stage.clock.advance(60)
    done, waiting = await orders(stage, token)
    render = _render(done)
    assert (render["progress"], render["render_completed_at"]) == (1.0, "2025-06-15T15:07:45.250Z")
    assert render["url"].startswith(stage.houses["rotor"].desk.media_url + "/renders/")
    assert not waiting["attributes"]["order_paid"]


@in_loop
async def test_finalizing_again_changes_nothing_and_is_noted() -> None:
    """The same order, from the time when it was finalized first."""
    stage = await rotor()
    token = await user_token(stage)
    uuid = (await orders(stage, token))[0]["id"]
    once = await _finalize(stage, token, uuid)
    stage.clock.advance(10)
    again = bearing(token, f"{ORDERS}/{uuid}/finalize", "POST")
    assert await notes(stage, again) == [f"order {uuid} was finalized before; a stricter server would refuse"]
    assert (await _finalize(stage, token, uuid)).body == once.body


@in_loop
async def test_many_orders_are_finalized_together_or_not_at_all() -> None:
    """They come back in the order in which they were named, each once."""
    stage = await rotor()
    token = await user_token(stage)
    first, second = [order["id"] for order in await orders(stage, token)]

    async def finalize(*uuids: str) -> Answer:
        body = {"data": {"type": "orders", "attributes": {"order_uuids": uuids}}}
        return await ask(stage, json_request(f"{ORDERS}/finalize", token, body))

    assert (await finalize(first, "nonsense")).status == 404
    assert [order["attributes"]["order_paid"] for order in await orders(stage, token)] == [False, False]
    answer = read(await finalize(second, first, second))
    assert list(answer) == ["data"]
    assert [order["id"] for order in answer["data"]] == [second, first]
    assert [order["attributes"]["order_paid"] for order in await orders(stage, token)] == [True, True]
