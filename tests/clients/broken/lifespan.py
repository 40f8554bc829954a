"""Defects. How long tokens are used, by clocks that move, disagree, or start again."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
