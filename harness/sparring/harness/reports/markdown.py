"""The Markdown report: what a CI job shows on its summary page, worst first."""

import re
from collections import Counter

from sparring.harness.evidence import Exchange
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.reports.headline import headline
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import sentence
from sparring.harness.verdict import Verdict

_WORST_FIRST = (Verdict.HARNESS_ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.WARN)
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def _text(text: str) -> str:
    """In one line, and nothing in it is markup: a client's words are only words."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """In one line, as code; a fence of backquotes longer than any inside."""
    line = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def _proof(exchange: Exchange, redactor: Redactor) -> str:
    status = "no answer" if exchange.status is None else str(exchange.status)
    rule = f" (`{exchange.rule}`)" if exchange.rule else ""
    asked = redactor.text(f"{exchange.method} {redactor.url(exchange.url)}")
    return f"- #{exchange.n} {_code(asked)} → {status}{rule}"


def _finding(result: ScenarioResult, check: CheckResult, report: RunReport) -> list[str]:
    redactor = Redactor(result.secrets)
    expected = " (expected)" if report.baseline.is_expected(result, check) else ""
    lines = [f"### {check.verdict}{expected}: {result.id} · {check.id}", "", _text(redactor.text(check.message)), ""]
    lines += [f"**Why it matters:** {_text(check.why)}", ""] if check.why else []
    lines += [f"**Mend:** {_text(check.mend)}", ""] if check.mend else []
    lines += [f"> {_text(sentence(source))}\n" for source in dict.fromkeys(check.sources)]
    proofs = [_proof(exchange, redactor) for exchange in result.exchanges if exchange.n in check.exchanges]
    lines += [*proofs, ""] if proofs else []
    return [*lines, f"`sparring explain {check.id}` says more.", ""]


def render(report: RunReport) -> str:
    """The report as one Markdown document."""
    counts = {verdict: count for verdict, count in report.counts().items() if count}
    lines = [
        f"# Sparring: {report.provider}, {report.grant}",
        "",
        f"**{headline(report)[0]}**",
        "",
        f"Driver {report.driver}, variant {report.variant}, seed {report.seed}, Sparring {report.version}.",
        "",
        "| " + " | ".join(str(verdict) for verdict in counts) + " |",
        "|" + "---:|" * len(counts),
        "| " + " | ".join(str(count) for count in counts.values()) + " |",
        "",
    ]
    for cause, times in Counter(result.blocked_by for result in report.results if result.blocked_by).items():
        lines += [f"{times} scenario(s) did not run: blocked by `{cause}`. Mend that first.", ""]
    found = [(result, check) for result in report.results for check in result.checks if check.verdict in _WORST_FIRST]
    found.sort(key=lambda pair: _WORST_FIRST.index(pair[1].verdict))
    lines += ["## Findings", ""] if found else ["Nothing to complain of.", ""]
    for result, check in found:
        lines += _finding(result, check, report)
    for entry in report.baseline.stale:
        lines += [f"- The baseline expects {_text(str(entry))} to fail, and it did not: remove the entry.", ""]
    lines += ["<details>", f"<summary>All {len(report.results)} scenarios</summary>", ""]
    lines += ["| scenario | verdict | what it is about |", "|---|---|---|"]
    lines += [f"| {result.id} | {result.verdict} | {_text(result.title)} |" for result in report.results]
    lines += ["", "</details>"]
    return "\n".join(lines) + "\n"
