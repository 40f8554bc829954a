"""The providers there are. Each built-in one is a folder that reads like that provider's documentation, top to bottom;
any installed package can add one by the entry point group ``sparring.providers``.

Built-in names never cost a look at what is installed.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from sparring.mocks.engine.provider import Provider, ProviderError
from sparring.mocks.engine.reading import nearest

if TYPE_CHECKING:
    from sparring.mocks.engine.rules import Rule
    from sparring.mocks.kit.installed import Installed

__all__ = [
    "DECOY",
    "GROUP",
    "NAMES",
    "PORTS",
    "ProviderError",
    "UnknownProviderError",
    "complaints",
    "known",
    "load",
    "names",
    "port",
    "rules",
    "unknown",
    "usable",
]

GROUP = "sparring.providers"
"""The entry point group; an entry's name is the provider's."""

PORTS = {"rotor": 1, "clickview": 2, "movingimage": 3, "panopto": 4, "ingest": 5}
"""How far each built-in provider's default port lies above the control port."""

NAMES: tuple[str, ...] = tuple(PORTS)
"""Every built-in provider that can go on stage."""

DECOY = "decoy"
"""The other origin, which must see nothing."""


class UnknownProviderError(ProviderError):
    """Nobody has a provider of that name."""


@cache
def _installed() -> "Installed":
    from sparring.mocks.kit.installed import look_around  # noqa: PLC0415  only where a name is not built-in

    return look_around(GROUP, (*NAMES, DECOY, "all"))


def names() -> tuple[str, ...]:
    """Every provider's name: the built-in ones, then those of installed packages, in alphabetical order."""
    return (*NAMES, *_installed().entries)


def known(name: str) -> bool:
    """Whether there is a provider of that name; whether it can be used is not tried."""
    return name in NAMES or name in _installed().entries


def complaints() -> tuple[str, ...]:
    """What is wrong with providers of installed packages, a sentence each: names that clash, modules that fail."""
    broken = []
    for name in _installed().entries:
        try:
            load(name)
        except ProviderError as error:
            broken.append(str(error))
    return (*_installed().complaints, *broken)


def usable() -> tuple[str, ...]:
    """The names of the providers that can go on stage: those of broken packages are left out."""
    return (*NAMES, *(name for name in _installed().entries if _loads(name)))


def port(name: str) -> int:
    """How far that provider's default port lies above the control port: installed ones follow the built-in five.

    ProviderError where there is none of that name.
    """
    if name in PORTS:
        return PORTS[name]
    if not known(name):
        raise UnknownProviderError(unknown(name))
    return len(PORTS) + 1 + list(_installed().entries).index(name)


def load(name: str) -> Provider:
    """The provider of that name; imported when it is first asked for. ProviderError where there is none."""
    if name not in (*NAMES, DECOY):
        if name not in _installed().entries:
            raise UnknownProviderError(unknown(name))
        return _installed().load(name)
    provider = import_module(f"sparring.mocks.providers.{name}").PROVIDER
    if not isinstance(provider, Provider):
        raise TypeError(f"sparring.mocks.providers.{name}.PROVIDER is no Provider")
    return provider


def unknown(name: str) -> str:
    """The sentence about a name that nobody has: it names the nearest one."""
    return f"unknown provider {name!r}; {nearest(name, names())}"


def rules(name: str) -> "Mapping[str, Rule]":
    """A provider's rules by their ids. ProviderError where there is none of that name."""
    from sparring.mocks.engine.rules import Rule  # noqa: PLC0415  only where somebody asks what a rule says
    from sparring.mocks.kit.login import UsualLogin  # noqa: PLC0415

    load(name)
    if name in (*NAMES, DECOY):
        package = f"sparring.mocks.providers.{name}"
        modules = [import_module(package if name == DECOY else f"{package}.rules")]
    else:
        modules = _installed().modules(name)
    values = [value for module in modules for value in vars(module).values()]
    usual = [rule for value in values if isinstance(value, UsualLogin) for rule in value.rules]
    return {rule.id: rule for rule in (*usual, *values) if isinstance(rule, Rule)}


def _loads(name: str) -> bool:
    try:
        load(name)
    except ProviderError:
        return False
    return True
