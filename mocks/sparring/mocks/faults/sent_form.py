"""What a person sent is read otherwise: the wrong password, fewer boxes ticked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlencode

from sparring.mocks.engine.messages import Request
from sparring.mocks.faults.schema import Effect, Place

_PASSWORD = "password"


@dataclass(frozen=True)
class FormEffect(Effect):
    """The provider reads another form than the one that was sent, and answers in its own words."""

    place: ClassVar[Place] = Place.ANSWER
    moments: ClassVar[tuple[str, ...]] = ("before",)
    point: ClassVar[str] = "form"

    def read(self, given: Request) -> Request:
        """The request as the provider reads it; ``given`` itself where nothing changes."""
        raise NotImplementedError


@dataclass(frozen=True)
class SignInRefused(FormEffect):
    """The password counts as wrong, so the provider shows the page for that; a locked account looks the same."""

    kind: ClassVar[str] = "sign-in-refused"

    def read(self, given: Request) -> Request:
        """The request with another password in it, where it is a sign-in."""
        return _read(given, lambda name, value: (name, value + "?" if name.lower() == _PASSWORD and value else value))


@dataclass(frozen=True)
class ConsentPartial(FormEffect):
    """The person leaves these boxes of the consent page empty; a provider without boxes takes the form as it is."""

    kind: ClassVar[str] = "consent-partial"

    drop: list[str]

    def read(self, given: Request) -> Request:
        """The request without them, where it is a decision."""
        return _read(given, lambda name, value: None if value in self.drop else (name, value))


def _read(given: Request, each: Callable[[str, str], tuple[str, str] | None]) -> Request:
    if given.method != "POST":
        return given
    sent = given.form_params
    kept = [pair for pair in (each(name, value) for name, value in sent) if pair is not None]
    return given if kept == sent else replace(given, body=urlencode(kept).encode())
