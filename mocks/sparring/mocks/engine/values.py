"""Values: dataclasses that nobody changes, which the type checker sees to."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(kind: type[T]) -> type[T]:
    """A dataclass with slots and named fields. It is made for every request, several times over, and freezing it at run
    time as well would make that half as slow again.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(kind)
