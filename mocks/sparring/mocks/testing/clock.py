"""The clock of a stage, in the hands of a test."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sparring.mocks.control.interface import ControlError

Moment = float | str | datetime
"""POSIX seconds, ISO 8601 (``2026-01-01T00:00:00Z``), or a datetime; without a zone it is UTC."""


def posix(when: Moment) -> float:
    """That moment in POSIX seconds. ControlError."""
    if isinstance(when, bool) or not isinstance(when, (int, float, str, datetime)):
        raise ControlError(f"a moment is POSIX seconds, ISO 8601 text or a datetime, not {when!r}")
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            raise ControlError(f"{when!r} is no moment: write it as 2026-01-01T00:00:00Z") from None
    if isinstance(when, datetime):
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    try:
        return float(when)
    except OverflowError:
        raise ControlError("a clock shows times from 1970 to 9999") from None


class StageClock:
    """The one clock that decides on a stage: what is issued, what has expired, ``Date`` and ``Retry-After``.

    ``ask`` moves it (``advance``, ``set``, ``freeze``, ``resume``; None: only looks) and says what it shows then.
    """

    def __init__(self, ask: Callable[[str | None, float | None], dict[str, Any]]) -> None:
        self._ask = ask

    @property
    def now(self) -> float:
        """What it shows, in POSIX seconds."""
        return float(self._ask(None, None)["now"])

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return bool(self._ask(None, None)["frozen"])

    def advance(self, seconds: float | timedelta) -> float:
        """Let time pass (a negative number turns it back); what it shows then."""
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        return float(self._ask("advance", seconds)["now"])

    def set(self, when: Moment) -> float:
        """Show that moment, and run on from it, unless it is frozen."""
        return float(self._ask("set", posix(when))["now"])

    def freeze(self, when: Moment | None = None) -> float:
        """Stand still: now, or at that moment."""
        self._ask("freeze", None)
        return self.now if when is None else self.set(when)

    def resume(self) -> float:
        """Run on from what it shows."""
        return float(self._ask("resume", None)["now"])

    def __repr__(self) -> str:
        shown = datetime.fromtimestamp(self.now, UTC).isoformat(timespec="seconds")
        return f"<clock {shown}{' frozen' if self.frozen else ''}>"
