"""A place whose answers are written down beforehand."""

# ruff: noqa: D102 - as the protocol says

from collections.abc import Mapping
from typing import Any

from sparring.contracts.loading import Contract, parse_rules
from sparring.contracts.place import Call, Given, NotApplicableError, Reply
from sparring.contracts.running import Result, run_trial

NOW = 1_750_000_000.0
BASE = "http://127.0.0.1:9401"


def reply(status: int = 200, body: str = "", *headers: tuple[str, str]) -> Reply:
    """An answer."""
    return Reply(status=status, headers=headers, body=body.encode())


class Scripted:
    """Gives the answers in their order, and remembers what it was asked and how it was governed."""

    def __init__(self, *answers: Reply | str, exact: bool = True, governed: bool = True, **values: Any) -> None:
        self.values: Mapping[str, Any] = {"base": BASE, "host": "127.0.0.1:9401", "scope": "read", **values}
        self.endpoints: Mapping[str, str] = {name: f"{BASE}/{name}" for name in ("authorize", "token", "api", "jwks")}
        self.exact = exact
        self.calls: list[Call] = []
        self.verbs: list[tuple[str, dict[str, Any]]] = []
        self.given: Given | None = None
        self.closed = False
        self._answers = list(answers)
        self._governed = governed

    async def open(self, given: Given) -> "Scripted":
        self.given = given
        return self

    async def send(self, call: Call) -> Reply:
        self.calls.append(call)
        answer = self._answers.pop(0)
        if isinstance(answer, str):
            raise ConnectionError(answer)
        return answer

    async def control(self, verb: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self._governed:
            raise NotApplicableError("nobody governs it")
        if arguments.get("user") == "nobody":
            raise ValueError("there is nobody")
        self.verbs.append((verb, dict(arguments)))
        return {"access_token": "minted"}

    async def now(self) -> float:
        return NOW

    async def rule(self) -> str | None:
        return "ours/rule"

    async def close(self) -> None:
        self.closed = True


def contract(steps: str, expect: str, states: str = "{}", given: str = "fresh", values: str = "{}") -> Contract:
    """A table of one rule; the parts are YAML in one line."""
    return parse_rules(
        f"provider: ours\nvalues: {values}\nstates: {states}\nrules:\n"
        f"  - {{id: ours/rule, mark: doc, source: the guide, text: It is so., given: {given}, "
        f"steps: {steps}, expect: {expect}}}\n",
        "ours: rules.yaml",
    )


async def tried(place: Scripted, table: Contract) -> Result:
    """The result of the one trial of that table."""
    return await run_trial(table, table.trials[0], place)


async def differing(answer: Reply, expect: str, *, exact: bool = True, **values: Any) -> list[str]:
    """The differences of one answer from an expectation, as they are told."""
    result = await tried(Scripted(answer, exact=exact, **values), contract("[{request: GET api}]", expect))
    return [str(each) for each in result.differences]
