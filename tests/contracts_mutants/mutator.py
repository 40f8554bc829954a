"""Ways to break a provider on purpose: one small change in one place of its source."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

ERRORS = (
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
    "invalid_scope", "access_denied", "unsupported_response_type", "invalid_token", "insufficient_scope",
)  # fmt: skip
_HEADER = re.compile(r"[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)*|ETag")
_STATUS = {200: 201, 201: 200, 204: 200, 206: 200, 302: 200, 303: 200, 400: 401, 401: 400, 403: 404, 404: 403}
_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.LtE: ast.Gt, ast.Gt: ast.LtE,
}  # fmt: skip

Change = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``key`` names it whatever the line: module, function, kind, the source before it, a counter.

    ``lines`` are those of the statement that it stands in, None where that runs when the module is imported. ``rules``
    are names of rules that the function speaks of. ``number`` is its place among the mutants of ``source``.
    """

    key: str
    module: str
    line: int
    lines: range | None
    rules: frozenset[str]
    source: str
    number: int

    def broken(self) -> tuple[ast.Module, str]:
        """The module with the change made, and what the change is."""
        tree = ast.parse(self.source)
        place = list(_changes(tree))[self.number]
        about = f"{place.kind}: {place.apply()}"
        return ast.fix_missing_locations(tree), about


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its source."""
    seen: dict[str, int] = {}
    for number, place in enumerate(_changes(ast.parse(source))):
        before = " ".join(ast.unparse(place.shown).split())[:100]
        name = f"{module}:{place.function or '<module>'}:{place.kind}:{before}"
        seen[name] = seen.get(name, 0) + 1
        first, last = place.lines
        yield Mutant(
            key=name if seen[name] == 1 else f"{name}:{seen[name]}",
            module=module,
            line=place.line,
            lines=range(first, last + 1) if place.function else None,
            rules=place.rules,
            source=source,
            number=number,
        )


@dataclass(frozen=True, slots=True)
class _Where:
    """Where something stands: in which function, among which rules, in which lines."""

    function: str = ""
    rules: frozenset[str] = frozenset()
    lines: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Place:
    kind: str
    shown: ast.AST
    where: _Where
    apply: Change

    @property
    def function(self) -> str:
        return self.where.function

    @property
    def rules(self) -> frozenset[str]:
        return self.where.rules

    @property
    def lines(self) -> tuple[int, int]:
        return self.where.lines

    @property
    def line(self) -> int:
        return int(getattr(self.shown, "lineno", 0))


def _changes(tree: ast.Module) -> Iterator[_Place]:
    """Every place of a tree that can be changed; a change is made in that tree."""
    yield from _in_block(tree.body, _Where())


def _in_block(body: list[ast.stmt], where: _Where) -> Iterator[_Place]:
    for index, statement in enumerate(body):
        if index and _refuses(body[index - 1]) and _refuses(statement):
            lines = (body[index - 1].lineno, statement.end_lineno or statement.lineno)
            yield _Place("swap", statement, replace(where, lines=lines), _swap(body, index))
        if isinstance(statement, ast.ClassDef):
            yield from _in_block(statement.body, where)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if statement.name != "outage":  # only faults ask for it, and their own tests do
                yield from _in_function(statement, where)
        elif not _docstring(statement) and not _only_notes(statement):
            yield from _in_statement(statement, where)


def _in_function(function: ast.FunctionDef | ast.AsyncFunctionDef, where: _Where) -> Iterator[_Place]:
    rules = frozenset(
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rules"
    )
    for default in (*function.args.defaults, *filter(None, function.args.kw_defaults)):
        yield from _in_expression(default, _Where(rules=rules), called=True)
    yield from _in_block(function.body, _Where(f"{where.function}.{function.name}".lstrip("."), rules))


def _in_statement(statement: ast.stmt, where: _Where) -> Iterator[_Place]:
    here = replace(where, lines=_lines(statement))
    for _, value in ast.iter_fields(statement):
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.ExceptHandler):
                yield from _in_block(node.body, where)
            elif isinstance(node, ast.AST) and not isinstance(node, ast.stmt):
                yield from _in_expression(node, here)
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from _in_block(value, where)


def _docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement, without the blocks in it."""
    blocks = isinstance(statement, (ast.If, ast.While, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try))
    parts = [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr)] if blocks else [statement]
    return statement.lineno, max([statement.lineno, *(part.end_lineno or 0 for part in parts)])


