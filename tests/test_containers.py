"""The container files, as far as they can be checked without an engine."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from sparring.harness.cli import main
from sparring.harness.worlds.local import describe_providers
from sparring.mocks.providers import PORTS

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
BALANCER = (ROOT / "examples" / "replicas" / "haproxy.cfg").read_text()
DOCKERFILE = (ROOT / "mocks" / "Dockerfile").read_text()
HTTPS = 443


def parsed(arguments: Sequence[str]) -> dict[str, Any]:
    """What the command line makes of ``sparring`` with those arguments. A click.UsageError where it takes them not."""
    outer = click.Context(main)
    command = main.get_command(outer, arguments[0])
    assert command is not None, arguments[0]
    return command.make_context(arguments[0], list(arguments[1:]), parent=outer).params


def test_every_provider_has_a_published_port() -> None:
    """The control port and one for each provider, on loopback only."""
    (published,) = SERVICES["providers"]["ports"]
    found = re.fullmatch(r"127\.0\.0\.1:(\d+)-(\d+):\1-\2", published)
    assert found
    low, high = int(found[1]), int(found[2])
    assert {low + offset for offset in (0, *PORTS.values())} <= set(range(low, high + 1))
    assert f"EXPOSE {low}-{high}" in DOCKERFILE


@pytest.mark.parametrize("name", OURS)
def test_the_build_copies_what_there_is(name: str) -> None:
    """The Dockerfile that compose names exists, and so does everything that it copies from the context."""
    build = SERVICES[name]["build"]
    assert ROOT / build["context"] / build["dockerfile"] == ROOT / "mocks" / "Dockerfile"
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert copied
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_may_do_more_than_it_must(name: str) -> None:
    """Nothing is published beyond this machine, nothing is written outside volumes."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_one_socket_on_443_answers_for_every_real_name() -> None:
    """A provider's port answers for all real names; the first one lands on 443, where clients ask."""
    hosts = SERVICES["hosts"]
    options = parsed(hosts["command"])
    assert options["tls"] is True
    assert HTTPS - options["port"] in PORTS.values()
    assert options["providers"] == ()
    assert sorted(hosts["networks"]["fakes"]["aliases"]) == sorted(
        host for provider in describe_providers() for host in provider["hosts"]
    )
    (published,) = hosts["ports"]
    assert published.endswith(f":{options['port']}")
    assert f":{options['port']}/health" in hosts["healthcheck"]["test"][-1]
    assert hosts["sysctls"] == {"net.ipv4.ip_unprivileged_port_start": 0}
    assert COMPOSE["networks"]["fakes"]["internal"] is True


def test_the_certificate_is_shared_and_the_key_is_not() -> None:
    """The CA is kept in one volume, its certificate alone is put into another."""
    kept, shared = SERVICES["authority"]["volumes"]
    assert kept in SERVICES["hosts"]["volumes"]
    folder = kept.partition(":")[2]
    assert f"XDG_DATA_HOME={Path(folder).parent}\n" in DOCKERFILE
    assert f"{folder} {shared.partition(':')[2]}\n" in DOCKERFILE
    assert SERVICES["authority"]["entrypoint"] == ["sh", "-c", 'cp "$$(sparring ca)" /ca/ca.pem']
    assert SERVICES["hosts"]["depends_on"] == {"authority": {"condition": "service_completed_successfully"}}
    assert [name for name, service in SERVICES.items() if kept in service.get("volumes", [])] == ["authority", "hosts"]
    assert {volume.partition(":")[0] for volume in (kept, shared)} == set(COMPOSE["volumes"])


def test_a_client_is_checked_where_there_is_no_network() -> None:
    """Its default command is one that the command line takes, with a client that is there."""
    check = SERVICES["check"]
    assert check["network_mode"] == "none"
    assert "networks" not in check
    options = parsed([*check["entrypoint"][1:], *check["command"]])
    assert options["provider"] == "clickview"
    assert (ROOT / options["command"][-1]).is_file()
    assert check["volumes"] == [f".:{check['working_dir']}:ro"]


def test_replicas_are_reached_through_one_balancer() -> None:
    """They share a store that keeps nothing on disk, and tell clients the balancer's addresses."""
    assert all(SERVICES[name]["profiles"] == ["replicas"] for name in ("store", "replica", "balancer"))
    (published,) = SERVICES["balancer"]["ports"]
    found = re.fullmatch(r"127\.0\.0\.1:(\d+)-\d+:(\d+)-\d+", published)
    assert found
    outside, inside = int(found[1]), int(found[2])
    options = parsed(SERVICES["replica"]["command"])
    assert options["store"] == "redis://store:6379/0"
    wanted = {f"{name}=http://127.0.0.1:{outside + offset}" for name, offset in PORTS.items()}
    assert set(options["urls"]) == wanted
    assert options["port"] == inside
    (mounted,) = SERVICES["balancer"]["volumes"]
    assert (ROOT / mounted.partition(":")[0]).read_text() == BALANCER
    for name, offset in {"control": 0, **PORTS}.items():
        section = BALANCER.partition(f"listen {name}\n")[2].partition("\n\n")[0]
        assert f"bind :{inside + offset}\n" in section, name
        assert f"replica:{inside + offset}" in section, name
