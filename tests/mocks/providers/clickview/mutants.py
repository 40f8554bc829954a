"""Ways to break the provider on purpose, so that the machine can show that it notices."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.clickview import api, bearer, claims, token, view_keys
from sparring.mocks.providers.clickview.view_keys import ViewKey

Breaking = Callable[[pytest.MonkeyPatch], None]


def token_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the dates of a token."""
    patch.setattr(bearer, "_check_lifetime", lambda *_: None)


def dead_too_early(patch: pytest.MonkeyPatch) -> None:
    """A token is dead a minute before it expires."""
    patch.setattr(bearer, "LEEWAY", -60)


def signature_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Whoever signed it."""
    patch.setattr(bearer, "_check_signature", lambda *_, **__: None)


def audience_unchecked(patch: pytest.MonkeyPatch) -> None:
    """A token for anybody will do."""
    patch.setattr(bearer, "_check_audience", lambda *_: None)


def scope_unchecked(patch: pytest.MonkeyPatch) -> None:
    """A token opens everything."""
    patch.setattr(bearer, "scopes", lambda _: (api.SCOPE,))


def withdrawal_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A withdrawn token works on."""
    weigh = tokens.weigh_token

    async def looser(*given: Any) -> Any:
        found, standing = await weigh(*given)
        return found, Standing.VALID if standing is Standing.REVOKED else standing

    patch.setattr(tokens, "weigh_token", looser)


def secret_unchecked(patch: pytest.MonkeyPatch) -> None:
    """The client id is enough."""
    patch.setattr(token, "secret_matches", lambda *_: True)


def scope_widened(patch: pytest.MonkeyPatch) -> None:
    """A client gets all that it may have, whatever it asked for."""
    act = token._act_as_client

    async def wider(desk: Desk, request: Request, client: Client, params: list[tuple[str, str]]) -> Answer:
        return await act(desk, request, client, [(name, value) for name, value in params if name != "scope"])

    patch.setattr(token, "_act_as_client", wider)


def tokens_repeat(patch: pytest.MonkeyPatch) -> None:
    """Two requests at once are given the same token."""

    async def same(desk: Desk, *label: str | int) -> tuple[str | int, ...]:
        return desk.provider, *label

    async def first(*_: object) -> int:
        return 1

    patch.setattr(Desk, "serial", same)
    patch.setattr(claims, "next_generation", first)


def claims_late(patch: pytest.MonkeyPatch) -> None:
    """The token lives longer than the answer says."""
    make = claims.access_token

    async def longer(desk: Desk, *given: Any) -> str:
        longer_desk = replace(desk, lifetimes={**desk.lifetimes, "access_token": 2000})
        return await make(longer_desk, *given)

    patch.setattr(token, "access_token", longer)


def view_key_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A view key never expires."""
    keep = view_keys._keep

    async def longer(desk: Desk, key: ViewKey) -> None:
        await keep(desk, replace(key, expires_at=key.expires_at + 10**6))

    patch.setattr(view_keys, "_keep", longer)


def view_key_not_renewed(patch: pytest.MonkeyPatch) -> None:
    """Loading a view key does not extend its life."""
    keep = view_keys._keep

    async def once(desk: Desk, key: ViewKey) -> None:
        if not key.played:
            await keep(desk, key)

    patch.setattr(view_keys, "_keep", once)


def another_video(patch: pytest.MonkeyPatch) -> None:
    """Every view key opens the video that was asked for first."""
    keep = view_keys._keep

    async def mixed(desk: Desk, key: ViewKey) -> None:
        await keep(desk, replace(key, media_id="900000001"))

    patch.setattr(view_keys, "_keep", mixed)


def students_have_names(patch: pytest.MonkeyPatch) -> None:
    """A student's personal data are accepted."""
    patch.setattr(api, "PERSONAL", ("firstName", "surname"))


def types_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a body is an object with members of the right types."""
    patch.setattr(api, "_complaint", lambda _: None)


MUTANTS: tuple[tuple[Breaking, str], ...] = (
    (token_for_ever, "a dead token"),
    (dead_too_early, "a live token"),
    (signature_unchecked, "a dead token"),
    (audience_unchecked, "a view key is no token"),
    (scope_unchecked, "a live token"),
    (withdrawal_forgotten, "a dead token"),
    (secret_unchecked, "secret|whoever asks"),
    (scope_widened, "what was asked for"),
    (tokens_repeat, "given out twice"),
    (claims_late, "expires_in and exp are one"),
    (view_key_for_ever, "a dead view key"),
    (view_key_not_renewed, "a live view key"),
    (another_video, "its own video and no other"),
    (students_have_names, "personal"),
    (types_unchecked, "type|status=500"),
)
