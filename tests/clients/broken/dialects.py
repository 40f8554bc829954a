"""Defects. How each provider wants to be spoken to."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
