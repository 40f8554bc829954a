"""What a server has to keep to, whatever its clients do, set before it is measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

WARM = 600.0
"""Seconds that a run must take for its growth to be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Of one server process. Times in seconds, memory in MiB."""

    resident: float = 400
    """Memory at any time."""
    growth: float = 10
    """Memory a minute, after the warm-up: tokens that live for a day are remembered for a day."""
    descriptors_beside: int = 64
    """Descriptors beside one for each connection of a client."""
    descriptors_left: int = 16
    """Descriptors more than in the beginning when every client has gone."""
    p99: float = 1.0
    """Of a hundred requests by good clients, all but one are answered so soon."""
    unasked: int = 0
    """Answers from 500 up that no fault has asked for, and requests without an answer."""
    tracebacks: int = 0
    """In the server's log."""


@dataclass(slots=True)
class Measured:
    """What was found. ``samples``: seconds since the start, resident MiB, descriptors."""

    took: float = 0.0
    good: list[float] = field(default_factory=list)
    """Seconds that each answer to a good client took."""
    flows: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    unasked: list[str] = field(default_factory=list)
    samples: list[tuple[float, float, int]] = field(default_factory=list)
    connections: int = 0
    """The most that there were at a time."""
    left: int = 0
    tracebacks: int = 0

    def p99(self) -> float:
        """The time within which all but one of a hundred were answered."""
        return sorted(self.good)[int(len(self.good) * 0.99)] if self.good else float("inf")

    def growth(self) -> float:
        """MiB a minute from the end of the first third to the end, by the means of the two halves of what remains."""
        later = [sample for sample in self.samples if sample[0] >= self.took / 3]
        first, last = later[: len(later) // 2], later[len(later) // 2 :]
        if not first:
            return 0.0
        apart = _mean([sample[0] for sample in last]) - _mean([sample[0] for sample in first])
        grown = _mean([sample[1] for sample in last]) - _mean([sample[1] for sample in first])
        return grown / apart * 60


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


@dataclass(frozen=True, slots=True)
class Line:
    """One bound, what was measured, and whether it held."""

    name: str
    bound: str
    found: str
    held: bool


def held(bounds: Bounds, measured: Measured) -> list[Line]:
    """Every bound. Growth is judged from ten minutes on: before that, the recording fills."""
    resident = max((sample[1] for sample in measured.samples), default=0.0)
    descriptors = max((sample[2] for sample in measured.samples), default=0)
    allowed = measured.connections + bounds.descriptors_beside
    growth, p99, unasked = measured.growth(), measured.p99(), len(measured.unasked)
    lines = [
        Line("resident memory, MiB", f"{bounds.resident:g}", f"{resident:.0f}", resident <= bounds.resident),
        Line("descriptors", f"{allowed}", f"{descriptors}", descriptors <= allowed),
        Line(
            "descriptors left over",
            f"{bounds.descriptors_left}",
            f"{measured.left}",
            measured.left <= bounds.descriptors_left,
        ),
        Line("p99 of good clients, s", f"{bounds.p99:g}", f"{p99:.3f}", p99 <= bounds.p99),
        Line("5xx or no answer, unasked", f"{bounds.unasked}", f"{unasked}", unasked <= bounds.unasked),
        Line("tracebacks", f"{bounds.tracebacks}", f"{measured.tracebacks}", measured.tracebacks <= bounds.tracebacks),
    ]
    if measured.took >= WARM:
        lines.insert(1, Line("growth a minute, MiB", f"{bounds.growth:g}", f"{growth:.1f}", growth <= bounds.growth))
    return lines
