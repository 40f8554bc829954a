"""What stands in the report: the findings, worst first, each with its diagram; then everything that ran."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sparring.contracts import Clause
from sparring.harness import checks
from sparring.harness.judge import ALWAYS_ID, CheckResult, ScenarioResult
from sparring.harness.reports import SUMMARY_ORDER, RunReport
from sparring.harness.reports.html.diagram import Diagram, draw
from sparring.harness.reports.html.reproducing import Recipe, recipe
from sparring.harness.reports.html.tokens import Token, tokens_of
from sparring.harness.reports.html.wire import Wire, wire
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import cited
from sparring.harness.verdict import Verdict

WORST_FIRST = (Verdict.HARNESS_ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.WARN)
TRAFFIC = "traffic only"
_IN_FULL = 40
"""In so many findings every exchange can be opened; in the others only those that prove something."""

_NOTHING = Diagram(lanes=(), rows=())
_LINES, _LONGEST_LINE = 60, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An exchange that proves something: its number in the diagram, and what it says."""

    n: int
    asked: str
    status: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one check decided, in words, with the sentences it rests on."""

    id: str
    verdict: Verdict
    message: str
    why: str
    mend: str
    clauses: tuple[Clause, ...]
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One card: what is wrong in one scenario, and everything that shows it."""

    anchor: str
    id: str
    title: str
    profile: str
    verdict: Verdict
    statements: tuple[Statement, ...]
    diagram: Diagram
    wires: dict[int, Wire]
    tokens: tuple[Token, ...]
    logs: tuple[tuple[str, str], ...]
    recipe: Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One scenario in the list of everything that ran."""

    id: str
    title: str
    verdict: Verdict
    seconds: float
    checks: tuple[Statement, ...]
    diagram: Diagram
    finding: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a finding is looked at: the result whose exchanges are drawn, and the numbers of the proofs there."""

    result: ScenarioResult
    marks: dict[int, int]
    """The number of an exchange in the check's result, and in the result that is drawn."""


def findings(report: RunReport, *, expected: bool) -> tuple[Finding, ...]:
    """The cards, worst first: what the baseline expects, or what it does not."""
    cards = [
        (result, chosen)
        for result in report.results
        for chosen in _groups(report, result)
        if report.baseline.is_expected(result, chosen[0]) is expected
    ]
    cards.sort(key=lambda card: min(WORST_FIRST.index(check.verdict) for check in card[1]))
    return tuple(_finding(report, result, chosen, place) for place, (result, chosen) in enumerate(cards))


def _groups(report: RunReport, result: ScenarioResult) -> Iterator[tuple[CheckResult, ...]]:
    """The failing checks of a result that belong on one card."""
    wrong = [check for check in result.checks if check.verdict in WORST_FIRST]
    if result.id == ALWAYS_ID or report.driver == TRAFFIC:
        yield from ((check,) for check in wrong)
        return
    for kind in (False, True):
        chosen = tuple(check for check in wrong if report.baseline.is_expected(result, check) is kind)
        if chosen:
            yield chosen


def _finding(report: RunReport, result: ScenarioResult, chosen: tuple[CheckResult, ...], place: int) -> Finding:
    seen = _where(report, result, chosen)
    redactor = Redactor((*result.secrets, *seen.result.secrets))
    proofs = frozenset(seen.marks.values())
    diagram = draw(seen.result, proofs)
    shown = [row.exchange for row in diagram.rows if row.exchange is not None]
    full = [exchange for exchange in shown if place < _IN_FULL or exchange.n in proofs]
    return Finding(
        anchor=f"finding-{place + 1}",
        id=seen.result.id,
        title=redactor.text(_title(report, result, chosen)),
        profile=result.profile,
        verdict=min((check.verdict for check in chosen), key=WORST_FIRST.index),
        statements=tuple(_statement(check, seen, redactor) for check in chosen),
        diagram=diagram,
        wires={exchange.n: wire(exchange, redactor) for exchange in full},
        tokens=tokens_of(shown, redactor),
        logs=_logs(seen.result, redactor),
        recipe=recipe(report, seen.result.id, chosen),
    )


