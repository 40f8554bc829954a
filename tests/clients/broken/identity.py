"""Defects. ID tokens, keys and discovery documents."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
