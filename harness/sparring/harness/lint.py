"""The always-on checks on any traffic, as it happens: what `serve --lint` says."""

import asyncio
import base64
import binascii
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from sparring.harness import checks
from sparring.harness.checks import process
from sparring.harness.checks.refresh_race import one_refresh_at_a_time, races
from sparring.harness.checks.traces import carries, secrets_of
from sparring.harness.checks.wire import credential, query_of
from sparring.harness.evidence import Evidence, Exchange, Secret
from sparring.harness.scenario import Budget, Check
from sparring.harness.tape import read_exchange
from sparring.harness.verdict import Finding, Verdict, failed

WINDOW = 60
"""Exchanges of one client that are looked at together."""

SECRETS = 40
"""Secrets of one client that are looked for: the newest."""

CLIENTS = 100
"""Clients that are followed; the one that was longest silent is forgotten."""

BACKLOG = 2_000
"""Exchanges that may wait to be judged; beyond that the oldest go unjudged, and serving goes on."""

QUIET = 1.0
"""Real seconds without traffic after which what goes on side by side counts as over."""

LONGEST = 4_000
"""Characters that a control port takes of one remark."""

RACE = "one-refresh-per-expiry"
"""The check whose subject is told when it is over: while renewals still come in, nobody knows how many there are."""

_ACROSS = {"code-single-use", "redirect-uri-equality", "request-budget"}
"""Checks that compare several exchanges; the others judge each one by itself."""

_BAD = {Verdict.WARN, Verdict.FAIL}
_ANY_NUMBER = 1 << 30
_NO_LIMIT = Budget(token=_ANY_NUMBER, api=_ANY_NUMBER, jwks=_ANY_NUMBER, discovery=_ANY_NUMBER, register=_ANY_NUMBER)


class Remark(str):
    """What the linter says, a line; ``note`` has it in parts, as the control port takes a remark on an exchange."""

    __slots__ = ("note",)
    note: Mapping[str, Any]

    @classmethod
    def of(cls, line: str, text: str, exchange: int | None, verdict: str, check: str = "") -> "Remark":
        """The line, and its parts."""
        made = cls(line)
        made.note = {"text": text[:LONGEST], "exchange": exchange or None, "verdict": verdict, "check": check}
        return made


def _judges() -> Iterator[tuple[Check, Callable[[Evidence], Finding]]]:
    """The checks that can be told from traffic: nobody knows here how many requests are too many, only bursts."""
    for check in checks.ALWAYS:
        if check.id == "request-budget":
            yield check, process.within(_NO_LIMIT)
        elif check.id not in {"secret-never-in-logs", "client-terminates"}:
            yield check, check.judge


def _race() -> Check:
    return replace(checks.check(RACE), judge=one_refresh_at_a_time)


@dataclass(slots=True)
class _Watched:
    """What is remembered of one client at one provider."""

    provider: str
    client: str
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=WINDOW))
    secrets: dict[str, Secret] = field(default_factory=dict)
    told: dict[str, set[int]] = field(default_factory=dict)
    said: set[tuple[str, str]] = field(default_factory=set)
    racing: bool = False
    """Whether a race of renewals is known that was not told."""

    def learn(self, *found: Secret) -> None:
        """Remember secrets, the newest of them."""
        for secret in found:
            self.secrets.pop(secret.value, None)
            self.secrets[secret.value] = secret
        while len(self.secrets) > SECRETS:
            del self.secrets[next(iter(self.secrets))]

    def evidence(self, exchanges: Iterable[Exchange]) -> Evidence:
        """These exchanges of this client, and what must stay private in them."""
        return Evidence(
            scenario="lint",
            provider=self.provider,
            grant="",
            driver="",
            context={},
            exchanges=tuple(exchanges),
            secrets=tuple(self.secrets.values()),
        )

    def news(self, exchange: Exchange) -> Iterator[tuple[Check, Finding]]:
        """What this exchange brings to light and was not told before."""
        self.exchanges.append(exchange)
        alone = self.evidence((exchange,))
        self.learn(*secrets_of(alone), *_codes(exchange))
        alone = self.evidence((exchange,))
        for check, judge in _judges():
            found = self._across(check, judge) if check.id in _ACROSS else [judge(alone)]
            for finding in found:
                yield from self._once(check, finding)
        if exchange.endpoint == "token":
            yield from self._races(over=True)

    def settle(self) -> Iterator[tuple[Check, Finding]]:
        """What was held back because there might have been more of it."""
        if self.racing:
            yield from self._races(over=False)

    def _races(self, *, over: bool) -> Iterator[tuple[Check, Finding]]:
        """Races of renewals: those that are ``over``, for the client has renewed again; else all of them."""
        found = races(self.evidence(self.exchanges))
        for race in found:
            if race.next is not None or not over:
                yield from self._once(_race(), failed(race.sentence, *race.numbers))
        self.racing = any((RACE, race.sentence) not in self.said for race in found)

    def _once(self, check: Check, finding: Finding) -> Iterator[tuple[Check, Finding]]:
        if finding.verdict not in _BAD or (check.id, finding.message) in self.said:
            return
        if len(self.said) >= BACKLOG:
            self.said.clear()
        self.said.add((check.id, finding.message))
        yield check, finding

    def _across(self, check: Check, judge: Callable[[Evidence], Finding]) -> Iterator[Finding]:
        """What several exchanges show together; the last of those that were told of is not looked at again."""
        told = self.told[check.id] = {n for n in self.told.get(check.id, ()) if n >= self.exchanges[0].n}
        for _ in range(WINDOW):
            finding = judge(self.evidence(exchange for exchange in self.exchanges if exchange.n not in told))
            yield finding
            if finding.verdict not in _BAD or not finding.exchanges:
                return
            told.add(max(finding.exchanges))