def _title(report: RunReport, result: ScenarioResult, chosen: tuple[CheckResult, ...]) -> str:
    """The scenario's, or that of the one check where it is about every scenario."""
    titles = {check.id: check.title for check in checks.ALL}
    by_check = result.id == ALWAYS_ID or report.driver == TRAFFIC
    return titles.get(chosen[0].id, result.title) if by_check else result.title


def _where(report: RunReport, result: ScenarioResult, chosen: tuple[CheckResult, ...]) -> _Seen:
    """An always-on check is looked at in the scenario where it found something."""
    numbers = {n for check in chosen for n in check.exchanges}
    place = chosen[0].scenario
    origin = next((each for each in report.results if place and each.id == place), None)
    if origin is None or origin.id == result.id:
        return _Seen(result, {n: n for n in numbers})
    marks = {
        exchange.n: exchange.facts["n"]
        for exchange in result.exchanges
        if exchange.n in numbers and "n" in exchange.facts
    }
    return _Seen(origin, marks)


def _statement(check: CheckResult, seen: _Seen, redactor: Redactor) -> Statement:
    mine = {seen.marks[n] for n in check.exchanges if n in seen.marks}
    clauses = (cited(source) for source in dict.fromkeys(check.sources))
    return Statement(
        id=check.id,
        verdict=check.verdict,
        message=redactor.text(check.message),
        why=check.why,
        mend=check.mend,
        clauses=tuple(clause for clause in clauses if clause is not None),
        proofs=tuple(
            Proof(
                n=exchange.n,
                asked=f"{redactor.text(exchange.method)} {redactor.url(exchange.url)}",
                status="no answer" if exchange.status is None else str(exchange.status),
                rule=exchange.rule,
            )
            for exchange in seen.result.exchanges
            if exchange.n in mine
        ),
    )


def _logs(result: ScenarioResult, redactor: Redactor) -> tuple[tuple[str, str], ...]:
    """The last lines of what the client wrote, by stream or file."""
    shown = []
    for log in result.logs:
        lines = redactor.text(log.text).strip().splitlines()[-_LINES:]
        if lines:
            shown.append((redactor.text(log.name), "\n".join(line[:_LONGEST_LINE] for line in lines)))
    return tuple(shown)


def everything(report: RunReport, cards: Sequence[Finding]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Every scenario by profile, in the order of the catalogue; those with a card point to it."""
    anchors = {card.id: card.anchor for card in reversed(cards)}
    groups: dict[str, list[Row]] = {}
    for result in report.results:
        redactor, bare = Redactor(result.secrets), _Seen(result, {})
        bare_list = report.driver == TRAFFIC or result.id == ALWAYS_ID
        row = Row(
            id=result.id,
            title=redactor.text(result.title),
            verdict=result.verdict,
            seconds=result.duration_s,
            checks=tuple(_statement(check, bare, redactor) for check in result.checks),
            diagram=_NOTHING if bare_list or result.id in anchors else draw(result, frozenset()),
            finding=anchors.get(result.id, ""),
        )
        groups.setdefault(group_of(result), []).append(row)
    return tuple((name, tuple(rows)) for name, rows in groups.items())


def group_of(result: ScenarioResult) -> str:
    """The heading under which a result stands."""
    return "in every scenario" if result.id.startswith(ALWAYS_ID) else result.profile


def by_profile(report: RunReport) -> tuple[tuple[str, tuple[tuple[Verdict, int], ...]], ...]:
    """How many of each verdict that occurs, and of PASS and FAIL, for each heading."""
    counts = report.counts()
    columns = [each for each in SUMMARY_ORDER if counts[each] or each in {Verdict.PASS, Verdict.FAIL}]
    counted: dict[str, Counter[Verdict]] = {}
    for result in report.results:
        counted.setdefault(group_of(result), Counter())[result.verdict] += 1
    return tuple((name, tuple((verdict, seen[verdict]) for verdict in columns)) for name, seen in counted.items())
