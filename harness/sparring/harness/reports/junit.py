"""The JUnit report: one test suite for each scenario, one test case for each check, for CI servers."""

import re
from xml.etree import ElementTree as ET

from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import sentence
from sparring.harness.verdict import Verdict

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry, not even escaped (section 2.2, Char)."""

_ELEMENTS = {
    Verdict.FAIL: "failure",
    Verdict.INCONCLUSIVE: "failure",
    Verdict.HARNESS_ERROR: "error",
    Verdict.SKIP: "skipped",
}
"""A test that is none of these passed; a warning or an allowed branch is told as the case's output."""


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _explanation(result: ScenarioResult, check: CheckResult, redactor: Redactor) -> str:
    lines = [redactor.text(check.message)]
    lines += [f"Why: {check.why}"] if check.why else []
    lines += [f"Mend: {check.mend}"] if check.mend else []
    lines += [sentence(source) for source in dict.fromkeys(check.sources)]
    for exchange in result.exchanges:
        if exchange.n in check.exchanges:
            status = "no answer" if exchange.status is None else str(exchange.status)
            rule = f"  [{exchange.rule}]" if exchange.rule else ""
            asked = f"{redactor.text(exchange.method)} {redactor.url(exchange.url)}"
            lines.append(f"#{exchange.n} {asked} -> {status}{rule}")
    return _clean("\n".join(lines))


def _case(suite: ET.Element, result: ScenarioResult, check: CheckResult, redactor: Redactor, seconds: float) -> None:
    case = ET.SubElement(suite, "testcase", name=check.id, classname=suite.attrib["name"], time=f"{seconds:.3f}")
    message = _clean(redactor.text(check.message))
    element = _ELEMENTS.get(check.verdict)
    if element is not None:
        told = ET.SubElement(case, element, message=message)
        if element != "skipped":
            told.set("type", check.verdict.value)
            told.text = _explanation(result, check, redactor)
    elif check.verdict is not Verdict.PASS:
        ET.SubElement(case, "system-out").text = f"{check.verdict}: {_explanation(result, check, redactor)}"


def _suite(parent: ET.Element, prefix: str, result: ScenarioResult) -> None:
    redactor = Redactor(result.secrets)
    counted = [_ELEMENTS.get(check.verdict) for check in result.checks]
    suite = ET.SubElement(
        parent,
        "testsuite",
        name=f"{prefix}.{result.id}",
        tests=str(len(counted)),
        failures=str(counted.count("failure")),
        errors=str(counted.count("error")),
        skipped=str(counted.count("skipped")),
        time=f"{result.duration_s:.3f}",
    )
    for index, check in enumerate(result.checks):  # a scenario is played once: its time is that of its first check
        _case(suite, result, check, redactor, 0.0 if index else result.duration_s)


def render(report: RunReport) -> str:
    """The report as text: one XML document with a line break at its end."""
    root = ET.Element("testsuites", name=f"sparring check {report.provider} {report.grant}")
    for result in report.results:
        _suite(root, f"sparring.{report.provider}.{report.grant}", result)
    for total in ("tests", "failures", "errors", "skipped"):
        root.set(total, str(sum(int(suite.attrib[total]) for suite in root)))
    root.set("time", f"{sum(result.duration_s for result in report.results if result.id != 'always'):.3f}")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
