"""``python -m tests.fuzzing``: many cases for every parser, and for every port."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.fuzzing.parsers import PARSERS
from tests.fuzzing.running import GROWTH, keep
from tests.fuzzing.trying import PORTS, WIRE, tried


def main(arguments: Sequence[str]) -> int:
    """Print each one's figures and what was wrong; 1 where anything was."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="so many in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", metavar="NAME", help="that parser or port; may be repeated")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="the names, and no more")
    chosen = parser.parse_args(arguments)
    names = [*(one.name for one in PARSERS), *(f"{WIRE}{name}" for name in PORTS)]
    if chosen.list:
        print("\n".join(names))
        return 0
    wanted = chosen.only or names
    if unknown := set(wanted) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    each = -(-chosen.cases // len(wanted))
    began, total, good = time.perf_counter(), 0, True
    context = get_context("spawn")
    with ProcessPoolExecutor(chosen.processes, mp_context=context) as pool:
        found = [pool.submit(tried, name, each, chosen.seed) for name in wanted]
        for one in found:
            tally, grown, took = one.result()
            total += tally.cases
            good &= not tally.wrong and grown <= GROWTH
            print(f"{tally.name:20} {tally.cases:8} cases {took:7.1f} s {grown / 2**20:6.1f} MiB grown", flush=True)
            for data, told in tally.wrong:
                keep(tally.name, data)
                print(f"  ! {data!r}\n    {told.strip().replace(chr(10), chr(10) + '    ')}", flush=True)
    print(f"{total} cases, {time.perf_counter() - began:.0f} s, {'all well' if good else 'NOT WELL'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
