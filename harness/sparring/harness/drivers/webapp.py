"""The driver ``webapp``: a server that people sign in to, driven through its pages."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from sparring.harness.agent.surfing import Landing
from sparring.harness.drivers import Instruction, Launch, Reply
from sparring.harness.drivers.running import RunningCommand
from sparring.harness.evidence import Ending, LogFile
from sparring.harness.settings import WebApp

_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Web:
    """How a driver reaches its application: ``go`` opens a path in a user's browser, ``clear`` empties that browser.

    Both get the user's number. ``query`` is added to the address at which a login begins. ``connect`` makes a
    connection to the application, where that is not done in the usual way.
    """

    base_url: str
    go: Callable[[str, int], Awaitable[Landing]]
    clear: Callable[[int], Awaitable[None]]
    query: dict[str, str] = field(default_factory=dict)
    connect: Callable[[str, int], Awaitable[socket.socket]] | None = None


class WebappDriver:
    """Drives a web application. An instruction is a page that a person opens."""

    def __init__(self, launch: Launch, app: WebApp, web: Web) -> None:
        self._launch = launch
        self._app = app
        self._web = web
        self._command = RunningCommand(launch, _nobody_visits, lambda _line: None)

    @property
    def pid(self) -> int | None:
        """The application's first process, while there is one."""
        return self._command.pid

    async def start(self) -> Reply:
        """Start the application and wait until it listens."""
        process = await self._command.start()
        address = urlsplit(self._web.base_url)
        try:
            async with asyncio.timeout(self._launch.start_timeout):
                while not await self._listens(address.hostname or "127.0.0.1", address.port or 80):
                    if process.ended.is_set():
                        await process.finish()
                        return Reply(outcome="crash", detail=f"before it listened: {process.how_it_ended()}")
                    await asyncio.sleep(_PAUSE)
        except TimeoutError:
            process.kill(f"did not listen on {self._web.base_url} within {self._launch.start_timeout:g} s")
            return Reply(outcome="timeout", detail=process.how_it_ended())
        return Reply(outcome="ok")

    async def _listens(self, host: str, port: int) -> bool:
        try:
            if self._web.connect is not None:
                (await self._web.connect(host, port)).close()
            else:
                _, writer = await asyncio.open_connection(host, port)
                writer.close()
        except OSError:
            return False
        return True

    async def do(self, instruction: Instruction) -> Reply:
        """Open the page that the instruction is about."""
        process = self._command.process
        if process is None or process.ended.is_set():
            detail = process.how_it_ended() if process is not None else "the application was not started"
            return Reply(outcome="crash", detail=detail)
        try:
            async with asyncio.timeout(self._launch.timeout):
                return await self._done(instruction)
        except TimeoutError:
            return Reply(outcome="timeout", detail=f"the page was not there within {self._launch.timeout:g} s")

    async def _done(self, instruction: Instruction) -> Reply:
        user = instruction.browser
        if instruction.do == "authenticate":
            if instruction.fresh:
                if self._app.logout_path is not None:
                    await self._web.go(self._app.logout_path, user)
                await self._web.clear(user)
            query = f"?{urlencode(self._web.query)}" if self._web.query else ""
            return self._reply(await self._web.go(self._app.login_path + query, user))
        if instruction.do == "call_api":
            calls = (self._call(user) for _ in range(instruction.times))
            replies = await asyncio.gather(*calls) if instruction.parallel else [await call for call in calls]
            wrong = next((reply for reply in replies if reply.outcome != "ok"), replies[-1])
            return Reply(
                outcome=wrong.outcome,
                status=wrong.status,
                detail=wrong.detail,
                calls=tuple(reply.outcome for reply in replies) if instruction.times > 1 else (),
            )
        return Reply(outcome="config", detail=f"a web application knows no instruction {instruction.do!r}")

    async def _call(self, user: int) -> Reply:
        landing = await self._web.go(self._app.action_path, user)
        if landing.by_provider and not landing.problem:  # it had to send the person to the provider first
            landing = await self._web.go(self._app.action_path, user)
        return self._reply(landing)

    def _reply(self, landing: Landing) -> Reply:
        if landing.problem:
            return Reply(outcome="error", detail=landing.problem)
        if landing.status == self._app.success_status and self._app.success_text in landing.text:
            return Reply(outcome="ok", status=landing.status)
        return Reply(
            outcome="error",  # of which class is for the person who reads the page
            status=landing.status,
            detail=f"the application shows {landing.status}: {' '.join(landing.text.split())[:200]}",
        )

    async def linger(self, seconds: float) -> None:
        """Leave the application to itself for a while."""
        await self._command.linger(seconds)

    async def stop(self, *, at_once: bool = False) -> Ending:
        """Ask the application to end, and kill what has not ended soon."""
        process = self._command.process
        if at_once and process is not None:
            process.kill("was killed for a restart")
        elif process is not None:
            await process.terminate(self._launch.quit_timeout)
        return await self._command.finish()

    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the application wrote."""
        return self._command.logs()


async def _nobody_visits(url: str, by_http: bool) -> str | None:  # noqa: ARG001 - as VisitHandler has it
    return None
