"""What stands beside the diagram: faults, remarks, tokens, people and clients; cards that look alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sparring.mocks.control.dashboard.details import said
from sparring.mocks.control.dashboard.recipes import title_of
from sparring.mocks.control.dashboard.rows import TONES, stage_time
from sparring.mocks.control.dashboard.tokens import span
from sparring.mocks.control.interface import Control, Json

PANELS = ("faults", "lint", "tokens", "accounts")
NEWEST = 100
"""Remarks that are shown."""


_PLAIN: Json = {"spent": False, "exchange": None, "add": None}


def _card(title: str, *lines: str, badges: Sequence[Json] = (), actions: Sequence[Json] = (), **more: Any) -> Json:
    return {"title": title, "lines": list(lines), "badges": list(badges), "actions": list(actions), **_PLAIN, **more}


def _badge(text: str, tone: str = "") -> Json:
    return {"text": text, "tone": tone}


def _action(label: str, do: str, **fields: str) -> Json:
    return {"label": label, "fields": {"do": do, **fields}}


async def clock(control: Control, stage: str) -> Json:
    """The clock as it is shown."""
    told = await control.clock(stage)
    return told | {"text": stage_time(told["now"])[:19]}


async def panels(control: Control, stage: str, wanted: Iterable[str] = PANELS) -> dict[str, list[Json]]:
    """The cards of these panels."""
    described, made = await control.describe(stage), {}
    now = (await control.clock(stage))["now"]
    for name in wanted:
        if name == "faults":
            made[name] = [_fault(fault) for fault in await control.faults(stage)]
        elif name == "lint":
            made[name] = [_note(note) for note in reversed((await control.notes(stage))[-NEWEST:])]
        elif name == "tokens":
            made[name] = [
                _token(token, provider, house["title"], now)
                for provider, house in described["providers"].items()
                for token in await control.tokens(stage, provider)
            ][:NEWEST]
        elif name == "accounts":
            made[name] = [
                card
                for provider, house in described["providers"].items()
                for card in await _accounts(control, stage, provider, house)
            ]
    return made


def _fault(fault: Mapping[str, Any]) -> Json:
    fired, times = fault["fired"], fault["times"]
    left = "always" if times is None else f"{times - fired} left" if fired < times else "used up"
    badges = [_badge(left, "" if left == "used up" else "warn")]
    if fired:
        badges.append(_badge("fired once" if fired == 1 else f"fired {fired} times", "good"))
    title = title_of(fault["id"])
    actions = [_action("Remove", "remove-fault", id=fault["id"])]
    return _card(title, said(fault), badges=badges, actions=actions, spent=left == "used up")


def _note(note: Mapping[str, Any]) -> Json:
    badges = [_badge(note["verdict"], TONES[note["verdict"]])]
    return _card(note["check"] or "Remark", note["text"], badges=badges, exchange=note["exchange"])


def _token(token: Mapping[str, Any], provider: str, title: str, now: float) -> Json:
    ends = token["expires_at"]
    life = _badge("for good") if ends is None else _badge(f"{span(ends - now)} left", "good")
    whose = " for ".join(filter(None, (token["client_id"], token["user"])))
    return _card(
        f"{title} {token['kind'].replace('_', ' ')}",
        whose,
        f"{token['fp']} · generation {token['generation']}" + (f" · {token['scope']}" if token["scope"] else ""),
        badges=[life],
        actions=[
            _action("Revoke", "revoke", provider=provider, fingerprint=token["fp"]),
            _action("Revoke its session", "revoke", provider=provider, session=token["session"]),
        ],
    )


async def _accounts(control: Control, stage: str, provider: str, house: Mapping[str, Any]) -> list[Json]:
    """The provider itself, then its people, then its clients."""
    people, clients = await control.users(stage, provider), await control.clients(stage, provider)
    return [
        _provider(provider, house),
        *(_person(user, provider, house["title"]) for user in people),
        *(_client(client, provider, house["title"]) for client in clients),
    ]


def _provider(provider: str, house: Mapping[str, Any]) -> Json:
    others = [name for name in house["variants"] if name != house["variant"]]
    lives = ", ".join(f"{kind.replace('_', ' ')} {span(life)}" for kind, life in house["lifetimes"].items())
    actions = [_action(f"Variant {name}", "variant", provider=provider, variant=name) for name in others]
    if "issuer" in house:
        actions.append(_action("Rotate keys", "rotate-keys", provider=provider))
    actions.append(_action("Revoke all its tokens", "revoke", provider=provider))
    badges = [_badge("provider"), _badge(f"variant {house['variant']}")]
    return _card(str(house["title"]), str(house["base_url"]), f"Lifetimes: {lives}", badges=badges, actions=actions)


def _person(user: Mapping[str, Any], provider: str, title: str) -> Json:
    named = {"provider": provider, "username": user["username"]}
    lock = _action("Unlock", "unlock", **named) if user["locked"] else _action("Lock", "lock", **named)
    out = _action("Revoke tokens", "revoke", provider=provider, user=user["username"])
    badges = [_badge(f"person at {title}"), *([_badge("locked", "bad")] if user["locked"] else [])]
    return _card(user["name"], f"{user['username']} / {user['password']}", badges=badges, actions=[lock, out])


def _client(client: Mapping[str, Any], provider: str, title: str) -> Json:
    named = {"provider": provider, "client_id": client["client_id"]}
    turn = _action("Disable", "disable", **named) if client["enabled"] else _action("Enable", "enable", **named)
    badges = [_badge(f"{'public client' if client['public'] else 'client'} of {title}")]
    badges += [] if client["enabled"] else [_badge("disabled", "bad")]
    more = {"label": "Add redirect URI", "name": "redirect_uri", "fields": {"do": "redirect-uri", **named}}
    return _card(
        client["name"],
        f"{client['client_id']} / {client['secret'] or '(no secret)'}",
        *client["redirect_uris"],
        badges=badges,
        actions=[turn],
        add=more if "authorization_code" in client["grants"] else None,
    )