class Linter:
    """Judges exchanges in the order in which they come. Traffic only: no output, no instructions, no endings."""

    def __init__(self) -> None:
        self._watched: dict[tuple[str, str], _Watched] = {}
        self._owners: dict[str, str] = {}

    def know(self, document: Mapping[str, Any]) -> None:
        """Learn the clients' secrets and the people's passwords from the document of a ready file."""
        for provider, info in document["providers"].items():
            passwords = [Secret(kind="password", value=user["password"]) for user in info["users"]]
            for client in info["clients"]:
                watched = self._watch(provider, client["client_id"])
                watched.learn(*passwords)
                if client["client_secret"]:
                    watched.learn(Secret(kind="client_secret", value=client["client_secret"]))

    def look(self, document: Mapping[str, Any]) -> list[Remark]:
        """One line for each violation that this exchange brings to light. ``document`` is the control port's JSON."""
        exchange = read_exchange(document)
        found = [(watched, each) for watched in self._concerned(exchange) for each in watched.news(exchange)]
        return [self._line(watched, *each) for watched, each in found]

    @property
    def unsettled(self) -> bool:
        """Whether something is held back that ``settle`` would tell."""
        return any(watched.racing for watched in self._watched.values())

    def settle(self) -> list[Remark]:
        """One line for each violation of which there might have been more to come, and was not."""
        found = [(watched, each) for watched in self._watched.values() for each in watched.settle()]
        return [self._line(watched, *each) for watched, each in found]

    def _line(self, watched: _Watched, check: Check, finding: Finding) -> Remark:
        who, where = f"{watched.provider} {watched.client}".rstrip(), self._where(watched, finding)
        line = f"lint: {finding.verdict} {check.id}: {finding.message} ({who}; {where})"
        last = max(finding.exchanges, default=None)
        return Remark.of(line, f"{finding.message} ({who})", last, str(finding.verdict), check.id)

    def _where(self, watched: _Watched, finding: Finding) -> str:
        last = max(finding.exchanges, default=0)
        shown = next((e for e in watched.exchanges if e.n == last), None)
        if shown is None:
            return "no one exchange"
        return f"exchange {shown.n}: {shown.method} {shown.endpoint} {urlsplit(shown.url).path}"

    def _watch(self, provider: str, client: str) -> _Watched:
        """What is remembered of that client, who is now the latest to have been heard of."""
        watched = self._watched.pop((provider, client), None) or _Watched(provider, client)
        self._watched[provider, client] = watched
        while len(self._watched) > CLIENTS:
            del self._watched[next(iter(self._watched))]
        return watched

    def _concerned(self, exchange: Exchange) -> list[_Watched]:
        """Whose exchange it is; at the other origin, whoever has a secret in it."""
        if exchange.provider == "decoy":
            text = "\n".join((exchange.url, *(value for _, value in exchange.headers), exchange.body.decode("latin-1")))
            return [
                watched
                for watched in self._watched.values()
                if any(carries(text, secret) for secret in watched.secrets)
            ]
        client = self._client(exchange)
        for fact in exchange.facts.get("issued", ()):
            if len(self._owners) >= BACKLOG:
                del self._owners[next(iter(self._owners))]
            self._owners[fact["fp"]] = client
        return [self._watch(exchange.provider, client)]

    def _client(self, exchange: Exchange) -> str:
        """The client as the provider recognised it, else as the request names it, else whose token it brought."""
        named = exchange.facts.get("client") or exchange.param("client_id") or _basic_user(exchange)
        if named:
            return str(named)
        presented = [fact["fp"] for fact in exchange.facts.get("presented", ())]
        return next((self._owners[fp] for fp in presented if fp in self._owners), "")


def _basic_user(exchange: Exchange) -> str:
    header = exchange.header("authorization") or ""
    if not header.lower().startswith("basic "):
        return ""
    try:
        return unquote_plus(base64.b64decode(credential(exchange)).decode().partition(":")[0])
    except (binascii.Error, ValueError):
        return ""


def _codes(exchange: Exchange) -> list[Secret]:
    """The authorization code that the answer sends back to the client."""
    code = query_of(exchange.response_header("location")).get("code", "") if exchange.status == 302 else ""
    return [Secret(kind="code", value=code)] if code else []


def _look(linter: Linter, document: Mapping[str, Any]) -> list[Remark]:
    try:
        return linter.look(document)
    except Exception as problem:  # noqa: BLE001  a defect of the linter is no defect of what it judges
        name, number = type(problem).__name__, document.get("n")
        text = f"exchange {number} could not be judged ({name}); this is a fault of the harness."
        return [Remark.of(f"lint: {text}", text, number if isinstance(number, int) else None, "NOTE")]


@asynccontextmanager
async def linting(linter: Linter, say: Callable[[Remark], None]) -> AsyncIterator[Callable[[dict[str, Any]], None]]:
    """A function to hand exchanges to; they are judged in a thread, after they were served."""
    waiting: deque[dict[str, Any]] = deque(maxlen=BACKLOG)
    news = asyncio.Event()

    def hand(document: dict[str, Any]) -> None:
        waiting.append(document)
        news.set()

    async def work() -> None:
        while True:
            try:
                async with asyncio.timeout(QUIET if linter.unsettled else None):
                    await news.wait()
            except TimeoutError:
                tell(linter.settle())
            news.clear()
            while waiting:
                document = waiting.popleft()
                tell(await asyncio.to_thread(_look, linter, document))

    def tell(lines: list[Remark]) -> None:
        for line in lines:
            say(line)

    working = asyncio.create_task(work())
    try:
        yield hand
    finally:
        working.cancel()
        await asyncio.wait([working])
        with suppress(RuntimeError):  # the thread may still be at work
            tell(linter.settle())