def _refuses(statement: ast.stmt) -> bool:
    """Whether a statement is a check that ends in a refusal."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    return isinstance(statement.body[-1], (ast.Raise, ast.Return))


def _in_expression(node: ast.AST, where: _Where, *, called: bool = False) -> Iterator[_Place]:
    if _unseen(node):
        return
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _FLIPPED:
        yield _Place("flip", node, where, _flip(node))
    if isinstance(node, ast.Constant):
        yield from _in_constant(node, where, called=called)
    for items, answered in _sequences(node):
        for index, item in enumerate(items):
            if _is_header(item, answered=answered):
                yield _Place("header", item, where, _drop(items, index))
    for child in ast.iter_child_nodes(node):
        yield from _in_expression(child, where, called=isinstance(node, (ast.Call, ast.keyword)))


def _in_constant(node: ast.Constant, where: _Where, *, called: bool) -> Iterator[_Place]:
    value = node.value
    if called and type(value) is int and 200 <= value < 600:
        yield _Place("status", node, where, _set(node, _STATUS.get(value, value - 1)))
    elif isinstance(value, str) and value in ERRORS:
        yield _Place("error", node, where, _set(node, ERRORS[(ERRORS.index(value) + 1) % len(ERRORS)]))
    elif isinstance(value, str) and _is_sentence(value):
        yield _Place("word", node, where, _set(node, re.sub(r"([A-Za-z]{2,})", r"\1x", value, count=1)))


def _is_sentence(text: str) -> bool:
    """Whether people would read it: several words, and neither markup nor a list of names."""
    if re.search(r"[<{]", text) or re.fullmatch(r"[a-z_ ]+", text):
        return False
    return re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text) is not None


def _only_notes(statement: ast.stmt) -> bool:
    """Whether a statement does nothing but write into the recording, whatever it asks before."""
    if isinstance(statement, ast.If):
        return all(_only_notes(each) for each in (*statement.body, *statement.orelse))
    return isinstance(statement, ast.Expr) and _unseen(statement.value)


def _unseen(node: ast.AST) -> bool:
    """Whether this only writes into the recording, which no answer shows, or says what somebody is called."""
    if isinstance(node, ast.keyword):
        return node.arg in {"name", "title"}
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("notes.append", "presented.append"))


def _sequences(node: ast.AST) -> Iterator[tuple[list[ast.expr], bool]]:
    """Lists in which headers may stand, and whether they are what an answer is made of."""
    if isinstance(node, (ast.Tuple, ast.List)):
        yield node.elts, False
    if isinstance(node, ast.Call):
        yield node.args, re.search(r"answer|headers|error", ast.unparse(node.func)) is not None


def _is_header(item: ast.expr, *, answered: bool) -> bool:
    if isinstance(item, ast.Starred) and isinstance(item.value, ast.Name):
        return item.value.id in {"headers", "challenge", "signed"} or (answered and item.value.id.isupper())
    if not isinstance(item, ast.Tuple) or len(item.elts) != 2:
        return False
    name = item.elts[0]
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and _HEADER.fullmatch(name.value) is not None


def _flip(node: ast.Compare) -> Change:
    def apply() -> str:
        node.ops[0] = _FLIPPED[type(node.ops[0])]()
        return ast.unparse(node)

    return apply


def _set(node: ast.Constant, value: str | int) -> Change:
    def apply() -> str:
        before = node.value
        node.value = value
        return f"{before!r} -> {value!r}"

    return apply


def _drop(items: list[ast.expr], index: int) -> Change:
    def apply() -> str:
        return f"without {ast.unparse(items.pop(index))}"

    return apply


def _swap(body: list[ast.stmt], index: int) -> Change:
    def apply() -> str:
        first, second = body[index - 1], body[index]
        told = f"{_condition(second)} before {_condition(first)}"
        body[index - 1], body[index] = copy.copy(second), copy.copy(first)
        return told

    return apply


def _condition(statement: ast.stmt) -> str:
    return ast.unparse(statement.test) if isinstance(statement, ast.If) else ""
