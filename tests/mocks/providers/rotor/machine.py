"""Two applications do as they please at Rotor, for people of their own; what comes back must be what was promised.

Expectations are written from Rotor's documents and the RFCs alone. Where these leave a choice, the machine asks for
nothing.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.tokens import revoke_token
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.rotor.asking import CLIENT_ID, ORDERS, REGISTER, SECRET, TOKEN, ask, basic, bearing
from tests.mocks.providers.rotor.asking import json_request as sending
from tests.mocks.stages import Wall, open_stage, request
from tests.mocks.yielding import YieldingStore

RIVAL = "RivalApplication"
SECRETS = {CLIENT_ID: SECRET, RIVAL: "r+v%l: s/cret"}
LIFETIMES = {"access_token": 100, "user_token": 1000}
PEOPLE = ("007", "7", "Artist-42", "artist-42", "a b")
TOKEN_ERRORS = {"invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}

CLIENTS = st.sampled_from([CLIENT_ID, RIVAL])
IDS: st.SearchStrategy[str | int] = st.sampled_from([*PEOPLE, 7])
SECONDS = st.sampled_from([0.25, 1, 50, 99.75, 100, 101, 500, 1000])
WHICH = st.integers(0, 7)


@dataclass(frozen=True)
class Given:
    """A token that was given out. ``person`` None: the partner's own. Good up to ``until``, itself included."""

    value: str
    client_id: str
    person: str | None
    until: float


@dataclass
class Ledger:
    """What was given out, what must not work any more, and what was seen of each person."""

    tokens: list[Given] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    orders: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)

    def pick(self, which: int, *, partners: bool | None = None) -> Given | None:
        """One of the tokens, the latest for 0; of partners or of people only, if wished."""
        known = [given for given in self.tokens if partners in {None, given.person is None}]
        return known[-1 - which % len(known)] if known else None

    def enter(self, given: Given) -> None:
        """A token that was just given out: nobody was given it before (RFC 6749 section 10.10)."""
        assert given.value, "an empty token"
        assert given.value not in {known.value for known in self.tokens}, "given out twice"
        self.tokens.append(given)


