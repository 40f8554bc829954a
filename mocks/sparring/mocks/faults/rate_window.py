"""So many requests in so much time, and no more: a limit whose windows move with the stage's clock."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import HttpEffect
from sparring.mocks.faults.overload import overloaded
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import within


@dataclass(frozen=True)
class RateWindow(HttpEffect):
    """The first ``requests`` in every ``seconds`` are answered; the others get 429 as ``rate-limited`` gives it, and
    Retry-After says when the window ends. Windows begin at whole multiples of ``seconds`` by the stage's clock. With
    ``times`` null the limit stays.
    """

    kind: ClassVar[str] = "rate-window"
    moments: ClassVar[tuple[str, ...]] = ("before",)

    requests: int
    seconds: int
    form: Literal["seconds", "date"] = "seconds"

    def __post_init__(self) -> None:
        """Refuse a window that is none."""
        within("requests", self.requests, 0, 10**9)
        within("seconds", self.seconds, 1, 10**9)

    def window(self, scene: Scene) -> int:
        """The number of the window that it is in now."""
        return scene.desk.seconds() // self.seconds

    def answer(self, _given: Answer | None, scene: Scene) -> Answer:
        """The refusal, until the window ends."""
        left = self.seconds - scene.desk.seconds() % self.seconds
        return overloaded(self.kind, 429, left, self.form, scene)
