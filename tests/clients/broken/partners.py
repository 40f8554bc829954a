"""Defects in keeping a partner and its users apart."""

# ruff: noqa: D102 - the class says what its one changed step does

from typing import Any

from tests.clients.good.client import Report
from tests.clients.good.partner import PartnerClient
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Visits
from tests.clients.good.wire import Answer


class RegistersByOldName(PartnerClient):
    """Registers users by the name that the attribute had in older versions of the guide."""

    def user_document(self) -> dict[str, Any]:
        return {"data": {"type": "user", "attributes": {"user_uid": self.user}}}


class CallsAsPartnerToo(PartnerClient):
    """Has called the API for a user, and calls it with the partner's token as well; refused, it leaves it at that."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.tried = False

    def call(self) -> Answer:
        answer = super().call()
        if not self.tried:
            self.tried = True
            self.get_resource(self.partner_token())
        return answer


class ChangesUserName(PartnerClient):
    """Takes a user's name for a number where it looks like one, and for lower case, when it registers again."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.known: set[str] = set()

    def user_document(self) -> dict[str, Any]:
        document = super().user_document()
        if self.user in self.known:
            changed = int(self.user) if self.user.isdecimal() else self.user.lower()
            document["data"]["attributes"]["remote_user_id"] = changed
        self.known.add(self.user)
        return document


class ShowsPartnerToken(PartnerClient):
    """Gives away the partner's token where only the user's may be seen."""

    def call_api(self, *, times: int = 1, parallel: bool = False) -> Report:
        report = super().call_api(times=times, parallel=parallel)
        return report if self.partner is None else {**report, "token": self.partner.value}
