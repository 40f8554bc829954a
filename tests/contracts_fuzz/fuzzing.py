"""Schemathesis over a provider's OpenAPI document, against its fake, with credentials and tokens that are good."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.actors import ACTORS
from tests.contracts_fuzz.actors.actor import Actor
from tests.contracts_fuzz.dressing import MANNERS, Right, dress
from tests.contracts_fuzz.fake import BASE, Fake

BARE_CHECKS = [not_a_server_error, status_code_conformance, response_headers_conformance]
"""Of answers without a body, where the document has one that may be left out."""
CHECKS = [*BARE_CHECKS, content_type_conformance, response_schema_conformance]
schemathesis.serializer.alias("application/csp-report", "application/json")
AT_ONCE = 12
"""Cases of one operation, before the next one has its turn."""
NOISE = {"x-schemathesis-testcaseid", "user-agent", "connection", "accept-encoding"}


@dataclass(slots=True)
class Tally:
    """What came of the cases of one provider. ``wrong``: complaints, with the first exchange that gave rise to each."""

    name: str
    cases: int = 0
    guarded: int = 0
    admitted: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: dict[str, Counter[int]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def between(self, low: int, high: int) -> int:
        """How many were answered with a status from low up to, not including, high."""
        return sum(count for status, count in self.statuses.items() if low <= status < high)

    @property
    def granted(self) -> float:
        """The share that was answered with 2xx or 3xx."""
        return self.between(200, 400) / self.cases if self.cases else 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """An operation as schemathesis knows it. ``guarded``: whoever asks must say who it is."""

    operation: Any
    name: str
    weight: int
    varied: bool
    guarded: bool


class Fuzzer:
    """One provider and what it is asked. ``members`` takes the place of its OpenAPI document."""

    def __init__(self, provider: str, variant: str = "default", members: dict[str, Any] | None = None) -> None:
        self.tally = Tally(provider if variant == "default" else f"{provider} {variant}")
        self.fake = Fake(provider, self._watch, variant)
        self.actor: Actor = ACTORS[provider](self.fake)
        if members is None:
            source = files("sparring.contracts").joinpath("providers", provider, "openapi.yaml")
            members = yaml.safe_load(source.read_text(encoding="utf-8"))
        schema = schemathesis.openapi.from_dict(members)
        found = (each.ok() for each in schema.get_all_operations() if isinstance(each, Ok))
        self.targets = [self._target(operation) for operation in found]

    def run(self, cases: int, seed: int) -> Tally:
        """Ask that many times at least, the same for the same seed."""
        try:
            for number, (target, count) in enumerate(_turns(self.targets, cases)):
                self._try(target, count, seed * 1_000_003 + number)
        finally:
            self.fake.close()
        return self.tally

    def _target(self, operation: Any) -> Target:
        members = operation.definition.raw
        inputs = [*operation.query, *operation.body, *operation.path_parameters]
        asked = {parameter.name for parameter in operation.headers}
        forms = str(members.get("requestBody", ""))
        guarded = bool(members.get("security")) or "Authorization" in asked or "client_secret" in forms
        weighty = operation.method != "options" and (inputs or guarded)
        return Target(
            operation=operation,
            name=members["operationId"],
            weight=self.actor.weights.get(members["operationId"], 4 if weighty else 1),
            varied=bool(operation.query or operation.body),
            guarded=guarded,
        )

    def _try(self, target: Target, count: int, seed: int) -> None:
        modes = [GenerationMode.POSITIVE] * 3 + [GenerationMode.NEGATIVE] * target.varied

        @hypothesis.seed(seed)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data())
        def knock(data: st.DataObject) -> None:
            manner = data.draw(st.sampled_from(MANNERS))
            pick = data.draw(st.integers(0, 1 << 20))
            mode = data.draw(st.sampled_from(modes))
            case = data.draw(target.operation.as_strategy(generation_mode=mode))
            self._knock(target, case, manner, pick)

        run: Callable[[], None] = knock
        run()

    def _knock(self, target: Target, case: Case[Any], manner: str, pick: int) -> None:
        self.fake.wait(1)
        try:
            right = self.actor.right(target.name, pick)
        except (AssertionError, LookupError) as error:
            self.tally.wrong.setdefault(f"{target.name}: what it needs cannot be had", repr(error))
            right = Right()
        dress(case, right, manner, pick // 7)
        prepared = requests.Request(**_sendable(case)).prepare()
        call = _call(prepared)
        reply = self.fake.send(call)
        self.actor.learn(target.name, call, reply)
        self._count(target, call, reply)
        self._check(case, prepared, call, reply)

    def _count(self, target: Target, call: Call, reply: Reply) -> None:
        self.tally.cases += 1
        self.tally.statuses[reply.status] += 1
        self.tally.operations.setdefault(target.name, Counter())[reply.status] += 1
        if target.guarded:
            self.tally.guarded += 1
            self.tally.admitted += not self.actor.turned_away(call, reply)

    def _check(self, case: Case[Any], prepared: requests.PreparedRequest, call: Call, reply: Reply) -> None:
        headers: dict[str, list[str]] = {}
        for name, value in reply.headers:
            headers.setdefault(name.lower(), []).append(value)
        response = Response(reply.status, headers, reply.body, prepared, 0.0, verify=False, encoding="utf-8")
        row = case.operation.definition.raw["responses"].get(str(reply.status), {})
        bare = "x-sparring-may-be-empty" in self.fake.document.resolved(row) and not reply.body
        try:
            case.validate_response(response, checks=BARE_CHECKS if bare else CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                self._complain(f"{case.operation.label}: {failure.title}: {failure.message}", call, reply)
        except Failure as failure:
            self._complain(f"{case.operation.label}: {failure.title}: {failure.message}", call, reply)

    def _watch(self, call: Call, reply: Reply) -> None:
        """Every exchange, also those that only lead to the next case, keeps to the contract."""
        path = urlsplit(call.url).path
        operation = self.fake.document.operation(call.method, path)
        for complaint in self.fake.document.violations(call, reply):
            known = complaint if operation is None else complaint.replace(path, operation.path, 1)
            self._complain(known, call, reply)

    def _complain(self, complaint: str, call: Call, reply: Reply) -> None:
        self.tally.wrong.setdefault(complaint, f"{call}\n    {reply}")


def _turns(targets: list[Target], cases: int) -> Iterator[tuple[Target, int]]:
    """Who is asked how often, in turns; altogether as often as was wished, or a little more."""
    whole = sum(target.weight for target in targets)
    left = {target.name: max(1, -(-cases * target.weight // whole)) for target in targets}
    while any(left.values()):
        for target in targets:
            count = min(left[target.name], AT_ONCE)
            if count:
                left[target.name] -= count
                yield target, count


def _sendable(case: Case[Any]) -> dict[str, Any]:
    members: dict[str, Any] = case.as_transport_kwargs(base_url=BASE)
    known = {"method", "url", "headers", "files", "data", "params", "auth", "cookies", "json"}
    return {name: value for name, value in members.items() if name in known}


def _call(prepared: requests.PreparedRequest) -> Call:
    body = prepared.body or b""
    assert isinstance(body, (str, bytes)), body
    headers = [(name, _text(value)) for name, value in prepared.headers.items() if name.lower() not in NOISE]
    return Call(
        method=str(prepared.method),
        url=str(prepared.url),
        headers=tuple(headers),
        body=body.encode() if isinstance(body, str) else body,
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
