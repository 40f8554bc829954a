"""The container files, as far as they can be checked without an engine."""

import re
from pathlib import Path

import yaml

from sparring.mocks.providers import PORTS

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "mocks" / "Dockerfile").read_text()


def test_every_provider_has_a_published_port() -> None:
    """The control port and one for each provider, on loopback only."""
    (published,) = COMPOSE["services"]["providers"]["ports"]
    found = re.fullmatch(r"127\.0\.0\.1:(\d+)-(\d+):\1-\2", published)
    assert found
    low, high = int(found[1]), int(found[2])
    assert {low + offset for offset in (0, *PORTS.values())} <= set(range(low, high + 1))
    assert f"EXPOSE {low}-{high}" in DOCKERFILE


def test_the_build_copies_what_there_is() -> None:
    """The Dockerfile that compose names exists, and so does everything that it copies from the context."""
    build = COMPOSE["services"]["providers"]["build"]
    assert ROOT / build["context"] / build["dockerfile"] == ROOT / "mocks" / "Dockerfile"
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert copied
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
