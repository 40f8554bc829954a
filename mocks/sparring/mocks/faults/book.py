"""The faults of a stage: which of them fires on a request, and how often it did."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.faults import EFFECTS
from sparring.mocks.faults.schema import About, BadFault, Effect, Fault, Place, read_fault

_MOST_REMEMBERED = 1_000
"""Faults that are remembered after they were taken off the stage."""

_MOST_COUNTED = 20_000
"""Counts that are kept, of faults and of grants; beyond it, the one that was not asked for longest is forgotten."""


class FaultBook:
    """Faults in the order they were put on stage, with their counts. A request counts once per fault and place."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._gone: dict[str, Fault] = {}
        self._seen: dict[tuple[str, str | None], int] = {}
        self._fired: dict[str, int] = {}
        self._made = 0

    def add(self, document: Mapping[str, Any]) -> Fault:
        """Put a fault on stage. BadFault where it cannot be read or its id is taken."""
        self._made += 1
        while f"fault-{self._made}" in self._faults:  # somebody chose that name
            self._made += 1
        fault = read_fault(document, f"fault-{self._made}", EFFECTS)
        if fault.id in self._faults:
            raise BadFault(f"a fault with the id {fault.id!r} is on stage already")
        self._faults[fault.id] = fault
        return fault

    def remove(self, fault_id: str | None = None) -> int:
        """Take one fault off the stage, or all of them; how many they were."""
        gone = [key for key in self._faults if fault_id in {None, key}]
        for key in gone:
            self._gone.pop(key, None)
            self._gone[key] = self._faults.pop(key)
            self._fired.pop(key, None)
            if len(self._gone) > _MOST_REMEMBERED:
                del self._gone[next(iter(self._gone))]
        self._seen = {counted: seen for counted, seen in self._seen.items() if counted[0] not in gone}
        return len(gone)

    def as_json(self) -> list[dict[str, Any]]:
        """The faults on stage, each with the number of times it fired."""
        return [fault.as_json() | {"fired": self._fired.get(fault.id, 0)} for fault in self._faults.values()]

    def __bool__(self) -> bool:
        """Whether there is any fault on stage."""
        return bool(self._faults)

    @property
    def by_grant(self) -> bool:
        """Whether a fault counts for each grant by itself."""
        return any(fault.match.per == "grant" for fault in self._faults.values())

    def find(self, fault_id: str) -> Fault | None:
        """The fault of that id, on stage or taken off it; None where there never was one."""
        return self._faults.get(fault_id) or self._gone.get(fault_id)

    def effect(self, fault_id: str) -> Effect | None:
        """What that fault does; None where it is not on stage."""
        fault = self._faults.get(fault_id)
        return None if fault is None else fault.effect

    def due(self, place: Place, about: About, *, when: str | None = None, point: str | None = None) -> list[Fault]:
        """The faults whose turn it is, at that place. Asking counts the request: ask once per place, moment and point.

        Only ``count`` uses a fault up: what had nothing to change did not fire.
        """
        turns = []
        for fault in self._faults.values():
            if fault.effect.place is not place or (when is not None and fault.when != when):
                continue
            if point is not None and fault.effect.point != point:
                continue
            if not fault.match.covers(about):
                continue
            counted = (fault.id, about.family if fault.match.per else None)
            seen = self._seen.pop(counted, 0) + 1
            self._seen[counted] = seen
            if len(self._seen) > _MOST_COUNTED:
                del self._seen[next(iter(self._seen))]
            if fault.match.attempt in {None, seen} and not self._used_up(fault):
                turns.append(fault)
        return turns

    def count(self, fault: Fault) -> bool:
        """The fault fires; False where it was used up since it was its turn, or was taken off the stage."""
        if self._faults.get(fault.id) is not fault or self._used_up(fault):
            return False
        self._fired[fault.id] = self._fired.get(fault.id, 0) + 1
        return True

    def take_back(self, fault_id: str) -> None:
        """It did not fire after all."""
        if self._fired.get(fault_id, 0) > 0:
            self._fired[fault_id] -= 1

    def _used_up(self, fault: Fault) -> bool:
        return fault.times is not None and self._fired.get(fault.id, 0) >= fault.times

    def fire(self, place: Place, about: About, *, when: str | None = None, point: str | None = None) -> list[Fault]:
        """The faults that fire now, at that place, whatever comes of it."""
        return [fault for fault in self.due(place, about, when=when, point=point) if self.count(fault)]
