"""Exchanges that are over, in little room: thousands of them are kept, and hardly one is ever looked at again."""

from typing import Any

import msgspec

from sparring.mocks.engine.messages import Answer, Facts, Request, facts_in_order
from sparring.mocks.engine.rules import Rule
from sparring.mocks.recorder.exchange import Exchange

Headers = tuple[tuple[str, str], ...]
Packed = tuple[bytes, Headers, Headers, Rule, int]
"""All the rest, what many exchanges have in common, and the bytes that were counted."""

_write = msgspec.msgpack.Encoder().encode
_read = msgspec.msgpack.Decoder(tuple[Any, ...]).decode


def pack(exchange: Exchange) -> Packed | None:
    """The exchange as it is now; None where it has no answer of its own, or holds what cannot be written down."""
    request, answer = exchange.request, exchange.answer
    if answer is None or exchange.spoilt is not None:
        return None
    members = (
        (
            exchange.n,
            exchange.provider,
            exchange.endpoint,
            exchange.at,
            exchange.elapsed,
            exchange.connection,
            exchange.held,
            exchange.ended,
            exchange.took,
        ),
        (request.method, request.scheme, request.host, request.path, request.query, request.body),
        facts_in_order(request.facts),
        (answer.status, answer.body),
    )
    try:
        return _write(members), request.headers, answer.headers, answer.rule, exchange.weighed
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def unpack(packed: Packed) -> Exchange:
    """The exchange once more; what the path named is not told again."""
    told, asked_headers, headers, rule, weighed = packed
    known, asked, facts, (status, body) = _read(told)
    n, provider, endpoint, at, elapsed, connection, held, ended, took = known
    method, scheme, host, path, query, content = asked
    return Exchange(
        n=n,
        provider=provider,
        endpoint=endpoint,
        request=Request(
            method=method,
            scheme=scheme,
            host=host,
            path=path,
            query=query,
            headers=asked_headers,
            body=content,
            facts=Facts(*facts),
        ),
        at=at,
        elapsed=elapsed,
        connection=connection,
        answer=Answer(status=status, rule=rule, headers=headers, body=body),
        held=held,
        ended=ended,
        took=took,
        weighed=weighed,
    )
