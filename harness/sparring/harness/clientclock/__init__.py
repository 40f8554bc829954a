"""The wall clock of a driven client: moved along with the stage's, where a probe shows that the step arrives.

Only the wall clock jumps, and only forward. Sleeps, timeouts and every monotonic reading go on as they were.
"""

from pathlib import Path
from typing import Protocol


class ClientClock(Protocol):
    """The clock of one driven client, from its start to its end, restarts included."""

    @property
    def name(self) -> str:
        """What moves the clock: ``preload``, ``libfaketime`` or ``none``."""
        ...

    @property
    def seconds(self) -> float:
        """How far the client's clock is ahead of the real one."""
        ...

    def environment(self, scratch: Path) -> dict[str, str]:
        """The variables that a client must start with; what they point to is put into the scratch folder."""
        ...

    def advance(self, seconds: float) -> None:
        """Move the clock of the running client, and of any that is started later, forward."""
        ...

    async def reaches(self, pid: int) -> bool:
        """Whether a step reaches the client whose first process has that id."""
        ...

    async def missed(self, pid: int) -> str:
        """Why a step does not reach that client, as a sentence; empty where it does."""
        ...
