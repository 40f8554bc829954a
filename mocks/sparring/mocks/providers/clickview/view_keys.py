"""https://integrations.clickviewapp.com/smart-embed: view keys, and the two pages that a partner shows in an iframe."""

from dataclasses import dataclass, replace

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, first, json_answer
from sparring.mocks.engine.tokens import fingerprint
from sparring.mocks.providers.clickview import claims, rules
from sparring.mocks.providers.clickview.addresses import integrations
from sparring.mocks.providers.clickview.answers import API_JSON, plain_page

FORGET_AFTER = 86400
"""Seconds for which an expired view key is remembered, so that it can be told from one that never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewKey:
    """A view key that was created; ``played`` says whether a page was opened with it."""

    value: str
    media_id: str
    client_id: str
    expires_at: float
    played: bool = False


async def create(desk: Desk, request: Request, client_id: str, media_id: str) -> Answer:
    """A new view key; members in the document's order [doc], status [assumed]."""
    value = await claims.view_key(desk, request, client_id, media_id)
    expires_at = desk.clock.now() + desk.lifetimes["view_key"]
    await _keep(desk, ViewKey(value=value, media_id=media_id, client_id=client_id, expires_at=expires_at))
    request.facts.issued.append({"kind": "view_key", "fp": fingerprint(value), "expires_at": expires_at})
    document = {
        "mediaId": media_id,
        "viewKey": value,
        "embedUrl": f"{integrations(request.origin)}/smart-embed/play?viewKey={value}",
    }
    return json_answer(rules.VIEW_KEY, document, kind=API_JSON)


async def _keep(desk: Desk, key: ViewKey) -> None:
    await desk.store.put(key.value, key, until=key.expires_at + FORGET_AFTER)


async def play(desk: Desk, request: Request) -> Answer:
    """GET /smart-embed/play: needs no sign-in, the view key speaks for itself [doc]."""
    value = first(request.query_params, "viewKey") or ""
    key = await desk.store.get(ViewKey, value)
    fact = {"kind": "view_key", "fp": fingerprint(value), "valid": False, "reason": "unknown", "where": "query"}
    request.facts.presented.append(fact)
    if key is None:  # clickview/play/view-key-unknown [assumed]
        return plain_page(rules.PLAY_UNKNOWN, "This video cannot be played", "The link is not valid.", status=403)
    request.facts.client = key.client_id
    now = desk.clock.now()
    if now >= key.expires_at:  # clickview/play/view-key-expired [doc] lifetime, [assumed] status
        fact["reason"] = "expired"
        return plain_page(rules.PLAY_EXPIRED, "This video cannot be played", "The link has expired.", status=403)
    fact |= {"valid": True, "reason": ""}
    if key.played:
        request.facts.notes.append("the view key was played before; the document says: do not re-use view keys")
    # [doc] one that was loaded refreshes its own lifetime
    await _keep(desk, replace(key, played=True, expires_at=now + desk.lifetimes["view_key"]))
    return plain_page(rules.PLAY, "Player", f"Here the video {key.media_id} would play.")


async def select(desk: Desk, request: Request) -> Answer:
    """GET /smart-embed/select: the person signs in inside it and picks a video [doc]; here it is a page alone."""
    client = await desk.store.get(Client, first(request.query_params, "clientId") or "")
    if client is None or not client.enabled:  # clickview/select/client-unknown [assumed]
        return plain_page(rules.SELECT_CLIENT, "Something went wrong", "This client id is not known.", status=400)
    request.facts.client = client.client_id
    return plain_page(rules.SELECT, "Select a video", "Here a person would sign in and pick a video, say 123456.")
