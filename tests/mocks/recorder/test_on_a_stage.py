"""However much is asked of a stage, its recording stays within its bounds: in number and in bytes."""

# ruff: noqa: D103 - the names are sentences

import tracemalloc

from sparring.mocks.recorder.recorder import LIMIT, ROOM
from tests.mocks.stages import in_loop, open_stage, request


@in_loop
async def test_the_number_of_exchanges_is_bounded() -> None:
    stage = await open_stage()
    for _ in range(LIMIT + 100):
        await stage.respond("ingest", request("GET", "/nothing"))
    kept = stage.recorder.select()
    assert (len(kept), kept[0].n, kept[-1].n, stage.recorder.count) == (LIMIT, 101, LIMIT + 100, LIMIT + 100)
    assert all(exchange.ended for exchange in kept)


@in_loop
async def test_their_bytes_are_bounded() -> None:
    stage = await open_stage()
    stage.faults.add({"match": {}, "effect": {"kind": "body", "text": "y" * 300_000}, "times": None})
    tracemalloc.start()
    try:
        for number in range(150):
            await stage.respond("ingest", request("POST", f"/{number}", body=b"%d" % number + b"x" * (1 << 20)))
        kept = stage.recorder.select()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    size = sum(exchange.size for exchange in kept)
    assert ROOM - (2 << 20) < size <= ROOM
    assert held < ROOM + (16 << 20)
    assert kept[-1].n == stage.recorder.count == 150
    assert [exchange.n for exchange in kept] == list(range(151 - len(kept), 151))
