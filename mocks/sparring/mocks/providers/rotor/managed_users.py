"""Managed users: the people of a partner's platform, known to Rotor by the id that the partner gave them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sparring.mocks.engine.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedUser:
    """An account that a partner manages. ``remote_user_id`` is text, kept as it came: ``007`` is not ``7``."""

    id: str
    client_id: str
    remote_user_id: str
    created_at: float
    remote_email: str | None = None
    optional_attributes: Mapping[str, str] = field(default_factory=dict)


def _key(client_id: str, remote_user_id: str) -> str:
    return f"{client_id} {remote_user_id}"


def account_number(desk: Desk, client_id: str, remote_user_id: str) -> int:
    """The number by which Doorkeeper refers to the account [engine: resource_owner_id]."""
    return 1 + int.from_bytes(desk.entropy.draw(3, desk.provider, "account", client_id, remote_user_id))


async def find_user(desk: Desk, client_id: str, remote_user_id: str) -> ManagedUser | None:
    """The partner's user of that id, None where it has none."""
    return await desk.store.get(ManagedUser, _key(client_id, remote_user_id))


async def find_or_create_user(
    desk: Desk, client_id: str, remote_user_id: str, email: str | None, optional: Mapping[str, str]
) -> tuple[ManagedUser, bool]:
    """The partner's user of that id, and whether it is new; never a second one. What was sent along is stored."""
    key = _key(client_id, remote_user_id)
    created = await desk.store.count(f"managed-user/{key}") == 1
    user = await desk.store.get(ManagedUser, key) or ManagedUser(
        id=desk.entropy.uuid(desk.provider, "managed-user", client_id, remote_user_id),
        client_id=client_id,
        remote_user_id=remote_user_id,
        created_at=desk.clock.now(),
    )
    user = replace(
        user,
        remote_email=user.remote_email if email is None else email,
        optional_attributes={**user.optional_attributes, **optional},
    )
    await desk.store.put(key, user)
    return user, created
