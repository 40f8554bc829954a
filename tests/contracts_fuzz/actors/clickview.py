"""A partner of ClickView: token, view key, player."""

# ruff: noqa: ARG005, D102 - a way takes a number also where there is but one; as the base class says

import json
from collections.abc import Mapping
from typing import ClassVar

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.actors.actor import Actor, basic, bearer, one, read, remember
from tests.contracts_fuzz.dressing import Right
from tests.contracts_fuzz.fake import Fake

CLIENT = {"client_id": "partner-1", "client_secret": "2c1f6f0e9b7d4a53"}
SCHOOL = {"schoolName": "School", "schoolId": "S1", "districtName": "District", "districtId": "D1"}
VIEWERS = (
    {"student": True, **SCHOOL},
    {"student": False, "firstName": "Ada", "surname": "L", "email": "ada@school.example", **SCHOOL},
)


class ClickViewActor(Actor):
    """Knows the tokens and view keys that were issued last."""

    weights: ClassVar[Mapping[str, int]] = {
        "token": 16,
        "api-create-view-key": 14,
        "api": 8,
        "page-play": 10,
        "revocation": 8,
        "ciba": 2,
    }

    def __init__(self, fake: Fake) -> None:
        super().__init__(fake)
        self._tokens = [str(read(fake.ask("POST", "/connect/token", form=self._grant()))["access_token"])]
        self._keys: list[str] = []
        self._media = 0
        self.ways = {
            "token": lambda pick: self._as_client(pick, {"grant_type": "client_credentials"} | one(_SCOPES, pick)),
            "userinfo": lambda pick: Right(headers=bearer(one(self._tokens, pick))),
            "userinfo-post": lambda pick: Right(form={"access_token": one(self._tokens, pick)}),
            "revocation": lambda pick: self._as_client(pick, {"token": one(self._tokens, pick)}),
            "introspection": lambda pick: self._as_client(pick, {"token": one(self._tokens, pick)}),
            "deviceauthorization": lambda pick: self._as_client(pick, {}),
            "ciba": lambda pick: self._as_client(pick, {"login_hint": "ada"}),
            "authorize": lambda pick: Right(query=_ASKED),
            "authorize-post": lambda pick: Right(form=_ASKED),
            "api": lambda pick: Right(headers=bearer(one(self._tokens, pick))),
            "api-create-view-key": self._view_key,
            "page-play": self._play,
            "page-select": lambda pick: Right(query={"clientId": "partner-1"}, keys=frozenset({"clientId"})),
        }

    def learn(self, name: str, call: Call, reply: Reply) -> None:
        if name == "token" and reply.status == 200:
            remember(self._tokens, str(json.loads(reply.body)["access_token"]))
        elif name == "api-create-view-key" and reply.status == 200:
            remember(self._keys, str(json.loads(reply.body)["viewKey"]))

    @staticmethod
    def _grant() -> dict[str, str]:
        return {"grant_type": "client_credentials", **CLIENT, "scope": "smartembed.viewkey"}

    def _as_client(self, pick: int, form: dict[str, str]) -> Right:
        """The client in the form, or in the header, which discovery advertises."""
        free = frozenset({"token_type_hint"}) if "token" in form and pick % 5 == 0 else frozenset()
        if pick % 3 == 0:
            return Right(headers=basic(*CLIENT.values()), form=form, free=free)
        return Right(form=form | CLIENT, free=free)

    def _view_key(self, pick: int) -> Right:
        self._media += 1
        viewer = {"mediaId": str(100_000 + self._media), "data": one(VIEWERS, pick)}
        return Right(headers=bearer(one(self._tokens, pick)), json=viewer)

    def _play(self, pick: int) -> Right:
        if not self._keys:
            headers = {**bearer(self._tokens[-1]), "content-type": "application/json"}
            body = json.dumps({"mediaId": "100000", "data": VIEWERS[0]}).encode()
            made = self.fake.post("/api/v1/smart-embed/create-view-key", headers, body)
            remember(self._keys, str(read(made)["viewKey"]))
        return Right(query={"viewKey": one(self._keys, pick)})


_SCOPES: tuple[dict[str, str], ...] = ({}, {"scope": "smartembed.viewkey"}, {"scope": "smartembed.viewkey"})
_ASKED = {
    "client_id": "partner-1",
    "response_type": "code",
    "redirect_uri": "https://partner.example/cb",
    "scope": "smartembed.viewkey",
}
