"""The faults of a stage: which of them fires on a request, and how often it did."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.faults import EFFECTS
from sparring.mocks.faults.schema import About, BadFault, Effect, Fault, Place, read_fault


class FaultBook:
    """Faults in the order they were put on stage, with their counts. A request counts once per fault and place."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._seen: dict[str, int] = {}
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
            del self._faults[key]
            self._seen.pop(key, None)
            self._fired.pop(key, None)
        return len(gone)

    def as_json(self) -> list[dict[str, Any]]:
        """The faults on stage, each with the number of times it fired."""
        return [fault.as_json() | {"fired": self._fired.get(fault.id, 0)} for fault in self._faults.values()]

    def effect(self, fault_id: str) -> Effect | None:
        """What that fault does; None where it is not on stage."""
        fault = self._faults.get(fault_id)
        return None if fault is None else fault.effect

    def fire(self, place: Place, about: About, *, when: str | None = None, point: str | None = None) -> list[Fault]:
        """The faults that fire now, at that place. Asking counts: ask once per request, place, moment and point."""
        firing = []
        for fault in self._faults.values():
            if fault.effect.place is not place or (when is not None and fault.when != when):
                continue
            if point is not None and fault.effect.point != point:
                continue
            if not fault.match.covers(about):
                continue
            seen = self._seen[fault.id] = self._seen.get(fault.id, 0) + 1
            fired = self._fired.get(fault.id, 0)
            if fault.match.attempt not in {None, seen} or (fault.times is not None and fired >= fault.times):
                continue
            self._fired[fault.id] = fired + 1
            firing.append(fault)
        return firing
