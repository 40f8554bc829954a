"""One parser or one port, tried in a process of its own."""

import time
import warnings

from sparring.mocks.providers import NAMES
from tests.fuzzing.parsers import PARSERS
from tests.fuzzing.running import Tally, resident, run
from tests.fuzzing.wire import running as wire

WIRE = "wire-"
PORTS = (*NAMES, "ingest-tls", "panopto-tls", "decoy", "control", "proxy")


def tried(name: str, cases: int, seed: int) -> tuple[Tally, int, float]:
    """The tally of one of them; by how many bytes this process grew after the first quarter; and seconds."""
    warnings.simplefilter("ignore")  # patterns and dates that a later Python reads otherwise
    began = time.process_time()
    first = _run(name, cases // 4 + 1, seed)
    before = resident()
    rest = Tally(name) if first.wrong else _run(name, cases - first.cases, seed + 1_000_000)
    grown = max(0, resident() - before)
    return Tally(name, first.cases + rest.cases, first.wrong + rest.wrong), grown, time.process_time() - began


def _run(name: str, cases: int, seed: int) -> Tally:
    if name.startswith(WIRE):
        return wire.run(name.removeprefix(WIRE), cases, seed)
    return run(next(one for one in PARSERS if one.name == name), cases, seed)
