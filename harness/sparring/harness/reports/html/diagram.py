"""The sequence of a scenario: who sent what to whom, row by row, ready to be drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sparring.harness.checks.wire import CLIENT_ENDPOINTS, PROTECTED, query_of
from sparring.harness.evidence import Exchange, Step, Visit
from sparring.harness.judge import ScenarioResult
from sparring.harness.reports.html.saying import answered, asked, delivered, path_of
from sparring.harness.reports.html.tokens import listed
from sparring.harness.reports.redact import Redactor

BROWSER, CLIENT = "browser", "client"
DECOY = "another origin"
MOST_ROWS = 40
_AROUND = 6
"""So many exchanges before and after a proof are drawn where there are too many to draw them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One arrow between two lanes, by their names; ``head`` in bold, then ``text``. ``tone`` is good, bad or empty."""

    source: str
    target: str
    head: str
    text: str = ""
    back: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the diagram: an exchange with its arrows, or a ``note`` across all lanes.

    ``n`` is the number of the exchange, ``proof`` whether it proves a finding, ``extra`` what it bears beside.
    """

    hops: tuple[Hop, ...] = ()
    note: str = ""
    head: str = ""
    tone: str = ""
    n: int | None = None
    proof: bool = False
    rule: str = ""
    after: float = 0.0
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """Lanes from left to right, rows from top to bottom."""

    lanes: tuple[str, ...]
    rows: tuple[Row, ...]

    def span(self, hop: Hop) -> tuple[int, int, bool]:
        """The lanes between which an arrow goes, from left to right, and whether it points to the right."""
        one, other = self.lanes.index(hop.source), self.lanes.index(hop.target)
        return min(one, other), max(one, other), one < other


def lane_of(exchange: Exchange) -> str:
    """Who is asked."""
    if exchange.provider == "decoy":
        return DECOY
    return f"{exchange.provider} API" if exchange.endpoint in PROTECTED else exchange.provider


def asker_of(exchange: Exchange) -> str:
    """Who asks: the client, or the person's browser."""
    return CLIENT if exchange.endpoint in (*CLIENT_ENDPOINTS, "decoy") else BROWSER


def draw(result: ScenarioResult, proofs: frozenset[int]) -> Diagram:
    """The diagram of a result, with these exchanges marked."""
    redactor = Redactor(result.secrets)
    shown = _window(result.exchanges, proofs)
    rows = tuple(_rows(result, shown, proofs, redactor))
    used = {name for row in rows for hop in row.hops for name in (hop.source, hop.target)} | {CLIENT}
    targets = dict.fromkeys(lane_of(exchange) for exchange in result.exchanges)
    order = [BROWSER, CLIENT, *sorted(targets, key=lambda name: (name == DECOY, name.split(" ")[0], name))]
    return Diagram(lanes=tuple(name for name in order if name in used), rows=rows)


def _window(exchanges: Sequence[Exchange], proofs: frozenset[int]) -> Sequence[Exchange]:
    """All of them, or where there are too many those around the proofs."""
    if len(exchanges) <= MOST_ROWS:
        return exchanges
    places = [place for place, each in enumerate(exchanges) if each.n in proofs][:4] or [0]
    return [each for i, each in enumerate(exchanges) if any(abs(i - place) <= _AROUND for place in places)]


def _rows(
    result: ScenarioResult, exchanges: Sequence[Exchange], proofs: frozenset[int], redactor: Redactor
) -> Iterator[Row]:
    steps = [step for step in result.steps if step.do != "quit"]
    flow = _Flow(result, redactor)
    begun, ended, last = 0, 0, 0
    for exchange in exchanges:
        while begun < len(steps) and steps[begun].first <= exchange.n:
            if ended < begun:
                yield _end(steps[ended], redactor)
                ended += 1
            yield _begin(steps[begun], redactor)
            begun += 1
            flow.person_is_away = False
        if last and exchange.n > last + 1 and len(exchanges) < len(result.exchanges):
            yield Row(note=f"{exchange.n - last - 1} exchanges are left out here")
        last = exchange.n
        yield flow.row(exchange, proof=exchange.n in proofs)
    for place in range(ended, len(steps)):
        if place >= begun:
            yield _begin(steps[place], redactor)
        yield _end(steps[place], redactor)


