"""Clocks that a preloaded library moves: our own, and libfaketime."""

import asyncio
import os
import struct
from pathlib import Path

from sparring.harness.clientclock.processes import why_unreached
from sparring.harness.drivers.scratch import own_folder

_NANOSECONDS = 1_000_000_000


class _MovedClock:
    """What both kinds have in common: an offset, a file that carries it, and a library that must be mapped."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._file: Path | None = None
        self.seconds = 0.0

    def advance(self, seconds: float) -> None:
        """Move the clock of the running client, and of any that is started later, forward."""
        if seconds < 0:
            message = f"a client's clock never goes back, so not by {seconds:g} s"
            raise ValueError(message)
        self.seconds += seconds
        if self._file is not None:
            self._write(self._file)

    async def reaches(self, pid: int) -> bool:
        """Whether a step reaches the client whose first process has that id."""
        return not await self.missed(pid)

    async def missed(self, pid: int) -> str:
        """Why a step does not reach that client, as a sentence; empty where it does."""
        return await asyncio.to_thread(why_unreached, pid, self._library)

    def _place(self, scratch: Path) -> Path:
        self._file = own_folder(scratch) / "clock"
        self._write(self._file)
        return self._file

    def _write(self, file: Path) -> None:
        raise NotImplementedError


class PreloadClock(_MovedClock):
    """Our own library: it shifts the wall clock alone, by an offset in a file that is mapped into the client."""

    name = "preload"

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the variables that a client must start with."""
        return {"LD_PRELOAD": str(self._library), "SPARRING_CLOCK_FILE": str(self._place(scratch))}

    def _write(self, file: Path) -> None:
        """Eight bytes at once, in place: a running client has this very file mapped."""
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.pwrite(handle, struct.pack("=q", round(self.seconds * _NANOSECONDS)), 0)
        finally:
            os.close(handle)


class FaketimeClock(_MovedClock):
    """libfaketime, which reads an offset from a file at every look at the clock."""

    name = "libfaketime"

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the variables that a client must start with.

        Without DONT_FAKE_MONOTONIC timed waits hang; with the "monotonic fix" Java's timed waits return at once.
        """
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._place(scratch)),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def _write(self, file: Path) -> None:
        """Put a whole new file in place, so that nobody reads half a number."""
        fresh = file.with_name("clock.new")
        fresh.write_text(f"+{self.seconds:.6f}\n", encoding="ascii")
        fresh.replace(file)
