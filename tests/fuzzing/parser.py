"""One parser under trial: what it is given, what it may say no with, and what may never happen."""

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from hypothesis.strategies import SearchStrategy

PATIENCE = 10
"""Seconds of processor time after which a case counts as one that never ends."""

SLOW = 0.25
"""Seconds of processor time from which on it is asked how the time grows."""

STEEPEST = 2.8
"""By what the time may grow where the input is twice as long; 2 is a straight line, 4 a square."""

LARGEST = 1 << 16
"""Bytes to which an input is blown up."""


@dataclass(frozen=True, kw_only=True)
class Parser:
    """``cases`` are inputs good and bad, as bytes; ``read`` takes any bytes at all. ``own`` are the errors by which it
    may refuse them; whatever else it raises is a defect.
    """

    name: str
    cases: SearchStrategy[bytes]
    read: Callable[[bytes], object]
    own: tuple[type[BaseException], ...] = ()
    steep: bool = False
    """Whether its time may grow with the square: libyaml's does for nested brackets, in files that are the user's own.
    """


class NeverEndsError(Exception):
    """A case that took longer than ``PATIENCE``."""


@contextmanager
def _patience() -> Iterator[None]:
    def over(_number: int, _frame: FrameType | None) -> None:
        raise NeverEndsError(f"no end within {PATIENCE} s")

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def trouble(parser: Parser, data: bytes) -> str:
    """What goes wrong with those bytes, the traceback included; empty where nothing does."""
    try:
        with _patience():
            parser.read(data)
    except parser.own:
        return ""
    except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
        return traceback.format_exc()
    return ""


def blow_up(data: bytes, start: int, length: int, size: int) -> bytes:
    """Those bytes with the part that begins there repeated until all is about so long."""
    part = data[start : start + length] or b"a"
    return data[:start] + part * max(1, (size - len(data)) // len(part)) + data[start + length :]


def steepness(parser: Parser, data: bytes, start: int, length: int) -> str:
    """How the time grows too fast where a part of those bytes is repeated; empty where it does not."""
    size, before = LARGEST >> 5, 0.0
    while size <= LARGEST:
        told, took = _timed(parser, blow_up(data, start, length, size))
        if told:
            return told
        if before and _steep(took, before):  # once more: whatever else runs here takes time as well
            took = min(took, _timed(parser, blow_up(data, start, length, size))[1])
            before = max(before, _timed(parser, blow_up(data, start, length, size // 2))[1])
            if _steep(took, before):
                return f"{size} bytes took {took:.2f} s, half of them {before:.2f} s"
        size, before = size * 2, took
    return ""


def _timed(parser: Parser, data: bytes) -> tuple[str, float]:
    """What goes wrong, and how many seconds of the processor it took."""
    began = time.process_time()
    told = trouble(parser, data)
    return told, time.process_time() - began


def _steep(took: float, before: float) -> bool:
    return took > SLOW and took > STEEPEST * before


def smallest(parser: Parser, data: bytes) -> bytes:
    """A shorter input with which it goes wrong too: parts are left out as long as it does."""
    step = len(data) // 2
    while step:
        start = 0
        while start < len(data):
            shorter = data[:start] + data[start + step :]
            if trouble(parser, shorter):
                data = shorter
            else:
                start += step
        step //= 2
    return data
