"""How a person comes to the same: the scenario alone with ``sparring check``, or by hand with ``sparring serve``."""

import shlex
from dataclasses import dataclass

from sparring.harness import byhand
from sparring.harness.judge import CheckResult
from sparring.harness.reports import RunReport
from sparring.harness.scenarios import UnknownScenarioError, scenario


@dataclass(frozen=True, slots=True)
class Recipe:
    """Commands with what they are for, and what to do while the provider is served."""

    commands: tuple[tuple[str, str], ...]
    steps: tuple[str, ...] = ()


def recipe(report: RunReport, scenario_id: str, checks: tuple[CheckResult, ...]) -> Recipe:
    """How to see it again; of a scenario that stands in no catalogue only the explanation of its checks."""
    explained = tuple(("what it is about", f"sparring explain {shlex.quote(check.id)}") for check in checks[:1])
    try:
        one = scenario(scenario_id)
    except UnknownScenarioError:
        return Recipe(explained)
    from sparring.harness.worlds.local import staging_hint  # noqa: PLC0415  imports the fakes

    hint = staging_hint(one.id)
    serve = byhand.serve_command(one, report.provider, on_stage=hint is not None)
    again = _again(report, one.id)
    commands = (("this scenario alone", again), ("by hand", serve), *explained)
    return Recipe(commands, byhand.steps(one, hint or ""))


def _again(report: RunReport, scenario_id: str) -> str:
    words = ["sparring check", report.provider, f"--grant {report.grant}", f"--driver {report.driver}"]
    words += [f"--variant {report.variant}"] if report.variant != "default" else []
    words += ["--plain-http"] if _plain(report) else []
    return " ".join([*words, f"--seed {report.seed}", f"--scenario {scenario_id}", "-- COMMAND"])


def _plain(report: RunReport) -> bool:
    exchanges = [exchange for result in report.results[:1] for exchange in result.exchanges]
    return bool(exchanges) and all(exchange.url.startswith("http://") for exchange in exchanges)
