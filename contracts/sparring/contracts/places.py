"""Where a provider's contract lies: beside these modules, or in the package that an entry point names.

An entry of the group ``sparring.contracts`` is named after its provider; its value is a package whose files are those
of a built-in one. Built-in names never cost a look at what is installed.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from sparring.contracts.errors import ContractError

GROUP = "sparring.contracts"
"""The entry point group."""


@cache
def built_in() -> frozenset[str]:
    """The providers whose contracts are a part of Sparring."""
    return frozenset(folder.name for folder in _providers().iterdir() if folder.joinpath("facts.yaml").is_file())


@cache
def contract_file(provider: str, name: str) -> Traversable | None:
    """That file of the provider's contract; None where there is none. ContractError where its package is broken."""
    if provider in built_in():
        file: Traversable = _providers() / provider / name
    elif provider in _installed():
        file = _package(provider, _installed()[provider]) / name
    else:
        return None
    return file if file.is_file() else None


def _providers() -> Traversable:
    return files("sparring.contracts") / "providers"


@cache
def _installed() -> Mapping[str, str]:
    from importlib.metadata import entry_points  # noqa: PLC0415  only where a provider is not built-in

    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def _package(provider: str, name: str) -> Traversable:
    try:
        return files(name)
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise ContractError(f"the contract of {provider!r}: {name} cannot be imported: {said}") from error
