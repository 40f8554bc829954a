"""One client process in a session of its own: its output captured up to a cap, its end enforced."""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from sparring.harness.drivers import CommandNotFoundError, Launch
from sparring.harness.drivers.stragglers import end_stragglers, kill_all
from sparring.harness.evidence import Ending, LogFile

Heard = Callable[[str, bytes], None]
"""Gets what a client wrote, as it arrives, with the name of the stream; empty bytes are the stream's end."""

_LONGEST_LINE = 1024 * 1024
_DRAIN = 1.0


class Output(asyncio.Protocol):
    """One of the client's output streams: keeps the bytes up to a cap, and hands over whole lines."""

    def __init__(
        self,
        name: str,
        cap: int,
        line: Callable[[bytes], None],
        flooded: Callable[[str], None],
        heard: "Heard | None" = None,
    ) -> None:
        self.name = name
        self._heard = heard or (lambda _name, _data: None)
        self.ended = asyncio.Event()
        self._cap, self._line, self._flooded = cap, line, flooded
        self._kept = bytearray()
        self._rest = bytearray()
        self._skipping = False

    def data_received(self, data: bytes) -> None:
        """Keep what fits, and pass on every line that is complete."""
        room = self._cap - len(self._kept)
        self._kept += data[:room]
        if len(data) > room:
            self._flooded(self.name)
            return
        self._heard(self.name, data)
        self._rest += data
        if b"\n" in data:
            *lines, self._rest = self._rest.split(b"\n")
            for line in lines:
                if self._skipping:
                    self._skipping = False
                else:
                    self._line(bytes(line))
        if len(self._rest) > _LONGEST_LINE:  # a line as long as that is nobody's message
            self._rest.clear()
            self._skipping = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio has it
        """Pass on a last line without an end."""
        if self._rest and not self._skipping:
            self._line(bytes(self._rest))
        self._rest.clear()
        self._heard(self.name, b"")
        self.ended.set()

    @property
    def text(self) -> str:
        """What was kept."""
        return self._kept.decode("utf-8", "replace")

    @property
    def last_line(self) -> str:
        """The last line with anything on it."""
        return next((line.strip() for line in reversed(self.text.splitlines()) if line.strip()), "")


