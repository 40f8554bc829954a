"""Playing a broken client: how it is driven, and where it must show."""

from sparring.harness.interception import Mode
from sparring.harness.reports import RunReport
from sparring.harness.scenarios import ALL, happy
from tests.clients.broken.switches import SWITCHES
from tests.clients.good.web_app import App
from tests.e2e.running import BROKEN, BROKEN_WEB, check

FINE = {"PASS", "ALLOWED", "SKIP"}
"""What the careful client gets, wherever it is played."""


def at_stake(name: str) -> tuple[str, ...]:
    """The scenarios that a broken client must be seen in: those of its check, or where an always-on check shows."""
    switch = SWITCHES[name]
    own = tuple(one.id for one in ALL if any(check.id == name for check in one.checks))
    return switch.shows_in or own or (happy(switch.provider, switch.grant).id,)


def driver_of(name: str) -> str:
    """How it is driven."""
    return "session" if SWITCHES[name].app is App else "webapp"


def play(name: str, scenarios: tuple[str, ...] = (), *, seed: int = 0, intercept: Mode | None = None) -> RunReport:
    """The report on that broken client in those scenarios; without any in all of them."""
    switch, driver = SWITCHES[name], driver_of(name)
    command = (*(BROKEN_WEB if driver == "webapp" else BROKEN), "--switch", name)
    return check(
        switch.provider,
        switch.grant,
        *command,
        driver=driver,
        tls=not switch.plain_http,
        intercept=intercept or switch.intercept,
        scenarios=scenarios,
        seed=seed,
    )
