"""Defects. What happens below OAuth and around it: slow, cut and missing answers, redirects, certificates, overload."""

from collections.abc import Mapping

from tests.clients.broken.switch import Switch

SWITCHES: Mapping[str, Switch] = {}
