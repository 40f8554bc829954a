"""Defects in manners: too many requests, no end, a wrong report."""

# ruff: noqa: D102 - the class says what its one changed step does

import time
from contextlib import suppress

from tests.clients.good.client import CarefulClient, Report
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Trouble, Visits

FOR_EVER = 60.0
"""Seconds: longer than anybody waits for the end, and still an end should nobody be there to wait."""


class AsksForDiscoveryTenTimes(CarefulClient):
    """Asks for the discovery document ten times at the start."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.asked = False

    def authenticate(self, *, fresh: bool = False) -> Report:
        if not self.asked and self.settings.discovery_url:
            self.asked = True
            self.until = time.monotonic() + self.settings.patience
            for _ in range(10):
                with suppress(Trouble):
                    self.send("GET", self.settings.discovery_url, {"Accept": "application/json"})
        return super().authenticate(fresh=fresh)


class DoesNotEnd(CarefulClient):
    """Does its work, and then does not end."""

    def close(self) -> None:
        time.sleep(FOR_EVER)


class ComplainsOfSuccess(CarefulClient):
    """Reports an error although every call went well."""

    def call_api(self, *, times: int = 1, parallel: bool = False) -> Report:
        report = super().call_api(times=times, parallel=parallel)
        if report["outcome"] == "ok":
            return {"outcome": "config", "detail": "no reason at all"}
        return report
