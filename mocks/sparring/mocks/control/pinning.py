"""Faults that strike the same requests once more: by what was asked, and how often it had been asked before."""

from collections.abc import Sequence
from dataclasses import asdict

from sparring.mocks.control.interface import Json
from sparring.mocks.faults.schema import About, Fault, Match


def pinned(name: str, requests: Sequence[About], index: int, effect: Json, when: str) -> Json:
    """A fault for one request of a sequence, once: the n-th of its kind at that provider, endpoint and grant_type."""
    about = requests[index]
    match = Match(provider=about.provider, endpoint=about.endpoint, grant=about.grant)
    attempt = sum(match.covers(earlier) for earlier in requests[: index + 1])
    members = {key: value for key, value in asdict(match).items() if value is not None}
    return {"id": name, "match": {**members, "attempt": attempt, "when": when}, "effect": effect, "times": 1}


def strikes(fault: Fault, requests: Sequence[About]) -> list[int]:
    """The requests of a sequence that the fault strikes, if it is on stage from the beginning."""
    seen: dict[str | None, int] = {}
    struck: list[int] = []
    for index, about in enumerate(requests):
        if not fault.match.covers(about):
            continue
        key = about.family if fault.match.per else None
        seen[key] = seen.get(key, 0) + 1
        if fault.match.attempt in {None, seen[key]} and (fault.times is None or len(struck) < fault.times):
            struck.append(index)
    return struck
