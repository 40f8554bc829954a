"""The JSON report: one document for programs, without a secret in it."""

import json
from typing import Any

from sparring.harness.evidence import Exchange, Step
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import name

SCHEMA = 1


def _check(check: CheckResult, redactor: Redactor) -> dict[str, Any]:
    return {
        "id": check.id,
        "verdict": check.verdict.value,
        "message": redactor.text(check.message),
        "why": check.why,
        "mend": check.mend,
        "sources": list(dict.fromkeys(name(source) for source in check.sources)),
        "exchanges": list(check.exchanges),
    }


def _step(step: Step, redactor: Redactor) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": step.id, "do": step.do, "outcome": redactor.text(step.outcome)}
    if step.status is not None:
        shown["status"] = step.status
    if step.detail:
        shown["detail"] = redactor.text(step.detail)
    if step.calls:
        shown["calls"] = [redactor.text(call) for call in step.calls]
    return shown


def _exchange(exchange: Exchange, redactor: Redactor) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "n": exchange.n,
        "provider": exchange.provider,
        "endpoint": exchange.endpoint,
        "method": redactor.text(exchange.method),
        "url": redactor.url(exchange.url),
        "status": exchange.status,
        "rule": exchange.rule,
        "at": round(exchange.elapsed, 3),
    }
    if "scenario" in exchange.facts:
        shown["scenario"] = exchange.facts["scenario"]
    return shown


def _result(result: ScenarioResult) -> dict[str, Any]:
    redactor = Redactor(result.secrets)
    shown: dict[str, Any] = {
        "scenario": result.id,
        "verdict": result.verdict.value,
        "title": result.title,
        "profile": result.profile,
        "duration_s": round(result.duration_s, 3),
        "checks": [_check(check, redactor) for check in result.checks],
        "steps": [_step(step, redactor) for step in result.steps],
        "exchanges": [_exchange(exchange, redactor) for exchange in result.exchanges],
    }
    if result.blocked_by is not None:
        shown["blocked_by"] = result.blocked_by
    return shown


def document(report: RunReport) -> dict[str, Any]:
    """The report as plain data, ready for JSON."""
    return {
        "schema": SCHEMA,
        "sparring": report.version,
        "provider": report.provider,
        "grant": report.grant,
        "driver": report.driver,
        "variant": report.variant,
        "seed": report.seed,
        "summary": {verdict.value: count for verdict, count in report.counts().items()},
        "results": [_result(result) for result in report.results],
        "baseline": {
            "expected": [
                {"scenario": scenario, "check": check} for scenario, check in sorted(report.baseline.expected)
            ],
            "stale": [str(entry) for entry in report.baseline.stale],
        },
    }


def render(report: RunReport) -> str:
    """The report as text: one JSON document, indented, with a line break at its end."""
    return json.dumps(document(report), indent=2, ensure_ascii=True) + "\n"
