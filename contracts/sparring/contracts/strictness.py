"""What each provider does with a bad request: probes, and for each provider the case that tries it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec

from sparring.contracts.errors import ContractError
from sparring.contracts.expecting import parameters
from sparring.contracts.grammar import Member, Name, Sentence
from sparring.contracts.loading import Trial, read_yaml, rules
from sparring.contracts.values import UnknownValueError, fill

PROVIDERS = ("rotor", "clickview", "movingimage", "panopto", "ingest")
Cell = Annotated[str, msgspec.Meta(pattern=r"^([a-z]+(/[a-z0-9-]+)+(#[a-z0-9_-]+)?|- .+)$")]


class Probe(Member, kw_only=True):
    """One bad request. A cell is a rule's id, ``id#case``, or several; or ``-`` and why it does not apply."""

    id: Name
    text: Sentence
    cells: dict[Name, Cell | list[Cell]]

    def named(self, provider: str) -> tuple[str, ...]:
        """What a provider's cell names."""
        cell = self.cells[provider]
        return tuple(cell) if isinstance(cell, list) else (cell,)


class _Table(Member, kw_only=True):
    probes: list[Probe]


def parse_strictness(source: str, where: str) -> tuple[Probe, ...]:
    """Read the table; ``where`` names it in errors. ContractError."""
    try:
        table = msgspec.convert(read_yaml(source, where), _Table)
    except msgspec.ValidationError as error:
        raise ContractError(f"{where}: {error}") from error
    for probe in table.probes:
        if tuple(probe.cells) != PROVIDERS:
            raise ContractError(f"{where}, {probe.id}: the cells are those of {', '.join(PROVIDERS)}, in that order")
    return tuple(table.probes)


@cache
def strictness() -> tuple[Probe, ...]:
    """The probes, in the order of the file."""
    file = files("sparring.contracts") / "strictness.yaml"
    return parse_strictness(file.read_text(encoding="utf-8"), "strictness.yaml")


def trials(cell: str) -> tuple[Trial, ...]:
    """The trials that a cell names; none where it does not apply. ContractError where there are none of that name."""
    if cell.startswith("-"):
        return ()
    id_, _, case = cell.partition("#")
    found = [trial for trial in rules(id_.partition("/")[0]).trials if trial.rule.id == id_]
    named = tuple(trial for trial in found if case in {"", trial.case})
    if not named:
        raise ContractError(f"strictness.yaml: there is no case `{cell}`")
    return named


def answer(trial: Trial) -> str:
    """What comes back, in a few words: status, and the error where one is named."""
    constants = rules(trial.rule.id.partition("/")[0]).table.values
    expect = trial.expect
    members = expect.json if isinstance(expect.json, Mapping) else expect.json_has
    said = ""
    if isinstance(members, Mapping) and "error" in members:
        error, words = (_constant(members.get(name, ""), constants) for name in ("error", "error_description"))
        said = f'{error} "{words}"' if words else error
    elif expect.location is not None:
        pairs = dict(parameters(expect.location.query)) | dict(parameters(expect.location.fragment))
        said = f"redirect, {pairs['error']}" if "error" in pairs else "redirect"
    elif expect.page is not None:
        title = _constant(expect.page.title or "", constants)
        said = f'page "{title}"' if title else "page"
    elif expect.body == "":
        said = "empty"
    return f"{expect.status} {said}".strip()


def _constant(text: object, constants: Mapping[str, object]) -> str:
    """A text, where it is the same every time."""
    try:
        made = str(fill(text, constants))
    except UnknownValueError:
        return ""
    return "" if "<<" in made else made


def page() -> str:
    """The table as Markdown."""
    lines = [
        "<!-- Made by `make docs` from strictness.yaml and the contracts. -->",
        "",
        "# How strict each provider is",
        "",
        "What comes back for a bad request. The fakes accept what the real service accepts. Every answer is tried by",
        "the rule under it; `sparring explain RULE` says where it is known from. What is known from elsewhere than a",
        "document of the provider's is marked: `engine`, `client`, `assumed` (see [contracts](../contracts.md)).",
        "",
        f"| probe | {' | '.join(PROVIDERS)} |",
        f"|---{'|---' * len(PROVIDERS)}|",
    ]
    for probe in strictness():
        cells = ["<br>".join(_cell(each) for each in probe.named(name)) for name in PROVIDERS]
        lines.append(f"| {probe.text} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(cell: str) -> str:
    found = trials(cell)
    if not found:
        return cell
    first = found[0]
    mark = f" [{first.rule.mark}]" if first.rule.mark != "doc" else ""
    variant = f" (variant {first.variant})" if first.variant != "default" else ""
    return f"{answer(first)}{variant}{mark}<br>`{cell.partition('/')[2]}`".replace("|", "\\|")