class ClientProcess:
    """A running client. Made by :meth:`launch`."""

    def __init__(self, launch: Launch, on_line: Callable[[bytes], None], heard: Heard | None = None) -> None:
        self._launch = launch
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self.stdout = Output("stdout", launch.output_cap, on_line, self._flood, heard)
        self.stderr = Output("stderr", launch.output_cap, lambda _line: None, self._flood, heard)
        self.ended = asyncio.Event()
        self.stopped_because = ""
        self._ending: Ending | None = None
        self._finishing = asyncio.Lock()
        self._seconds = 0.0
        self._problems: list[str] = []
        self._transports: list[asyncio.BaseTransport] = []
        self._stdin: asyncio.WriteTransport | None = None
        self._waiter: asyncio.Task[None] | None = None
        self._wall: asyncio.TimerHandle | None = None
        self._process: asyncio.subprocess.Process

    @classmethod
    async def launch(
        cls, launch: Launch, on_line: Callable[[bytes], None], heard: Heard | None = None
    ) -> "ClientProcess":
        """Start the command; raise CommandNotFoundError where that is not possible."""
        program = await asyncio.to_thread(find_program, launch)
        client = cls(launch, on_line, heard)
        theirs: list[int] = []
        try:
            stdin, stdout, stderr = [
                await client._connect(kind, theirs) for kind in (None, client.stdout, client.stderr)
            ]
            client._process = await asyncio.create_subprocess_exec(
                *launch.wrap((program, *launch.command[1:])), stdin=stdin, stdout=stdout, stderr=stderr,
                env=dict(launch.environment), cwd=launch.cwd, start_new_session=True,
            )  # fmt: skip
        except OSError as trouble:
            client._close_pipes()
            message = f"the command {launch.command[0]!r} cannot be started: {trouble.strerror or trouble}"
            raise CommandNotFoundError(message) from trouble
        except asyncio.CancelledError:
            client._close_pipes()
            raise
        finally:
            for handle in theirs:
                os.close(handle)
        client._waiter = asyncio.create_task(client._wait())
        client._wall = client._loop.call_later(launch.wall, client._overrun)
        return client

    @property
    def pid(self) -> int:
        """The id of the client's first process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code of a client that has ended by itself; None after a signal."""
        code = self._process.returncode
        return code if code is not None and code >= 0 else None

    def write(self, data: bytes) -> bool:
        """Write to the client's stdin; False where it is closed."""
        if self._stdin is None or self._stdin.is_closing() or self.ended.is_set():
            return False
        self._stdin.write(data)
        return True

    def kill(self, because: str) -> None:
        """Stop the client and its process group by force; the reason is a problem of its ending."""
        if self.ended.is_set() or self.stopped_because:
            return
        self.stopped_because = because
        self._problems.append(because)
        self._kill_group()

    async def terminate(self, grace: float) -> None:
        """Ask the client to end (SIGTERM); force it to where it has not within so many seconds."""
        if self.ended.is_set() or self.stopped_because:
            return
        with contextlib.suppress(ProcessLookupError):
            # Popen's own way looks whether it has ended, and would take the exit code away from asyncio's watcher
            os.kill(self._process.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(grace):
                await self.ended.wait()
        except TimeoutError:
            self.kill(f"did not end within {grace:g} s of SIGTERM and was killed")

    async def finish(self) -> Ending:
        """Wait for the end of a client that has ended or was killed, and clear up whatever it left."""
        async with self._finishing:
            if self._ending is None:
                self._ending = await self._clear_up()
            return self._ending

    def how_it_ended(self) -> str:
        """A sentence on an end that came too early, with the last words on stderr."""
        if self.stopped_because:
            return f"the client {self.stopped_because}"
        code = self._process.returncode or 0
        how = f"was ended by {signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
        words = self.stderr.last_line[:300]
        return f"the client {how}; its last words on stderr: {words}" if words else f"the client {how}"

    def logs(self) -> tuple[LogFile, ...]:
        """The client's stdout and stderr."""
        return tuple(LogFile(name=stream.name, text=stream.text) for stream in (self.stdout, self.stderr))

    async def _connect(self, output: Output | None, theirs: list[int]) -> int:
        """A pipe to the client (no output given) or from it; returns the client's end, which is closed once it runs."""
        reading, writing = os.pipe()
        if output is None:
            theirs.append(reading)
            pipe = os.fdopen(writing, "wb", buffering=0)
            transport, _ = await self._loop.connect_write_pipe(asyncio.BaseProtocol, pipe)
            self._stdin = transport
            self._transports.append(transport)
            return reading
        theirs.append(writing)
        source, _ = await self._loop.connect_read_pipe(lambda: output, os.fdopen(reading, "rb", buffering=0))
        self._transports.append(source)
        return writing

    async def _wait(self) -> None:
        await self._process.wait()
        self._seconds = self._loop.time() - self._began
        self.ended.set()

    async def _clear_up(self) -> Ending:
        await self.ended.wait()
        if self._wall is not None:
            self._wall.cancel()
        if self.stopped_because:
            await kill_all(self._launch.run, self.pid)
        else:
            self._problems += await end_stragglers(self._launch.run, self.pid)
        await self._drained()
        self._close_pipes()
        code = self._process.returncode
        return Ending(
            exit_code=self.exit_code,
            signal=-code if code is not None and code < 0 else None,
            seconds=self._seconds,
            problems=tuple(self._problems),
        )

    async def _drained(self) -> None:
        """Wait a moment until everything that an ended client wrote has been read."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN):
                await self.stdout.ended.wait()
                await self.stderr.ended.wait()

    def _flood(self, name: str) -> None:
        self.kill(f"wrote more than {_size(self._launch.output_cap)} to {name} and was stopped")

    def _overrun(self) -> None:
        self.kill(f"ran longer than {self._launch.wall:g} s and was stopped")

    def _kill_group(self) -> None:
        """The group is the client's own, and its number stays taken while any member lives."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _close_pipes(self) -> None:
        for transport in self._transports:
            if transport.is_closing():
                continue
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
            else:
                transport.close()


def find_program(launch: Launch) -> str:
    """The program that the command names, as the client's PATH has it; a CommandNotFoundError says what is wrong."""
    if not launch.command or not launch.command[0]:
        raise CommandNotFoundError("no command was given")
    if launch.cwd is not None and not launch.cwd.is_dir():
        message = f"the working folder {str(launch.cwd)!r} does not exist"
        raise CommandNotFoundError(message)
    name = launch.command[0]
    if os.sep not in name:
        found = shutil.which(name, path=launch.environment.get("PATH", os.defpath))
        if found is None:
            near = (launch.cwd or Path.cwd()) / name
            hint = f"; did you mean {os.curdir + os.sep + name!r}?" if near.is_file() else ""
            message = f"the command {name!r} was not found on PATH{hint}"
            raise CommandNotFoundError(message)
        return found
    path = (launch.cwd or Path.cwd()) / name
    if not path.exists():
        message = f"the command {name!r} does not exist"
        raise CommandNotFoundError(message)
    if not path.is_file() or not os.access(path, os.X_OK):
        message = f"the command {name!r} is not an executable file; make it one (chmod +x), or name its interpreter"
        raise CommandNotFoundError(message)
    return str(path)


def signal_name(number: int) -> str:
    """The name of a signal, such as SIGSEGV."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _size(octets: int) -> str:
    return f"{octets // (1024 * 1024)} MiB" if octets >= 1024 * 1024 else f"{octets} bytes"
