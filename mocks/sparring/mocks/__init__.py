"""The lie: servers that answer as a provider answers, with its clock, its entropy and its faults in your hand.

In a test: ``from sparring.mocks import Sparring``. What it takes is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sparring.mocks.testing import (
        Client,
        ControlError,
        Endpoints,
        Fault,
        RecordedRequest,
        RequestLog,
        Sparring,
        StageClock,
        Staged,
        Token,
        User,
    )

__all__ = [
    "Client",
    "ControlError",
    "Endpoints",
    "Fault",
    "RecordedRequest",
    "RequestLog",
    "Sparring",
    "StageClock",
    "Staged",
    "Token",
    "User",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("sparring.mocks.testing"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
