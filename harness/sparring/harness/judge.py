"""From evidence to verdicts: pure, and never in the way. An exception in a check is a finding about the harness."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sparring.contracts import is_specification
from sparring.harness import checks
from sparring.harness.checks.traces import secrets_of
from sparring.harness.evidence import Evidence, Exchange, LogFile, Secret, Step, Visit
from sparring.harness.scenario import Check, Scenario
from sparring.harness.verdict import ORDER, Finding, Verdict, inconclusive, worst

ALWAYS_ID = "always"
_LAST_RUNG = "happy-outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check decided in one scenario. ``sources`` are clause ids; ``exchanges`` numbers of the scenario's.

    ``scenario``: where an always-on check found it.
    """

    id: str
    verdict: Verdict
    message: str = ""
    why: str = ""
    mend: str = ""
    sources: tuple[str, ...] = ()
    exchanges: tuple[int, ...] = ()
    scenario: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """What a scenario came to. ``secrets`` are the values that a report must not repeat.

    In the result of the always-on checks an exchange's fact ``scenario`` says where it happened, and ``n``
    counts anew.
    """

    id: str
    title: str
    profile: str
    verdict: Verdict
    checks: tuple[CheckResult, ...] = ()
    steps: tuple[Step, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    duration_s: float = 0.0
    blocked_by: str | None = None
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    visits: tuple[Visit, ...] = field(default=(), repr=False)
    logs: tuple[LogFile, ...] = field(default=(), repr=False)


def _find(check: Check, evidence: Evidence) -> Finding:
    try:
        return check.judge(evidence)
    except Exception as problem:  # noqa: BLE001  whatever a check trips over is a finding about the harness
        what = f"{type(problem).__name__}: {problem}".splitlines()[0]
        return Finding(
            verdict=Verdict.HARNESS_ERROR,
            message=f"The check {check.id} could not read this evidence ({what}); this is a fault of the harness.",
        )


def _sources(check: Check, provider: str) -> tuple[str, ...]:
    """The check's sources without other providers' documents."""
    return tuple(one for one in check.sources if is_specification(one) or one.partition("/")[0] == provider)


def _result(check: Check, finding: Finding, provider: str) -> CheckResult:
    return CheckResult(
        id=check.id,
        verdict=finding.verdict,
        message=finding.message,
        why=check.why,
        mend=check.mend,
        sources=_sources(check, provider),
        exchanges=finding.exchanges,
    )


def _never_fired(scenario: Scenario, evidence: Evidence) -> bool:
    """Whether the scenario has a fault for this provider, and none of them fired."""
    mine = [
        f["id"] for f in scenario.faults if f.get("match", {}).get("provider", evidence.provider) == evidence.provider
    ]
    return bool(mine) and not set(mine) & set(evidence.fired)


def _is_ladder(scenario: Scenario) -> bool:
    """Whether the checks are diagnoses in causal order, of which the first that fails is the one cause."""
    return any(check.id == _LAST_RUNG for check in scenario.checks)


def judge(scenario: Scenario, evidence: Evidence, duration_s: float | None = None) -> ScenarioResult:
    """Judge one scenario by its own checks.

    A fault that never fired makes a pass INCONCLUSIVE. In a happy path the checks after the first failing one
    are SKIP, so that one cause stands.
    """
    results: list[CheckResult] = []
    cause: str | None = None
    idle = _never_fired(scenario, evidence)
    for check in scenario.checks:
        if cause is not None:
            skip = Finding(verdict=Verdict.SKIP, message=f"blocked by {cause}")
            results.append(_result(check, skip, evidence.provider))
            continue
        finding = _find(check, evidence)
        if idle and finding.verdict in {Verdict.PASS, Verdict.ALLOWED, Verdict.WARN}:
            finding = inconclusive(
                "The fault of this scenario never happened, so nothing was proved.", *finding.exchanges
            )
        results.append(_result(check, finding, evidence.provider))
        if _is_ladder(scenario) and finding.verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}:
            cause = check.id
    return ScenarioResult(
        id=scenario.id,
        title=scenario.title,
        profile=scenario.profile,
        verdict=worst(result.verdict for result in results),
        checks=tuple(results),
        steps=evidence.steps,
        exchanges=evidence.exchanges,
        duration_s=evidence.ending.seconds if duration_s is None else duration_s,
        secrets=secrets_of(evidence),
        visits=evidence.visits,
        logs=evidence.logs,
    )


