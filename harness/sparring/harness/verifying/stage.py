"""What a contract asks for, in the words of the control port."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from sparring.contracts.place import Given, NotApplicableError

Json = dict[str, Any]


class Governor(Protocol):
    """What contracts do at a stage besides asking it. Shapes are those of the control API."""

    async def move_clock(self, stage: str, how: str, seconds: float | None = None) -> Json:
        """Advance the stage's clock."""
        ...

    async def add_fault(self, stage: str, fault: Mapping[str, Any]) -> Json:
        """Put a fault on stage."""
        ...

    async def change_client(self, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]) -> Json:
        """Change a client, or register one."""
        ...

    async def remove_client(self, stage: str, provider: str, client_id: str) -> None:
        """Forget a client."""
        ...

    async def change_user(self, stage: str, provider: str, username: str, changes: Mapping[str, Any]) -> Json:
        """Change an account, or open one."""
        ...

    async def remove_user(self, stage: str, provider: str, username: str) -> None:
        """Close an account."""
        ...

    async def mint(self, stage: str, provider: str, wish: Mapping[str, Any]) -> Json:
        """An access token out of turn."""
        ...

    async def revoke(
        self,
        stage: str,
        provider: str,
        kind: str | None = None,
        *,
        token: str | None = None,
        user: str | None = None,
        session: str | None = None,
    ) -> int:
        """Withdraw tokens."""
        ...

    async def rotate_keys(self, stage: str, provider: str, *, keep_old: bool = True) -> list[Json]:
        """Sign with another key."""
        ...


def stage_spec(given: Given) -> Json:
    """The stage to open."""
    wanted: Json = msgspec.to_builtins(given.stage)
    spec: Json = {"providers": [given.provider], "variants": {given.provider: given.variant}}
    if "lifetimes" in wanted:
        wanted["lifetimes"] = {given.provider: wanted["lifetimes"]}
    return spec | wanted


def place_values(info: Mapping[str, Any]) -> Json:
    """The values of a place, from what the control port tells of a provider; those that it lacks are left out."""
    base = str(info["base_url"])
    users = info["users"] or [{}]
    found = {
        "base": base,
        "host": base.partition("://")[2],
        "issuer": info.get("issuer"),
        "client_id": info["client_id"],
        "client_secret": info["client_secret"],
        "redirect_uri": next(iter(info["redirect_uris"]), None),
        "scope": info["scope"],
        "username": users[0].get("username"),
        "password": users[0].get("password"),
    }
    return {name: value for name, value in found.items() if value is not None}


async def govern(
    control: Governor, stage: str, provider: str, verb: str, arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Do at a stage what a step of that verb says."""
    rest = dict(arguments)
    told: Mapping[str, Any] = {}
    match verb:
        case "advance":
            told = await control.move_clock(stage, "advance", rest["seconds"])
        case "change_client":
            told = await control.change_client(stage, provider, rest.pop("client_id"), rest)
        case "remove_client":
            await control.remove_client(stage, provider, rest["client_id"])
        case "change_user":
            told = await control.change_user(stage, provider, rest.pop("username"), rest)
        case "remove_user":
            await control.remove_user(stage, provider, rest["username"])
        case "revoke":
            await control.revoke(stage, provider, rest.pop("kind", None), **rest)
        case "rotate_keys":
            await control.rotate_keys(stage, provider, **rest)
        case "mint":
            told = await control.mint(stage, provider, rest)
        case "fault":
            told = await control.add_fault(stage, rest)
        case _:
            raise NotApplicableError(f"nobody knows how to {verb}")
    return told
