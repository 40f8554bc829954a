"""Contracts tried over sockets: at stages of the local world, and at a live server."""

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from sparring.contracts.place import Call, Given, NotApplicableError, Reply
from sparring.harness.verifying.stage import Governor, Json, govern, place_values, stage_spec
from sparring.harness.verifying.wire import Wire


class Stages(Governor, Protocol):
    """The local world, as far as contracts need it."""

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """Open a stage and say what is where on it."""
        ...

    async def close_stage(self, stage: str) -> None:
        """Close it."""
        ...

    async def clock(self, stage: str) -> Json:
        """``{"now": POSIX seconds, "frozen": bool}``."""
        ...

    async def recording(
        self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0
    ) -> list[Json]:
        """The exchanges with numbers beyond ``since``."""
        ...


class StagePlace:
    """A stage of its own, asked over its socket; its clock stands still but for what a contract lets pass."""

    exact = True

    def __init__(self, control: Stages, told: Mapping[str, Any], provider: str) -> None:
        self._control = control
        self._id = str(told["id"])
        self._provider = provider
        self._wire = Wire()
        self.endpoints: Mapping[str, str] = told["providers"][provider]["endpoints"]
        self.values: Mapping[str, Any] = place_values(told["providers"][provider])

    async def send(self, call: Call) -> Reply:
        """The answer of the fake."""
        return await self._wire.send(call)

    async def control(self, verb: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do it through the control port."""
        from sparring.harness.worlds.local import ControlError  # noqa: PLC0415  imports the fakes

        try:
            return await govern(self._control, self._id, self._provider, verb, arguments)
        except ControlError as error:
            raise ValueError(str(error)) from error

    async def now(self) -> float:
        """Stage time."""
        return float((await self._control.clock(self._id))["now"])

    async def rule(self) -> str | None:
        """The rule of the recording's last exchange."""
        recorded = await self._control.recording(self._id)
        return str(recorded[-1]["rule"]) if recorded else None

    async def close(self) -> None:
        """Close the stage."""
        await self._control.close_stage(self._id)


class LocalWorld:
    """Every trial has a stage of its own."""

    def __init__(self, control: Stages) -> None:
        self._control = control

    async def open(self, given: Given) -> StagePlace:
        """A stage as it is asked for."""
        from sparring.harness.worlds.local import ControlError  # noqa: PLC0415  imports the fakes

        try:
            told = await self._control.open_stage(stage_spec(given))
        except ControlError as error:
            raise NotApplicableError(str(error)) from error
        now = int((await self._control.clock(told["id"]))["now"])
        await self._control.move_clock(told["id"], "freeze")
        await self._control.move_clock(told["id"], "set", now)
        return StagePlace(self._control, told, given.provider)


class LivePlace:
    """A server that nobody governs."""

    exact = False

    def __init__(
        self, wire: Wire, values: Mapping[str, Any], endpoints: Mapping[str, str], wall: Callable[[], float]
    ) -> None:
        self._wire = wire
        self._wall = wall
        self._date: float | None = None
        self.values = values
        self.endpoints = endpoints

    async def send(self, call: Call) -> Reply:
        """The server's answer."""
        reply = await self._wire.send(call)
        try:
            self._date = parsedate_to_datetime(reply.header("date") or "").timestamp()
        except (ValueError, OverflowError):
            self._date = None
        return reply

    async def control(self, verb: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """Nobody can."""
        raise NotApplicableError(f"{verb.replace('_', ' ')}: this server's state cannot be controlled")

    async def now(self) -> float:
        """What the server's last Date says, or this machine's clock."""
        return self._wall() if self._date is None else self._date

    async def rule(self) -> str | None:
        """Nobody says."""
        return None

    async def close(self) -> None:
        """Nothing is held for one trial."""


class LiveWorld:
    """One server for every trial; nothing of it is reset in between."""

    def __init__(
        self, wire: Wire, values: Mapping[str, Any], endpoints: Mapping[str, str], wall: Callable[[], float]
    ) -> None:
        self._wire = wire
        self._values = values
        self._endpoints = endpoints
        self._wall = wall

    async def open(self, given: Given) -> LivePlace:
        """The server, unless it would have to be another one."""
        wanted = msgspec.to_builtins(given.stage)
        if wanted:
            raise NotApplicableError(f"it needs a server that was set up for it ({', '.join(wanted)})")
        return LivePlace(self._wire, self._values, self._endpoints, self._wall)


async def live_world(
    target: str, info: Mapping[str, Any], credentials: Mapping[str, str], wall: Callable[[], float]
) -> LiveWorld:
    """A live server at that base URL. ``info`` tells of the fake: the same paths are asked, and without credentials its
    own are used. ConnectionError where nobody answers.
    """
    base, known = target.rstrip("/"), str(info["base_url"])
    wire = Wire(ssl.create_default_context() if target.startswith("https:") else None, "sparring-verify")
    endpoints = {name: url.replace(known, base, 1) for name, url in info["endpoints"].items()}
    values = place_values(info)
    if credentials:
        values = {name: value for name, value in values.items() if name not in _CREDENTIALS} | dict(credentials)
    values |= {"base": base, "host": urlsplit(base).netloc}
    if str(values.get("issuer", "")).startswith(known):
        values["issuer"] = str(values["issuer"]).replace(known, base, 1)
    reply = await wire.send(Call(method="GET", url=endpoints.get("discovery", base)))
    with suppress(msgspec.DecodeError, KeyError, TypeError):
        values["issuer"] = msgspec.json.decode(reply.body)["issuer"]
    return LiveWorld(wire, values, endpoints, wall)


_CREDENTIALS = ("client_id", "client_secret", "username", "password")
