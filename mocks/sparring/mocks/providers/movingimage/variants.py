"""Where sources clash: Keycloak against its later releases, a realm that rotates refresh tokens against one that does
not. A later release differs from 4.8.3 in single steps; each module that has such steps lists them by release.
"""

from collections.abc import Mapping
from typing import TypeVar

from sparring.mocks.engine.desk import Desk

T = TypeVar("T")

DEFAULT = "default"
"""Keycloak 4.8.3, which fits the document's samples."""

ROTATING = "rotating"
"""The same, with the realm's option "Revoke Refresh Token"."""

KEYCLOAK_12 = "keycloak-12"
KEYCLOAK_15 = "keycloak-15"
KEYCLOAK_20 = "keycloak-20"

ISSUER = "issuer"
"""Keycloak 20 and, as from release 23 on, ``iss`` in authorization responses (RFC 9207)."""

VARIANTS = (DEFAULT, ROTATING, KEYCLOAK_12, KEYCLOAK_15, KEYCLOAK_20, ISSUER)
_RELEASES = (DEFAULT, KEYCLOAK_12, KEYCLOAK_15, KEYCLOAK_20, ISSUER)


def step(desk: Desk, steps: Mapping[str, T]) -> T:
    """The step that the desk's variant takes: its own, else that of the newest release before it."""
    if desk.variant in steps:
        return steps[desk.variant]
    known = _RELEASES.index(desk.variant) if desk.variant in _RELEASES else 0
    return next(steps[name] for name in reversed(_RELEASES[: known + 1]) if name in steps)
