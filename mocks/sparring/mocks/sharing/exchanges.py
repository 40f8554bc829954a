"""An exchange as bytes, and back: what one server saw, for the others to tell."""

from typing import Any

import msgspec

from sparring.mocks.engine.messages import Answer, Facts, Request, facts_in_order
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.recorder.exchange import Exchange

_write = msgspec.msgpack.Encoder(enc_hook=str).encode
_read = msgspec.msgpack.Decoder(tuple[Any, ...]).decode


def encode(exchange: Exchange, server: int) -> bytes:
    """The exchange, but for its number. ``server`` tells its connections from those of others."""
    request, answer = exchange.request, exchange.answer
    asked = (
        request.method,
        request.scheme,
        request.host,
        request.path,
        request.query,
        request.headers,
        request.body,
    )
    told = None
    if answer is not None:
        rule = answer.rule
        told = (answer.status, (rule.id, rule.mark, rule.source, rule.mend), answer.headers, answer.body)
    members = (
        exchange.provider,
        exchange.endpoint,
        exchange.at,
        exchange.elapsed,
        server * 1_000_000 + exchange.connection,
        exchange.took,
        exchange.held,
        exchange.ended,
        asked,
        facts_in_order(request.facts),
        told,
    )
    return _write(members)


def decode(number: int, told: bytes) -> Exchange:
    """The exchange of that number."""
    provider, endpoint, at, elapsed, connection, took, held, ended, asked, known, answer = _read(told)
    *line, headers, body = asked
    method, scheme, host, path, query = line
    request = Request(
        method=method,
        scheme=scheme,
        host=host,
        path=path,
        query=query,
        headers=tuple((name, value) for name, value in headers),
        body=body,
        facts=Facts(*known),
    )
    exchange = Exchange(
        n=number, provider=provider, endpoint=endpoint, request=request, at=at, elapsed=elapsed, connection=connection
    )
    exchange.took, exchange.held, exchange.ended = took, held, ended
    if answer is not None:
        status, (rule_id, mark, source, mend), shown, content = answer
        rule = Rule(rule_id, Mark(mark), source, mend)
        pairs = tuple((name, value) for name, value in shown)
        exchange.answer = Answer(status=status, rule=rule, headers=pairs, body=content)
    return exchange
