"""Programs with the real hosts in their source get their tokens from the fakes by every way that catches them."""

import asyncio
from collections.abc import Iterator

import pytest

from sparring.harness.executing import Order, execute
from sparring.harness.interception import Mode
from sparring.harness.settings import ClientSettings, RunSettings
from sparring.harness.worlds.local import local_world
from tests.e2e.node import CannotRunError
from tests.e2e.running import run, verdicts
from tests.e2e.subjects import CREDENTIALS, SUBJECTS, Subject
from tests.harness.interception.possible import no_sandbox

PATIENCE = 60
ANSWERED = {
    "rotor": ["answered: rotor token, 200", "answered: rotor register, 200", "answered: rotor api, 200"],
    "clickview": ["answered: clickview token, 200", "answered: clickview api, 200"],
    "ingest": ["answered: ingest token, 200", "answered: ingest api, 200"],
}
PAIRS = [(subject, mode) for subject in SUBJECTS for mode in subject.modes]


def ready(subject: Subject, mode: str) -> tuple[str, ...]:
    """The program's command; the test is skipped, and says why, where it or the mode cannot be had."""
    if mode == "sandbox" and no_sandbox():
        pytest.skip(no_sandbox())
    try:
        return subject.command(mode)
    except CannotRunError as error:
        pytest.skip(str(error))


def names(values: tuple[Subject, str]) -> Iterator[str]:
    """What a pair is called."""
    return (value if isinstance(value, str) else value.name for value in values)


@pytest.mark.parametrize(("subject", "mode"), PAIRS, ids=["-".join(names(pair)) for pair in PAIRS])
def test_an_unmodified_program_gets_its_token_from_the_fakes(subject: Subject, mode: Mode) -> None:
    """It ends well, everything that it asked was answered by the fakes, and it asked nobody else."""
    order = Order(command=ready(subject, mode), intercept=mode, env=subject.exec_env)
    told: list[str] = []

    async def go() -> int:
        async with local_world(tls=True) as world, asyncio.timeout(PATIENCE):
            return await execute(world, order, told.append)

    assert asyncio.run(go()) == 0
    assert [line for line in told if line.startswith(("answered: ", "refused: "))] == ANSWERED[subject.provider]


@pytest.mark.parametrize(("name", "mode"), [("curl", "proxy"), ("requests", "sandbox"), ("fetch of Node.js", "env")])
def test_it_is_judged_as_it_is(name: str, mode: Mode) -> None:
    """Good answers are used, bad ones refused, and a certificate that is none of the CA's is not believed."""
    subject = next(one for one in SUBJECTS if one.name == name)
    client = ClientSettings(command=ready(subject, mode), env=CREDENTIALS[subject.provider], timeout=PATIENCE)
    wanted = RunSettings(
        provider=subject.provider,
        grant="client_credentials",
        client=client,
        profile="all",
        scenarios=(f"{subject.provider}*happy*", "token-error-with-200", "tls-untrusted-ca"),
        intercept=mode,
    )
    found = verdicts(run(wanted))
    assert set(found.values()) <= {"PASS", "SKIP"}, found
    at_stake = {scenario for (scenario, _), verdict in found.items() if verdict == "PASS"}
    assert {"token-error-with-200", "tls-untrusted-ca", "always"} < at_stake
    assert found["tls-untrusted-ca", "certificate-is-checked"] == "PASS"
    assert found["always", "reaches-no-other-host"] == "PASS"
