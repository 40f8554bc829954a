"""The clock of a client on a machine where nothing can move it."""

from pathlib import Path


class UnmovedClock:
    """Reaches nobody, and says why."""

    name = "none"
    seconds = 0.0

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def environment(self, scratch: Path) -> dict[str, str]:  # noqa: ARG002 - as the protocol has it
        """Return nothing to add."""
        return {}

    def advance(self, seconds: float) -> None:
        """Refuse: a caller asks ``reaches`` first."""
        message = f"cannot move a client's clock by {seconds:g} s: {self._reason}"
        raise RuntimeError(message)

    async def reaches(self, pid: int) -> bool:  # noqa: ARG002 - as the protocol has it
        """Return False."""
        return False

    async def missed(self, pid: int) -> str:  # noqa: ARG002 - as the protocol has it
        """Return the reason."""
        return self._reason
