"""A control whose stages have no sockets: what they serve is called in the process of the test."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError
from sparring.mocks.stage import SideDoor, Stage
from sparring.mocks.storage.memory import MemoryStore


class NoSockets:
    """Gives providers addresses at which nobody listens: ``http://ingest.test`` (RFC 6761)."""

    ca_file: Path | None = None

    async def bind(self, stage: Stage, provider: str, port: int = 0) -> str:  # noqa: ARG002  as a front has it
        """The base URL."""
        return f"http://{provider}.test"

    async def bind_side(self, stage: Stage, provider: str, side: SideDoor) -> str:  # noqa: ARG002
        """ControlError: there is no certificate where there is no socket."""
        raise ControlError("certificates can be faulty only where stages speak TLS")

    async def adopt(self, *_: Any, **__: Any) -> None:
        """ControlError: these stages have no sockets."""
        raise ControlError("this stage has no sockets")

    async def unbind(self, stage_id: str) -> None:
        """There is nothing to close."""


def mounted_stages() -> DirectControl:
    """A control whose stages have no sockets."""
    wall: Callable[[], float] = time.time  # noqa: TID251  the edge
    return DirectControl(NoSockets(), wall=wall, ticks=time.monotonic, storage=lambda clock: MemoryStore(clock.now))
