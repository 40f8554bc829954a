"""Defects. The token endpoint's answer is broken, hostile, or merely unusual."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
