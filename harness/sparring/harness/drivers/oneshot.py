"""The driver ``oneshot``: a command that is run once, gets a token, calls the API, and ends."""

import asyncio
import dataclasses
from collections.abc import Mapping

from sparring.harness.drivers import CLIENT_OUTCOMES, Instruction, Launch, Reply, VisitHandler
from sparring.harness.drivers.answer import json_object, reply_from
from sparring.harness.drivers.printed import Terminal
from sparring.harness.drivers.process import ClientProcess, find_program
from sparring.harness.drivers.running import RunningCommand
from sparring.harness.evidence import Ending, LogFile

_AFTER_THE_END = 0.5


class OneshotDriver:
    """Drives a command that is run once. ``exit_codes`` names the outcome of an exit code, as a manifest may.

    ``terminal``: the person who opens the address that the command prints, and pastes what it wants to be told.
    """

    def __init__(
        self,
        launch: Launch,
        visit: VisitHandler,
        exit_codes: Mapping[int, str] | None = None,
        terminal: Terminal | None = None,
    ) -> None:
        self._launch = launch
        seen_at_once = dataclasses.replace(launch, environment={"PYTHONUNBUFFERED": "1", **launch.environment})
        self._command = RunningCommand(seen_at_once, visit, self._on_line, terminal)
        self._exit_codes = {0: "ok", **(exit_codes or {})}
        self._reply: Reply | None = None
        unknown = sorted(set(self._exit_codes.values()) - CLIENT_OUTCOMES)
        if unknown:
            message = f"exit_codes names the outcome {unknown[0]!r}; known are {', '.join(sorted(CLIENT_OUTCOMES))}"
            raise ValueError(message)

    @property
    def pid(self) -> int | None:
        """The client's first process, while there is one."""
        return self._command.pid

    async def start(self) -> Reply:
        """Only see whether the command is there: it runs at the first instruction."""
        await asyncio.to_thread(find_program, self._launch)
        return Reply(outcome="ok")

    async def do(self, instruction: Instruction) -> Reply:  # noqa: ARG002 - the command does all that it does at once
        """Run the command at the first instruction; any later one has the same reply."""
        if self._reply is None:
            self._reply = await self._run()
        return self._reply

    async def linger(self, seconds: float) -> None:
        """Leave the client to itself for a while."""
        await self._command.linger(seconds)

    async def stop(self, *, at_once: bool = False) -> Ending:  # noqa: ARG002 - one run is over by then
        """Clear up; a command that still runs is killed."""
        process = self._command.process
        if process is not None:
            process.kill("was still running and was killed")
        return await self._command.finish()

    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the client wrote."""
        return self._command.logs()

    async def _run(self) -> Reply:
        process = await self._command.start()
        try:
            async with asyncio.timeout(self._launch.timeout):
                await process.ended.wait()
        except TimeoutError:
            await self._command.visits.settle(0)
            process.kill(f"did not end within {self._launch.timeout:g} s and was killed")
            await self._command.finish()
            return self._last_words(process) or Reply(outcome="timeout", detail=process.how_it_ended())
        await process.finish()
        await self._command.visits.settle(_AFTER_THE_END)
        await self._command.finish()
        if process.stopped_because:
            return Reply(outcome="error", detail=process.how_it_ended())
        return self._last_words(process) or self._by_exit_code(process)

    def _last_words(self, process: ClientProcess) -> Reply | None:
        """The outcome on the last line of stdout, if there is one: it decides, however the command ended."""
        said = json_object(process.stdout.last_line)
        return None if said is None or "outcome" not in said else reply_from(said)

    def _by_exit_code(self, process: ClientProcess) -> Reply:
        code = process.exit_code
        if code is None:
            return Reply(outcome="crash", detail=process.how_it_ended())
        outcome = self._exit_codes.get(code, "error")
        return Reply(outcome=outcome, detail="" if outcome == "ok" else process.how_it_ended())

    def _on_line(self, line: bytes) -> None:
        said = json_object(line)
        if said is not None and said.get("sparring") == "visit":
            self._command.visits.ask(said)
