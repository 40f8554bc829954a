"""Reading what was asked of the control port; every complaint is one sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.reading import UnreadableError, nearest, read
from sparring.mocks.providers import DECOY, NAMES, load
from sparring.mocks.stage import StageSpec

T = TypeVar("T")
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Lifetime = Annotated[int, msgspec.Meta(ge=-(10**9), le=10**10)]
_ID = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Under which id a stage shall be known, and on which ports its providers shall listen (0 or none: any)."""

    id: str | None = None
    ports: dict[str, Port] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The members of a client that can change."""

    secret: str | None = None
    name: str = ""
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    grants: frozenset[str] = frozenset()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class UserChanges:
    """The members of a user that can change."""

    password: str = ""
    name: str = ""
    email: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    locked: bool = False


@dataclass(frozen=True, slots=True)
class MintWish:
    """A token: left out, ``client_id`` and ``scope`` are the stage's first client and the provider's usual scope."""

    client_id: str | None = None
    user: str | None = None
    scope: str | None = None
    expires_in: Lifetime | None = None
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RevokeWish:
    """Which tokens shall die: those that have in common whatever is named here."""

    kind: Literal["access_token", "refresh_token"] | None = None
    token: str | None = None
    user: str | None = None
    session: str | None = None


def read_wish(kind: type[T], document: Mapping[str, Any], what: str) -> T:
    """A wish of that kind. ControlError."""
    try:
        return read(kind, document, what)
    except UnreadableError as error:
        raise ControlError(str(error)) from error


def read_spec(document: Mapping[str, Any]) -> tuple[StageSpec, Place]:
    """The stage that a JSON object asks for."""
    own = {name: value for name, value in document.items() if name in {"id", "ports"}}
    rest = {"providers": list(NAMES)} | {name: value for name, value in document.items() if name not in own}
    place, spec = read_wish(Place, own, "a stage"), read_wish(StageSpec, rest, "a stage")
    if place.id and not _ID.fullmatch(place.id):
        raise ControlError(
            "the id of a stage is made of letters, digits, '_', '-' and '.', and does not begin with '.' or '-'"
        )
    ports = [name for name in place.ports or () if name != DECOY]
    for name in (*spec.providers, *spec.variants, *spec.lifetimes, *ports):
        if name not in NAMES:
            raise ControlError(f"unknown provider {name!r}; {nearest(name, NAMES)}", 404)
    for name, lifetimes in spec.lifetimes.items():
        for kind in lifetimes:
            if kind not in load(name).lifetimes:
                raise ControlError(f"unknown lifetime {kind!r} of {name}; {nearest(kind, load(name).lifetimes)}")
    for name, variant in spec.variants.items():
        known = load(name).variants
        if variant not in known:
            raise ControlError(f"unknown variant {variant!r} of {name}; {nearest(variant, known)}")
    return spec, place


def read_changes(document: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a client that shall change, and only those."""
    changes = read_wish(Changes, document, "a client")
    return {name: getattr(changes, name) for name in document}


def read_user_changes(document: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a user that shall change, and only those."""
    changes = read_wish(UserChanges, document, "a user")
    return {name: getattr(changes, name) for name in document}
