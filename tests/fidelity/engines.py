"""The engines that contracts are tried at, and which variants of a provider each stands for."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sparring.contracts.errors import ContractError
from sparring.contracts.loading import has_rules, rules
from sparring.contracts.place import World
from sparring.mocks.providers.movingimage import PROVIDER as MOVINGIMAGE
from sparring.mocks.providers.rotor import PROVIDER as ROTOR
from tests.fidelity import doorkeeper, keycloak
from tests.fidelity.cache import Unavailable
from tests.fidelity.doorkeeper_world import DoorkeeperWorld
from tests.fidelity.keycloak_world import KeycloakWorld
from tests.fidelity.realm import Admin
from tests.fidelity.trying import Explanations, Tried, attempt

ROTATING: dict[str, object] = {"revokeRefreshToken": True, "refreshTokenMaxReuse": 0}
READY_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Trying:
    """One engine of one provider: its release, and the variants that it stands for with the realm's settings."""

    provider: str
    product: str
    release: str
    variants: dict[str, dict[str, object]]

    @property
    def name(self) -> str:
        """Product and release."""
        return f"{self.product} {self.release}"


TABLE = (
    Trying(
        provider="movingimage",
        product="Keycloak",
        release="4.8.3.Final",
        variants={"default": {}, "rotating": ROTATING},
    ),
    Trying(provider="movingimage", product="Keycloak", release="12.0.4", variants={"keycloak-12": {}}),
    Trying(provider="movingimage", product="Keycloak", release="15.0.2", variants={"keycloak-15": {}}),
    Trying(provider="movingimage", product="Keycloak", release="20.0.5", variants={"keycloak-20": {}}),
    Trying(provider="rotor", product="Doorkeeper", release="5.9.0", variants={"default": {}}),
    Trying(provider="rotor", product="Doorkeeper", release="5.9.6", variants={"doorkeeper-5.9.6": {}}),
)


def run(trying: Trying, explanations: Explanations) -> Tried:
    """Start that engine, try every rule of its variants, stop it.

    Raises:
        Unavailable: it cannot be had here, or there is no sound contract yet.
    """
    if not has_rules(trying.provider):
        raise Unavailable(f"there is no contract of {trying.provider} yet.")
    try:
        contract = rules(trying.provider)
    except ContractError as error:
        raise Unavailable(str(error)) from error
    with _serving(trying) as (name, world):
        outcomes = attempt(contract, world, trying.variants, explanations)
    return Tried(provider=trying.provider, engine=name, outcomes=tuple(outcomes))


@contextlib.contextmanager
def _serving(trying: Trying) -> Iterator[tuple[str, World]]:
    if trying.product == "Doorkeeper":
        with doorkeeper.serving(trying.release) as engine:
            yield engine.name, DoorkeeperWorld(engine.base, ROTOR, frozenset(trying.variants))
    else:
        with keycloak.serving(trying.release) as engine:
            _await_realm(engine.base)
            yield engine.name, KeycloakWorld(engine.base, MOVINGIMAGE, trying.variants)


def _await_realm(base: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, RuntimeError):
            Admin(base).ask("GET", "/master")
            return
        time.sleep(0.5)
    raise Unavailable(f"Keycloak listens at {base}, but its administrator did not come within {READY_SECONDS:.0f} s.")
