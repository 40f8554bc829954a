"""A finished run for the reports to show."""

from sparring.harness.evidence import Evidence
from sparring.harness.judge import ScenarioResult, blocked, judge, judge_always, skipped
from sparring.harness.reports import RunReport
from sparring.harness.scenario import Scenario
from sparring.harness.scenarios import scenario
from tests.harness.checks.builder import (
    START,
    api,
    evidence,
    exchange_code,
    steps,
    token,
    visit,
)


def run(*results: ScenarioResult) -> RunReport:
    """A report of these results."""
    return RunReport(
        provider="ingest",
        grant="authorization_code",
        driver="session",
        variant="default",
        seed=7,
        results=results,
        version="0.1.0",
    )


def sample() -> RunReport:
    """A run with something of everything."""
    happy, forged = scenario("ingest-happy-code"), scenario("state-mismatch")
    played: list[tuple[Scenario, Evidence]] = [
        (happy, evidence(exchange_code(1), api(2), visits=(visit(),))),
        (
            forged,
            evidence(
                exchange_code(3, rule="ingest/token/issued", at=START + 0.012),
                visits=(visit(back="forged"),),
                steps=steps("ok"),
                fired=("state-forged",),
            ),
        ),
        (
            scenario("api-401-refresh-once"),
            evidence(token(1), api(2), api(3, status=401), steps=steps("ok", "ok", "retry-later")),
        ),
    ]
    return run(
        *(judge(one, seen) for one, seen in played),
        skipped(scenario("refresh-rotation"), "needs refresh, which the client does not claim"),
        judge_always(played),
    )


def blocked_run() -> RunReport:
    """A run whose happy path failed."""
    happy = judge(scenario("ingest-happy-code"), evidence(steps=()))
    rest = ["state-missing", "state-mismatch", "authz-error-access-denied"]
    return run(happy, *(blocked(scenario(one), "ingest-happy-code: client-starts") for one in rest))
