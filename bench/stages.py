"""What a stage costs: opened and closed, in the process of the test that uses it."""

import asyncio
import time

from sparring.mocks.providers import NAMES
from sparring.mocks.server.local import local_stages

TIMES = 100


async def _open_and_close(providers: list[str], *, tls: bool) -> tuple[float, float]:
    async with local_stages(tls=tls) as (control, _):
        await control.close_stage((await control.open_stage({"providers": providers}))["id"])
        start = time.perf_counter()
        opened = [(await control.open_stage({"providers": providers}))["id"] for _ in range(TIMES)]
        between = time.perf_counter()
        for stage in opened:
            await control.close_stage(stage)
        return (between - start) / TIMES, (time.perf_counter() - between) / TIMES


def stage_costs() -> list[tuple[str, float, float]]:
    """Label, seconds to open, seconds to close."""
    costs = []
    for label, providers in (("one provider", ["ingest"]), (f"all {len(NAMES)} providers", list(NAMES))):
        for tls in (False, True):
            opening, closing = asyncio.run(_open_and_close(providers, tls=tls))
            costs.append((f"{label}, {'https' if tls else 'http'}", opening, closing))
    return costs
