"""One HTTP/1.1 connection between a socket and a stage, with nothing in between (docs/decisions/0010)."""

import asyncio
import logging
from collections import deque
from itertools import count
from typing import cast

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserUpgrade,
    HttpRequestParser,
    parse_url,
)

from sparring.mocks.engine.messages import Request
from sparring.mocks.faults.wire import WireEffect
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.server.door import Door
from sparring.mocks.server.heads import Head
from sparring.mocks.server.limits import PHRASES, RefusedError, names_a_host
from sparring.mocks.server.octets import written

_log = logging.getLogger("sparring.mocks.server")
_numbers = count(1)
_MASK = "upgrad~"
_names: dict[bytes, str] = {_MASK.encode(): "upgrade"}
"""Header names as they came, and in lower case."""

_STEADY = frozenset({"host", "content-type", "content-length", "accept", "accept-encoding", "connection", "user-agent"})
_steady: dict[tuple[str, bytes], tuple[str, str]] = {}
"""Headers that every request of a client has: one of each is kept, for all that are recorded."""

_MOST_NAMES = 1_000
_MOST_WAITING = 16
"""Requests that are read while one before them is being answered."""

_END = b"\r\n\r\n"
_FRAMING = 8
"""How many times as long as its content a body may be by its chunks' sizes, extensions and trailers."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(asyncio.Protocol):
    """Requests are answered in the order in which they come. What the stage answers without waiting is written before
    the next byte is read; wire faults get the transport.
    """

    transport: asyncio.Transport

    def __init__(self, door: Door) -> None:
        self._door = door
        self._limits = door.limits
        self._most = self._limits.head + _FRAMING * self._limits.body
        self._parser = HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._number = next(_numbers)
        self._scheme = "http"
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._busy = False
        self._refusal = 0
        self._continue = False
        self._stopped = False
        """Nothing that comes is looked at any more."""
        self._between = True
        """No request has begun that is not complete."""
        self._lingering = False
        """Refused, and perhaps still sending."""
        self._full = False
        """Whoever asks does not read the answers."""
        self._since = 0.0
        self._came = 0
        self._fed = 0
        self._in_head = False
        self._url = b""
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._size = 0
        self._path = self._query = ""
        self._host: str | None = None
        self._lasting = True
        self._upgrading = False
        self._first = b""
        """What came at once, where it began with a request."""

    # The transport's calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected, and shaken hands where that is usual."""
        self.transport = cast("asyncio.Transport", transport)
        if transport.get_extra_info("sslcontext") is not None:
            self._scheme = "https"
        self._door.room.connections.add(self)
        self._door.watch.add(self)
        self._since = self._door.watch.now

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  as the transport has it
        """They have gone."""
        self._door.room.connections.discard(self)
        self._door.watch.leave_out(self)
        self._stopped = True
        self._waiting.clear()
        del self._parser  # it holds the connection

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if self._stopped:
            return
        if self._between:
            size = data.find(_END) + len(_END)
            head = self._door.heads.get(data[:size])
            if head is not None and len(data) - size == head.length:
                self._arrived(head.request(data[size:]), lasting=True)
                return
            self._first = data
        self._came = len(data)
        self._fed += self._came
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as wish:
            self._stay(data[wish.args[0] :])
        except HttpParserCallbackError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, RefusedError) else 400)
        except HttpParserError:
            self._refuse(400)
        if self._in_head and self._fed > self._came + self._limits.head:
            self._refuse(431)
        elif self._fed > self._came + self._most and not self._between:
            self._refuse(413)

    def eof_received(self) -> None:
        """The client says nothing more: the transport closes."""

    def pause_writing(self) -> None:
        """The client does not read what it asked for: it gets no more of it."""
        self._full = True
        self._pace()

    def resume_writing(self) -> None:
        """It does again."""
        self._full = False
        self._pace()

    def grow_old(self, now: float) -> None:
        """Close what has been idle for long; refuse what never becomes a request."""
        age = now - self._since
        if self.transport.is_closing():
            if age > self._limits.idle:
                self.transport.abort()
        elif self._lingering:
            if age > self._limits.linger:
                self.transport.abort()
        elif not self._between and not self._stopped:
            if age > self._limits.patience:
                self._refuse(408)
        elif not self._busy and age > self._limits.idle:
            self.transport.close()

    # The parser's calls

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._between = False
        self._in_head = True
        self._since = self._door.watch.now
        self._fed = self._came
        self._url = b""
        self._headers = []
        self._body = []
        self._size = 0
        self._upgrading = False

    def on_url(self, url: bytes) -> None:
        """A part of the target."""
        self._url += url
        if len(self._url) > self._limits.target:
            raise RefusedError(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, whole; or a trailer, which nobody here asks for (RFC 9110 section 6.5.1)."""
        if not self._in_head:
            return
        known = _names.get(name)
        if known is None:
            known = name.decode("latin-1").lower()
            if len(_names) < _MOST_NAMES:
                _names[name] = known
        if known in _STEADY:
            pair = _steady.get((known, value))
            if pair is None:
                pair = (known, value.decode("latin-1"))
                if len(_steady) < _MOST_NAMES:
                    _steady[known, value] = pair
        else:
            pair = (known, value.decode("latin-1"))
        self._headers.append(pair)

    def on_headers_complete(self) -> None:
        """What follows is the body."""
        self._in_head = False
        parser, url = self._parser, self._url
        if self._fed > self._limits.head and self._head_size() > self._limits.head:
            raise RefusedError(431)
        if url.startswith(b"/") and b"#" not in url:
            path, _, query = url.partition(b"?")
        else:
            target = parse_url(url)
            path, query = target.path, target.query or b""
        self._path, self._query = path.decode("ascii"), query.decode("ascii")
        self._lasting = parser.should_keep_alive() and parser.get_http_version() != "1.0"
        self._upgrading = parser.should_upgrade()
        if query.count(b"&") >= self._limits.parameters:
            raise RefusedError(400)
        self._host = None
        for name, value in self._headers:
            if name == "host":
                host = value.rstrip(" \t")  # the parser leaves it there
                if self._host is not None or not names_a_host(host):
                    raise RefusedError(400)
                self._host = host
            elif name == "content-length" and int(value) > self._limits.body:
                raise RefusedError(413)
            elif name == "expect" and value.lower() == "100-continue":
                self._ask_for_body()

    def _head_size(self) -> int:
        return sum(len(name) + len(value) + 4 for name, value in self._headers)

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._size += len(body)
        if self._size > self._limits.body:
            raise RefusedError(413)
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._upgrading:
            return
        self._between = True
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        if len(body) > self._limits.parameters and self._too_many(body):
            raise RefusedError(400)
        head = Head(
            method=self._parser.get_method().decode("ascii"),
            scheme=self._scheme,
            host=self._host or "",
            path=self._path,
            query=self._query,
            headers=tuple(self._headers),
            length=len(body),
        )
        if self._lasting and self._first and len(body) <= self._limits.parameters:
            self._door.heads.learn(self._first, head)
        self._first = b""
        self._arrived(head.request(body), lasting=self._lasting)

    def _arrived(self, request: Request, *, lasting: bool) -> None:
        if self._busy:
            self._waiting.append((request, lasting))
            self._pace()
        elif not self.transport.is_closing():
            self._answer(request, lasting=lasting)

    def _too_many(self, body: bytes) -> bool:
        kind = next((value for name, value in self._headers if name == "content-type"), "")
        form = kind.lower().startswith("application/x-www-form-urlencoded")
        return form and body.count(b"&") >= self._limits.parameters

    def _stay(self, rest: bytes) -> None:
        """Ignore a wish for another protocol, as RFC 9110 section 7.8 allows.

        Java's HTTP client wishes for HTTP/2 with every first request over plain HTTP. The parser takes what follows for
        the other protocol's bytes, so another one reads the head again, in which the wish has another name.
        """
        method = self._parser.get_method()
        if method == b"CONNECT":
            self._refuse(400)
            return
        masked = [f"{_MASK if name == 'upgrade' else name}: {value}" for name, value in self._headers]
        head = b"%b %b HTTP/1.1\r\n" % (method, self._url) + "\r\n".join([*masked, "", ""]).encode("latin-1")
        self._parser = HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.data_received(head + rest)

    # Answering

    def _ask_for_body(self) -> None:
        if self._busy:
            self._continue = True
        else:
            self.transport.write(_CONTINUE)

    def _answer(self, request: Request, *, lasting: bool) -> None:
        door = self._door
        if door.side is not None:
            request.facts.certificate = door.side.certificate
        self._busy = True
        done = door.start(door.stage.respond(door.provider, request, self._number))
        if type(done) is tuple:
            self._done(*done, lasting=lasting)
        else:
            done.add_done_callback(lambda task: self._done_later(task, lasting=lasting))

    def _done_later(self, task: "asyncio.Future[tuple[Exchange, WireEffect | None]]", *, lasting: bool) -> None:
        if task.cancelled():
            return
        self._done(*task.result(), lasting=lasting)
        while self._waiting and not self._busy and not self.transport.is_closing():
            request, lasting = self._waiting.popleft()
            self._answer(request, lasting=lasting)
        if self._busy or self.transport.is_closing():
            return
        if self._continue:
            self._continue = False
            self.transport.write(_CONTINUE)
        if self._refusal:
            self._refuse(self._refusal)
        self._pace()

    def _done(self, exchange: Exchange, wire: WireEffect | None, *, lasting: bool) -> None:
        """Write what has come of it. After a wire fault nothing more is answered."""
        transport = self.transport
        if wire is not None:
            self._door.start(wire.play(transport, exchange.spoilt))
        elif exchange.answer is not None and not transport.is_closing():
            whole, lasting = written(exchange.answer, lasting=lasting)
            transport.write(whole)
            self._busy = False
            self._since = self._door.watch.now
            if not lasting:
                self._stopped = True
                transport.close()

    def _refuse(self, status: int) -> None:
        """Say what is wrong, when those before are answered, and end. A body that is still being sent is not read."""
        self._stopped = True
        if self._busy:
            self._refusal = status
            return
        if self.transport.is_closing():
            return
        _log.info("a request was refused: %d %s", status, PHRASES[status])
        self._since = self._door.watch.now
        self.transport.write(written(RefusedError(status).answer, lasting=False)[0])
        self._lingering = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        elif status != 413:  # over TLS the end of what is sent is the end of all; the body may be long
            self.transport.close()

    def _pace(self) -> None:
        """Read only what can soon be answered."""
        if self.transport.is_closing():
            return
        if self._full or len(self._waiting) >= _MOST_WAITING:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()
