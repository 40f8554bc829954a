"""Judging the client of a test: by what was recorded, or by a scenario that the test plays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sparring.harness.evidence import Evidence, Secret, Step, Visit
from sparring.harness.judge import CheckResult, judge
from sparring.harness.manifest import nearest
from sparring.harness.reports.sources import sentence
from sparring.harness.scenario import Scenario
from sparring.harness.scenarios import ALL, catalogue
from sparring.harness.tape import read_exchange
from sparring.harness.traffic import Traffic, UnreadableTrafficError
from sparring.harness.traffic.recording import our_record
from sparring.harness.traffic.verdicts import report_on
from sparring.harness.verdict import Verdict
from sparring.harness.worlds.embedded import ControlError, RecordedRequest, Sparring
from sparring.harness.worlds.local import staging_hint

BAD = frozenset({Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR})
_TELLING = 50
"""Words of a source that are shown."""


@dataclass
class Trial:
    """A scenario that is being played. ``error`` is what the client raised, ``results`` what its checks said."""

    scenario: str
    hint: str
    _fakes: Sparring = field(repr=False)
    steps: list[Step] = field(default_factory=list)
    error: Exception | None = None
    results: tuple[CheckResult, ...] = ()

    @contextmanager
    def step(self, do: str = "call_api") -> Iterator[None]:
        """One of several things that the client does: ``authenticate``, ``call_api`` or ``register``.

        What it raises is how the step ends, and the trial goes on; an AssertionError ends the test.
        """
        first = self.next_number()
        try:
            yield
        except (AssertionError, ControlError):
            raise
        except Exception as error:  # noqa: BLE001  whatever a client raises is its answer
            self.ended(do, first, error)
        else:
            self.ended(do, first, None)

    def next_number(self) -> int:
        """The number that the next request will have at least."""
        requests = self._fakes.requests
        return requests[-1].n + 1 if requests else 0

    def ended(self, do: str, first: int, error: Exception | None) -> None:
        """That is how the client ended what it was doing since the request of that number."""
        self.error = error or self.error
        outcome, detail = "ok", ""
        if error is not None:
            named = getattr(error, "outcome", None)
            outcome, detail = named if isinstance(named, str) else "error", f"{type(error).__name__}: {error}"
        last = max(self.next_number(), first)
        self.steps.append(Step(id=len(self.steps) + 1, do=do, outcome=outcome, detail=detail, first=first, last=last))


def judged(fakes: Sparring) -> tuple[CheckResult, ...]:
    """What the traffic shows of the clients of these providers, check by check. AssertionError where there is none."""
    __tracebackhide__ = True
    exchanges = [read_exchange(one.document) for one in fakes.requests]
    traffic = Traffic(records=tuple(our_record(one, redacted=False) for one in exchanges), ours=True)
    try:
        report = report_on(traffic, provider=fakes.provider if len(fakes) == 1 else None)
    except UnreadableTrafficError:
        asked = ", ".join(fakes.providers)
        raise AssertionError(f"there is nothing to judge: no client has asked {asked} for anything") from None
    return tuple(result for scenario in report.results for result in scenario.checks)


def demand_no_failures(fakes: Sparring, *, warnings: bool, ignore: frozenset[str]) -> None:
    """AssertionError where what traffic shows is not in order."""
    __tracebackhide__ = True
    results = judged(fakes)
    known = tuple(dict.fromkeys(one.id for one in results))
    for name in ignore:
        if name not in known:
            raise ControlError(f"unknown check {name!r}; {nearest(name, known)}", 404)
    bad = BAD | ({Verdict.WARN} if warnings else frozenset())
    _demand(fakes, [one for one in results if one.verdict in bad and one.id not in ignore], "by traffic")


@contextmanager
def playing(fakes: Sparring, name: str, supports: frozenset[str], logins: Sequence[tuple[str, str]]) -> Iterator[Trial]:
    """A trial. ``logins`` grows with each login that a person is played for."""
    __tracebackhide__ = True
    scenario = _scenario(fakes, name)
    staged = fakes.scenario(name) if staging_hint(name) is not None else None
    trial = Trial(name, staged.hint if staged else "", fakes)
    before, first = len(logins), trial.next_number()
    try:
        yield trial
    except (AssertionError, ControlError):
        raise
    except Exception as error:  # noqa: BLE001  whatever a client raises is its answer
        trial.ended("authenticate", first, error)
    else:
        if not trial.steps:
            trial.ended("authenticate", first, None)
    evidence = _evidence(fakes, scenario, trial, logins[before:], supports)
    for fault in fakes.faults:
        if staged is not None and fault.id in staged.faults:
            fault.remove()
    trial.results = judge(scenario, evidence, 0.0).checks
    bad = [one for one in trial.results if one.verdict in BAD]
    if all(one.verdict is Verdict.SKIP for one in trial.results):
        bad = list(trial.results)
    try:
        _demand(fakes, bad, f"in the scenario {name!r}")
    except AssertionError as error:
        raise error from trial.error


def _scenario(fakes: Sparring, name: str) -> Scenario:
    known = {one.id: one for one in catalogue(fakes.provider)}
    if name in known:
        return known[name]
    if any(one.id == name for one in ALL):
        raise ControlError(f"the scenario {name!r} is not one of {fakes.provider}'s", 404)
    raise ControlError(f"unknown scenario {name!r}; {nearest(name, tuple(known))}", 404)


def _evidence(
    fakes: Sparring, scenario: Scenario, trial: Trial, logins: Sequence[tuple[str, str]], supports: frozenset[str]
) -> Evidence:
    context: dict[str, Any] = {f"{name}_url": url for name, url in fakes.endpoints.items()}
    context |= {"provider": fakes.provider, "client_id": fakes.client_id, "scope": fakes.scope, "scopes": fakes.scopes}
    context |= {"issuer": fakes.issuer} if fakes.issuer else {}
    context |= {"redirect_uri": fakes.redirect_uri} if fakes.redirect_uris else {}
    return Evidence(
        scenario=scenario.id,
        provider=fakes.provider,
        grant="authorization_code" if logins else "client_credentials",
        driver="test",
        context=context,
        exchanges=tuple(read_exchange(one.document) for one in fakes.requests),
        steps=tuple(trial.steps),
        visits=tuple(Visit(url=url, step=len(trial.steps), callback=callback) for url, callback in logins),
        secrets=tuple(Secret(kind="password", value=user.password) for user in fakes.users),
        fired=tuple(fault.id for fault in fakes.faults for _ in range(fault.fired)),
        supports=supports,
        tls=fakes.base_url.startswith("https:"),
    )


def _demand(fakes: Sparring, bad: Sequence[CheckResult], where: str) -> None:
    __tracebackhide__ = True
    if not bad:
        return
    requests = {one.n: one for one in fakes.requests}
    head = f"{len(bad)} check{'s' * (len(bad) > 1)} failed {where}:"
    raise AssertionError("\n".join([head, *(_told(one, requests) for one in bad)]))


def _told(result: CheckResult, requests: Mapping[int, RecordedRequest]) -> str:
    lines = ["", f"{result.verdict} {result.id}: {result.message}"]
    lines += [f"  why: {result.why}"] if result.why else []
    lines += [f"  mend: {result.mend}"] if result.mend else []
    lines += [f"  source: {_shortened(sentence(source))}" for source in result.sources]
    for n in result.exchanges:
        if n in requests:
            lines += [f"  {line}" for line in str(requests[n]).splitlines()]
    return "\n".join(lines)


def _shortened(text: str) -> str:
    words = text.split()
    return text if len(words) <= _TELLING else " ".join([*words[:_TELLING], "..."])
