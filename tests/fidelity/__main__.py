"""``python -m tests.fidelity [ENGINE] [--write]``: contracts at the real engines; writes docs/fidelity.md."""

import sys

from tests.fidelity import engines, report, results
from tests.fidelity.cache import Unavailable
from tests.fidelity.trying import UNEXPLAINED, Explanations, Tried


def main(arguments: list[str]) -> int:
    """0 when everything tried is explained, 1 when something is not."""
    explanations = Explanations.read()
    kept = results.read() if results.FILE.exists() else []
    if "--write" in arguments:
        kept = [explanations.again(tried) for tried in kept]
    else:
        wanted = arguments[0].lower() if arguments else ""
        for trying in engines.TABLE:
            if trying.name.lower().startswith(wanted):
                kept = _with(kept, trying, explanations)
    results.write(kept)
    report.DOCUMENT.write_text(report.document(kept, explanations), encoding="utf-8")
    unexplained = [
        f"{tried.engine}: {outcome.trial}: {each.path}: expected {each.wanted}, got {each.got}"
        for tried in kept
        for outcome in tried.outcomes
        for each in outcome.found
        if each.explanation == UNEXPLAINED
    ]
    print(*unexplained, sep="\n")
    print(f"{len(unexplained)} differences without an explanation")
    return 1 if unexplained else 0


def _with(kept: list[Tried], trying: engines.Trying, explanations: Explanations) -> list[Tried]:
    print(f"{trying.name}: running", flush=True)
    try:
        tried = engines.run(trying, explanations)
    except Unavailable as reason:
        print(f"{trying.name}: not tried. {reason}")
        return kept
    print(f"{tried.engine}: {sum(outcome.agrees for outcome in tried.outcomes)} of {len(tried.outcomes)} agree")
    names = [each.name for each in engines.TABLE]
    others = [one for one in kept if not one.engine.startswith(trying.name)]
    return sorted(
        [*others, tried], key=lambda one: next(at for at, name in enumerate(names) if one.engine.startswith(name))
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
