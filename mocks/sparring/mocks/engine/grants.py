"""Grants: what one login (or one client credentials request) allowed; the family that its tokens belong to."""

from collections.abc import Mapping
from dataclasses import field, replace

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.values import frozen

_NO_ATTRIBUTES: Mapping[str, str] = {}


@frozen
class Grant:
    """A client may act with these scopes, for that user (``subject``) or for itself (None)."""

    id: str
    client_id: str
    subject: str | None
    scopes: tuple[str, ...]
    granted_at: float
    revoked: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


async def open_grant(
    desk: Desk,
    client_id: str,
    subject: str | None,
    scopes: tuple[str, ...],
    attributes: Mapping[str, str] | None = None,
) -> Grant:
    """A new grant, kept in the store."""
    label = await desk.serial("grant", client_id, subject or "-")
    grant = Grant(
        id=desk.entropy.uuid(*label),
        client_id=client_id,
        subject=subject,
        scopes=scopes,
        granted_at=desk.clock.now(),
        attributes=attributes or _NO_ATTRIBUTES,
    )
    await desk.store.put(grant.id, grant, new=True)
    return grant


async def revoke_grant(desk: Desk, grant_id: str) -> None:
    """End a family: every code and token of that grant is dead from now on."""
    grant = await desk.store.get(Grant, grant_id)
    if grant is not None:
        await desk.store.put(grant.id, replace(grant, revoked=True))
