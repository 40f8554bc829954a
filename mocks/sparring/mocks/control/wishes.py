"""Reading what was asked of the control port; every complaint is one sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.provider import Provider
from sparring.mocks.engine.reading import UnreadableError, nearest, read
from sparring.mocks.presets.saved import Saved, read_saved
from sparring.mocks.providers import DECOY, NAMES, ProviderError, load
from sparring.mocks.stage import StageSpec

T = TypeVar("T")
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Lifetime = Annotated[int, msgspec.Meta(ge=-(10**9), le=10**10)]
_ORIGIN = re.compile(r"https?://[^/?#\s@]+", re.ASCII)
_ID = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Under which id a stage shall be known, and on which ports its providers shall listen (0 or none: any); ``urls``:
    where clients reach them, if not at their own sockets. ``scenario`` is a saved one, whose stage it shall be in
    whatever is not said here.
    """

    id: str | None = None
    ports: dict[str, Port] | None = None
    urls: dict[str, str] | None = None
    scenario: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The members of a client that can change. ``public``: it has no secret. ``lifetimes``: seconds by kind, where its
    tokens differ from the provider's others. ``consent``: people are asked at a provider that does not ask anyway.
    """

    secret: str | None = None
    public: bool = False
    name: str = ""
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    grants: frozenset[str] = frozenset()
    enabled: bool = True
    consent: bool = False
    lifetimes: dict[str, Lifetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a provider behaves from now on: a variant, and seconds by kind of token; what is left out stays."""

    variant: str | None = None
    lifetimes: dict[str, Lifetime] = field(default_factory=dict)


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
    fingerprint: str | None = None


def read_wish(kind: type[T], document: Mapping[str, Any], what: str) -> T:
    """A wish of that kind, of text that goes into tokens, pages and stores. ControlError."""
    wish = read_any_text(kind, document, what)
    check_text(document, what)
    return wish


def read_any_text(kind: type[T], document: Mapping[str, Any], what: str) -> T:
    """A wish of that kind, whatever its texts are. ControlError."""
    try:
        return read(kind, document, what)
    except UnreadableError as error:
        raise ControlError(str(error)) from error


def check_text(document: object, what: str) -> None:
    """Refuse what cannot be written as JSON in UTF-8. ControlError."""
    try:
        msgspec.json.encode(document, enc_hook=_plain)
    except UnicodeEncodeError as error:
        raise ControlError(f"{what} holds half a surrogate pair, which UTF-8 cannot carry") from error
    except RecursionError as error:
        raise ControlError(f"{what} is nested too deeply") from error
    except TypeError as error:
        raise ControlError(f"{what} holds what JSON cannot: {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def read_spec(document: Mapping[str, Any]) -> tuple[StageSpec, Place, Saved | None]:
    """The stage that a JSON object asks for, and the saved scenario that goes on it."""
    own = {name: value for name, value in document.items() if name in {"id", "ports", "urls", "scenario"}}
    place = read_any_text(Place, own, "a stage")
    check_text([place.ports, place.urls], "a stage")
    saved = None if place.scenario is None else _read_saved(place.scenario)
    rest = {"providers": list(NAMES), **(saved.stage if saved else {})}
    rest |= {name: value for name, value in document.items() if name not in own}
    spec = read_wish(StageSpec, rest, "a stage")
    if place.id and not _ID.fullmatch(place.id):
        raise ControlError(
            "the id of a stage is made of letters, digits, '_', '-' and '.', and does not begin with '.' or '-'"
        )
    for name, url in (place.urls or {}).items():
        if not _ORIGIN.fullmatch(url):
            raise ControlError(f"the URL of {name} is scheme and authority, like https://login.example, not {url!r}")
    places = [name for name in (*(place.ports or ()), *(place.urls or ())) if name != DECOY]
    for name in (*spec.providers, *spec.variants, *spec.lifetimes, *spec.certificates, *places):
        try:
            load(name)
        except ProviderError as error:
            raise ControlError(str(error), 404) from error
    for name, lifetimes in spec.lifetimes.items():
        _check_lifetimes(load(name), lifetimes)
    for name, variant in spec.variants.items():
        _check_variant(load(name), variant)
    return spec, place, saved


def _read_saved(document: Mapping[str, Any]) -> Saved:
    try:
        return read_saved(document)
    except UnreadableError as error:
        raise ControlError(str(error)) from error


def _check_lifetimes(provider: Provider, lifetimes: Mapping[str, int]) -> None:
    known = provider.lifetimes
    for kind in lifetimes:
        if kind not in known:
            hint = nearest(kind, known) if known else "it has none"
            raise ControlError(f"unknown lifetime {kind!r} of {provider.name}; {hint}")


def _check_variant(provider: Provider, variant: str) -> None:
    if variant not in provider.variants:
        raise ControlError(f"unknown variant {variant!r} of {provider.name}; {nearest(variant, provider.variants)}")


def read_settings(provider: Provider, document: Mapping[str, Any]) -> Settings:
    """How that provider shall behave."""
    wish = read_wish(Settings, document, "the settings of a provider")
    _check_lifetimes(provider, wish.lifetimes)
    if wish.variant is not None:
        _check_variant(provider, wish.variant)
    return wish


def read_changes(provider: Provider, document: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a client that shall change, and only those."""
    changes = read_wish(Changes, document, "a client")
    _check_lifetimes(provider, changes.lifetimes)
    if changes.public and changes.secret is not None:
        raise ControlError("a public client has no secret")
    return {name: getattr(changes, name) for name in document}


def read_user_changes(document: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a user that shall change, and only those."""
    changes = read_wish(UserChanges, document, "a user")
    return {name: getattr(changes, name) for name in document}
