"""Stages on this machine: the one place where clocks and sockets are real."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.store import Store
from sparring.mocks.providers import load, usable
from sparring.mocks.server.ca import open_ca
from sparring.mocks.server.limits import USUAL, Limits
from sparring.mocks.server.theatre import Theatre
from sparring.mocks.storage.memory import MemoryStore


@asynccontextmanager
async def local_stages(
    *,
    host: str = "127.0.0.1",
    tls: bool = False,
    ca_folder: Path | None = None,
    names: Sequence[str] = (),
    storage: Callable[[Clock], Store] | None = None,
    limits: Limits = USUAL,
) -> AsyncIterator[tuple[DirectControl, Theatre]]:
    """A control, and the theatre of its sockets: stages that live on the running event loop until the block ends.

    With ``tls`` they speak HTTPS under the authority in ``ca_folder``, or under one made for this block only;
    their certificates are for the documented host names, and for those ``names`` besides. ``storage`` makes or finds
    their stores; left out, all is in memory. ``limits`` are those of one connection.
    """
    with ExitStack() as until_the_end:
        context = faulty = ca_file = None
        if tls:
            if ca_folder is None:
                import tempfile  # noqa: PLC0415  slow to import

                ca_folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="sparring-ca-")))
            authority = open_ca(ca_folder)
            documented = (name for provider in usable() for name in load(provider).hosts)
            context = authority.server_context([*documented, *names])
            ca_file = authority.certificate
            faulty = authority.faulty_context
        theatre = Theatre(host, context, ca_file, faulty, names, limits)
        control = DirectControl(
            theatre,
            wall=time.time,  # noqa: TID251  the edge
            ticks=time.monotonic,
            storage=storage or (lambda clock: MemoryStore(clock.now)),
        )
        try:
            yield control, theatre
        finally:
            await theatre.close()
