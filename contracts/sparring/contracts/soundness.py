"""What types cannot say about the steps and expectations of a table of rules."""

from collections.abc import Iterator, Sequence, Set
from typing import Any

import msgspec

from sparring.contracts.grammar import Ask, Expect, Forge, Keep, Mint, Request, Step, Token
from sparring.contracts.matching import bad_matcher
from sparring.contracts.values import FILTERS, OF_THE_PLACE, references


class SoundnessError(ValueError):
    """A step or an expectation that cannot work; one sentence."""


def sound_steps(steps: Sequence[Step], names: Set[str]) -> frozenset[str]:
    """Check steps that may speak of these names besides those of the place; the names as they are afterwards."""
    known = set(names)
    for step in steps:
        _known(_builtins(step), known)
        if isinstance(step, Request):
            _one_body(step)
        if isinstance(step, Ask):
            for name, keep in step.keep.items():
                _one_source(name, keep)
                known.add(name)
        if isinstance(step, (Forge, Mint)):
            known.add(step.forge.kept_as if isinstance(step, Forge) else step.kept_as)
    return frozenset(known)


def sound_expect(expect: Expect, names: Set[str]) -> None:
    """Check an expectation that may speak of these names besides those of the place."""
    bodies = [name for name in ("json", "json_has") if getattr(expect, name) is not msgspec.UNSET]
    bodies += [name for name in ("body", "page") if getattr(expect, name) is not None]
    if len(bodies) > 1:
        raise SoundnessError(f"expect: {' and '.join(f'`{name}`' for name in bodies)} exclude each other")
    for token in tokens(expect):
        if (token.at is None) == (token.value is None):
            raise SoundnessError("expect.token: give either `at` or `value`")
        if token.header is None and token.claims is None and token.claims_has is None and not token.signed:
            raise SoundnessError("expect.token: say something about it: `header`, `claims`, `claims_has` or `signed`")
    document = _builtins(expect)
    _known(document, names)
    for text in _strings(document):
        if complaint := bad_matcher(text):
            raise SoundnessError(f"expect: {complaint}")


def tokens(expect: Expect) -> list[Token]:
    """The tokens that an expectation speaks of."""
    if expect.token is None:
        return []
    return expect.token if isinstance(expect.token, list) else [expect.token]


def _one_body(step: Request) -> None:
    given = [name for name in ("form", "body") if getattr(step, name) is not None]
    given += ["json"] if step.json is not msgspec.UNSET else []
    if len(given) > 1:
        raise SoundnessError(f"{step.request}: {' and '.join(f'`{name}`' for name in given)} exclude each other")
    if step.basic is not None and step.bearer is not None:
        raise SoundnessError(f"{step.request}: `basic` and `bearer` exclude each other")


def _one_source(name: str, keep: Keep) -> None:
    if sum(getattr(keep, member) is not None for member in keep.__struct_fields__) != 1:
        raise SoundnessError(f"keep.{name}: say one of {', '.join(keep.__struct_fields__)}")


def _known(document: Any, names: Set[str]) -> None:
    for name, filters in references(document):
        if name not in names and name not in OF_THE_PLACE:
            raise SoundnessError(f"nothing is known as `{name}` at that point")
        for each in filters:
            if each not in FILTERS:
                raise SoundnessError(f"there is no filter `{each}`; there are: {', '.join(FILTERS)}")


def _builtins(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
