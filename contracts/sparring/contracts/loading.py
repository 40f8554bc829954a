"""Reading a provider's table of rules; every complaint is one sentence that names file, rule and member."""

import difflib
import functools
import re
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec
import yaml

from sparring.contracts import yamls
from sparring.contracts.errors import ContractError
from sparring.contracts.grammar import VERBS, Ask, Case, ChangeClient, ChangeUser, Expect, Rule, State, Step, Table
from sparring.contracts.places import contract_file
from sparring.contracts.soundness import SoundnessError, sound_expect, sound_steps

T = TypeVar("T")
FRESH = "fresh"
_ID = re.compile(r"[\w./-]+")


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to try a rule: the state it begins in, what is done there and what is expected of the last answer."""

    rule: Rule
    case: str
    given: str
    variant: str
    destructive: bool
    undocumented: bool
    alone: bool
    steps: tuple[Step, ...]
    expect: Expect

    @property
    def id(self) -> str:
        """The rule's id, with the case's name behind a ``#`` where there is one."""
        return f"{self.rule.id}#{self.case}" if self.case else self.rule.id


@dataclass(frozen=True, slots=True)
class Contract:
    """A provider's table of rules, read and found sound."""

    provider: str
    table: Table
    trials: tuple[Trial, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order of the file."""
        return tuple(self.table.rules)

    def rule(self, id: str) -> Rule | None:  # noqa: A002
        """The rule of that id."""
        return next((rule for rule in self.table.rules if rule.id == id), None)

    def chain(self, state: str) -> tuple[tuple[str, State], ...]:
        """The states to go through, the first one first; none for a fresh provider."""
        found: list[tuple[str, State]] = []
        name: str | None = state
        while name is not None and name != FRESH:
            found.append((name, self.table.states[name]))
            name = self.table.states[name].after
        return tuple(reversed(found))


class _Reader(yamls.LOADER):  # type: ignore[misc]
    """YAML without dates and without repeated members."""


def _mapping(reader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    """Members merged in with ``<<`` come first; those beside it may stand over them."""
    written: set[Any] = set()
    for key_node in (key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"):
        key = reader.construct_object(key_node, deep=True)
        if key in written:
            raise yaml.constructor.ConstructorError(None, None, f"`{key}` occurs twice", key_node.start_mark)
        written.add(key)
    reader.flatten_mapping(node)
    made: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        made[reader.construct_object(key_node, deep=True)] = reader.construct_object(value_node, deep=True)
    return made


_Reader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Reader.add_constructor("tag:yaml.org,2002:timestamp", lambda reader, node: reader.construct_scalar(node))


def read_yaml(source: str, where: str) -> Any:
    """A YAML document; dates stay text, and a member that occurs twice is an error. ContractError."""
    try:
        return yamls.read_yaml(source, _Reader)
    except yaml.YAMLError as problem:
        raise ContractError(f"{where}: not YAML: {' '.join(str(problem).split())}") from problem


def _step(kind: type, row: Any) -> Any:
    if kind is not Step:
        raise NotImplementedError(kind)
    if not isinstance(row, dict):
        raise ValueError(f"a step is a mapping, not {row!r}")  # noqa: TRY004  msgspec names the place of a ValueError
    verbs = [name for name in row if name in VERBS]
    if len(verbs) != 1:
        found = (
            f"has {' and '.join(f'`{verb}`' for verb in verbs)}" if verbs else f"has only {', '.join(map(str, row))}"
        )
        raise ValueError(f"a step has exactly one of {', '.join(VERBS)}; this one {found}")
    try:
        return msgspec.convert(row, VERBS[verbs[0]])
    except msgspec.ValidationError as error:
        raise ValueError(f"`{verbs[0]}`: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    message, _, path = str(error).partition(" - at `$")
    path = path.rstrip("`").lstrip(".")
    return f"{path}: {message}" if path else message


def _convert(row: Any, kind: type[T], where: str) -> T:
    try:
        return msgspec.convert(row, kind, dec_hook=_step)
    except msgspec.ValidationError as error:
        raise ContractError(f"{where}: {_sentence(error)}") from error


def parse_rules(source: str, where: str) -> Contract:
    """Read a table of rules; ``where`` names it in errors. ContractError."""
    document = read_yaml(source, where)
    if not isinstance(document, dict) or not isinstance(document.get("rules", []), list):
        raise ContractError(f"{where}: a table of rules is a mapping with `provider` and a list of `rules`")
    head = {name: value for name, value in document.items() if name not in {"rules", "states"}}
    table = _convert(head, Table, where)
    states = document.get("states") or {}
    if not isinstance(states, dict):
        raise ContractError(f"{where}: `states` must be a mapping")
    made = {str(name): _convert(row, State, f"{where}, state {name}") for name, row in states.items()}
    rows = [_convert(row, Rule, f"{where}, {_called(row)}") for row in document.get("rules") or []]
    table = msgspec.structs.replace(table, states=made, rules=rows)
    contract = Contract(table.provider, table, tuple(_trials(table, where)))
    _check(contract, where)
    crowded = {name for name in made if any(state.alone for _, state in contract.chain(name))}
    return replace(contract, trials=tuple(_alone(trial, crowded) for trial in contract.trials))


def _alone(trial: Trial, states: Set[str]) -> Trial:
    return replace(trial, alone=True) if trial.given in states else trial


def _called(row: object) -> str:
    name = row.get("id") if isinstance(row, dict) else None
    return name if isinstance(name, str) and _ID.fullmatch(name) else "a rule without an id"


def _trials(table: Table, where: str) -> Iterator[Trial]:
    for rule in table.rules:
        here = f"{where}, {rule.id}"
        if rule.excluded is not None:
            if rule.steps is not None or rule.cases is not None or rule.expect is not None:
                raise ContractError(f"{here}: an excluded rule has no steps, cases or expectation")
            continue
        names = [case.name for case in rule.cases or []]
        if len(set(names)) != len(names):
            raise ContractError(f"{here}: two cases have the same name")
        for case in rule.cases if rule.cases is not None else [None]:
            yield _trial(rule, case, here if case is None else f"{here}#{case.name}")
        if rule.cases == []:
            raise ContractError(f"{here}: `cases` is empty")


def _trial(rule: Rule, case: Case | None, where: str) -> Trial:
    def own(name: str) -> Any:
        value = None if case is None else getattr(case, name)
        return getattr(rule, name) if value is None else value

    steps, expect = own("steps"), own("expect")
    if not steps or expect is None:
        raise ContractError(f"{where}: give `steps` and `expect`, or in `excluded` why no exchange can show it")
    return Trial(
        rule=rule,
        case="" if case is None else case.name,
        given=own("given"),
        variant=own("variant"),
        destructive=own("destructive"),
        undocumented=own("undocumented"),
        alone=own("alone"),
        steps=tuple(steps),
        expect=expect,
    )


def _check(contract: Contract, where: str) -> None:
    table = contract.table
    seen: set[str] = set()
    for rule in table.rules:
        if rule.id in seen:
            raise ContractError(f"{where}, {rule.id}: the id occurs twice")
        if not rule.id.startswith(f"{table.provider}/"):
            raise ContractError(f"{where}, {rule.id}: an id in this file starts with `{table.provider}/`")
        seen.add(rule.id)
    for name, state in table.states.items():
        _known_state(table, state.after or FRESH, f"{where}, state {name}")
        _no_circle(table, name, f"{where}, state {name}")
    kept: dict[str, frozenset[str]] = {}
    for name in table.states:
        _kept(contract, name, kept, where)
    for trial in contract.trials:
        here = f"{where}, {trial.id}"
        _known_state(table, trial.given, here)
        if len(trial.steps) > 3:
            raise ContractError(
                f"{here}: a rule is tried in at most three steps; what comes before belongs into a state"
            )
        if not isinstance(trial.steps[-1], Ask):
            raise ContractError(f"{here}: the last step must be one that is answered")
        names = _kept(contract, trial.given, kept, where) | set(table.values)
        with _complaining(here):
            sound_expect(trial.expect, sound_steps(trial.steps, names))


@contextmanager
def _complaining(where: str) -> Iterator[None]:
    try:
        yield
    except SoundnessError as error:
        raise ContractError(f"{where}: {error}") from error


def _known_state(table: Table, name: str, where: str) -> None:
    if name != FRESH and name not in table.states:
        near = difflib.get_close_matches(name, [FRESH, *table.states], n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise ContractError(f"{where}: there is no state `{name}`{hint}")


def _no_circle(table: Table, name: str, where: str) -> None:
    seen: set[str] = set()
    at: str | None = name
    while at is not None and at != FRESH:
        if at in seen:
            raise ContractError(f"{where}: it builds on itself")
        seen.add(at)
        at = table.states[at].after if at in table.states else None


def _kept(contract: Contract, name: str, done: dict[str, frozenset[str]], where: str) -> frozenset[str]:
    """The names that a state's steps keep, its own and those before it."""
    if name == FRESH:
        return frozenset()
    if name not in done:
        state = contract.table.states[name]
        before = _kept(contract, state.after or FRESH, done, where)
        names = before | set(contract.table.values)
        given: list[Step] = [ChangeClient(change_client=client) for client in state.clients]
        given += [ChangeUser(change_user=user) for user in state.users]
        with _complaining(f"{where}, state {name}"):
            done[name] = before | sound_steps([*given, *state.steps], names)
    return done[name]


def _file(provider: str) -> Traversable | None:
    return contract_file(provider, "rules.yaml")


def has_rules(provider: str) -> bool:
    """Whether there is a table of rules for that provider."""
    return _file(provider) is not None


@functools.cache
def rules(provider: str) -> Contract:
    """The provider's contract. ContractError where its file is not sound, LookupError where there is none."""
    file = _file(provider)
    if file is None:
        raise LookupError(f"there is no contract for {provider!r}")
    contract = parse_rules(file.read_text(encoding="utf-8"), f"{provider}: rules.yaml")
    if contract.provider != provider:
        raise ContractError(f"{provider}: rules.yaml: `provider` says {contract.provider}")
    return contract


def schema() -> dict[str, Any]:
    """The grammar as JSON Schema 2020-12, made from the types."""
    verbs = tuple(VERBS.values())
    _, defined = msgspec.json.schema_components(
        [Table, *verbs], schema_hook=lambda _: {"$ref": "#/$defs/Step"}, ref_template="#/$defs/{name}"
    )
    step = {
        "description": "One thing done; the member that it is named after says which.",
        "oneOf": [{"$ref": f"#/$defs/{verb.__name__}"} for verb in verbs],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A provider's table of rules",
        "$ref": "#/$defs/Table",
        "$defs": defined | {"Step": step},
    }
