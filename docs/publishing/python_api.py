"""The page about the Python API, made from its docstrings."""

import inspect
import re
from collections.abc import Iterator
from enum import EnumType
from types import GenericAlias, ModuleType

from docs.publishing.markdown import NOTE, prose
from sparring import harness, mocks
from sparring.harness import pytest_plugin, strategies, testing
from sparring.mocks import kit

_MODULES: tuple[tuple[ModuleType, str, str, tuple[str, ...]], ...] = (
    (mocks, "sparring.mocks", "Fakes in a test. With examples: [Python](../python.md).", tuple(mocks.__all__)),
    (testing, "sparring.harness.testing", "The same, with a word on the client.", ("Sparring",)),
    (pytest_plugin, "sparring.harness.pytest_plugin", "Fixtures: [pytest](../pytest.md).", ("provider_fixture",)),
    (strategies, "sparring.harness.strategies", "Odd answers, for Hypothesis.", ("answers",)),
    (kit, "sparring.mocks.kit", "For [a provider of your own](../writing-a-provider.md).", tuple(kit.__all__)),
)
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_SET = re.compile(r"frozenset\(\{([^}]*)\}\)")
_OPTIONAL = re.compile(r"\bOptional\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_QUOTED = re.compile(r"(: |-> )'([^']*)'")
_QUALIFIED = re.compile(r"\b(?:sparring|collections\.abc|typing|contextlib)(?:\.\w+)*\.(?=[A-Z])")


def page() -> str:
    """The page, as Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield from (NOTE.format("the docstrings"), "", "# Python API", "")
    yield f"What stands here is promised; everything else of `{harness.__name__}` and `{mocks.__name__}` is not."
    for module, name, about, names in _MODULES:
        yield from ("", f"## {name}", "", about)
        for each in names:
            yield from _entry(each, getattr(module, each), inherited=module is not testing)


def _entry(name: str, thing: object, *, inherited: bool) -> Iterator[str]:
    yield from ("", f"### {name}", "")
    if inspect.ismodule(thing):
        yield from (prose(inspect.getdoc(thing) or ""), "", *_functions(thing))
        return
    if isinstance(thing, GenericAlias):
        yield f"`{thing}`"
        return
    yield from _signature(name, thing)
    yield prose(inspect.getdoc(thing) or "")
    if inspect.isclass(thing):
        members = list(_members(thing, inherited=inherited))
        if members:
            yield ""
            yield from members


def _signature(name: str, thing: object) -> Iterator[str]:
    if callable(thing) and not isinstance(thing, EnumType) and (told := _told(thing)):
        yield from ("```text", f"{name}{told}", "```", "")


def _told(thing: object) -> str:
    try:
        text = str(inspect.signature(thing))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    text = _QUOTED.sub(r"\1\2", _QUALIFIED.sub("", _ADDRESS.sub("", text)))
    text = _OPTIONAL.sub(r"\1 | None", text)
    text = _SET.sub(lambda found: f"frozenset({{{', '.join(sorted(found[1].split(', ')))}}})", text)
    return text.replace("(self, ", "(").replace("(self)", "()")


def _functions(module: ModuleType) -> Iterator[str]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield f"- `{name}{_told(function)}`: {_line(function)}"


def _line(thing: object) -> str:
    return " ".join(prose(inspect.getdoc(thing) or "").split())


def _members(kind: type, *, inherited: bool) -> Iterator[str]:
    for name in dir(kind):
        if name.startswith("_") or not (inherited or name in vars(kind)):
            continue
        member = inspect.getattr_static(kind, name)
        about = _line(getattr(member, "fget", None) or member)
        if isinstance(member, property):
            yield f"- `{name}`: {about}"
        elif inspect.isfunction(member) and member.__module__.startswith("sparring."):
            yield f"- `{name}{_told(member)}`: {about}"
