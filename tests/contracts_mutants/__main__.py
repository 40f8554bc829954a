"""``python -m tests.contracts_mutants``: break the providers and see whether their contracts notice."""

import argparse
import hashlib
import sys
from collections.abc import Sequence

from sparring.contracts.loading import has_rules
from sparring.mocks.providers import NAMES
from tests.contracts_mutants.equivalents import EQUIVALENT
from tests.contracts_mutants.killing import Outcome, Ring
from tests.contracts_mutants.mutator import Mutant

GOAL = 0.95


def main(arguments: Sequence[str]) -> int:
    """Print each provider's figures and its survivors; 1 where too many live on."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts_mutants", description=__doc__)
    parser.add_argument("providers", nargs="*", help="which; all that have a contract, if none is named")
    parser.add_argument("--sample", type=int, help="try so many of each provider, drawn by the seed, instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="say who killed whom")
    chosen = parser.parse_args(arguments)
    names = chosen.providers or [name for name in NAMES if has_rules(name)]
    good = [_provider(name, chosen.sample, chosen.seed, verbose=chosen.verbose) for name in names]
    return 0 if all(good) else 1


def _provider(name: str, sample: int | None, seed: int, *, verbose: bool) -> bool:
    ring = Ring(name)
    found = ring.mutants()
    stale = sorted(key for key in EQUIVALENT if key.startswith(f"{name}/") and key not in {each.key for each in found})
    for key in stale:
        print(f"  no such mutant any more: {key}")
    chosen = [mutant for mutant in found if mutant.key not in EQUIVALENT]
    if sample is None:
        ring.cover()
    else:
        chosen = drawn(chosen, sample, seed)
    outcomes: list[Outcome] = []
    for mutant in chosen:
        outcomes.append(ring.try_out(mutant))
        if verbose or outcomes[-1].killer is None:
            told = outcomes[-1].killer or "LIVES"
            print(f"  {told}  {mutant.key} (line {mutant.line}) {mutant.broken()[1]}", flush=True)
    killed = sum(outcome.killer is not None for outcome in outcomes)
    share = killed / len(outcomes) if outcomes else 1.0
    print(f"{name}: {killed} of {len(outcomes)} killed ({share:.1%}), {len(found)} in all", flush=True)
    return share >= GOAL and not stale


def drawn(found: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """So many of them, the same ones for the same seed whatever else there is."""
    return sorted(found, key=lambda each: hashlib.sha256(f"{seed} {each.key}".encode()).digest())[:size]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
