"""The page about the mutants: the score of each module, and what the survivors have in common."""

from collections import Counter
from dataclasses import dataclass

from tests.mutation.staging import ROOT
from tests.mutation.survivors import Reason, Survivor

PAGE = ROOT / "docs" / "mutation.md"

_HEAD = """\
<!-- Made by `python -m tests.mutation`; edit tests/mutation instead. -->

# Mutation testing: do the tests notice?

The checks, the judge and the engine are broken on purpose, one small change at a time, by
[mutmut](https://mutmut.readthedocs.io): a comparison turned round, a number moved, an argument left out, a text
replaced. A change that no test notices is a hole in the tests, or makes no difference; each of those that live is
explained below. `make mutation` does it again; what is tried are the tests of these folders alone, not the runs from
end to end, of which [the kill matrix](kill-matrix.md) tells.
"""


@dataclass(frozen=True, slots=True)
class Module:
    """One file: how many mutants were made and tried, which lived for a reason, and which without."""

    path: str
    made: int
    tried: int
    explained: tuple[tuple[Survivor, Reason], ...]
    open: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        """How many a test noticed."""
        return self.tried - len(self.explained) - len(self.open)


def written(modules: list[Module]) -> str:
    """The page, in Markdown."""
    tried, killed = sum(module.tried for module in modules), sum(module.killed for module in modules)
    explained = sum(len(module.explained) for module in modules)
    rest = tried - killed - explained
    lines = [
        _HEAD,
        f"**{killed} of {tried} mutants were noticed ({killed / max(tried, 1):.1%});** {explained} live for a",
    ]
    lines[-1] += f" reason that is given here, {rest} without."
    made = sum(module.made for module in modules)
    if made > tried:
        lines[-1] += f" {made - tried} more were made, and there was no time to try them: of those nothing is known."
    lines += ["", "| module | mutants | tried | noticed | explained | unexplained |", "|---|--:|--:|--:|--:|--:|"]
    for module in modules:
        cells = (module.made, module.tried, module.killed, len(module.explained), len(module.open))
        name = module.path.removeprefix("src/sparring/")
        lines.append(f"| `{name}` | {' | '.join(map(str, cells))} |")
    lines += ["", "## Why some may live", ""]
    why = Counter(reason.why for module in modules for _, reason in module.explained)
    lines += [f"- {count} times: {reason}" for reason, count in why.most_common()]
    if rest:
        lines += ["", "## Not explained", ""]
        lines += [f"- `{one.where}`: `{one.before}` became `{one.after}`" for module in modules for one in module.open]
    return "\n".join(lines) + "\n"
