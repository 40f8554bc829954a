"""The careful client at Rotor Videos: a token for the partner, and with it one for each of the partner's users."""

import json
from typing import Any

from tests.clients.good.client import CarefulClient, Report
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token, expiry, text_of, usable_in_header, wait
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer


class PartnerClient(CarefulClient):
    """The token in hand is the present user's; the partner's is kept beside it, and used only to register users."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.partner: Token | None = None

    @property
    def personal(self) -> bool:
        """Each user has a token."""
        return True

    def authenticate(self, *, fresh: bool = False) -> Report:
        """Make sure of a usable token for the partner."""
        self._begin()
        if fresh:
            self.partner = None
            self.forget()
        return self._report("ok", self.partner_token())

    def register(self, remote_user_id: str) -> Report:
        """Register that user, known already or not, and act for it from now on."""
        self._begin()
        self.turn_to(remote_user_id)
        self.token = self.renew()
        return self._report("ok")

    def renew(self) -> Token:
        """A new token for the present user."""
        partner = self.partner_token()
        answer = self.post_user(partner)
        if answer.status == 401:
            answer = self.post_user(self.partner_token(rejected=partner))
        return self.read_user_token(answer)

    def partner_token(self, rejected: Token | None = None) -> Token:
        """The partner's token in hand, or a new one."""
        if self.partner is None or self.partner is rejected or self.partner.old:
            self.partner = None
            self.partner = self.from_credentials()
        return self.partner

    def post_user(self, partner: Token) -> Answer:
        """Register the present user with that token."""
        headers = {**self.api_headers(partner.value), "Content-Type": "application/json"}
        return self.send("POST", self.settings.register_url, headers, json.dumps(self.user_document()).encode())

    def user_document(self) -> dict[str, Any]:
        """What is told of the present user: its name at the partner, letter by letter."""
        return {"data": {"type": "user", "attributes": {"remote_user_id": self.user}}}

    def read_user_token(self, answer: Answer) -> Token:
        """The token of a registered user, or Trouble."""
        status = answer.status
        if status in {408, 425, 429} or status >= 500:
            raise Trouble("retry-later", f"the registration answers {status}", status=status, retry_after=wait(answer))
        if 400 <= status < 500:
            raise Trouble("config", f"the registration answers {status}", status=status)
        try:
            data = json.loads(answer.body)["data"] if status in {200, 201} else None
            attributes = data["attributes"] if isinstance(data, dict) and data["type"] == "access_token" else None
        except (ValueError, LookupError, TypeError, RecursionError):
            attributes = None
        value = text_of(attributes, "access_token") if isinstance(attributes, dict) else None
        if attributes is None or value is None or not usable_in_header(value):
            raise Trouble("protocol", "the registration brought no usable token", status=status)
        renew_at, expires_at = expiry(self.lifetime(attributes.get("expires_in")))
        return Token(value, None, renew_at, expires_at, None)
