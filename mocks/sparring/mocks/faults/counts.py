"""How often requests matched a fault, and how often it fired: counted here, or where several servers count together."""

from typing import Protocol

_MOST_COUNTED = 20_000
"""Counts that are kept; beyond it, the one that was not asked for longest is forgotten."""


class Counts(Protocol):
    """Counters by name. Each operation is atomic among all who share them."""

    async def next(self, name: str) -> int:
        """Add one, and say the new value."""
        ...

    async def next_below(self, name: str, limit: int | None) -> int | None:
        """Add one, unless the limit is reached: then None. Without a limit there is always one more."""
        ...

    async def take_back(self, name: str) -> None:
        """Take one off, where there is one."""
        ...

    async def values(self, names: list[str]) -> list[int]:
        """What they stand at."""
        ...


class OwnCounts:
    """The counters of a stage that one server has to itself."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}

    async def next(self, name: str) -> int:
        """See ``Counts``."""
        value = self._values[name] = self._values.pop(name, 0) + 1
        if len(self._values) > _MOST_COUNTED:
            del self._values[next(iter(self._values))]
        return value

    async def next_below(self, name: str, limit: int | None) -> int | None:
        """See ``Counts``."""
        if limit is not None and self._asked(name) >= limit:
            return None
        return await self.next(name)

    async def take_back(self, name: str) -> None:
        """See ``Counts``."""
        if self._values.get(name, 0) > 0:
            self._values[name] -= 1

    async def values(self, names: list[str]) -> list[int]:
        """See ``Counts``."""
        return [self._asked(name) for name in names]

    def _asked(self, name: str) -> int:
        value = self._values.pop(name, 0)
        if value:
            self._values[name] = value
        return value
