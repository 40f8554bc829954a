"""Defects. Renewing under stress: at once, in vain, narrowed, or for another person."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
