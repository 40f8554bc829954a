"""The providers there are. Each is a folder that reads like that provider's documentation, top to bottom."""

from importlib import import_module

from sparring.mocks.engine.provider import Provider

PORTS = {"rotor": 1, "clickview": 2, "movingimage": 3, "panopto": 4, "ingest": 5}
"""How far each provider's default port lies above the control port."""

NAMES: tuple[str, ...] = tuple(PORTS)
"""Every provider that can go on stage."""

DECOY = "decoy"
"""The other origin, which must see nothing."""


def load(name: str) -> Provider:
    """The provider of that name; imported when it is first asked for. KeyError where there is none."""
    if name not in (*NAMES, DECOY):
        raise KeyError(name)
    provider = import_module(f"sparring.mocks.providers.{name}").PROVIDER
    if not isinstance(provider, Provider):
        raise TypeError(f"sparring.mocks.providers.{name}.PROVIDER is no Provider")
    return provider
