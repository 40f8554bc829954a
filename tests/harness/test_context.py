"""What a client is told, where a scenario tells it something else than usual."""

from dataclasses import replace
from typing import Any

from sparring.harness.context import Cast, client_context
from sparring.harness.scenario import Scenario, Setting
from sparring.harness.scenarios import scenario
from sparring.harness.settings import ClientSettings, RunSettings

BASE, SIDE = "https://127.0.0.1:9403", "https://127.0.0.1:9999"
PATHS = {"authorize": "/auth", "token": "/token", "api": "/vms", "jwks": "/certs", "discovery": "/document"}


def told(one: Scenario, *, side: str | None = None) -> dict[str, Any]:
    """The context of movingimage's code grant in that scenario."""
    info = {
        "base_url": BASE,
        "issuer": BASE,
        "endpoints": {name: BASE + path for name, path in PATHS.items()},
        "client_id": "client",
        "client_secret": "secret",
        "scope": "openid",
        "scopes": ["openid"],
        "users": [],
    } | ({"side": {"url": side}} if side else {})
    client = ClientSettings(command=("client",), timeout=20.0)
    settings = RunSettings(provider="movingimage", grant="authorization_code", client=client)
    cast = Cast(infos={"movingimage": info}, decoy="https://127.0.0.1:9998", redirect_uri="http://x/cb", app_url="")
    return client_context(settings, cast, one, run="r")


def test_behind_a_faulty_certificate_the_browser_keeps_the_good_address() -> None:
    """Only what the client itself asks lies there, and the issuer is called what it is called."""
    usual, odd = told(scenario("movingimage-happy")), told(scenario("tls-untrusted-ca"), side=SIDE)
    moved = {"token_url": "/token", "api_url": "/vms", "jwks_url": "/certs", "discovery_url": "/document"}
    assert odd == usual | {name: SIDE + path for name, path in moved.items()}


def test_an_address_without_tls_is_told_of_by_faults_alone() -> None:
    """A context that names one would be a client's configuration, and not an attack."""
    one = scenario("https-downgrade-refused")
    assert one.setting.certificate == "none"
    assert told(one, side="http://0.0.0.0:9999") == told(scenario("movingimage-happy"))
    named = replace(one, setting=Setting(certificate="none", context={"token_url": "{side}/token"}))
    assert told(named, side="http://0.0.0.0:9999")["token_url"] == "http://0.0.0.0:9999/token"


def test_a_scenario_may_leave_a_part_of_the_time() -> None:
    """Whoever gives a client more time gives it more there, too."""
    assert told(scenario("token-hang"))["timeout"] == 4.0
    assert told(scenario("token-slow"))["timeout"] == 20.0
