"""Time passes while a request is on its way."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.engine.clock import YEAR_10000
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import within
from sparring.mocks.faults.state_effect import StateEffect

LONGEST = 10**10


@dataclass(frozen=True)
class TimePasses(StateEffect):
    """The stage's clock moves by so many seconds (back, where they are negative): ``before`` the request is handled, so
    that its token may have expired on the way, or ``after``.
    """

    kind: ClassVar[str] = "time-passes"

    seconds: float

    def __post_init__(self) -> None:
        """Refuse a time that is none."""
        within("seconds", self.seconds, -LONGEST, LONGEST)
        if not self.seconds:
            raise ValueError("no time passes in 0 seconds")

    async def happen(self, scene: Scene) -> bool:
        """Move the clock, where it can show that time."""
        clock = scene.desk.clock
        if not 0 <= clock.now() + self.seconds < YEAR_10000:
            return False
        await scene.change(lambda: clock.advance(self.seconds))
        return True
