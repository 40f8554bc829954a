"""Opening a stage, and dressing it as a test wants it; on the loop on which it lives."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.reading import nearest
from sparring.mocks.testing.backstage import Backstage
from sparring.mocks.testing.clock import posix
from sparring.mocks.testing.view import Open
from sparring.mocks.testing.wishes import Wishes


async def open_stage(backstage: Backstage, names: tuple[str, ...], wishes: Wishes) -> Open:
    """A stage as it is wished for. ControlError."""
    control = await backstage.control(wishes.way)
    told = await control.open_stage(wishes.spec(names))
    opened = Open(backstage, control, control.stage(told["id"]), told, wishes.way)
    try:
        await dress(opened, wishes)
    except BaseException:
        await control.close_stage(opened.id)
        raise
    return opened


async def close_stage(opened: Open) -> None:
    """Close it, unless somebody has."""
    try:
        await opened.control.close_stage(opened.id)
    except ControlError as error:
        if error.status != 404:
            raise


async def dress(opened: Open, wishes: Wishes) -> None:
    """Put everything on a fresh stage that was wished for beside the providers themselves. ControlError."""
    control, stage = opened.control, opened.id
    if wishes.frozen is not None:
        await control.move_clock(stage, "freeze")
        await control.move_clock(stage, "set", posix(wishes.frozen))
        opened.stage.acts.clear()
    names = tuple(opened.told["providers"])
    for user in wishes.users:
        provider, username, changes = _read("user", "username", user, names)
        await control.change_user(stage, provider, username, changes)
    for client in wishes.clients:
        provider, client_id, changes = _read("client", "client_id", client, names)
        await register(control, stage, provider, client_id, changes)
    for scenario in wishes.scenarios:
        await control.put_on(stage, scenario)
    for fault in wishes.faults:
        await control.add_fault(stage, fault)


async def register(
    control: DirectControl, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]
) -> Json:
    """Change a client, or register one: what is left out is as the first client has it, the secret is made up."""
    wanted = dict(changes)
    if "client_secret" in wanted:
        wanted["secret"] = wanted.pop("client_secret")
    known = await control.clients(stage, provider)
    if known and all(client["client_id"] != client_id for client in known):
        usual = {name: known[0][name] for name in ("redirect_uris", "scopes", "grants")}
        wanted = {"public": False, **usual, **wanted}
    if wanted.get("public") is False and wanted.get("secret") is not None:
        del wanted["public"]
    return await control.change_client(stage, provider, client_id, wanted)


def _read(
    what: str, key: str, document: str | Mapping[str, Any], names: tuple[str, ...]
) -> tuple[str, str, dict[str, Any]]:
    members = {key: document} if isinstance(document, str) else dict(document)
    if not isinstance(members.get(key), str):
        raise ControlError(f'a {what} needs a "{key}": {{"{key}": "eve"}}')
    provider = members.pop("provider", names[0] if len(names) == 1 else None)
    if provider not in names:
        tail = "say which" if provider is None else nearest(str(provider), names)
        raise ControlError(f'the {what} {members[key]!r} needs a "provider" that is on this stage; {tail}')
    return provider, members.pop(key), members
