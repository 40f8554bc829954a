"""Lines for whoever looks on, written together where many come at once."""

import asyncio
from contextlib import suppress
from typing import TextIO


class Teller:
    """Writes lines to a stream, once per turn of the event loop: one line at once, a hundred in one piece."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []

    def say(self, line: str) -> None:
        """Write that line soon."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        """Write what is left. A stream that nobody reads any more is no reason to stop serving."""
        lines, self._lines = self._lines, []
        if lines:
            with suppress(OSError):
                self._stream.write("\n".join([*lines, ""]))
                self._stream.flush()
