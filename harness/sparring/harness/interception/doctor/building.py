"""Programs that must be built before they can be tried; each is kept for the next time."""

import asyncio
import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from sparring.harness.interception.doctor.stacks import Stack

_SOURCES = Path(__file__).resolve().parent / "programs"
_SECONDS = 10.0
_SLOW_SECONDS = 300.0


class NotBuiltError(Exception):
    """Why there is no such program, in a few words."""


class Builder:
    """Builds into the folder ``cache``. ``every``: also what takes long."""

    def __init__(self, cache: Path, *, every: bool) -> None:
        self._cache = cache
        self._every = every
        self._locks: dict[Path, asyncio.Lock] = {}

    async def built(self, stack: Stack, version: str) -> str:
        """The folder of the stack's program, built if it is not there; empty where none is needed. NotBuiltError."""
        if not stack.source:
            return ""
        source = _SOURCES / stack.source
        told = f"{version}\0{' '.join(stack.build)}\0".encode() + await asyncio.to_thread(source.read_bytes)
        place = self._cache / f"{source.stem}-{hashlib.sha256(told).hexdigest()[:12]}"
        async with self._locks.setdefault(place, asyncio.Lock()):
            if not await asyncio.to_thread(place.is_dir):
                if stack.slow and not self._every:
                    raise NotBuiltError("not tried: --all builds a program for it, once")
                await self._build(stack, source, place)
        return str(place)

    async def _build(self, stack: Stack, source: Path, place: Path) -> None:
        """Make the folder whole elsewhere first: nobody may find half of it."""
        try:
            await asyncio.to_thread(self._cache.mkdir, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".making-", dir=self._cache) as folder:
                out = Path(folder) / "out"
                await asyncio.to_thread(out.mkdir)
                await _run(
                    [part.replace("{source}", str(source)).replace("{out}", str(out)) for part in stack.build],
                    _SLOW_SECONDS if stack.slow else _SECONDS,
                )
                with contextlib.suppress(FileExistsError):
                    await asyncio.to_thread(out.rename, place)
        except TimeoutError as error:
            raise NotBuiltError("not tried: building took too long") from error
        except OSError as error:
            raise NotBuiltError(f"not tried: {error}") from error


async def _run(command: list[str], seconds: float) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, env=dict(os.environ), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotBuiltError(f"not tried: {command[0]} could not build it")
