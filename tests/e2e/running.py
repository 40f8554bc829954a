"""Running ``sparring check`` in this process, and reading its verdicts."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sparring.harness.interception import Mode
from sparring.harness.reports import RunReport
from sparring.harness.runner import Runner
from sparring.harness.settings import ClientSettings, RunSettings, WebApp
from sparring.harness.worlds.local import local_world, ticks

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-S")
"""Enough for clients that need nothing but the standard library, and quicker: each scenario starts one."""

CAREFUL = (*PYTHON, str(ROOT / "tests/clients/good/careful.py"))
CAREFUL_WEB = (*PYTHON, str(ROOT / "tests/clients/good/web_app.py"))
BROKEN_WEB = (*PYTHON, str(ROOT / "tests/clients/broken/web_app.py"))
BROKEN = (*PYTHON, str(ROOT / "tests/clients/broken/client.py"))
SUPPORTS = frozenset(
    {"refresh", "reactive_refresh", "pkce", "concurrency", "id_token", "persistence", "discovery", "providers"}
)
WEB_APP = WebApp(action_path="/show", logout_path="/logout")

Verdicts = Mapping[tuple[str, str], str]


def settings(
    provider: str,
    grant: str,
    *command: str,
    driver: str = "session",
    supports: frozenset[str] | None = SUPPORTS,
    seed: int = 0,
    jobs: int = 4,
    timeout: float = 20.0,
    env: Mapping[str, str] | None = None,
    scenarios: tuple[str, ...] = (),
    tls: bool = True,
    intercept: Mode = "none",
) -> RunSettings:
    """A run of all profiles."""
    client = ClientSettings(
        command=command, driver=driver, supports=supports, timeout=timeout, env=env or {}, app=WEB_APP
    )
    return RunSettings(
        provider=provider,
        grant=grant,
        client=client,
        profile="all",
        seed=seed,
        jobs=jobs,
        scenarios=scenarios,
        tls=tls,
        intercept=intercept,
    )


def run(wanted: RunSettings) -> RunReport:
    """The report of that run."""

    async def go() -> RunReport:
        async with local_world(tls=wanted.tls) as world:
            return await Runner(world, wanted, (), ticks).run()

    return asyncio.run(go())


def check(provider: str, grant: str, *command: str, **options: Any) -> RunReport:
    """The report of a run with those settings."""
    return run(settings(provider, grant, *command, **options))


def verdicts(report: RunReport) -> Verdicts:
    """Every check's verdict, by scenario and check."""
    return {(result.id, check.id): check.verdict.value for result in report.results for check in result.checks}


def messages(report: RunReport) -> str:
    """What the checks said that did not pass."""
    return "\n".join(
        f"{result.id}/{check.id} {check.verdict}: {check.message}"
        for result in report.results
        for check in result.checks
        if check.verdict.value not in {"PASS", "SKIP"}
    )
