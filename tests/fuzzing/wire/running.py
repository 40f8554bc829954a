"""Many cases at one port, several at a time, and what has to hold after each of them and after all."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from hypothesis import strategies as st

from tests.fuzzing.mutants import mutants
from tests.fuzzing.running import Tally, drawn, kept
from tests.fuzzing.wire.arena import Arena, Port, open_arena
from tests.fuzzing.wire.grammar import requests
from tests.fuzzing.wire.judging import NoHttpError, statuses

AT_ONCE = 40
"""Connections."""
QUIET = 0.15
"""Seconds without a byte after which the client says that it has no more to say."""
PATIENCE = 15
"""Seconds after which a connection that is still open then counts as one that hangs."""
MUTANTS = 3
BATCH = 50
LEFT_OVER = 6
"""Descriptors or tasks that may be more than in the beginning: a listener's, or one that is just ending."""


async def ask(port: Port, data: bytes) -> tuple[bytes, str]:
    """What comes back, and how it ended: ``closed``, ``reset``, ``left`` by the client, or ``open`` after all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port.port, ssl=port.tls)
    raw, end = b"", "closed"
    try:
        with suppress(OSError):
            writer.write(data)
        deadline, wait = time.monotonic() + PATIENCE, QUIET
        while True:
            try:
                part = await asyncio.wait_for(reader.read(1 << 16), wait)
            except TimeoutError:
                if wait > QUIET:
                    return raw, "open" if time.monotonic() >= deadline else end
                if port.tls is not None:
                    return raw, "left"
                end, wait = "left", PATIENCE
                with suppress(OSError):
                    writer.write_eof()
                continue
            except OSError:
                return raw, "reset"
            if not part:
                return raw, end
            raw += part
    finally:
        writer.transport.abort()


def complaint(port: Port, raw: bytes, end: str) -> str:
    """What is wrong with that, as a sentence; empty where nothing is."""
    try:
        found = statuses(raw, whole=end == "closed")
    except NoHttpError as error:
        return str(error)
    unasked = [status for status in found if status >= 500 and status not in port.allowed]
    if unasked:
        return f"{unasked[0]}, which nobody asked for: {raw[-300:]!r}"
    return f"still open after {PATIENCE} s" if end == "open" else ""


def judged(arena: Arena, port: Port, cases: Sequence[bytes]) -> list[tuple[bytes, str]]:
    """What those cases do wrong: by themselves, or in the log, or by what is answered afterwards."""

    async def all_of_them() -> list[tuple[bytes, str]]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(data: bytes) -> tuple[bytes, str]:
            async with gate:
                return data, complaint(port, *await ask(port, data))

        found = [each for each in await asyncio.gather(*map(one, cases)) if each[1]]
        if port.good:
            raw, _ = await ask(port, port.good)
            if not raw.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3")):
                found.append((b"", f"afterwards a good request is answered with {raw[:200]!r}"))
        return found

    found = asyncio.run(all_of_them())
    found += [(b"", said) for said in arena.complaints.said]
    arena.complaints.said.clear()
    return found


def run(name: str, cases: int, seed: int) -> Tally:
    """So many cases at least at that port; it ends with the first batch in which any goes wrong."""
    with open_arena() as arena:
        return run_in(arena, name, cases, seed)


def run_in(arena: Arena, name: str, cases: int, seed: int) -> Tally:
    """The same in an arena that is open."""
    tally, port = Tally(f"wire-{name}"), arena.ports[name]
    judged(arena, port, [port.good] * AT_ONCE)
    arena.tidy()
    before = arena.count()
    known = [case for case in kept(tally.name) if isinstance(case, bytes)]
    for batch in (known, *_batches(port, cases, seed)):
        tally.cases += len(batch)
        wrong = judged(arena, port, batch)
        tally.wrong += [one for data, told in wrong[:3] for one in _pinned(arena, port, batch, data, told)]
        arena.tidy()
        if wrong:
            return tally
    left = _left_over(arena, before)
    if left:
        tally.wrong.append((b"", left))
    return tally


def _pinned(arena: Arena, port: Port, batch: Sequence[bytes], data: bytes, told: str) -> Iterator[tuple[bytes, str]]:
    """The case that is to blame; where none is named, each is tried alone."""
    if data:
        yield data, told
        return
    blamed = next((each for each in batch if judged(arena, port, [each])), b"")
    yield blamed, told


def _batches(port: Port, cases: int, seed: int) -> Iterator[list[bytes]]:
    own = [port.good] if port.good else [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]
    whole = [each.replace(b"Connection: close\r\n", b"") for each in own]
    strategy: st.SearchStrategy[bytes] = requests(port.targets, whole)
    strategy = strategy if port.apt is None else strategy | port.apt | port.apt
    made = 0
    while made < cases:
        count = max(1, min(BATCH, (cases - made) // (MUTANTS + 1)))
        batch = [each for data, dice in drawn(strategy, count, seed) for each in (data, *mutants(data, dice, MUTANTS))]
        made += len(batch)
        seed += 1
        yield batch


def _left_over(arena: Arena, before: tuple[int, int]) -> str:
    """What has not gone away after a while, as a sentence; empty where nothing is left."""
    deadline = time.monotonic() + PATIENCE
    while True:
        now = arena.count()
        if all(count <= then + LEFT_OVER for count, then in zip(now, before, strict=True)):
            return ""
        if time.monotonic() > deadline:
            return f"descriptors and tasks were {before}, and are {now}"
        time.sleep(0.2)
