"""What the specifications and the providers' public documents ask of a client, sentence by sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import yaml

from sparring.contracts.errors import ContractError
from sparring.contracts.places import built_in, contract_file
from sparring.contracts.yamls import read_yaml

_MEMBERS = frozenset({"id", "section", "keyword", "text", "quoted", "checks", "excluded"})


class UnknownClauseError(LookupError):
    """No clause has that id; the message names the nearest one that exists."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence that a check may cite.

    ``keyword`` is the document's own word of obligation (MUST, SHOULD, required, ...), empty where it has none.
    ``quoted`` tells the exact words from a paraphrase. ``checks`` are the ids of the checks that decide it; where there
    is none, ``excluded`` says why.
    """

    id: str
    document: str
    section: str
    keyword: str
    text: str
    quoted: bool
    checks: tuple[str, ...]
    excluded: str = ""

    @property
    def label(self) -> str:
        """Document and section in a few words: ``RFC 6749 10.12``."""
        name = self.document.partition(":")[0] if self.document.startswith("RFC ") else f"{self.document},"
        return f"{name} {self.section}"

    @property
    def provider(self) -> str | None:
        """The provider whose document this is, or None for a specification that holds everywhere."""
        return None if is_specification(self.id) else self.id.partition("/")[0]


def is_specification(id: str) -> bool:  # noqa: A002
    """Whether a clause of that id stands in a specification, which holds everywhere, and in no provider's document."""
    return id.startswith(("rfc", "oidc-"))


def _text(row: Mapping[str, Any], member: str, where: str) -> str:
    value = row.get(member)
    if not isinstance(value, str):
        raise ContractError(f"{where}: `{member}` must be a string, not {value!r}")
    return value


def _clause(row: object, document: str, owner: str, where: str) -> Clause:
    if not isinstance(row, dict):
        raise ContractError(f"{where}: a clause must be a mapping, not {row!r}")
    where = f"{where}, {row.get('id', 'a clause without an id')}"
    unknown = sorted(set(row) - _MEMBERS, key=str)
    if unknown:
        raise ContractError(f"{where}: unknown member `{unknown[0]}`; known are {', '.join(sorted(_MEMBERS))}")
    checks = row.get("checks", [])
    if not isinstance(checks, list) or not all(isinstance(check, str) for check in checks):
        raise ContractError(f"{where}: `checks` must be a list of check ids")
    if not isinstance(row.get("quoted"), bool):
        raise ContractError(f"{where}: `quoted` must be true or false")
    clause = Clause(
        id=_text(row, "id", where),
        document=document,
        section=_text(row, "section", where),
        keyword=_text(row, "keyword", where),
        text=_text(row, "text", where),
        quoted=bool(row["quoted"]),
        checks=tuple(checks),
        excluded=_text(row, "excluded", where) if "excluded" in row else "",
    )
    if not clause.id.startswith(f"{owner}/"):
        raise ContractError(f"{where}: an id in this file starts with `{owner}/`")
    if bool(clause.checks) == bool(clause.excluded):
        raise ContractError(f"{where}: give either the `checks` that decide it, or in `excluded` why none does")
    return clause


def parse(text: str, owner: str, where: str) -> tuple[Clause, ...]:
    """Read one contract file. ``owner`` is what its ids start with, ``where`` names it in errors."""
    try:
        document = read_yaml(text)
    except yaml.YAMLError as problem:
        raise ContractError(f"{where}: not YAML: {problem}") from problem
    if not isinstance(document, dict) or set(document) != {"document", "clauses"}:
        raise ContractError(f"{where}: a contract file has exactly the members `document` and `clauses`")
    rows = document["clauses"]
    if not isinstance(rows, list):
        raise ContractError(f"{where}: `clauses` must be a list")
    title = _text(document, "document", where)
    return tuple(_clause(row, title, owner, where) for row in rows)


def _sources() -> list[tuple[Traversable, str]]:
    root = files("sparring.contracts")
    found = [
        (file, file.name.removesuffix(".yaml")) for file in (root / "rfc").iterdir() if file.name.endswith(".yaml")
    ]
    for folder in (root / "providers").iterdir():
        document = folder / "document.yaml"
        if document.is_file():
            found.append((document, folder.name))
    return sorted(found, key=lambda pair: pair[1])


@cache
def _table() -> Mapping[str, Clause]:
    table: dict[str, Clause] = {}
    for file, owner in _sources():
        for row in parse(file.read_text(encoding="utf-8"), owner, f"{owner}: {file.name}"):
            if row.id in table:
                raise ContractError(f"{owner}: {file.name}: `{row.id}` occurs twice")
            table[row.id] = row
    return MappingProxyType(table)


@cache
def _of_installed(owner: str) -> Mapping[str, Clause]:
    """The clauses of a provider that is not built-in."""
    file = None if owner in built_in() else contract_file(owner, "document.yaml")
    if file is None:
        return {}
    return {row.id: row for row in parse(file.read_text(encoding="utf-8"), owner, f"{owner}: document.yaml")}


def clauses() -> tuple[Clause, ...]:
    """Every clause of the specifications and the built-in providers, by file and then in the order of the file."""
    return tuple(_table().values())


def clause(id: str) -> Clause:  # noqa: A002
    """The clause of that id; :class:`UnknownClauseError` names the nearest one where there is none."""
    table = _table()
    if id not in table:
        table = {**table, **_of_installed(id.partition("/")[0])}
    try:
        return table[id]
    except KeyError:
        near = get_close_matches(id, table, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise UnknownClauseError(f"no clause `{id}`{hint}") from None
