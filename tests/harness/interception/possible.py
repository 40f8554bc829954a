"""Whether this machine has sandboxes to give: what needs one is skipped where it has not."""

import asyncio
import tempfile
from functools import cache
from pathlib import Path

from sparring.harness.interception.sandbox.outside import why_impossible


@cache
def no_sandbox() -> str:
    """Why there are none; empty where there are."""
    with tempfile.TemporaryDirectory() as scratch:
        return asyncio.run(why_impossible(Path(scratch)))
