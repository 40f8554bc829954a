"""The only source of time on a stage."""

from collections.abc import Callable

YEAR_10000 = 253_402_300_800
"""POSIX seconds of the first moment that no Date header can bear (RFC 9110 section 5.6.7: four digits)."""


class Clock:
    """A clock that can be frozen, set and advanced. Times are POSIX seconds; ``wall`` is read only here.

    It decides issuing, checking, rotation, code life and Retry-After together, so a test moves all of them at once.
    """

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._offset = 0.0
        self._frozen: float | None = None

    def now(self) -> float:
        """The stage's time in POSIX seconds."""
        return self._wall() + self._offset if self._frozen is None else self._frozen

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen is not None

    def freeze(self, at: float | None = None) -> None:
        """Stand still, at that time or at the present one."""
        self._frozen = self.now() if at is None else at

    def resume(self) -> None:
        """Run on from the time shown now."""
        if self._frozen is not None:
            self._offset = self._frozen - self._wall()
            self._frozen = None

    def set(self, at: float) -> None:
        """Show that time; a frozen clock stays frozen."""
        if self._frozen is None:
            self._offset = at - self._wall()
        else:
            self._frozen = at

    @property
    def setting(self) -> tuple[float, float | None]:
        """How far it is off the machine's clock, and the time at which it stands, None where it runs."""
        return self._offset, self._frozen

    def adopt(self, offset: float, frozen: float | None) -> None:
        """Go as another clock goes, by its setting."""
        self._offset, self._frozen = offset, frozen

    def restart(self) -> None:
        """Run with the wall clock again."""
        self._offset = 0.0
        self._frozen = None

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass; a negative number of them turns the clock back."""
        self.set(self.now() + seconds)
