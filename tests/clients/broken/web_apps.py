"""Defects. Several browsers and several providers: what only a web application can get wrong."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
