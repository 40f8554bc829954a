"""What the judge hands on, member by member."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sparring.harness import checks, judge
from sparring.harness.checks.traces import secrets_of
from sparring.harness.evidence import Ending, Evidence, Secret
from sparring.harness.scenario import Check, Scenario
from sparring.harness.scenarios import happy, scenario
from sparring.harness.verdict import Finding, Verdict, failed, passed, warned
from tests.harness.checks.builder import SECRET, SECRETS, api, evidence, log, token, visit


def _check(name: str, find: Callable[[Evidence], Finding], *sources: str) -> Check:
    return Check(id=name, title="t", why=f"why {name}", mend=f"mend {name}", sources=sources, judge=find)


def _scenario(*tried: Check, faults: tuple[dict[str, Any], ...] = ()) -> Scenario:
    return replace(scenario("clickview-happy"), id="trial", title="A trial", checks=tried, faults=faults)


def _saying(verdict: Verdict) -> Callable[[Evidence], Finding]:
    return lambda _: Finding(verdict=verdict, message="m", exchanges=(2,))


def _tripping(_: Evidence) -> Finding:
    message = "first line\nsecond line"
    raise ValueError(message)


def test_a_result_carries_the_finding_and_the_evidence() -> None:
    """All that a report shows, and the secrets that it must not show."""
    one = _scenario(_check("a", _saying(Verdict.WARN), "rfc6749/5.1/json", "ingest/document/state", "rotor/document/x"))
    seen = evidence(token(1), api(2), visits=(visit(),), logs=log("x"), ending=Ending(exit_code=0, seconds=0.5))
    assert judge.judge(one, seen) == judge.ScenarioResult(
        id="trial",
        title="A trial",
        profile=one.profile,
        verdict=Verdict.WARN,
        checks=(
            judge.CheckResult(
                id="a",
                verdict=Verdict.WARN,
                message="m",
                why="why a",
                mend="mend a",
                sources=("rfc6749/5.1/json", "ingest/document/state"),
                exchanges=(2,),
            ),
        ),
        steps=seen.steps,
        exchanges=seen.exchanges,
        duration_s=0.5,
        secrets=secrets_of(seen),
        visits=seen.visits,
        logs=seen.logs,
    )
    assert set(SECRETS) <= set(secrets_of(seen))


def test_what_a_check_trips_over_is_told_in_one_line() -> None:
    """The name of the exception and its first line."""
    (result,) = judge.judge(_scenario(_check("a", _tripping)), evidence()).checks
    assert (result.verdict, result.message) == (
        Verdict.HARNESS_ERROR,
        "The check a could not read this evidence (ValueError: first line); this is a fault of the harness.",
    )


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize(
    ("faults", "fired", "idle"),
    [
        ((), (), False),
        (({"id": "f"},), (), True),
        (({"id": "f"},), ("g",), True),
        (({"id": "f"}, {"id": "g"}), ("g",), False),
        (({"id": "f", "match": {"provider": "ingest"}},), (), True),
        (({"id": "f", "match": {"provider": "panopto"}},), (), False),
        (({"id": "f", "match": {"endpoint": "token"}},), (), True),
    ],
)
def test_what_proves_nothing_without_its_fault(
    verdict: Verdict, faults: tuple[dict[str, Any], ...], fired: tuple[str, ...], idle: bool
) -> None:
    """A failure is one all the same; the proofs stay."""
    one = _scenario(_check("a", _saying(verdict)), faults=faults)
    (result,) = judge.judge(one, evidence(token(1), fired=fired)).checks
    if idle and verdict in {Verdict.PASS, Verdict.ALLOWED, Verdict.WARN}:
        message = "The fault of this scenario never happened, so nothing was proved."
        assert (result.verdict, result.message) == (Verdict.INCONCLUSIVE, message)
    else:
        assert (result.verdict, result.message) == (verdict, "m")
    assert result.exchanges == (2,)


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("ladder", [True, False])
def test_only_a_ladder_ends_at_its_first_broken_rung(verdict: Verdict, ladder: bool) -> None:
    """Where checks are no diagnoses of one another, each is heard."""
    last = "happy-outcome" if ladder else "c"
    own = ("rfc6749/5.1/json", "ingest/document/state")
    tried = (
        _check("a", _saying(verdict)),
        _check("b", _saying(Verdict.PASS), *own),
        _check(last, _saying(Verdict.PASS)),
    )
    rest = judge.judge(_scenario(*tried), evidence()).checks[1:]
    told: tuple[Verdict, str, tuple[int, ...]] = (Verdict.PASS, "m", (2,))
    if ladder and verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}:
        told = (Verdict.SKIP, "blocked by a", ())
    assert [(c.verdict, c.message, c.exchanges) for c in rest] == [told, told]
    assert rest[0].sources == own
    assert [(c.id, c.why, c.mend) for c in rest] == [("b", "why b", "mend b"), (last, f"why {last}", f"mend {last}")]


def _late(seen: Evidence) -> Finding:
    """The exchanges that no answer came to, among others that do not exist."""
    late = [e.n for e in seen.exchanges if e.status is None]
    return failed("No answer.", *late, 99) if late else passed("All answered.", 1)


def _noted(seen: Evidence) -> Finding:
    return warned("Noted.", *(e.n for e in seen.exchanges if e.rule)) if seen.fired else passed()


def test_over_a_run_each_check_has_its_worst_finding_and_its_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs are numbered once, however many checks point at them."""
    own = ("rfc6749/5.1/json", "ingest/document/state")
    tried = (_check("late", _late, *own), _check("noted", _noted), _check("left", _late))
    monkeypatch.setattr(checks, "ALWAYS", tried)
    first, second = (replace(_scenario(), id=name, owns=frozenset({"left"})) for name in ("one", "two"))
    fine = evidence(token(1), api(2))
    silent = (token(7, status=None, rule="r", facts={"user": "u"}), api(8, status=None))
    odd = evidence(token(1), *silent, fired=("f",), secrets=(Secret(kind="code", value="another-code-1"),))
    result = judge.judge_always([(first, fine), (second, odd), (first, odd)], 2.5)
    proofs = (
        replace(odd.exchanges[1], n=1, facts={"user": "u", "scenario": "two", "n": 7}),
        replace(odd.exchanges[2], n=2, facts={"scenario": "two", "n": 8}),
    )
    assert result == judge.ScenarioResult(
        id="always",
        title="What must hold in every scenario",
        profile="core",
        verdict=Verdict.FAIL,
        checks=(
            judge.CheckResult(
                id="late",
                verdict=Verdict.FAIL,
                message="In two: No answer. The same in 1 more scenario(s).",
                why="why late",
                mend="mend late",
                sources=own,
                exchanges=(1, 2),
                scenario="two",
            ),
            judge.CheckResult(
                id="noted",
                verdict=Verdict.WARN,
                message="In two: Noted. The same in 1 more scenario(s).",
                why="why noted",
                mend="mend noted",
                exchanges=(1,),
                scenario="two",
            ),
            judge.CheckResult(id="left", verdict=Verdict.SKIP, message="No scenario left it to this check."),
        ),
        exchanges=proofs,
        duration_s=2.5,
        secrets=tuple({secret.value: secret for seen in (fine, odd) for secret in secrets_of(seen)}.values()),
    )
    assert {"another-code-1", SECRET} <= {secret.value for secret in result.secrets}


