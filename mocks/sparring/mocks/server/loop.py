"""The quickest event loop there is: uvloop's where it can be had (not on Windows), else asyncio's own."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_SELDOM = (20_000, 20, 50)
"""A server keeps thousands of exchanges and tokens, none of them in a cycle: to look at all of them again and again for
cycles took a tenth of its time.
"""


def run(work: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run`` does, in a process that does nothing else."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        from uvloop import new_event_loop  # noqa: PLC0415  it is compiled, and not for every machine
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)
