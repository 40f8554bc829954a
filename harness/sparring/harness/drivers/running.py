"""A command under a driver: its process, the browser helper that it finds, and the visits that it asks for."""

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable

from sparring.harness.drivers import Launch, VisitHandler
from sparring.harness.drivers.browser_helper import BrowserHelper
from sparring.harness.drivers.printed import Reading, Terminal
from sparring.harness.drivers.process import ClientProcess
from sparring.harness.drivers.scratch import left_files
from sparring.harness.drivers.visits import Visits
from sparring.harness.evidence import Ending, LogFile


class RunningCommand:
    """What the drivers of commands have in common. ``on_line`` gets every line of the client's stdout.

    ``terminal``: the person who reads what it prints, where one does.
    """

    def __init__(
        self,
        launch: Launch,
        visit: VisitHandler,
        on_line: Callable[[bytes], None],
        terminal: Terminal | None = None,
    ) -> None:
        self.launch = launch
        self.visits = Visits(visit, self.write, terminal.paste if terminal is not None else None)
        self._reading = Reading(terminal, self.visits.printed, self.visits.failed) if terminal is not None else None
        self.process: ClientProcess | None = None
        self._helper = BrowserHelper(launch.scratch)
        self._on_line = on_line

    async def start(self) -> ClientProcess:
        """Start the command with the browser helper in its environment."""
        self._helper.install()
        environment = self._helper.variables(self.launch.environment)
        launch = dataclasses.replace(self.launch, environment=environment)
        self._helper.listen(self.visits.opened)
        try:
            self.process = await ClientProcess.launch(
                launch, self._on_line, self._reading.hear if self._reading is not None else None
            )
        except BaseException:
            self._helper.close()
            raise
        return self.process

    def write(self, line: bytes) -> bool:
        """Send a line to the client's stdin."""
        return self.process is not None and self.process.write(line)

    @property
    def pid(self) -> int | None:
        """The client's first process, while there is one."""
        return None if self.process is None or self.process.ended.is_set() else self.process.pid

    async def linger(self, seconds: float) -> None:
        """Leave the client to itself for so many real seconds, or until it has ended."""
        if self.process is not None and seconds:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.process.ended.wait()

    async def finish(self) -> Ending:
        """Clear up after a client that has ended or was killed."""
        if self._reading is not None:
            self._reading.close()
        await self.visits.cut()
        self._helper.close()
        return Ending() if self.process is None else await self.process.finish()

    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the client wrote."""
        streams = () if self.process is None else self.process.logs()
        return streams + left_files(self.launch.scratch)
