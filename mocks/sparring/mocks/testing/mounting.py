"""Stages without sockets: providers as an ASGI application that is called in the process of the test."""

from collections.abc import Mapping
from typing import cast

from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.messages import Request
from sparring.mocks.faults.wire import WireEffect
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.server.app import ProviderApp, Receive, Scope, Send
from sparring.mocks.stage import Stage
from sparring.mocks.testing.backstage import Backstage, arrived


class _Bridge:
    """A stage on its own loop, as an application on another one asks it."""

    def __init__(self, backstage: Backstage, stage: Stage) -> None:
        self._backstage = backstage
        self._stage = stage

    async def respond(self, provider: str, request: Request, connection: int = 0) -> tuple[Exchange, WireEffect | None]:
        """The stage's answer, whole at once. ConnectionResetError where a fault on the wire leaves none."""
        asked = self._backstage.submit(self._stage.respond(provider, request, connection))
        exchange, wire = await arrived(asked)
        if wire is not None and not wire.complete:
            raise ConnectionResetError(
                f"a fault on the wire ({wire.kind}) was played; without a socket all that is left of it is this"
            )
        return exchange, None


class MountedApp:
    """ASGI 3: the providers, each at its own host. ``addresses`` are base URLs by provider."""

    def __init__(self, backstage: Backstage, stage: Stage, addresses: Mapping[str, str]) -> None:
        bridge = cast("Stage", _Bridge(backstage, stage))
        self._apps = {name: ProviderApp(bridge, name) for name in addresses}
        self._names = {url.partition("://")[2].lower(): name for name, url in addresses.items()}
        self._names |= {host: name for name in addresses for host in stage.houses[name].provider.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by the host that it names; where one provider is there, it answers for any host."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        await self._apps[self._name(scope)](scope, receive, send)

    def _name(self, scope: Scope) -> str:
        if len(self._apps) == 1:
            return next(iter(self._apps))
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "").lower()
        name = self._names.get(host) or self._names.get(host.partition(":")[0])
        if name is None:
            raise ControlError(f"no provider has the host {host!r}; there are: {', '.join(self._names)}")
        return name


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
