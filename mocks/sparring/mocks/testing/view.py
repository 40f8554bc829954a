"""What every part of the API stands on: an open stage, and which of its providers are meant."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.reading import nearest
from sparring.mocks.stage import House, Stage
from sparring.mocks.testing.backstage import Backstage, Way

T = TypeVar("T")


@dataclass(slots=True)
class Open:
    """A stage that is open. ``told`` is what the control port said of it when it was opened."""

    backstage: Backstage
    control: DirectControl
    stage: Stage
    told: Json
    way: Way
    logins: list[tuple[str, str]] = field(default_factory=list)
    """URL and callback of every login that a person was played for."""
    queue: list[tuple[object, str]] = field(default_factory=list)
    """Which requests shall fail one after the other, and the ids of the faults by which they do."""

    @property
    def id(self) -> str:
        """The stage's id."""
        return self.stage.id


class View:
    """Some providers of a stage; ``names`` are theirs. All views of a stage share it."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._held: list[Open] = []
        """The open stage, or nothing; the list itself is shared by all views."""

    @property
    def _open(self) -> Open:
        if not self._held:
            raise ControlError(
                "the stage is not open: use it in a `with` block, or call open() before and close() after"
            )
        return self._held[0]

    def _do(self, ask: Callable[[DirectControl, str], Awaitable[T]]) -> T:
        """Ask the control of the stage, on the loop on which it lives."""
        opened = self._open

        async def work() -> T:
            return await ask(opened.control, opened.id)

        return opened.backstage.run(work())

    def _work(self, work: Coroutine[Any, Any, T]) -> T:
        return self._open.backstage.run(work)

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of the providers."""
        return self._names

    @property
    def provider(self) -> str:
        """The name of the provider. ControlError where there are several."""
        if len(self._names) != 1:
            some = f'stage["{self._names[0]}"]'
            raise ControlError(f"there are {', '.join(self._names)}: say which one you mean, as in {some}")
        return self._names[0]

    def _provider_or(self, name: str | None) -> str:
        """The one that was named, or the only one."""
        if name is None:
            return self.provider
        if name not in self._names:
            raise ControlError(f"there is no provider {name!r} here; {nearest(name, self._names)}", 404)
        return name

    @property
    def _house(self) -> House:
        return self._open.stage.houses[self.provider]

    @property
    def _info(self) -> Json:
        info: Json = self._open.told["providers"][self.provider]
        return info

    def _known_endpoint(self, name: str | None) -> None:
        """Refuse a name that no endpoint of these providers has: a wish about it would say nothing, silently."""
        if name is None:
            return
        known: set[str] = set()
        for provider in self._names:
            house = self._open.stage.houses[provider].provider
            known |= {*house.endpoints, house.lost_endpoint, "authorize", "login", "consent"}
            known |= {route.endpoint for route in house.routes if isinstance(route.endpoint, str)}
        if name in known:
            return
        recorded = self._do(lambda control, stage: control.recording(stage, endpoint=name))
        if not recorded:
            tail = nearest(name, sorted(known))
            raise ControlError(f"there is no endpoint {name!r} at {', '.join(self._names)}; {tail}", 404)
