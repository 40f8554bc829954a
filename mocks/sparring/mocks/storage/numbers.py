"""Numbers that are drawn from a shared counter in blocks, so that hardly anybody has to wait for one."""

import asyncio
from collections.abc import Awaitable, Callable

LARGEST = 64
"""Numbers of a block at most. A server that ends leaves a gap of as many."""

_MOST_NAMES = 2_000

Draw = Callable[[str, int], Awaitable[int]]
"""Adds so much to the counter of that name, and says its new value."""


class _Block:
    __slots__ = ("drawing", "last", "next", "size")

    def __init__(self) -> None:
        self.next, self.last, self.size = 1, 0, 0
        self.drawing: asyncio.Task[int] | None = None


class Numbers:
    """Each block is twice the one before: who asks once takes one, and who asks often waits seldom."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._blocks: dict[str, _Block] = {}

    async def number(self, name: str) -> int:
        """One that nobody else is given under that name."""
        block = self._blocks.get(name)
        if block is None:
            block = self._blocks[name] = _Block()
            if len(self._blocks) > _MOST_NAMES:
                del self._blocks[next(iter(self._blocks))]
        while block.next > block.last:
            if block.drawing is None:
                block.drawing = asyncio.ensure_future(self._fill(block, name))
            await asyncio.shield(block.drawing)
        number = block.next
        block.next += 1
        return number

    async def _fill(self, block: _Block, name: str) -> int:
        size = min(2 * block.size, LARGEST) or 1
        try:
            block.last = await self._draw(name, size)
            block.next, block.size = block.last - size + 1, size
        finally:
            block.drawing = None
        return block.last

    def forget(self) -> None:
        """Draw anew."""
        self._blocks.clear()
