"""What a stage shall be, in the words of a test, and in those of the control port."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.providers import NAMES, ProviderError, load
from sparring.mocks.testing.backstage import Way
from sparring.mocks.testing.clock import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """See ``Sparring``, whose arguments these are."""

    seed: int = 0
    tls: bool = False
    sockets: bool = True
    frozen: Moment | None = None
    variant: str | Mapping[str, str] | None = None
    lifetimes: Mapping[str, Any] = field(default_factory=dict)
    redirect_uris: Iterable[str] = ()
    origins: Iterable[str] = ()
    issuer: str | None = None
    personas: bool = False
    fresh_keys: bool = False
    seeded_secrets: bool = False
    certificates: Mapping[str, str] = field(default_factory=dict)
    faults: Iterable[Mapping[str, Any]] = ()
    scenario: str | Iterable[str] | None = None
    users: Iterable[str | Mapping[str, Any]] = ()
    clients: Iterable[str | Mapping[str, Any]] = ()

    @property
    def way(self) -> Way:
        """How the stage is reached. ControlError where that is not possible."""
        if self.tls and not self.sockets:
            raise ControlError("TLS needs sockets: leave out sockets=False, or tls=True")
        if not self.sockets:
            return "mounted"
        return "https" if self.tls else "http"

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The ids of scenarios to be put on stage."""
        if self.scenario is None:
            return ()
        return (self.scenario,) if isinstance(self.scenario, str) else tuple(self.scenario)

    def spec(self, names: tuple[str, ...]) -> Json:
        """The stage, for the control port."""
        return {
            "providers": list(names),
            "seed": self.seed,
            "variants": self._by_provider("variant", self.variant, names),
            "lifetimes": self._lifetimes(names),
            "redirect_uris": list(_several("redirect_uris", self.redirect_uris)),
            "origins": list(_several("origins", self.origins)),
            "issuer": self.issuer,
            "personas": self.personas,
            "fresh_keys": self.fresh_keys,
            "seeded_secrets": self.seeded_secrets,
            "certificates": dict(self.certificates),
        }

    def _by_provider(self, what: str, value: str | Mapping[str, str] | None, names: tuple[str, ...]) -> dict[str, str]:
        if value is None:
            return {}
        if isinstance(value, str):
            if len(names) != 1:
                raise ControlError(f"{what}={value!r}: of which provider? Write {what}={{{names[0]!r}: {value!r}}}")
            return {names[0]: value}
        return dict(value)

    def _lifetimes(self, names: tuple[str, ...]) -> dict[str, dict[str, int]]:
        plain = {kind: seconds for kind, seconds in self.lifetimes.items() if not isinstance(seconds, Mapping)}
        if plain and len(names) != 1:
            raise ControlError(f"lifetimes={plain}: of which provider? Write lifetimes={{{names[0]!r}: {plain}}}")
        by_name = {name: dict(kinds) for name, kinds in self.lifetimes.items() if isinstance(kinds, Mapping)}
        return {**by_name, names[0]: {**by_name.get(names[0], {}), **plain}} if plain else by_name


def provider_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The providers that were named, each once; all that are built in, where none was. ControlError."""
    for name in names:
        try:
            load(name)
        except ProviderError as error:
            raise ControlError(str(error), 404) from error
    return tuple(dict.fromkeys(names)) or NAMES


def _several(what: str, values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise ControlError(f"{what} is a list: write {what}=[{values!r}]")
    return tuple(values)