def strictly(result: ScenarioResult) -> ScenarioResult:
    """The same with every WARN as a FAIL."""
    checks = tuple(replace(c, verdict=Verdict.FAIL) if c.verdict is Verdict.WARN else c for c in result.checks)
    verdict = Verdict.FAIL if result.verdict is Verdict.WARN else result.verdict
    return replace(result, checks=checks, verdict=verdict)


def _without_run(
    scenario: Scenario, message: str, blocked_by: str | None = None, verdict: Verdict = Verdict.SKIP
) -> ScenarioResult:
    return ScenarioResult(
        id=scenario.id,
        title=scenario.title,
        profile=scenario.profile,
        verdict=verdict,
        checks=tuple(CheckResult(id=check.id, verdict=verdict, message=message) for check in scenario.checks),
        blocked_by=blocked_by,
    )


def blocked(scenario: Scenario, cause: str) -> ScenarioResult:
    """A scenario that was not run because something before it failed; ``cause`` names that."""
    return _without_run(scenario, f"blocked by {cause}", cause)


def skipped(scenario: Scenario, reason: str) -> ScenarioResult:
    """A scenario that was not run because the client does not claim what it needs, or the driver cannot play it."""
    return _without_run(scenario, reason)


def undelivered(scenario: Scenario, reason: str) -> ScenarioResult:
    """A scenario that was not run because what it is about cannot be brought to this client."""
    return _without_run(scenario, f"Nothing was proved: {reason}.", verdict=Verdict.INCONCLUSIVE)


def broken(scenario: Scenario, problem: str) -> ScenarioResult:
    """A scenario in which the harness itself failed; ``problem`` is a sentence."""
    return ScenarioResult(
        id=scenario.id,
        title=scenario.title,
        profile=scenario.profile,
        verdict=Verdict.HARNESS_ERROR,
        checks=tuple(
            CheckResult(id=check.id, verdict=Verdict.HARNESS_ERROR, message=problem, why=check.why, mend=check.mend)
            for check in scenario.checks
        ),
    )


class _Proofs:
    """The exchanges that prove something in the run as a whole, numbered anew."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}
        self.exchanges: list[Exchange] = []

    def number(self, scenario: Scenario, evidence: Evidence, n: int) -> list[int]:
        """The new number of that scenario's exchange; none where it does not exist."""
        key = (scenario.id, n)
        if key not in self._numbers:
            original = next((e for e in evidence.exchanges if e.n == n), None)
            if original is None:
                return []
            self._numbers[key] = len(self.exchanges) + 1
            facts = {**original.facts, "scenario": scenario.id, "n": n}
            self.exchanges.append(replace(original, n=self._numbers[key], facts=facts))
        return [self._numbers[key]]


def _over_the_run(check: Check, found: Sequence[tuple[Scenario, Evidence, Finding]], proofs: _Proofs) -> CheckResult:
    if not found:
        return CheckResult(id=check.id, verdict=Verdict.SKIP, message="No scenario left it to this check.")
    scenario, evidence, finding = max(found, key=lambda each: ORDER.index(each[2].verdict))
    message, numbers, where = finding.message, [], ""
    if finding.verdict not in {Verdict.PASS, Verdict.SKIP, Verdict.ALLOWED}:
        others = sum(1 for _, _, other in found if other.verdict is finding.verdict) - 1
        more = f" The same in {others} more scenario(s)." if others else ""
        message, where = f"In {scenario.id}: {finding.message}{more}", scenario.id
        for n in finding.exchanges:
            numbers += proofs.number(scenario, evidence, n)
    provider = evidence.provider
    result = _result(check, replace(finding, message=message, exchanges=tuple(numbers)), provider)
    return replace(result, scenario=where)


def judge_always(runs: Sequence[tuple[Scenario, Evidence]], duration_s: float = 0.0) -> ScenarioResult:
    """Judge the always-on checks over a whole run: for each the worst of what it found in any scenario."""
    proofs = _Proofs()
    found: dict[str, list[tuple[Scenario, Evidence, Finding]]] = {check.id: [] for check in checks.ALWAYS}
    secrets: dict[str, Secret] = {}
    for scenario, evidence in runs:
        for one in checks.always(scenario):
            found[one.id].append((scenario, evidence, _find(one, evidence)))
        secrets |= {secret.value: secret for secret in secrets_of(evidence)}
    results = tuple(_over_the_run(check, found[check.id], proofs) for check in checks.ALWAYS)
    return ScenarioResult(
        id=ALWAYS_ID,
        title="What must hold in every scenario",
        profile="core",
        verdict=worst(result.verdict for result in results),
        checks=results,
        exchanges=tuple(proofs.exchanges),
        duration_s=duration_s,
        secrets=tuple(secrets.values()),
    )
