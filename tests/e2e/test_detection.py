"""The measure of the harness: each broken client is caught by the check that names its fault, no good one is blamed."""

import pytest

from sparring.harness import checks
from sparring.harness.scenarios import ALL, happy
from sparring.harness.worlds.local import describe_providers
from tests.clients.broken.switches import SWITCHES
from tests.e2e.running import BROKEN, CAREFUL, careful_verdicts, check, messages, verdicts

GOOD = [(each["name"], grant) for each in describe_providers() for grant in each["grants"]]


@pytest.mark.parametrize(("provider", "grant"), GOOD)
@pytest.mark.parametrize("driver", ["session", "oneshot"])
def test_the_careful_client_passes_everything(provider: str, grant: str, driver: str) -> None:
    """Nothing but PASS, and SKIP where one run cannot show several steps."""
    mode = ("--oneshot",) if driver == "oneshot" else ()
    report = check(provider, grant, *CAREFUL, *mode, driver=driver)
    seen = {verdict for (scenario, _), verdict in verdicts(report).items() if scenario != "always"}
    assert seen <= ({"PASS"} if driver == "session" else {"PASS", "SKIP"}), messages(report)
    assert not messages(report)


def at_stake(name: str) -> tuple[str, ...]:
    """The scenarios that a broken client must be seen in: those of its check, or where an always-on check shows."""
    switch = SWITCHES[name]
    own = tuple(one.id for one in ALL if any(check.id == name for check in one.checks))
    return switch.shows_in or own or (happy(switch.provider, switch.grant).id,)


@pytest.mark.parametrize("name", SWITCHES)
def test_a_broken_client_is_caught_by_its_own_check_alone(name: str) -> None:
    """Its check fails; every other verdict stays as the careful client's. `make matrix` plays the whole catalogue."""
    switch = SWITCHES[name]
    tls = not switch.plain_http
    report = check(switch.provider, switch.grant, *BROKEN, "--switch", name, tls=tls, scenarios=at_stake(name))
    seen, good = verdicts(report), careful_verdicts(switch.provider, switch.grant, tls=tls)
    changed = {key: verdict for key, verdict in seen.items() if verdict != good[key]}
    caught = {verdict for (_, check), verdict in changed.items() if check == name}
    assert caught, f"{switch.does} was not caught"
    assert caught <= {"FAIL", "WARN"}, messages(report)
    others = {key: verdict for key, verdict in changed.items() if key[1] != name}
    if name in {check.id for check in happy(switch.provider, switch.grant).checks}:
        assert set(others.values()) <= {"SKIP"}, "a broken happy path blocks the rest, and says nothing else"
    else:
        assert not others, messages(report)


def test_every_check_has_its_broken_client() -> None:
    """No check stands in the catalogue that nothing proves to bite."""
    assert {check.id for check in checks.ALL} - set(SWITCHES) == set()
