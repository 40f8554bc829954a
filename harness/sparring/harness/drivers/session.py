"""The driver ``session``: one process, instructions and answers as JSON lines."""

import asyncio
import json
from typing import Any

from sparring.harness.drivers import Instruction, Launch, Reply, VisitHandler
from sparring.harness.drivers.answer import json_object, reply_from
from sparring.harness.drivers.process import ClientProcess
from sparring.harness.drivers.running import RunningCommand
from sparring.harness.evidence import Ending, LogFile

_PROTOCOL = 1
_AFTER_THE_END = 0.5


class SessionDriver:
    """Drives a client that speaks the JSON-lines protocol."""

    def __init__(self, launch: Launch, visit: VisitHandler) -> None:
        self._launch = launch
        self._command = RunningCommand(launch, visit, self._on_line)
        self._ready: asyncio.Future[dict[str, Any]] | None = None
        self._answer: asyncio.Future[dict[str, Any]] | None = None
        self._current: int | None = None
        self._last = 0
        self._given_up: set[int] = set()
        self._violations: list[str] = []
        self._failed: Reply | None = None

    @property
    def pid(self) -> int | None:
        """The client's first process, while there is one."""
        return self._command.pid

    async def start(self) -> Reply:
        """Start the client and wait for its ``ready``."""
        self._ready = asyncio.get_running_loop().create_future()
        process = await self._command.start()
        try:
            said = await self._first(self._ready, process, self._launch.start_timeout)
        except TimeoutError:
            process.kill(f"did not say ready within {self._launch.start_timeout:g} s and was stopped")
            self._failed = Reply(outcome="timeout", detail=process.how_it_ended())
            return self._failed
        if said is None:
            self._failed = self._early_end(process, "before it was ready")
            return self._failed
        if said.get("protocol") != _PROTOCOL:
            detail = f"the client speaks protocol {said.get('protocol')!r}; this harness speaks {_PROTOCOL}"
            self._failed = Reply(outcome="error", detail=detail, said=said)
            return self._failed
        return Reply(outcome="ok", said=said)

    async def do(self, instruction: Instruction) -> Reply:
        """Send one instruction and wait for its ``done``."""
        process = self._command.process
        if self._failed is not None:
            return self._failed
        if process is None:
            raise RuntimeError("the driver was not started")
        if process.ended.is_set():
            return self._early_end(process, f"before instruction {instruction.id}")
        self._answer = asyncio.get_running_loop().create_future()
        self._current = self._last = instruction.id
        process.write(_line(instruction.message()))
        try:
            said = await self._first(self._answer, process, self._launch.timeout)
        except TimeoutError:
            self._given_up.add(instruction.id)
            await self._command.visits.settle(0)
            return Reply(outcome="timeout", detail=f"the client did not answer within {self._launch.timeout:g} s")
        finally:
            self._current = None
        await self._command.visits.settle(_AFTER_THE_END if process.ended.is_set() else self._launch.visit_grace)
        if said is None:
            return self._early_end(process, f"during instruction {instruction.id}")
        return self._in_protocol(reply_from(said))

    async def linger(self, seconds: float) -> None:
        """Leave the client to itself for a while."""
        await self._command.linger(seconds)

    async def stop(self, *, at_once: bool = False) -> Ending:
        """Send ``quit``, wait a moment, and kill what has not ended by then."""
        process = self._command.process
        if at_once and process is not None:
            process.kill("was killed for a restart")
        if process is not None and not process.ended.is_set() and not process.stopped_because:
            self._current = self._last + 1
            process.write(_line({"id": self._current, "do": "quit"}))
            try:
                async with asyncio.timeout(self._launch.quit_timeout):
                    await process.ended.wait()
            except TimeoutError:
                process.kill(f"did not end within {self._launch.quit_timeout:g} s of quit and was killed")
        return await self._command.finish()

    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the client wrote."""
        return self._command.logs()

    def _on_line(self, line: bytes) -> None:
        """Sort one line of stdout: a message of the protocol, or the client's log."""
        said = json_object(line)
        kind = None if said is None else said.get("sparring")
        if said is None or kind is None:
            return
        if kind == "ready" and self._ready is not None and not self._ready.done():
            self._ready.set_result(said)
        elif kind == "visit":
            wrong = self._command.visits.ask(said)
            if wrong:
                self._violations.append(wrong)
        elif kind == "done":
            self._on_done(said)

    def _on_done(self, said: dict[str, Any]) -> None:
        number = said.get("id")
        if isinstance(number, int) and number in self._given_up:  # late, and already counted as a timeout
            self._given_up.discard(number)
        elif number == self._current and self._answer is not None and not self._answer.done():
            self._answer.set_result(said)
        elif number == self._current or (isinstance(number, int) and 0 < number <= self._last):
            self._violations.append(f"the client answered instruction {number} more than once")
        else:
            self._violations.append(f"the client sent done for instruction {number!r}, which was never given")

    async def _first(
        self, answer: "asyncio.Future[dict[str, Any]]", process: ClientProcess, seconds: float
    ) -> dict[str, Any] | None:
        """The answer, or None where the client's end comes first. Raises TimeoutError where neither comes in time."""
        end = asyncio.create_task(process.ended.wait())
        either: set[asyncio.Future[Any]] = {answer, end}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done() and process.ended.is_set():
                await process.finish()
            if answer.done():
                return answer.result()
            if process.ended.is_set():
                return None
            raise TimeoutError
        finally:
            end.cancel()

    def _early_end(self, process: ClientProcess, when: str) -> Reply:
        """A client that was stopped for what it did is an error of its own kind; any other early end is a crash."""
        if process.stopped_because:
            return Reply(outcome="error", detail=process.how_it_ended())
        return Reply(outcome="crash", detail=f"{when}: {process.how_it_ended()}")

    def _in_protocol(self, reply: Reply) -> Reply:
        if not self._violations:
            return reply
        detail = "; ".join(self._violations)
        self._violations.clear()
        return Reply(outcome="error", status=reply.status, detail=detail, calls=reply.calls, said=reply.said)


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"
