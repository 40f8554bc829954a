"""All measures of one subject."""

import statistics
from dataclasses import dataclass, replace
from http.client import HTTPException

from bench.clients import Client, UnexpectedError
from bench.figures import CONNECTIONS, Figures, Memory, Rate
from bench.floor import signature_limit
from bench.installing import UnavailableError
from bench.plans import Plan, every_plan
from bench.processes import Server, processor_seconds, resident_bytes
from bench.subjects.subject import Subject, cold_start, first_token, started
from bench.wrk import NoLoadError, loaded

LONGEST = 10
"""Seconds for which memory is looked at, at most."""


@dataclass(frozen=True)
class Effort:
    """How long everything takes.

    ``warm`` is a factor on the subjects' own times, ``codes`` how many are made to be exchanged, ``starts`` how many
    cold starts, ``memory`` after how many requests growth is told; ``alone``: over one connection as well.
    """

    seconds: int = 3
    warm: int = 1
    codes: int = 1500
    starts: int = 5
    memory: int = 20_000
    alone: bool = True


QUICK = Effort(seconds=1, warm=0, codes=300, starts=1, memory=0, alone=False)


def measured(subject: Subject, effort: Effort, only: frozenset[str], before: float) -> tuple[Figures, float]:
    """The figures of that subject, and what the core signs a second after it; ``before``: the same just before.

    Of the measures, those named by ``only``, or all if it is empty.
    """
    figures = Figures(subject.name, subject.kind, subject.version)
    after = before
    try:
        subject.needs()
        with started(subject) as (client, server):
            bench = Bench(subject, effort, client, server, figures, before)
            first_token(client)
            at_first = resident_bytes(server.pid)
            plans = bench.under_load(only)
            after = signature_limit()
            figures.rates = [replace(rate, limit=(before + after) / 2) for rate in figures.rates]
            growth = {plan.measure: bench.growth(plan) for plan in plans} if effort.memory else {}
            figures.memory = Memory(at_first, resident_bytes(server.pid), growth)
        figures.cold_start = starting(subject, effort.starts)
    except (UnavailableError, UnexpectedError, NoLoadError, OSError, HTTPException) as problem:
        figures.missing.append(str(problem))
    return figures, after


def starting(subject: Subject, times: int) -> float:
    """The median of so many cold starts, in seconds."""
    return statistics.median(cold_start(subject) for _ in range(times))


@dataclass
class Bench:
    """A running subject, and the figures that it gets."""

    subject: Subject
    effort: Effort
    client: Client
    server: Server
    figures: Figures
    limit: float

    def measure(self, plan: Plan, *, connections: int = CONNECTIONS, seconds: int = 1) -> Rate:
        """One load, and what it cost the server."""
        task = plan.task()
        busy = processor_seconds(self.server.pid)
        load = loaded(task, self.client.base_url, connections=connections, seconds=seconds)
        busy = processor_seconds(self.server.pid) - busy
        return Rate(
            measure=plan.measure,
            connections=connections,
            count=load.count,
            per_second=load.per_second,
            p50=load.p50,
            p99=load.p99,
            signatures=plan.signatures,
            server_ms=1000 * busy / load.count,
            client_core=load.client_core,
            limit=self.limit,
        )

    def run(self, plan: Plan) -> None:
        """Warm up, where there is no end of requests; then measure."""
        warm = self.effort.warm * self.subject.warm_up
        if warm and not plan.once:
            self.measure(plan, seconds=warm)
        if self.effort.alone and plan.credentials:
            self.figures.rates.append(self.measure(plan, connections=1))
        self.figures.rates.append(self.measure(plan, seconds=1 if plan.once else self.effort.seconds))

    def under_load(self, only: frozenset[str]) -> list[Plan]:
        """All plans, one after the other; those among them whose growth is told: client credentials, else refresh."""
        worked = []
        for plan in every_plan(self.client, self.effort.codes):
            if only and plan.measure not in only:
                continue
            try:
                self.run(plan)
            except (NoLoadError, UnexpectedError) as problem:
                self.figures.missing.append(f"{plan.measure}: {problem}")
            else:
                worked.append(plan)
        return [plan for plan in worked if plan.credentials] or [plan for plan in worked if plan.measure == "refresh"]

    def growth(self, plan: Plan) -> float:
        """Bytes more for each request, once the load so far has filled what is bounded."""
        so_far = self.figures.rate(plan.measure, CONNECTIONS)
        assert so_far is not None
        before = resident_bytes(self.server.pid)
        seconds = min(LONGEST, max(1, round(self.effort.memory / so_far.per_second)))
        count = self.measure(plan, seconds=seconds).count
        return (resident_bytes(self.server.pid) - before) / count
