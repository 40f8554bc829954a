"""The address that a command only prints, for a person to open; and what that person pastes back."""

import asyncio
import re
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from sparring.harness.drivers.answer import json_object

Paste = Literal["url", "code"]
PASTES: tuple[Paste, ...] = ("url", "code")

_ADDRESS = re.compile(r"""https?://[^\s"'<>`\\\x00-\x1f\x7f]+""")
_AFTER_AN_ADDRESS = ".,;:!?)]}"
_PROMPT = 0.25
_LONGEST = 64 * 1024
_LONGEST_SEARCH = 1.0
_AT_ONCE = 0.001


class SlowPatternError(Exception):
    """A ``visit_pattern`` takes longer over a line than anybody waits; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a person at the client's terminal knows.

    ``is_login``: whether an address is one at which to sign in. ``pattern``: how the client prints it (its first group,
    or all of it), where that is said; then whatever matches is opened. ``paste``: what the client wants to be told once
    the browser is back, None where it listens itself.
    """

    is_login: Callable[[str], bool]
    pattern: re.Pattern[str] | None = None
    paste: Paste | None = None

    def address(self, line: str) -> str | None:
        """The address to open that stands on a line of output, if any does. SlowPatternError."""
        if (json_object(line) or {}).get("sparring") is not None:
            return None
        if self.pattern is not None:
            with _in_time(self.pattern):
                match = self.pattern.search(line)
            return None if match is None else (match[1] if self.pattern.groups else match[0])
        found = (address.rstrip(_AFTER_AN_ADDRESS) for address in _ADDRESS.findall(line))
        return next((address for address in found if self.is_login(address)), None)


def wrong_pattern(text: str) -> str:
    """What is wrong with a ``visit_pattern``, as a sentence; empty where nothing is."""
    try:
        with warnings.catch_warnings():  # of what a future Python may read otherwise
            warnings.simplefilter("ignore")
            pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as trouble:
        return f"visit_pattern of the manifest is no regular expression: {trouble}"
    return "visit_pattern of the manifest matches an empty line" if pattern.search("") else ""


@contextmanager
def _in_time(pattern: re.Pattern[str]) -> Iterator[None]:
    """A bound for a search: a pattern such as ``(a+)+b`` takes a line of thirty letters for longer than a day.

    The search looks for signals; elsewhere than in the main thread there are none, and no bound, nor on Windows. An
    alarm that somebody else has set rings when it should, or after the search.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def late(_number: int, _frame: FrameType | None) -> None:
        raise SlowPatternError(f"visit_pattern {pattern.pattern!r} takes too long over a line that the client printed")

    before, began = signal.signal(signal.SIGALRM, late), time.monotonic()
    left, every = signal.setitimer(signal.ITIMER_REAL, _LONGEST_SEARCH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - began), _AT_ONCE), every)


def is_authorization_request(address: str, authorize_url: str) -> bool:
    """Whether an address is that endpoint's, or asks for a response type wherever it is."""
    try:
        asked, endpoint = urlsplit(address), urlsplit(authorize_url)
    except ValueError:
        return False
    return asked.path == endpoint.path or "response_type" in parse_qs(asked.query)


def pasted(callback: str, paste: Paste) -> bytes:
    """The line that a person pastes: the callback's address, or the code in it (nothing, where it has none)."""
    code = parse_qs(urlsplit(callback).query).get("code", [""])[0]
    return (callback if paste == "url" else code).encode() + b"\n"


class Reading:
    """Reads the output of a command and reports the first address that its person is to open.

    ``failed`` gets what stands in the way of reading on. A line without an end, such as a prompt, is read when nothing
    has followed it for a quarter of a second.
    """

    def __init__(
        self, terminal: Terminal, found: Callable[[str], None], failed: Callable[[SlowPatternError], None]
    ) -> None:
        self._terminal = terminal
        self._found = found
        self._failed = failed
        self._rest: dict[str, bytes] = {}
        self._prompts: dict[str, asyncio.TimerHandle] = {}
        self._done = False

    def hear(self, stream: str, data: bytes) -> None:
        """Take what arrived on that stream; empty data is its end."""
        if self._done:
            return
        if waiting := self._prompts.pop(stream, None):
            waiting.cancel()
        *lines, rest = (self._rest.get(stream, b"") + data).split(b"\n")
        self._rest[stream] = rest[-_LONGEST:]
        for line in lines if data else (*lines, rest):
            self._read(line)
        if rest and data and not self._done:
            loop = asyncio.get_running_loop()
            self._prompts[stream] = loop.call_later(_PROMPT, self._read, rest)

    def close(self) -> None:
        """Read no more."""
        self._done = True
        for waiting in self._prompts.values():
            waiting.cancel()

    def _read(self, line: bytes) -> None:
        if self._done:
            return
        try:
            address = self._terminal.address(line[-_LONGEST:].decode("utf-8", "replace"))
        except SlowPatternError as error:
            self.close()
            self._failed(error)
            return
        if address:
            self.close()
            self._found(address)