def test_over_a_run_what_holds_points_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a single bad scenario has no others like it."""
    monkeypatch.setattr(checks, "ALWAYS", (_check("late", _late),))
    one, fine, odd = replace(_scenario(), id="one"), evidence(token(1)), evidence(token(3, status=None))
    (held,) = judge.judge_always([(one, fine)]).checks
    assert (held.message, held.exchanges, held.scenario) == ("All answered.", (), "")
    result = judge.judge_always([(one, fine), (one, odd)])
    assert [check.message for check in result.checks] == ["In one: No answer."]
    assert (result.duration_s, [e.n for e in result.exchanges]) == (0.0, [1])


def _unplayed(one: Scenario, verdict: Verdict, message: str, **more: Any) -> judge.ScenarioResult:
    return judge.ScenarioResult(
        id=one.id,
        title=one.title,
        profile=one.profile,
        verdict=verdict,
        checks=tuple(judge.CheckResult(id=check.id, verdict=verdict, message=message) for check in one.checks),
        **more,
    )


def test_a_scenario_that_was_not_run_is_named_with_all_its_checks() -> None:
    """And has neither exchanges nor proofs."""
    one = happy("ingest", "client_credentials")
    assert len(one.checks) > 1
    assert judge.blocked(one, "x") == _unplayed(one, Verdict.SKIP, "blocked by x", blocked_by="x")
    assert judge.skipped(one, "needs pkce") == _unplayed(one, Verdict.SKIP, "needs pkce")
    undelivered = _unplayed(one, Verdict.INCONCLUSIVE, "Nothing was proved: it has no clock.")
    assert judge.undelivered(one, "it has no clock") == undelivered
    broken = judge.broken(one, "The stage did not open.")
    told = _unplayed(one, Verdict.HARNESS_ERROR, "The stage did not open.")
    reasons = {check.id: (check.why, check.mend) for check in one.checks}
    assert broken == replace(
        told, checks=tuple(replace(c, why=reasons[c.id][0], mend=reasons[c.id][1]) for c in told.checks)
    )
    assert all(c.why and c.mend for c in broken.checks)


@pytest.mark.parametrize("found", list(Verdict))
def test_strictly_a_warning_is_a_failure_and_all_else_stays(found: Verdict) -> None:
    """For the scenario as for each of its checks."""
    one = scenario("state-missing")
    results = tuple(
        judge.CheckResult(id=f"c{n}", verdict=verdict, message="m", exchanges=(n,))
        for n, verdict in enumerate((Verdict.PASS, found))
    )
    before = judge.ScenarioResult(
        id=one.id, title=one.title, profile=one.profile, verdict=found, checks=results, duration_s=2.0
    )
    meant = Verdict.FAIL if found is Verdict.WARN else found
    assert judge.strictly(before) == replace(
        before, verdict=meant, checks=(results[0], replace(results[1], verdict=meant))
    )
