"""Finds code that asks which provider it serves: `if provider == "..."` in any spelling."""

import ast
from collections.abc import Iterator, Set


def comparisons_with(names: Set[str], source: str) -> list[tuple[int, str]]:
    """Line and name of every comparison with one of the names, `match` patterns included."""
    found = [
        (operand.lineno, str(operand.value))
        for operand in _operands(ast.parse(source))
        if isinstance(operand, ast.Constant) and operand.value in names
    ]
    return sorted(found)


def _operands(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                yield from side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else (side,)
        elif isinstance(node, ast.MatchValue):
            yield node.value
