"""Broken movingimages, each with what the bystander must say of it: at this one any complaint will do."""

from collections.abc import Callable

import pytest

from sparring.mocks.engine.desk import Desk
from sparring.mocks.providers.movingimage import sessions

Breaking = Callable[[pytest.MonkeyPatch], None]


async def _nothing(*_: object) -> None:
    """Forget to do it."""


async def _always(_desk: Desk, _session: sessions.SsoSession) -> bool:
    return True


def logout_of_one_client_forgets_it(patch: pytest.MonkeyPatch) -> None:
    """A client's part in a session never ends."""
    patch.setattr(sessions, "detach", _nothing)


def sessions_never_end(patch: pytest.MonkeyPatch) -> None:
    """Signing out ends nothing."""
    patch.setattr(sessions, "end", _nothing)


def sessions_are_always_active(patch: pytest.MonkeyPatch) -> None:
    """A session lives on whatever has happened to it."""
    patch.setattr(sessions, "active", _always)


MUTANTS: tuple[tuple[Breaking, str], ...] = (
    (logout_of_one_client_forgets_it, ""),
    (sessions_never_end, ""),
    (sessions_are_always_active, ""),
)
