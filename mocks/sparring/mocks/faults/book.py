"""The faults of a stage: which of them fires on a request, and how often it did."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.faults.counts import Counts, OwnCounts
from sparring.mocks.faults.schema import About, BadFault, Effect, Fault, Place, read_fault

_MOST_REMEMBERED = 1_000
"""Faults that are remembered after they were taken off the stage."""


class FaultBook:
    """Faults in the order they were put on stage, with their counts. A request counts once per fault and place."""

    def __init__(self) -> None:
        self.counts: Counts = OwnCounts()
        self._faults: dict[str, Fault] = {}
        self._gone: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, int] = {}
        self._fired: dict[str, int] = {}
        self._made = 0

    def add(self, document: Mapping[str, Any]) -> Fault:
        """Put a fault on stage. BadFault where it cannot be read or its id is taken."""
        self._made += 1
        while f"fault-{self._made}" in self._faults:  # somebody chose that name
            self._made += 1
        fault = _read(document, f"fault-{self._made}")
        if fault.id in self._faults:
            raise BadFault(f"a fault with the id {fault.id!r} is on stage already")
        self._faults[fault.id] = fault
        self._numbers[fault.id] = self._made
        return fault

    def remove(self, fault_id: str | None = None) -> int:
        """Take one fault off the stage, or all of them; how many they were."""
        gone = [key for key in self._faults if fault_id in {None, key}]
        for key in gone:
            self._gone.pop(key, None)
            self._gone[key] = self._faults.pop(key).as_json()
            self._numbers.pop(key)
            self._fired.pop(key, None)
            if len(self._gone) > _MOST_REMEMBERED:
                del self._gone[next(iter(self._gone))]
        return len(gone)

    def as_json(self) -> list[dict[str, Any]]:
        """The faults on stage, each with the number of times it fired, as far as is known here: see ``look``."""
        return [fault.as_json() | {"fired": self._fired.get(fault.id, 0)} for fault in self._faults.values()]

    def state(self) -> dict[str, Any]:
        """What is on stage and what was, without the counts, as JSON; ``adopt`` reads it."""
        on_stage = [[self._numbers[fault.id], fault.as_json()] for fault in self._faults.values()]
        return {"made": self._made, "faults": on_stage, "gone": list(self._gone.values())}

    def adopt(self, state: Mapping[str, Any]) -> None:
        """Become like the book whose state this is; the counts are those of whoever shares them."""
        known = {self._numbers[fault.id]: fault for fault in self._faults.values()}
        self._made, self._numbers, before = state["made"], {}, self._fired
        self._faults, self._fired = {}, {}
        for number, document in state["faults"]:
            fault = known.get(number)
            if fault is not None and fault.as_json() == document:
                self._fired[fault.id] = before.get(fault.id, 0)
            else:  # somebody else was quicker, and has had that number for another one
                fault = _read(document, document["id"])
            self._faults[fault.id], self._numbers[fault.id] = fault, number
        self._gone = {document["id"]: document for document in state["gone"]}

    async def look(self) -> None:
        """Learn how often each fault on stage has fired, wherever it did."""
        names = list(self._faults)
        if names:
            values = await self.counts.values([self._count_of(name) for name in names])
            self._fired = {name: value for name, value in zip(names, values, strict=True) if name in self._faults}

    def _count_of(self, fault_id: str) -> str:
        return f"fired/{self._numbers[fault_id]}"

    def __bool__(self) -> bool:
        """Whether there is any fault on stage."""
        return bool(self._faults)

    @property
    def by_grant(self) -> bool:
        """Whether a fault counts for each grant by itself."""
        return any(fault.match.per == "grant" for fault in self._faults.values())

    def find(self, fault_id: str) -> Fault | None:
        """The fault of that id, on stage or taken off it; None where there never was one."""
        gone = self._gone.get(fault_id)
        return self._faults.get(fault_id) or (None if gone is None else _read(gone, fault_id))

    def effect(self, fault_id: str) -> Effect | None:
        """What that fault does; None where it is not on stage."""
        fault = self._faults.get(fault_id)
        return None if fault is None else fault.effect

    async def due(
        self, place: Place, about: About, *, when: str | None = None, point: str | None = None
    ) -> list[Fault]:
        """The faults whose turn it is, at that place. Asking counts the request: ask once per place, moment and point.

        Only ``count`` uses a fault up: what had nothing to change did not fire.
        """
        turns = []
        for fault in self.covering(place, about, when=when, point=point):
            seen = None if fault.match.attempt is None else await self.counts.next(self._attempts_of(fault, about))
            if fault.match.attempt == seen and not await self._used_up(fault):
                turns.append(fault)
        return turns

    def covering(self, place: Place, about: About, *, when: str | None = None, point: str | None = None) -> list[Fault]:
        """The faults at that place that are meant for the request, whether it is their turn or not."""
        return [
            fault
            for fault in self._faults.values()
            if fault.effect.place is place
            and when in {None, fault.when}
            and point in {None, fault.effect.point}
            and fault.match.covers(about)
        ]

    async def pass_over(self, fault: Fault, about: About) -> None:
        """The request does not count after all: it never came to where the fault would have fired."""
        if fault.match.attempt is not None and self._faults.get(fault.id) is fault:
            await self.counts.take_back(self._attempts_of(fault, about))

    def _attempts_of(self, fault: Fault, about: About) -> str:
        grant = f"/{about.family}" if fault.match.per else ""
        return f"attempts/{self._numbers[fault.id]}{grant}"

    async def in_window(self, fault: Fault, about: About, window: int) -> int:
        """How many requests there were in that window at the provider, this one included; 0 where it was taken off."""
        if self._faults.get(fault.id) is not fault:
            return 0
        return await self.counts.next(f"window/{self._numbers[fault.id]}/{about.provider}/{window}")

    async def count(self, fault: Fault) -> bool:
        """The fault fires; False where it was used up since it was its turn, or was taken off the stage."""
        if self._faults.get(fault.id) is not fault:
            return False
        fired = await self.counts.next_below(self._count_of(fault.id), fault.times)
        if self._faults.get(fault.id) is fault:
            self._fired[fault.id] = (fault.times or 0) if fired is None else fired
        return fired is not None

    async def take_back(self, fault_id: str) -> None:
        """It did not fire after all."""
        if fault_id in self._faults:
            if self._fired.get(fault_id, 0) > 0:
                self._fired[fault_id] -= 1
            await self.counts.take_back(self._count_of(fault_id))

    async def _used_up(self, fault: Fault) -> bool:
        if fault.times is None:
            return False
        (fired,) = await self.counts.values([self._count_of(fault.id)])
        return fired >= fault.times

    async def fire(
        self, place: Place, about: About, *, when: str | None = None, point: str | None = None
    ) -> list[Fault]:
        """The faults that fire now, at that place, whatever comes of it."""
        return [fault for fault in await self.due(place, about, when=when, point=point) if await self.count(fault)]


def _read(document: Mapping[str, Any], fallback_id: str) -> Fault:
    """A fault of any kind there is. BadFault."""
    from sparring.mocks.faults.effects import EFFECTS  # noqa: PLC0415  most stages never see a fault

    return read_fault(document, fallback_id, EFFECTS)
