"""The kinds of faults as a table in Markdown, from the dataclasses that read them."""

import dataclasses
import inspect
import json
import types
from typing import Any, Literal, Union, get_args, get_origin

from sparring.mocks.faults.effects import EFFECTS
from sparring.mocks.faults.schema import Effect


def table() -> str:
    """One row for each kind: its place, its moments (its own first), its members, what it does."""
    rows = ["| kind | place | when | members | what happens |", "|---|---|---|---|---|", *map(_row, EFFECTS)]
    return "\n".join(rows) + "\n"


def _row(kind: type[Effect]) -> str:
    moments = ", ".join(sorted(kind.moments, key=lambda moment: moment != kind.when))
    members = "; ".join(_member(field) for field in dataclasses.fields(kind))
    words = " ".join((inspect.getdoc(kind) or "").split()).replace("``", "`")
    return f"| `{kind.kind}` | {kind.place} | {moments} | {members} | {words} |".replace("  ", " ")


def _member(field: dataclasses.Field[Any]) -> str:
    default = "required"
    if field.default is not dataclasses.MISSING:
        default = f"`{json.dumps(field.default)}`"
    elif field.default_factory is not dataclasses.MISSING:
        default = f"`{json.dumps(field.default_factory())}`"
    return f"`{field.name}`: {_words(field.type)}, {default}"


_JSON = {str: "text", int: "integer", float: "number", bool: "true or false", type(None): "null", Any: "any JSON"}


def _words(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return " or ".join(_words(each) for each in inner)
    if origin is Literal:
        return " or ".join(f"`{json.dumps(each)}`" for each in inner)
    if origin is list:
        return f"list of {_words(inner[0])}"
    if origin is dict:
        return f"object of {_words(inner[1])}"
    return _JSON[kind]
