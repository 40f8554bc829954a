"""Many cases for one parser: drawn by Hypothesis, mutated, blown up, and what went wrong kept as a regression."""

import ctypes
import gc
from ast import literal_eval
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.fuzzing.mutants import mutants
from tests.fuzzing.parser import Parser, smallest, steepness, trouble

CORPUS = Path(__file__).parent / "corpus"
Case = bytes | tuple[bytes, int, int]
"""An input; or one of which the part that begins there, and is so long, is repeated."""
MUTANTS = 15
"""Of each case that is drawn."""
AT_ONCE = 250
"""Cases that Hypothesis draws in one go: what it remembers of them is given back after that."""
GROWTH = 48 << 20
"""Bytes by which a process may grow between the first quarter of its cases and the last."""


@dataclass(slots=True)
class Tally:
    """What came of the cases of one parser. ``wrong``: the input, as short as it could be made, and what it did."""

    name: str
    cases: int = 0
    wrong: list[tuple[Case, str]] = field(default_factory=list)


def kept(name: str) -> list[Case]:
    """The inputs with which that parser went wrong once."""
    file = CORPUS / f"{name}.txt"
    return [literal_eval(line) for line in file.read_text().splitlines()] if file.exists() else []


def keep(name: str, case: Case) -> None:
    """Keep an input as a regression."""
    if case not in kept(name):
        with (CORPUS / f"{name}.txt").open("a") as file:
            file.write(f"{case!r}\n")


def again(parser: Parser, case: Case) -> str:
    """What goes wrong with an input that was kept; empty where nothing does any more."""
    return trouble(parser, case) if isinstance(case, bytes) else steepness(parser, *case)


def run(parser: Parser, cases: int, seed: int, *, blow_ups: bool = True) -> Tally:
    """So many cases at least; it ends at the first that goes wrong."""
    tally = Tally(parser.name)
    for case in kept(parser.name):
        tally.cases += 1
        if told := again(parser, case):
            tally.wrong.append((case, told))
            return tally
    number = seed
    while tally.cases < cases and not tally.wrong:
        batch = min(AT_ONCE, -(-(cases - tally.cases) // (MUTANTS + 1)))
        for data, dice in drawn(parser.cases, batch, number):
            well = all(_goes_well(parser, tally, each) for each in (data, *mutants(data, dice, MUTANTS)))
            if not well:
                return tally
            if blow_ups and not parser.steep and dice % 16 == 0:
                start, length = dice % (len(data) + 1), 1 + dice % 7
                if steep := steepness(parser, data, start, length):
                    tally.wrong.append(((data, start, length), steep))
        number += 1
    return tally


def _goes_well(parser: Parser, tally: Tally, data: bytes) -> bool:
    tally.cases += 1
    if told := trouble(parser, data):
        short = smallest(parser, data)
        tally.wrong.append((short, trouble(parser, short) or told))
    return not told


def drawn(cases: st.SearchStrategy[bytes], count: int, seed: int) -> Iterable[tuple[bytes, int]]:
    """So many cases, each with a number to mutate it by; the same ones for the same seed."""
    found: list[tuple[bytes, int]] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases, st.integers(0, 1 << 32))
    def draw(data: bytes, dice: int) -> None:
        found.append((data, dice))

    draw()
    return found


def resident() -> int:
    """Bytes of this process that lie in memory, as Linux tells it; not what the C library only holds back."""
    gc.collect()
    with suppress(AttributeError):  # glibc's alone
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
