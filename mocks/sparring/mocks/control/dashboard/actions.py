"""What a person does by a form of the dashboard, as wishes to the control port."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from sparring.mocks.control.dashboard.recipes import free_id, recipe
from sparring.mocks.control.dashboard.rows import stage_time
from sparring.mocks.control.dashboard.tokens import span
from sparring.mocks.control.interface import Control, ControlError

Form = Mapping[str, str]
UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
_SPAN = re.compile(r"(-?\d{1,12}(?:\.\d{1,3})?)\s*(s|min|m|h|d)?", re.ASCII)


def _needed(form: Form, name: str) -> str:
    if not form.get(name):
        raise ControlError(f'"{name}" is missing')
    return form[name]


def _provider(form: Form) -> str | None:
    return form.get("provider") or None


def seconds_of(text: str) -> float:
    """Seconds that a person wrote: ``90``, ``5 min``, ``2h``, ``1d``. ControlError."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ControlError(f"{text[:40]!r} is no length of time; 90, 5 min, 2 h and 1 d are")
    return float(found[1]) * UNITS[found[2] or ""]


async def _advance(control: Control, stage: str, form: Form) -> str:
    seconds = seconds_of(_needed(form, "by"))
    told = await control.move_clock(stage, "advance", seconds)
    how = f"{span(seconds)} later" if seconds >= 0 else f"{span(-seconds)} earlier"
    return f"It is {how}: {stage_time(told['now'])[:19]}."


async def _set(control: Control, stage: str, form: Form) -> str:
    text = _needed(form, "at")
    try:
        moment = float(text) if text.replace(".", "", 1).isdigit() else _moment(text)
    except (ValueError, OverflowError) as error:
        raise ControlError(f"{text[:40]!r} is no moment; 2027-01-31T12:00:00 is one") from error
    told = await control.move_clock(stage, "set", moment)
    return f"It is {stage_time(told['now'])[:19]}."


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp()


async def _freeze(control: Control, stage: str, _form: Form) -> str:
    await control.move_clock(stage, "freeze")
    return "The clock stands still."


async def _resume(control: Control, stage: str, _form: Form) -> str:
    await control.move_clock(stage, "resume")
    return "The clock runs."


async def _recipe(control: Control, stage: str, form: Form) -> str:
    chosen, provider = recipe(_needed(form, "recipe")), _provider(form)
    times = form.get("times") or "1"
    if times != "always" and not (times.isascii() and times.isdigit() and len(times) < 10):
        raise ControlError('"times" is a number or always')
    fault = chosen.fault(await control.describe(stage), provider, None if times == "always" else int(times))
    await control.add_fault(stage, fault | {"id": free_id(chosen.id, await control.faults(stage))})
    return f"On stage: {chosen.title}."


async def _scenario(control: Control, stage: str, form: Form) -> str:
    done = await control.put_on(stage, _needed(form, "scenario"), _provider(form))
    return f"On stage: {done['title']}. {done['hint']}".rstrip()


async def _fault(control: Control, stage: str, form: Form) -> str:
    try:
        document = json.loads(_needed(form, "fault"))
    except (ValueError, RecursionError) as error:
        raise ControlError(f"the fault is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise ControlError("a fault is a JSON object")
    made = await control.add_fault(stage, document)
    return f"On stage: {made['id']}."


async def _remove_fault(control: Control, stage: str, form: Form) -> str:
    await control.remove_faults(stage, _needed(form, "id"))
    return "Taken off."


async def _remove_faults(control: Control, stage: str, _form: Form) -> str:
    await control.remove_faults(stage)
    return "Nothing goes wrong on purpose any more."


async def _revoke(control: Control, stage: str, form: Form) -> str:
    named = {name: form[name] for name in ("user", "session", "fingerprint") if form.get(name)}
    count = await control.revoke(stage, _needed(form, "provider"), **named)
    return f"{count} token{'' if count == 1 else 's'} revoked."


async def _rotate(control: Control, stage: str, form: Form) -> str:
    keys = await control.rotate_keys(stage, _needed(form, "provider"))
    return f"The key {keys[0]['kid']} signs now."


async def _variant(control: Control, stage: str, form: Form) -> str:
    await control.settle(stage, _needed(form, "provider"), {"variant": _needed(form, "variant")})
    return f"The variant is {form['variant']} now."


def _locking(locked: bool) -> "Act":
    async def act(control: Control, stage: str, form: Form) -> str:
        await control.change_user(stage, _needed(form, "provider"), _needed(form, "username"), {"locked": locked})
        return f"The account is {'locked' if locked else 'open'}."

    return act


def _enabling(enabled: bool) -> "Act":
    async def act(control: Control, stage: str, form: Form) -> str:
        await _change_client(control, stage, form, enabled=enabled)
        return f"The client is {'enabled' if enabled else 'disabled'}."

    return act


async def _change_client(control: Control, stage: str, form: Form, **changes: object) -> None:
    await control.change_client(stage, _needed(form, "provider"), _needed(form, "client_id"), changes)


async def _redirect_uri(control: Control, stage: str, form: Form) -> str:
    provider, client_id, uri = (_needed(form, name) for name in ("provider", "client_id", "redirect_uri"))
    known = next((one for one in await control.clients(stage, provider) if one["client_id"] == client_id), None)
    if known is None:
        raise ControlError(f"{provider} has no client {client_id!r}", 404)
    await _change_client(control, stage, form, redirect_uris=[*known["redirect_uris"], uri])
    return "The redirect URI is registered."


async def _reset(control: Control, stage: str, _form: Form) -> str:
    await control.reset(stage)
    return "Everything is as it was in the beginning."


async def _clear(control: Control, stage: str, _form: Form) -> str:
    await control.clear_recording(stage)
    return "The recording is empty."


Act = Callable[[Control, str, Form], Awaitable[str]]
ACTS: Mapping[str, Act] = {
    "advance": _advance,
    "set": _set,
    "freeze": _freeze,
    "resume": _resume,
    "recipe": _recipe,
    "scenario": _scenario,
    "fault": _fault,
    "remove-fault": _remove_fault,
    "remove-faults": _remove_faults,
    "revoke": _revoke,
    "rotate-keys": _rotate,
    "variant": _variant,
    "lock": _locking(locked=True),
    "unlock": _locking(locked=False),
    "enable": _enabling(enabled=True),
    "disable": _enabling(enabled=False),
    "redirect-uri": _redirect_uri,
    "reset": _reset,
    "clear": _clear,
}


async def act(control: Control, stage: str, form: Form) -> str:
    """Do what the form asks for; a sentence that says what is so now. ControlError."""
    pressed = next((name for name in ("recipe", "scenario") if form.get(name)), None)
    wanted = pressed or _needed(form, "do")
    if wanted not in ACTS:
        raise ControlError(f"the dashboard has no {wanted!r} to do", 404)
    return await ACTS[wanted](control, stage, form)
