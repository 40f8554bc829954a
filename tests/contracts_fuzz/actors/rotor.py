"""A partner of Rotor: its own token, people who are registered, their orders, tracks and videos."""

# ruff: noqa: D102 - as the base class says

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.actors.actor import Actor, basic, bearer, one, read, remember
from tests.contracts_fuzz.dressing import Right
from tests.contracts_fuzz.fake import ORIGIN, Fake

CLIENT_ID, SECRET = "kXv1ZtPq8yG3rUeN0sLbW5mCfJ7hDa2oTi9RxQ4wYzE", "Vb6nMq2LxT9cKz0aJfR4uYhG8eWs1PdO5iXrC3tBvQk"
API = "/api/partner/v1"
GRANT = {"grant_type": "client_credentials"}
STYLE, VARIANT = 11, 31
IN_BODY = {"client_id": CLIENT_ID, "client_secret": SECRET}


def _data(**attributes: Any) -> dict[str, Any]:
    return {"data": {"attributes": attributes}}


class RotorActor(Actor):
    """Knows the tokens that live, the newest user's orders and the tracks that were uploaded."""

    weights: ClassVar[Mapping[str, int]] = {
        "token": 16,
        "register": 12,
        "revoke": 8,
        "introspect": 8,
        "token-info": 6,
        "api": 6,
        "api-finalize-orders": 8,
        "api-create-track": 8,
    }

    def __init__(self, fake: Fake) -> None:
        super().__init__(fake)
        self._partner: list[str] = []
        self._user: list[str] = []
        self._orders: list[str] = []
        self._tracks: list[str] = []
        self._people = 0
        self._fresh()
        self.ways = {
            "token": lambda pick: self._as_client(pick, GRANT),
            "token-info": lambda pick: Right(headers=bearer(self._any(pick))),
            "revoke": lambda pick: self._as_client(pick, {"token": self._any(pick)}),
            "introspect": lambda pick: self._as_client(pick, {"token": self._any(pick)}),
            "register": self._registration,
            "api": self._call,
            "api-styles": self._call,
            "api-finalize-orders": self._several,
            "api-order": lambda pick: self._call(pick, uuid=one(self._orders, pick)),
            "api-finalize-order": lambda pick: self._call(pick, uuid=one(self._orders, pick)),
            "api-create-track": self._new_track,
            "api-create-artwork": lambda pick: self._of_track(pick, _data(url="https://media.example/a.png")),
            "api-create-previews": lambda pick: self._of_track(pick, _data(style_id=STYLE)),
            "api-create-video": lambda pick: self._of_track(pick, _data(style_id=STYLE, variant_id=VARIANT)),
            "api-previews": lambda pick: self._of_track(pick, style_id=str(STYLE)),
            "api-video": lambda pick: self._of_track(pick, variant_id=str(VARIANT)),
        }
        for name in ("api-track", "api-artwork", "api-create-trailers", "api-trailers", "api-videos"):
            self.ways[name] = self._of_track

    def right(self, name: str, pick: int) -> Right:
        """Every request reaches somebody who is still signed in."""
        if not self._alive():
            self._fresh()
        if name.endswith("options"):
            asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
            return Right(headers=asked, path=dict.fromkeys(("id", "uuid", "style_id", "variant_id"), "1"))
        return super().right(name, pick)

    def learn(self, name: str, call: Call, reply: Reply) -> None:
        if name == "token" and reply.status == 200:
            remember(self._partner, str(json.loads(reply.body)["access_token"]))
        elif name == "revoke" and reply.status == 200:
            gone = call.body.decode("utf-8", "replace") + call.url
            self._partner = [each for each in self._partner if each not in gone]
            self._user = [each for each in self._user if each not in gone]

    def turned_away(self, call: Call, reply: Reply) -> bool:
        return super().turned_away(call, reply) or (reply.status == 403 and b"unauthorized_client" in reply.body)

    def _alive(self) -> bool:
        return bool(self._partner and self._user)

    def _fresh(self) -> None:
        """A partner's token, and a user of its own with orders and a track on which everything was begun."""
        headers = basic(CLIENT_ID, SECRET)
        self._partner = [str(read(self.fake.ask("POST", "/oauth/token", *headers.items(), form=GRANT))["access_token"])]
        self._people += 1
        body = {"data": {"type": "user", "attributes": {"remote_user_id": f"artist-{self._people}"}}}
        user = self._post("/register", self._partner[0], body)["data"]["attributes"]["access_token"]
        self._user = [str(user)]
        orders = read(self.fake.ask("GET", f"{API}/orders", *bearer(user).items()))["data"]
        self._orders = [str(order["id"]) for order in orders]
        self._tracks = ["song-1"]
        self._post("/tracks", user, _data(id="song-1", name="Song", url="https://media.example/a.mp3"))
        self._post("/tracks/song-1/artwork", user, _data(url="https://media.example/a.png"))
        self._post("/tracks/song-1/trailers", user, None)
        self._post("/tracks/song-1/previews", user, _data(style_id=STYLE))
        self._post("/tracks/song-1/videos", user, _data(style_id=STYLE, variant_id=VARIANT))

    def _post(self, path: str, token: str, document: Any) -> Any:
        body = b"" if document is None else json.dumps(document).encode()
        kind = {} if document is None else {"content-type": "application/json"}
        return read(self.fake.post(f"{API}{path}", {**bearer(token), **kind}, body))

    def _any(self, pick: int) -> str:
        return one([*self._user, *self._partner], pick)

    def _as_client(self, pick: int, form: dict[str, str]) -> Right:
        if pick % 3 == 0:
            return Right(form=form | IN_BODY, json=form | IN_BODY)
        return Right(headers=basic(CLIENT_ID, SECRET), form=form, json=form)

    def _registration(self, pick: int) -> Right:
        attributes = {"remote_user_id": f"singer-{pick % 50}"} | ({"remote_email": "a@b.example"} if pick % 2 else {})
        body = {"data": {"type": "user", "attributes": attributes}}
        return Right(headers=bearer(one(self._partner, pick)), json=body)

    def _call(self, pick: int, document: Any = None, **path: str) -> Right:
        return Right(headers=bearer(one(self._user, pick)), path=path, json=document)

    def _several(self, pick: int) -> Right:
        wanted = self._orders[: 1 + pick % len(self._orders)]
        return self._call(pick, {"data": {"type": "orders", "attributes": {"order_uuids": wanted}}})

    def _new_track(self, pick: int) -> Right:
        return self._call(pick, _data(id=f"song-{pick % 9}", name="Song", url="https://media.example/b.mp3"))

    def _of_track(self, pick: int, document: Any = None, **path: str) -> Right:
        return self._call(pick, document, id=one(self._tracks, pick), **path)