def _begin(step: Step, redactor: Redactor) -> Row:
    whom = "" if step.remote_user_id is None else f" {redactor.text(step.remote_user_id)}"
    return Row(head=f"{step.id}. {step.do.replace('_', ' ')}{whom}", note="the client is told")


def _end(step: Step, redactor: Redactor) -> Row:
    said = redactor.text(step.outcome)
    status = "" if step.status is None else f" ({step.status})"
    detail = f": {redactor.text(step.detail)}" if step.detail else ""
    calls = f" [{', '.join(redactor.text(call) for call in step.calls)}]" if step.calls else ""
    return Row(head=f"{said}{status}", note=f"is what the client reports{calls}{detail}", tone="said")


class _Flow:
    """What one exchange has to do with those before it: where the person is, and where the browser is sent."""

    def __init__(self, result: ScenarioResult, redactor: Redactor) -> None:
        self._redactor = redactor
        self._visits = list(result.visits)
        self._homes = {query_of(exchange.url).get("redirect_uri", "") for exchange in result.exchanges} - {""}
        self.person_is_away = False

    def row(self, exchange: Exchange, *, proof: bool) -> Row:
        """The exchange with its arrows."""
        redactor, asker, target = self._redactor, asker_of(exchange), lane_of(exchange)
        hops = []
        if asker == BROWSER and not self.person_is_away:
            hops.append(Hop(source=CLIENT, target=BROWSER, head="sends the person", text="to the provider"))
        self.person_is_away = asker == BROWSER
        request, answer = asked(exchange, redactor), answered(exchange, redactor)
        hops.append(Hop(source=asker, target=target, head=request.head, text=request.text))
        hops.append(Hop(source=target, target=asker, head=answer.head, text=answer.text, back=True, tone=answer.tone))
        back = exchange.response_header("location") or ""
        if asker == BROWSER and self._leads_home(back):
            hops += self._arrivals(back)
            self.person_is_away = False
        return Row(
            hops=tuple(hops),
            n=exchange.n,
            proof=proof,
            rule=exchange.rule,
            after=exchange.elapsed,
            faults=tuple(redactor.text(str(fault)) for fault in listed(exchange, "faults")),
            notes=tuple(redactor.text(str(note)) for note in listed(exchange, "notes")),
            exchange=exchange,
        )

    def _leads_home(self, location: str) -> bool:
        return any(location.startswith(home) for home in self._homes)

    def _arrivals(self, location: str) -> Iterator[Hop]:
        """The browser comes back to the client, perhaps twice, perhaps in vain."""
        said = delivered(location, self._redactor)
        visit = self._visit(location)
        yield Hop(source=BROWSER, target=CLIENT, head="callback", text=said)
        if visit is None:
            return
        if visit.problem:
            yield Hop(source=CLIENT, target=BROWSER, head="nobody there", text=visit.problem, back=True, tone="bad")
        elif visit.callback_status is not None:
            yield Hop(source=CLIENT, target=BROWSER, head=str(visit.callback_status), back=True)
        if visit.replayed:
            yield Hop(source=BROWSER, target=CLIENT, head="callback", text="the same once more")
            status = "nobody there" if visit.replay_status is None else str(visit.replay_status)
            yield Hop(source=CLIENT, target=BROWSER, head=status, back=True)

    def _visit(self, location: str) -> Visit | None:
        """The visit that this redirect ended."""
        mine = next((visit for visit in self._visits if _same(visit.callback, location)), None)
        if mine is not None:
            self._visits.remove(mine)
        return mine


def _same(one: str | None, other: str) -> bool:
    return one is not None and query_of(one) == query_of(other) and path_of(one) == path_of(other)
