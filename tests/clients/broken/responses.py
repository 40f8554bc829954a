"""Defects. What comes back from the authorization endpoint, and what a client must make of it."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
