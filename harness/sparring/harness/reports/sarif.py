"""The SARIF report (OASIS SARIF 2.1.0): findings for code scanning pages."""

import json
from typing import Any

from sparring.harness import checks
from sparring.harness.evidence import Exchange
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import sentence
from sparring.harness.verdict import Verdict

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Verdict.FAIL: "error",
    Verdict.HARNESS_ERROR: "error",
    Verdict.INCONCLUSIVE: "warning",
    Verdict.WARN: "warning",
}
"""The verdicts that are findings; the others are none."""

_TITLES = {check.id: check.title for check in checks.ALL}

_PLACE = {"artifactLocation": {"uri": "sparring.toml"}}
"""Code scanning pages show no finding without a file; the manifest is the one that every client has."""


def _rule(check: CheckResult) -> dict[str, Any]:
    sources = [sentence(source) for source in dict.fromkeys(check.sources)]
    explain = f"`sparring explain {check.id}` says more."
    return {
        "id": check.id,
        "shortDescription": {"text": _TITLES.get(check.id) or check.id.replace("-", " ")},
        "fullDescription": {"text": check.why or check.id},
        "help": {
            "text": "\n".join([check.mend, *sources, explain]).strip(),
            "markdown": "\n\n".join([check.mend, *(f"> {each}" for each in sources), explain]).strip(),
        },
        "properties": {"tags": ["oauth"]},
    }


def _proof(exchange: Exchange, redactor: Redactor) -> str:
    status = "no answer" if exchange.status is None else str(exchange.status)
    rule = f" [{exchange.rule}]" if exchange.rule else ""
    return f"#{exchange.n} {redactor.text(exchange.method)} {redactor.url(exchange.url)} -> {status}{rule}"


def _result(result: ScenarioResult, check: CheckResult, report: RunReport, index: int) -> dict[str, Any]:
    redactor = Redactor(result.secrets)
    said = [f"{result.title}: {redactor.text(check.message)}"]
    said += [_proof(exchange, redactor) for exchange in result.exchanges if exchange.n in check.exchanges]
    shown: dict[str, Any] = {
        "ruleId": check.id,
        "ruleIndex": index,
        "level": _LEVELS[check.verdict],
        "kind": "fail",
        "message": {"text": "\n".join(said)},
        "locations": [
            {
                "physicalLocation": _PLACE,
                "logicalLocations": [{"fullyQualifiedName": f"{report.provider}/{report.grant}/{result.id}"}],
            }
        ],
        "partialFingerprints": {"sparring/v1": f"{report.provider}/{report.grant}/{result.id}/{check.id}"},
        "properties": {"verdict": check.verdict.value, "scenario": result.id},
    }
    if report.baseline.is_expected(result, check):
        shown["suppressions"] = [{"kind": "external", "justification": "stands in the baseline"}]
    return shown


def render(report: RunReport) -> str:
    """The report as text: one JSON document."""
    found = [(result, check) for result in report.results for check in result.checks if check.verdict in _LEVELS]
    rules = {check.id: _rule(check) for _, check in found}
    order = list(rules)
    tool = {
        "name": "Sparring",
        "semanticVersion": report.version,
        "informationUri": "https://pypi.org/project/sparring/",
        "rules": list(rules.values()),
    }
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": tool},
                "automationDetails": {"id": f"sparring/{report.provider}/{report.grant}/"},
                "results": [_result(result, check, report, order.index(check.id)) for result, check in found],
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"
