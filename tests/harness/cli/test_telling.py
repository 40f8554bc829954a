"""Lines for whoever looks on."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from io import StringIO

from sparring.harness.cli.telling import Teller


class Counting(StringIO):
    """Counts how often it was flushed."""

    flushed = 0

    def flush(self) -> None:
        """Count."""
        self.flushed += 1


def test_what_comes_in_one_turn_is_written_in_one_piece() -> None:
    stream = Counting()

    async def talk() -> None:
        teller = Teller(stream)
        for line in ("one", "two"):
            teller.say(line)
        assert stream.getvalue() == ""
        await asyncio.sleep(0)
        assert (stream.getvalue(), stream.flushed) == ("one\ntwo\n", 1)
        teller.say("three")
        teller.flush()
        await asyncio.sleep(0)
        assert (stream.getvalue(), stream.flushed) == ("one\ntwo\nthree\n", 2)

    asyncio.run(talk())


def test_a_reader_who_has_gone_is_no_reason_to_stop() -> None:
    class Broken(StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    async def talk() -> None:
        teller = Teller(Broken())
        teller.say("one")
        teller.flush()
        teller.say("two")
        await asyncio.sleep(0)

    asyncio.run(talk())
