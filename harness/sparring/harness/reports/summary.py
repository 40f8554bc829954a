"""The end of a run in words for a terminal: worst first, as much of it as a screen holds."""

from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from sparring.harness.evidence import Exchange
from sparring.harness.judge import ALWAYS_ID, CheckResult, ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import sentence
from sparring.harness.verdict import Verdict

STYLES = {
    Verdict.PASS: "green",
    Verdict.ALLOWED: "green",
    Verdict.SKIP: "dim",
    Verdict.WARN: "yellow",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.FAIL: "bold red",
    Verdict.HARNESS_ERROR: "bold red reverse",
}
_WORST_FIRST = (Verdict.HARNESS_ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.WARN)
_SENTENCES = 2
_LINES_IN_SHORT = 2
_FEWEST_LINES = 12

Found = tuple[ScenarioResult, CheckResult]


def plain(text: str) -> str:
    """The text in one line, without control characters: a client's words must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


class Summary:
    """The lines of a summary for that console, at most ``height`` of them where the worst finding leaves room."""

    def __init__(self, console: Console, report: RunReport, height: int) -> None:
        self._console = console
        self._report = report
        self._height = max(height, _FEWEST_LINES)

    def lines(self) -> list[Text]:
        """Findings, then what did not run, the baseline, and the counts."""
        ending = [*self._blocked(), *self._against_baseline(), *self._total()]
        return [*self._findings(self._height - len(ending)), *ending]

    def _found(self) -> list[Found]:
        report = self._report
        found = [
            (result, check)
            for result in report.results
            for check in result.checks
            if check.verdict in _WORST_FIRST and not report.baseline.is_expected(result, check)
        ]
        return sorted(found, key=lambda pair: _WORST_FIRST.index(pair[1].verdict))

    def _findings(self, room: int) -> list[Text]:
        """The worst at length, the others as far as there is room: at length, with the reason, or in a line or two."""
        found = self._found()
        if not found:
            return []
        forms = [(self._short(*one), self._with_reason(*one), self._at_length(*one)) for one in found[: max(room, 1)]]
        chosen = [0] * len(forms)
        chosen[0] = 1
        shown = len(forms)
        while shown > 1 and self._size(forms[:shown], chosen) + (shown < len(found)) > room:
            shown -= 1
        for level in (1, 2):
            for place in range(shown):
                before, chosen[place] = chosen[place], max(level, chosen[place])
                if self._size(forms[:shown], chosen) + (shown < len(found)) > room:
                    chosen[place] = before
        blocks = [form[level] for form, level in zip(forms[:shown], chosen, strict=False)]
        lines = [line for block in blocks for line in block]
        if shown < len(found):
            more = f"and {len(found) - shown} more; `--html FILE` and `--json FILE` have them all"
            lines += self._wrapped(Text(more, style="dim"))
        return lines

    @staticmethod
    def _size(forms: Sequence[tuple[list[Text], ...]], chosen: Sequence[int]) -> int:
        return sum(len(form[level]) for form, level in zip(forms, chosen, strict=False))

    def _wrapped(self, text: Text, indent: int = 0, most: int | None = None) -> list[Text]:
        wide = max(self._console.width - indent, 10)
        lines = list(text.wrap(self._console, wide))
        if most is not None and len(lines) > most:
            lines = lines[:most]
            lines[-1].truncate(wide - 1)
            lines[-1].append("…")
        for line in lines:
            line.rstrip()
        return [Text(" " * indent).append_text(line) for line in lines]

    def _head(self, result: ScenarioResult, check: CheckResult) -> Text:
        return Text(f"{check.verdict} ", style=STYLES[check.verdict]).append(f"{result.id} · {check.id}", style="bold")

    def _short(self, result: ScenarioResult, check: CheckResult) -> list[Text]:
        message = plain(Redactor(result.secrets).text(check.message))
        head = self._head(result, check).append(": ", style="bold")
        return self._wrapped(head.append(message, style="default"), most=_LINES_IN_SHORT)

    def _with_reason(self, result: ScenarioResult, check: CheckResult) -> list[Text]:
        """What is wrong, why it matters, and the proof."""
        redactor = Redactor(result.secrets)
        lines = self._wrapped(self._head(result, check))
        lines += self._wrapped(Text(plain(redactor.text(check.message))), 2)
        if check.why:
            lines += self._wrapped(Text(f"Why: {check.why}"), 2)
        return [*lines, *self._proof(result, check, redactor), Text()]

    def _at_length(self, result: ScenarioResult, check: CheckResult) -> list[Text]:
        """The same with what to mend, and who says so."""
        *lines, _ = self._with_reason(result, check)
        proof = self._proof(result, check, Redactor(result.secrets))
        lines = lines[: len(lines) - len(proof)]
        if check.mend:
            lines += self._wrapped(Text(f"Mend: {check.mend}"), 2)
        for source in check.sources[:_SENTENCES]:
            lines += self._wrapped(Text(sentence(source), style="dim"), 2)
        return [*lines, *proof, Text()]

    def _proof(self, result: ScenarioResult, check: CheckResult, redactor: Redactor) -> list[Text]:
        proving = [exchange for exchange in result.exchanges if exchange.n in check.exchanges]
        return self._exchange(proving[-1], redactor) if proving else []

    def _exchange(self, exchange: Exchange, redactor: Redactor) -> list[Text]:
        """One line where that is enough, else two."""
        asked = plain(f"#{exchange.n} {redactor.text(exchange.method)} {redactor.url(exchange.url)}")
        status = "no answer" if exchange.status is None else str(exchange.status)
        answered = plain(f"-> {status}" + (f"  [{exchange.rule}]" if exchange.rule else ""))
        wide = self._console.width - 2
        if cell_len(asked) + 1 + cell_len(answered) <= wide:
            return [Text(f"  {asked} {answered}")]
        line = Text(asked)
        line.truncate(wide, overflow="ellipsis")
        return [Text("  ").append_text(line), *self._wrapped(Text(answered), 5)]

    def _blocked(self) -> list[Text]:
        lines = []
        for cause, times in Counter(each.blocked_by for each in self._report.results if each.blocked_by).items():
            lines += self._wrapped(Text(f"{times} scenario(s) not run: blocked by {cause}", style="dim"))
        return lines

    def _against_baseline(self) -> list[Text]:
        lines = []
        baseline = self._report.baseline
        if baseline.expected:
            lines += self._wrapped(Text(f"{len(baseline.expected)} failure(s) as the baseline expects", style="dim"))
        for entry in baseline.stale:
            said = f"the baseline expects {entry} to fail, and it did not: remove the entry"
            lines += self._wrapped(Text("STALE ", style=STYLES[Verdict.FAIL]).append(said, "default"))
        return lines

    def _total(self) -> list[Text]:
        report = self._report
        line = Text(f"{report.provider} {report.grant} ({report.driver})")
        for verdict, count in report.counts().items():
            if count:
                line.append(f"  {verdict} {count}", style=STYLES[verdict])
        took = next((result.duration_s for result in report.results if result.id == ALWAYS_ID), 0.0)
        if took:
            line.append(f"  in {took:.1f} s", style="dim")
        return self._wrapped(line)
