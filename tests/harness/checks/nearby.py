"""Evidence next to a given one: the same run with one thing missing, twice, later, or otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sparring.harness.evidence import Evidence, Exchange, Visit

OUTCOMES = ("ok", "crash", "timeout", "denied", "retry-later", "config")
STATUSES = (None, 200, 302, 400, 401, 503)


def nearby(evidence: Evidence) -> Iterator[Evidence]:
    """A few dozen of them, always the same."""
    yield from _of_the_run(evidence)
    for index, exchange in enumerate(evidence.exchanges):
        rest = evidence.exchanges[:index], evidence.exchanges[index + 1 :]
        yield replace(evidence, exchanges=rest[0] + rest[1])
        yield replace(evidence, exchanges=evidence.exchanges[: index + 1])
        for other in _of_an_exchange(exchange):
            yield replace(evidence, exchanges=(*rest[0], other, *rest[1]))
        again = replace(exchange, n=len(evidence.exchanges) + 1, at=exchange.at + 1)
        yield replace(evidence, exchanges=(*evidence.exchanges, again))
    for index, step in enumerate(evidence.steps):
        for outcome in OUTCOMES:
            steps = list(evidence.steps)
            steps[index] = replace(step, outcome=outcome)
            yield replace(evidence, steps=tuple(steps))
    for index, visit in enumerate(evidence.visits):
        for other_visit in _of_a_visit(visit):
            visits = list(evidence.visits)
            visits[index] = other_visit
            yield replace(evidence, visits=tuple(visits))


def _of_the_run(evidence: Evidence) -> Iterator[Evidence]:
    yield replace(evidence, steps=())
    yield replace(evidence, visits=())
    yield replace(evidence, logs=())
    yield replace(evidence, fired=())
    yield replace(evidence, exchanges=())
    yield replace(evidence, secrets=())
    yield replace(evidence, strict=not evidence.strict)
    yield replace(evidence, public=not evidence.public)
    yield replace(evidence, as_documented=not evidence.as_documented)
    yield replace(evidence, supports=frozenset({"refresh", "pkce", "id_token"}) ^ evidence.supports)
    yield replace(evidence, visits=evidence.visits + evidence.visits[-1:])
    yield replace(evidence, exchanges=evidence.exchanges[::-1])
    for driver in ("oneshot", "session", "webapp"):
        yield replace(evidence, driver=driver)
    for provider in ("rotor", "clickview", "movingimage", "panopto"):
        moved = tuple(replace(e, provider=provider) for e in evidence.exchanges if e.provider != "decoy")
        yield replace(evidence, provider=provider, exchanges=moved)


def _of_an_exchange(exchange: Exchange) -> Iterator[Exchange]:
    for status in STATUSES:
        yield replace(exchange, status=status)
    yield replace(exchange, provider="decoy")
    yield replace(exchange, endpoint="api" if exchange.endpoint != "api" else "token")
    yield replace(exchange, method="GET" if exchange.method != "GET" else "POST")
    yield replace(exchange, at=exchange.at + 7200, elapsed=exchange.elapsed + 7200)
    yield replace(exchange, rule="", facts={})
    yield replace(exchange, response_body=b"", response_headers=())
    for name, _ in exchange.headers:
        yield replace(exchange, headers=tuple(pair for pair in exchange.headers if pair[0] != name))
    for fact in exchange.facts:
        facts: dict[str, Any] = {key: value for key, value in exchange.facts.items() if key != fact}
        yield replace(exchange, facts=facts)
    form = parse_qsl(exchange.body.decode("utf-8", "replace"), keep_blank_values=True) if exchange.form else []
    for index, (name, value) in enumerate(form):
        for put in ([], [(name, "")], [(name, value[::-1])], [(name, value), (name, value)]):
            body = urlencode([*form[:index], *put, *form[index + 1 :]]).encode()
            yield replace(exchange, body=body)


def _of_a_visit(visit: Visit) -> Iterator[Visit]:
    yield replace(visit, callback=None)
    yield replace(visit, problem="The page showed an error.", callback=None)
    yield replace(visit, replayed=not visit.replayed, replay_status=200)
    for status in (200, 400, 500):
        yield replace(visit, callback_status=status)
    for url in _urls(visit.url):
        yield replace(visit, url=url)
    for url in _urls(visit.callback or ""):
        yield replace(visit, callback=url)


def _urls(url: str) -> Iterator[str]:
    """The URL without each of its parameters, and with each of them otherwise and twice."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for index, (name, value) in enumerate(pairs):
        for put in ([], [(name, value[::-1])], [(name, value), (name, value)]):
            yield urlunsplit(parts._replace(query=urlencode([*pairs[:index], *put, *pairs[index + 1 :]])))
