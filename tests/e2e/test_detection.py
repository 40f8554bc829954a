"""The measure of the harness: each broken client is caught by the check that names its fault, no good one is blamed."""

import pytest

from sparring.harness import checks
from sparring.harness.scenario import Do, Scenario
from sparring.harness.scenarios import ALL, ALWAYS_ID, happy, select
from sparring.harness.worlds.local import describe_providers
from tests.clients.broken.switches import SWITCHES
from tests.e2e.node import node_command
from tests.e2e.played import FINE, at_stake, play
from tests.e2e.running import CAREFUL, CAREFUL_WEB, check, messages, verdicts
from tests.harness.interception.possible import no_sandbox
from tests.sampling import THOROUGH, sample

GOOD = [(each["name"], grant) for each in describe_providers() for grant in each["grants"]]


@pytest.mark.parametrize(("provider", "grant"), GOOD)
def test_the_careful_client_passes_everything(provider: str, grant: str) -> None:
    """Nothing but PASS and ALLOWED, in a session, and for what one run can show now here, now there in one run.

    Where `make thorough` plays it, all of it in a session.
    """
    brief = () if THOROUGH else tuple(one.id for one in share(provider, grant) if shows_in_one_run(one))
    played = select(provider, grant, "all")
    rest = tuple(one.id for one in played if one.id not in brief and "session" in (one.drivers or {"session"}))
    report = check(provider, grant, *CAREFUL, scenarios=rest)
    seen = {verdict for (scenario, _), verdict in verdicts(report).items() if scenario != ALWAYS_ID}
    assert seen <= FINE - {"SKIP"}, messages(report)


@pytest.mark.parametrize(("provider", "grant"), GOOD)
def test_the_careful_client_passes_its_share_in_one_run(provider: str, grant: str) -> None:
    """The rest, started anew for each scenario; SKIP where one run cannot show several steps."""
    chosen = [one for one in share(provider, grant) if one.one_run]
    report = check(provider, grant, *CAREFUL, "--oneshot", driver="oneshot", scenarios=tuple(one.id for one in chosen))
    seen = {key: verdict for key, verdict in verdicts(report).items() if key[0] != ALWAYS_ID}
    assert set(seen.values()) <= FINE, messages(report)
    whole = {one.id for one in chosen if shows_in_one_run(one)}
    assert {key for key, verdict in seen.items() if key[0] in whole and verdict == "SKIP"} == set()


def shows_in_one_run(scenario: Scenario) -> bool:
    """Whether one run shows all that a session would: no second login, and none elsewhere."""
    logins = [move for move in scenario.plan if isinstance(move, Do) and move.do == "authenticate"]
    return scenario.one_run and len(logins) < 2 and all(login.provider is None for login in logins)


def share(provider: str, grant: str) -> tuple[Scenario, ...]:
    """Every scenario once for each grant, now at this provider, now at that one; whose it alone is, at that."""
    mine = []
    for number, one in enumerate(ALL):
        places = [pair for pair in GOOD if pair[0] in one.providers and pair[1] in one.grants and pair[1] == grant]
        if places and places[number % len(places)] == (provider, grant) and "session" in (one.drivers or {"session"}):
            mine.append(one)
    return tuple(mine)


@pytest.mark.parametrize(("provider", "grant"), GOOD)
def test_a_careful_client_of_another_make_passes_its_share(provider: str, grant: str) -> None:
    """What the first one passes is not its own way alone: another language, a library, nothing shared.

    ``python -m tests.e2e.matrix --careful`` plays both through everything.
    """
    chosen = sample(share(provider, grant), 2)
    report = check(provider, grant, *node_command(), scenarios=tuple(one.id for one in chosen))
    seen = {verdict for (scenario, _), verdict in verdicts(report).items() if scenario != ALWAYS_ID}
    assert seen <= FINE - {"SKIP"}, messages(report)


def test_the_careful_web_application_passes_what_only_one_can_play() -> None:
    """And a happy path, a denial and a renewal beside it."""
    chosen = ("csrf-*", "callback-*", "code-injection", "authz-error-access-denied", "refresh-happy", "state-m*")
    report = check("movingimage", "authorization_code", *CAREFUL_WEB, driver="webapp", scenarios=chosen)
    assert {verdict for (scenario, _), verdict in verdicts(report).items() if scenario != ALWAYS_ID} == {"PASS"}, (
        messages(report)
    )
    assert "callback-belongs-to-its-browser" in {check for _, check in verdicts(report)}


DIAGONAL = [
    *((name, 0) for name in SWITCHES),
    *((name, seed) for seed in (1, 2) for name in sample(list(SWITCHES)[seed:], 25)),
]
"""Every broken client with seed 0, and some of them with each of the others: the seed changes no verdict."""


@pytest.mark.parametrize(("name", "seed"), DIAGONAL)
def test_a_broken_client_is_caught_by_its_own_check_alone(name: str, seed: int) -> None:
    """Its check fails, and no other one does. `make matrix` plays the whole catalogue."""
    switch = SWITCHES[name]
    if switch.intercept != "none" and (reason := no_sandbox()):
        pytest.skip(reason)
    report = play(name, at_stake(name), seed=seed)
    seen = verdicts(report)
    caught = {verdict for (_, check), verdict in seen.items() if check == name} - FINE
    assert caught, f"{switch.does} was not caught"
    assert caught <= {"FAIL", "WARN"}, messages(report)
    others = {key: verdict for key, verdict in seen.items() if key[1] != name and verdict not in FINE}
    assert not others, messages(report)
    if name in {check.id for check in happy(switch.provider, switch.grant).checks}:
        blocked = {result.blocked_by for result in report.results[1:] if result.id != ALWAYS_ID}
        assert blocked <= {name}, "a broken happy path blocks the rest"


def test_every_check_has_its_broken_client() -> None:
    """No check stands in the catalogue that nothing proves to bite."""
    assert {check.id for check in checks.ALL} - set(SWITCHES) == set()
