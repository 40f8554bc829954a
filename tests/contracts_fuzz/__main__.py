"""``python -m tests.contracts_fuzz``: ask the fakes what their OpenAPI documents allow, and what they do not."""

import argparse
import sys
from collections.abc import Sequence

from sparring.mocks.providers import NAMES, load
from tests.contracts_fuzz.fuzzing import Fuzzer, Tally

SHARE = 1 / 3
"""Of the answers, 2xx or 3xx at least."""


def main(arguments: Sequence[str]) -> int:
    """Print each provider's figures and what was wrong; 1 where anything was."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts_fuzz", description=__doc__)
    parser.add_argument("providers", nargs="*", help="which; all, if none is named")
    parser.add_argument("--variants", action="store_true", help="each variant of them, not only the default one")
    parser.add_argument("--cases", type=int, default=2000, help="so many for each provider")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="say what each operation answered")
    chosen = parser.parse_args(arguments)
    print(f"{'provider':24} {'cases':>6} {'2xx/3xx':>14} {'4xx':>6} {'5xx':>5} {'authenticated':>16} {'wrong':>6}")
    good = True
    names = chosen.providers or NAMES
    wanted = [(name, each) for name in names for each in (load(name).variants if chosen.variants else ("default",))]
    for provider, variant in wanted:
        tally = Fuzzer(provider, variant).run(chosen.cases, chosen.seed)
        good &= not tally.wrong and tally.granted >= SHARE and tally.cases >= chosen.cases
        print(row(tally), flush=True)
        never = [name for name, seen in tally.operations.items() if not any(200 <= each < 400 for each in seen)]
        if never:
            print(f"  never granted: {', '.join(never)}")
        if chosen.verbose:
            for operation, statuses in tally.operations.items():
                print(f"  {operation:34} {dict(sorted(statuses.items()))}")
        for complaint, exchange in tally.wrong.items():
            print(f"  ! {complaint}\n    {exchange}")
    return 0 if good else 1


def row(tally: Tally) -> str:
    """A provider's figures; those past client authentication of all that had to pass it."""
    granted, refused, broken = (tally.between(low, high) for low, high in ((200, 400), (400, 500), (500, 600)))
    share = f"{granted} ({tally.granted:.0%})"
    past = f"{tally.admitted} of {tally.guarded}"
    return f"{tally.name:24} {tally.cases:6} {share:>14} {refused:6} {broken:5} {past:>20} {len(tally.wrong):6}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
