"""Networks, to which people belong and tokens are bound."""

from collections.abc import Sequence
from dataclasses import replace

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.users import User

NETWORK = "9d1e0c44-1f7e-4f7a-8c55-7b7a2f0e6c10"
OTHER_NETWORK = "3b8f6a27-d05c-4e91-a7b4-e2c90d1f5a86"
NO_NETWORK = "00000000-0000-4000-8000-000000000000"
NOBODYS = {"network": NO_NETWORK}
"""What marks the grant of an application for itself."""
NAMES = {NETWORK: "Gym", OTHER_NETWORK: "Arena"}
_ATTRIBUTE = "network"


def networks_of(person: User) -> tuple[str, ...]:
    """The ids of a person's networks: the account's attribute ``network``, comma-separated."""
    return tuple(filter(None, person.attributes.get(_ATTRIBUTE, "").split(",")))


def usual_network(person: User | None) -> str:
    """The first of a person's networks, or none at all: an application's token is bound to none [assumed]."""
    return next(iter(() if person is None else networks_of(person)), NO_NETWORK)


def name_of(network: str) -> str:
    """What a network is called; one that nobody has named, by its id."""
    return NAMES.get(network, network)


async def settle(desk: Desk, person: User, belongs_to: Sequence[str]) -> None:
    """From now on the person belongs to these networks."""
    attributes = {**person.attributes, _ATTRIBUTE: ",".join(belongs_to)}
    await desk.store.put(person.username, replace(person, attributes=attributes))


async def members(desk: Desk, network: str) -> list[User]:
    """Who belongs to a network."""
    return [each for each in await desk.store.every(User) if network in networks_of(each)]
