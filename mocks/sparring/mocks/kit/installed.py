"""The providers of installed packages, by their entry points. Bad ones cost a sentence, never a traceback."""

import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from sparring.mocks.engine.provider import Provider, ProviderError

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""What a provider may be called: it becomes a word of commands, rule ids and fixtures."""

_ENDPOINTS = ("token", "api")
_LIFETIME = "access_token"


@dataclass(frozen=True, slots=True)
class Installed:
    """The entry points that can be used, by name, in alphabetical order; a sentence about each of the others."""

    entries: Mapping[str, EntryPoint]
    complaints: tuple[str, ...] = ()
    _loaded: dict[str, Provider] = field(default_factory=dict)

    def load(self, name: str) -> Provider:
        """The provider behind an entry. ProviderError, which names the package."""
        if name not in self._loaded:
            self._loaded[name] = _load(self.entries[name])
        return self._loaded[name]

    def modules(self, name: str) -> list[ModuleType]:
        """The modules of a provider that was loaded: its own and those of its package."""
        self.load(name)
        own = sys.modules[self.entries[name].module]
        root = own.__package__ or own.__name__
        found = [module for known, module in sys.modules.items() if known == root or known.startswith(f"{root}.")]
        return [own, *(module for module in found if module is not own)]


def look_around(group: str, taken: Collection[str]) -> Installed:
    """What installed packages add to that group; ``taken`` are names that none of them can have."""
    by_name: dict[str, list[EntryPoint]] = {}
    for entry in dict.fromkeys(entry_points(group=group)):
        by_name.setdefault(entry.name, []).append(entry)
    good: dict[str, EntryPoint] = {}
    wrong: list[str] = []
    for name, entries in sorted(by_name.items()):
        packages = sorted({package_of(entry) for entry in entries})
        if name in taken:
            wrong.append(
                f"{' and '.join(packages)}: {name!r} is a word of Sparring's own; choose another name for the provider."
            )
        elif not NAME.fullmatch(name):
            wrong.append(f"{packages[0]}: {name!r} is no provider's name; it begins with a-z, then a-z, 0-9 and _.")
        elif len(entries) > 1:
            wrong.append(f"{' and '.join(packages)} both have a provider {name!r}; uninstall one of them.")
        else:
            good[name] = entries[0]
    return Installed(good, tuple(wrong))


def package_of(entry: EntryPoint) -> str:
    """The distribution that an entry point belongs to, or else its module."""
    return entry.module if entry.dist is None else entry.dist.name


def _load(entry: EntryPoint) -> Provider:
    whose = f"provider {entry.name!r} of {package_of(entry)}"
    try:
        found = entry.load()
    except Exception as error:
        raise ProviderError(f"{whose}: {entry.value} cannot be imported: {_said(error)}") from error
    if isinstance(found, ModuleType):
        found = getattr(found, "PROVIDER", found)
    if isinstance(found, ModuleType):
        raise ProviderError(f"{whose}: {entry.value} has no PROVIDER")
    if not isinstance(found, Provider):
        raise ProviderError(f"{whose}: {entry.value} is no Provider but {type(found).__name__}")
    if wrong := _unfit(found, entry.name):
        raise ProviderError(f"{whose}: {wrong}")
    return found


def _unfit(provider: Provider, name: str) -> str:
    """What a stage would stumble over; empty for nothing."""
    if provider.name != name:
        return f"it calls itself {provider.name!r}; entry point and `name` must be the same"
    if missing := [each for each in _ENDPOINTS if each not in provider.endpoints]:
        return f"its `endpoints` have no {' and no '.join(missing)}"
    if not provider.clients or not provider.grants:
        return f"it has no {'clients' if not provider.clients else 'grants'}"
    if _LIFETIME not in provider.lifetimes:
        return f"its `lifetimes` have no {_LIFETIME}"
    if provider.variants[:1] != ("default",):
        return "the first of its `variants` must be 'default'"
    return ""


def _said(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
