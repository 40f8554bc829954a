"""A scenario under way: the client, the person at the browser, and the moves that are made one after the other."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_never

from sparring.harness.agent import Person
from sparring.harness.agent.surfing import Landing, Surfer
from sparring.harness.agent.user_agent import UserAgent
from sparring.harness.agent.wires import Places
from sparring.harness.clientclock import ClientClock
from sparring.harness.context import REMOTE_USERS, Cast
from sparring.harness.drivers import Driver, Instruction, Launch
from sparring.harness.drivers.callables import callable_driver
from sparring.harness.drivers.environment import client_environment
from sparring.harness.drivers.oneshot import OneshotDriver
from sparring.harness.drivers.printed import SlowPatternError, Terminal, is_authorization_request
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.drivers.webapp import Web, WebappDriver
from sparring.harness.evidence import Ending, LogFile, Step
from sparring.harness.interception import Interception
from sparring.harness.interception.routing import browser_ports, direct_ports, origins
from sparring.harness.scenario import (
    Advance,
    ChangeSecret,
    Do,
    Move,
    PassLifetime,
    Restart,
    Revoke,
    RotateKeys,
    StageAhead,
)
from sparring.harness.settings import RunSettings, UnusableError
from sparring.harness.tape import Tape
from sparring.harness.timing import Timing
from sparring.harness.worlds import Json, World

_GONE = frozenset({"timeout", "crash"})
_LONGEST_PLAN = 20


class Scene:
    """One client on one stage. ``clock`` None: time passes for real. ``way``: how the client comes to the stage, where
    it knows real names only.
    """

    def __init__(
        self,
        world: World,
        stage: Json,
        cast: Cast,
        settings: RunSettings,
        *,
        clock: ClientClock | None,
        context: Mapping[str, Any],
        scratch: Path,
        way: Interception | None = None,
    ) -> None:
        self._world = world
        self._stage = stage["id"]
        self._cast = cast
        self._settings = settings
        self._clock = clock
        self._context = context
        self._scratch = scratch
        self._way = way
        self._ca_file = None if stage["ca_file"] is None else Path(stage["ca_file"])
        self._driver: Driver
        self._earlier: tuple[LogFile, ...] = ()
        self._unstarted = ""
        self.tape = Tape(world, self._stage)
        self._timing = Timing(world, self._stage, clock, self.tape)
        users = cast.infos[settings.provider]["users"] or [{"username": "", "password": ""}]
        self.people = tuple(Person(user["username"], user["password"]) for user in users)
        self.agent = UserAgent(
            person=self.people[0],
            origins=(*origins(cast.infos.values(), real=way is not None), cast.decoy),
            stranger=self.people[-1],
            detour=self._detour(),
            ca_file=self._ca_file,
            fire=self._fire,
            places=None if way is None else Places(way.connect, browser_ports(stage), direct_ports(stage)),
        )
        self.login_query: dict[str, str] = {}
        self.steps: list[Step] = []
        self.fired: list[str] = []
        """Ids of the faults that fired at the user agent, once for each firing."""
        self.unreached = ""
        """Why a step of the clock would not reach this client; empty where it would, or where none was tried."""

    @property
    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the client wrote, before a restart too."""
        return self._earlier + self._driver.logs()

    async def play(self, moves: Sequence[Move], *, quiet: float) -> Ending:
        """Start the client, make the moves, and end it; how it ended. CommandNotFoundError, StageCrashedError."""
        self._driver = self._new_driver()
        try:
            self._unstarted = await self._start()
            for move in moves if not self._unstarted else ():
                if not await self._move(move):
                    break
            else:
                await self._driver.linger(quiet)
        finally:
            ending = await self._driver.stop()
        return replace(ending, problems=(self._unstarted, *ending.problems)) if self._unstarted else ending

    async def _start(self) -> str:
        """Start the client; what went wrong, as a sentence."""
        began = await self._driver.start()
        if began.outcome != "ok":
            return began.detail or f"the client did not start: {began.outcome}"
        if self._clock is not None and self._driver.pid is not None:
            self.unreached = await self._clock.missed(self._driver.pid)
        return ""

    async def _move(self, move: Move) -> bool:
        """Make one move; False where the client is gone and there is nobody to go on with."""
        stage, provider = self._stage, self._settings.provider
        match move:
            case Do():
                return await self._instruct(move)
            case PassLifetime():
                await self._timing.pass_lifetime(move)
            case Advance():
                await self._timing.advance(move.seconds)
            case StageAhead():
                await self._timing.set_ahead(move.seconds)
            case Restart():
                return await self._restart()
            case RotateKeys():
                await self._world.rotate_keys(stage, provider, keep_old=move.keep_old)
            case Revoke():
                await self._world.revoke(stage, provider, move.kind)
            case ChangeSecret():
                info = self._cast.infos[provider]
                secret = hashlib.sha256(f"another {info['client_secret']}".encode()).hexdigest()[:40]
                await self._world.change_client(stage, provider, info["client_id"], {"secret": secret})
            case _:
                assert_never(move)
        return True

    async def _instruct(self, move: Do) -> bool:
        first = await self.tape.catch_up()
        number = len(self.steps) + 1
        self._person = self._person_of(move)
        instruction = Instruction(
            number,
            move.do,
            move.times,
            move.parallel,
            move.fresh,
            user=None if move.user is None else self._name_of(move.user),
            provider=move.provider,
            remote_user_id=move.remote_user_id,
            browser=move.user or 0,
        )
        elapsed = self.tape.elapsed
        try:
            reply = await self._driver.do(instruction)
        except SlowPatternError as error:
            raise UnusableError(str(error)) from error
        last = await self.tape.catch_up()
        self.steps.append(
            Step(
                id=number,
                do=move.do,
                outcome=reply.outcome,
                status=reply.status,
                detail=reply.detail,
                calls=reply.calls,
                first=first,
                last=last,
                elapsed=elapsed,
                said=reply.said,
                remote_user_id=move.remote_user_id,
                user=move.user,
            )
        )
        return reply.outcome not in _GONE

    def _detour(self) -> tuple[str, Mapping[str, str]] | None:
        """The authorization endpoint of the provider under test, and what identifies the client there."""
        info = self._cast.infos[self._settings.provider]
        if "authorize" not in info["endpoints"]:
            return None
        return info["endpoints"]["authorize"], {"client_id": info["client_id"], "scope": info["scope"]}

    def _name_of(self, user: int) -> str:
        """What the client knows that user by."""
        if "register" in self._cast.infos[self._settings.provider]["endpoints"]:
            return REMOTE_USERS[user]
        known = self.people[user].username if user < len(self.people) else ""
        return known or f"user-{user + 1}"

    def _person_of(self, move: Do) -> Person:
        """Who sits at the browser in that instruction."""
        return self.people[move.user or 0] if (move.user or 0) < len(self.people) else self.people[0]

    async def _restart(self) -> bool:
        """Kill the client and start it again; False where it does not come back."""
        await self._driver.stop(at_once=True)
        self._earlier += tuple(log for log in self._driver.logs() if log.mode is None)
        self._driver = self._new_driver()
        self._unstarted = await self._start()
        return not self._unstarted

    async def _fire(self, endpoint: str) -> Sequence[Mapping[str, Any]]:
        faults = await self._world.fire(self._stage, self._settings.provider, endpoint)
        self.fired.extend(fault["id"] for fault in faults)
        return [fault["effect"] for fault in faults]

    async def _visit(self, url: str, by_http: bool) -> str | None:
        step = len(self.steps) + 1
        uris = [self._cast.redirect_uri]
        seen = await self.agent.visit(url, uris, step=step, by_http=by_http, person=self._person)
        return None if by_http else seen.callback

    async def _go(self, path: str, user: int) -> Landing:
        surfer = Surfer(self.agent, self._cast.app_url, self._cast.redirect_uri)
        return await surfer.go(path, self._person, user=user, step=len(self.steps) + 1)

    def _new_driver(self) -> Driver:
        client = self._settings.client
        self._person = self.people[0]
        try:
            environment = client_environment(
                self._context,
                scratch=self._scratch,
                ca_file=self._ca_file,
                pass_env=client.pass_env,
                templates=client.env,
                extra=self._clock.environment(self._scratch) if self._clock is not None else {},
                interception=self._way.variables if self._way is not None else {},
            )
        except ValueError as error:
            raise UnusableError(str(error)) from error
        launch = Launch(
            command=client.command,
            environment=environment,
            scratch=self._scratch,
            run=self._context["run"],
            cwd=self._settings.working_folder(self._scratch),
            start_timeout=client.timeout,
            timeout=self._context["timeout"],
            wall=client.timeout * _LONGEST_PLAN,
            wrap=tuple if self._way is None else self._way.wrapped,
        )
        if client.driver == "session":
            return SessionDriver(launch, self._visit)
        if client.driver == "callable":
            return callable_driver(launch, self._visit)
        if client.driver == "webapp":
            connect = None if self._way is None else self._way.connect
            web = Web(self._cast.app_url, self._go, self.agent.clear, self.login_query, connect)
            return WebappDriver(launch, client.app, web)
        return OneshotDriver(launch, self._visit, client.exit_codes, self._terminal())

    def _terminal(self) -> Terminal | None:
        """The person who reads what a command prints, where there is a login for one."""
        authorize, client = self._context.get("authorize_url"), self._settings.client
        if authorize is None:
            return None
        pattern = None if client.visit_pattern is None else re.compile(client.visit_pattern)
        return Terminal(
            lambda url: self.agent.knows(url) and is_authorization_request(url, authorize), pattern, client.paste
        )