class RotorMachine(RuleBasedStateMachine):
    """One stage over a store that yields; each rule is one thing somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.wall = Wall()
        self.stage = self.runner.run(
            open_stage(
                "rotor",
                wall=self.wall,
                storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed=1),
                lifetimes={"rotor": LIFETIMES},
            )
        )
        self.ledger = Ledger()

    def teardown(self) -> None:
        """Close the event loop."""
        self.runner.close()

    @initialize(client_id=CLIENTS)
    def move_in(self, client_id: str) -> None:
        """A second application, and a person of the first one that comes."""
        grants = frozenset({"client_credentials"})
        rival = Client(client_id=RIVAL, secret=SECRETS[RIVAL], name="Rival", scopes=("partner",), grants=grants)
        self.runner.run(self.stage.houses["rotor"].desk.store.put(RIVAL, rival))
        self.authorize(client_id=client_id, wrong="", style="header")
        self.register(which=0, who="007", wrong="", times=1)

    def _ask(self, message: Request) -> Answer:
        answer = self.runner.run(ask(self.stage, message))
        assert answer.status < 500, f"RFC 9110 section 15.6: {answer}"
        return answer

    def _read(self, answer: Answer) -> dict[str, Any]:
        assert answer.header("Content-Type") == "application/json; charset=utf-8", answer
        document = json.loads(answer.body)
        assert isinstance(document, dict)
        return document

    def _good(self, given: Given) -> bool:
        return given.value not in self.ledger.revoked and self.stage.clock.now() <= given.until

    def _dead(self, answer: Answer, given: Given) -> None:
        """The document: 401 asks for a new token; RFC 6750 section 3: with a challenge."""
        assert answer.status == 401, "a token that is revoked or expired never works"
        assert (answer.header("WWW-Authenticate") or "").startswith("Bearer "), "RFC 6750 section 3"
        words = "was revoked" if given.value in self.ledger.revoked else "expired"
        assert words in (answer.header("WWW-Authenticate") or ""), "the reason that is true"

    # Tokens

    @rule(
        client_id=CLIENTS,
        wrong=st.sampled_from(["", "", "", "secret", "client", "grant", "scope", "nothing"]),
        style=st.sampled_from(["header", "body", "query", "json"]),
    )
    def authorize(self, client_id: str, wrong: str, style: str) -> None:
        """A client with its secret gets a token for itself, and nobody else gets one (RFC 6749 section 4.4)."""
        form = {"grant_type": "password" if wrong == "grant" else "client_credentials"}
        form |= {"scope": "partner made_up"} if wrong == "scope" else {}
        secret = SECRETS[client_id] + ("x" if wrong == "secret" else "")
        name = "nobody" if wrong == "client" else client_id
        mine = {} if wrong == "nothing" else {"client_id": name, "client_secret": secret}
        if style == "header":
            message = request("POST", TOKEN, *([basic(name, secret)] if mine else []), form=form)
        elif style == "body":
            message = request("POST", TOKEN, form=form | mine)
        elif style == "query":
            message = request("POST", f"{TOKEN}?grant_type={form['grant_type']}", form=mine | form)
        else:
            kind = ("content-type", "application/json")
            message = request("POST", TOKEN, kind, body=json.dumps(form | mine).encode())
        answer = self._ask(message)
        document = self._read(answer)
        assert answer.header("Cache-Control") == "no-store", "RFC 6749 section 5.1"
        if wrong:
            assert answer.status in {400, 401}, "RFC 6749 section 5.2"
            assert document["error"] in TOKEN_ERRORS, "RFC 6749 section 5.2"
            assert "access_token" not in document, "a refusal grants nothing"
            return
        assert answer.status == 200, f"the right request is granted: {answer}"
        assert document["token_type"] == "Bearer"
        assert "refresh_token" not in document, "the document: there are none"
        until = self.stage.clock.now() + document["expires_in"]
        self.ledger.enter(Given(document["access_token"], client_id, None, until))

    @rule(
        which=WHICH,
        who=IDS,
        wrong=st.sampled_from(["", "", "", "", "user token", "no id", "no json"]),
        times=st.sampled_from([1, 1, 3]),
    )
    def register(self, which: int, who: str | int, wrong: str, times: int) -> None:
        """With a good partner token, a fresh token for the one account that has this id; else nothing."""
        given = self.ledger.pick(which, partners=wrong != "user token")
        if given is None:
            return
        attributes = {} if wrong == "no id" else {"remote_user_id": who}
        message = sending(REGISTER, given.value, {"data": {"type": "user", "attributes": attributes}})
        if wrong == "no json":
            message = bearing(given.value, REGISTER, "POST", ("content-type", "text/plain"))
        for answer in self._at_once(message, times):
            if not self._good(given):
                self._dead(answer, given)
            elif given.person is not None:
                assert answer.status == 403, "registration is authorized with the Partner's access token"
            elif wrong:
                assert answer.status == 400, answer
            else:
                assert answer.status == 200, answer
                inner = self._read(answer)["data"]["attributes"]
                until = self.stage.clock.now() + inner["expires_in"]
                self.ledger.enter(Given(inner["access_token"], given.client_id, str(who), until))

    def _at_once(self, message: Request, times: int) -> list[Answer]:
        async def send() -> list[Answer]:
            return await asyncio.gather(*(ask(self.stage, message) for _ in range(times)))

        return self.runner.run(send())

    @rule(client_id=CLIENTS, who=IDS)
    def welcome(self, client_id: str, who: str | int) -> None:
        """The whole of "Get Started", as it should be."""
        self.authorize(client_id=client_id, wrong="", style="header")
        self.register(which=0, who=who, wrong="", times=1)
        self.call(which=0, style="header")

    # Using them

    @rule(which=WHICH, style=st.sampled_from(["header", "access_token", "bearer_token"]))
    def call(self, which: int, style: str) -> None:
        """A user's token opens the orders of exactly its person, as long as it lives; a partner's opens none."""
        given = self.ledger.pick(which)
        assert given is not None
        asked = bearing(given.value) if style == "header" else request("GET", f"{ORDERS}?{style}={given.value}")
        answer = self._ask(asked)
        if not self._good(given):
            self._dead(answer, given)
        elif given.person is None:
            assert answer.status == 403, "orders are for the user's token"
        else:
            self._look_at_orders(answer, given.client_id, given.person)

    def _look_at_orders(self, answer: Answer, client_id: str, person: str) -> None:
        assert answer.status == 200, f"a good token works: {answer}"
        found = self._read(answer)["data"]
        assert {order["attributes"]["remote_user_id"] for order in found} == {person}, "the id as it was registered"
        ids = [order["id"] for order in found]
        known = self.ledger.orders.setdefault((client_id, person), ids)
        assert ids == known, "one account for each id, never a second one"
        others = [uuid for key, uuids in self.ledger.orders.items() if key != (client_id, person) for uuid in uuids]
        assert not set(ids) & set(others), "each person's orders are its own"
        paid = {order["id"] for order in found if order["attributes"]["order_paid"]}
        assert paid == set(ids) & self.ledger.paid, "paid is what was finalized"

    @precondition(lambda self: self.ledger.orders)
    @rule(which=WHICH, order=WHICH, many=st.booleans())
    def finalize(self, which: int, order: int, many: bool) -> None:
        """A person's own orders are finalized with its token, and nobody else's."""
        given = self.ledger.pick(which, partners=False)
        assert given is not None
        every = [uuid for uuids in self.ledger.orders.values() for uuid in uuids]
        uuid = every[order % len(every)]
        document = {"data": {"type": "orders", "attributes": {"order_uuids": [uuid]}}}
        message = sending(f"{ORDERS}/finalize", given.value, document)
        answer = self._ask(message if many else bearing(given.value, f"{ORDERS}/{uuid}/finalize", "POST"))
        if not self._good(given):
            self._dead(answer, given)
        elif uuid in self.ledger.orders.get((given.client_id, str(given.person)), []):
            assert answer.status == 200, f"one account, so its own orders: {answer}"
            self.ledger.paid.add(uuid)
        else:
            assert answer.status == 404, "somebody else's order is none"

    # Their end

    @rule(which=WHICH, client_id=CLIENTS, wrong=st.sampled_from(["", "", "", "secret", "hint"]))
    def revoke(self, which: int, client_id: str, wrong: str) -> None:
        """A client withdraws its own tokens and no other's (RFC 7009 section 2.1)."""
        given = self.ledger.pick(which)
        assert given is not None
        secret = SECRETS[client_id] + ("x" if wrong == "secret" else "")
        form = {"token": given.value} | ({"token_type_hint": "refresh_token"} if wrong == "hint" else {})
        answer = self._ask(request("POST", "/oauth/revoke", basic(client_id, secret), form=form))
        if wrong == "secret" or (given.client_id != client_id and wrong != "hint"):
            assert answer.status == 403, "RFC 7009 section 2.1: the request is refused"
            return
        assert answer.status == 200, "RFC 7009 section 2.2"
        if wrong == "" and self._good(given):
            self.ledger.revoked.add(given.value)

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """Somebody withdraws a token behind the scenes."""
        given = self.ledger.pick(which)
        assert given is not None
        assert self.runner.run(revoke_token(self.stage.houses["rotor"].desk, given.value))
        self.ledger.revoked.add(given.value)

    @rule(which=WHICH, by=st.sampled_from([CLIENT_ID, RIVAL, "token"]), asker=WHICH)
    def introspect(self, which: int, by: str, asker: int) -> None:
        """What is told of a token is true, and told to its own client alone (RFC 7662 section 2.2)."""
        given, other = self.ledger.pick(which), self.ledger.pick(asker)
        assert given is not None
        assert other is not None
        header = ("authorization", f"Bearer {other.value}") if by == "token" else basic(by, SECRETS[by])
        answer = self._ask(request("POST", "/oauth/introspect", header, form={"token": given.value}))
        asking = other.client_id if by == "token" else by
        if by == "token" and (not self._good(other) or other.value == given.value or asking != given.client_id):
            assert answer.status == 401, "RFC 7662 section 2.1: the endpoint must be protected"
            return
        document = self._read(answer)
        assert answer.status == 200, answer
        assert document["active"] is (self._good(given) and given.client_id == asking), "RFC 7662 section 2.2"
        assert document["active"] or list(document) == ["active"], "RFC 7662 section 2.2: no more about a dead one"

    @rule(which=WHICH)
    def inform(self, which: int) -> None:
        """A token knows how long it lives."""
        given = self.ledger.pick(which)
        assert given is not None
        answer = self._ask(bearing(given.value, "/oauth/token/info"))
        document = self._read(answer)
        if not self._good(given):
            assert answer.status == 401, "a token that is revoked or expired never works"
            return
        assert answer.status == 200, answer
        assert document["application"] == {"uid": given.client_id}
        assert (document["resource_owner_id"] is None) is (given.person is None)
        assert abs(document["expires_in"] - (given.until - self.stage.clock.now())) <= 1

    # Time

    @rule(how=st.sampled_from(["advance", "pass", "freeze", "resume"]), seconds=SECONDS)
    def move_time(self, how: str, seconds: float) -> None:
        """Somebody turns the stage's clock forward, or time passes by itself: it counts unless the clock is frozen."""
        if how == "advance":
            self.stage.clock.advance(seconds)
        elif how == "pass":
            self.wall.seconds += seconds
        elif how == "freeze":
            self.stage.clock.freeze()
        else:
            self.stage.clock.resume()
