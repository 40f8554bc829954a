"""Two browsers and a client do as they please at movingimage; a few lines of bookkeeping say what must come back.

The bookkeeping knows codes, sessions and tokens by the guide and by Keycloak's rules, and nothing of the fake's code.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks import stages
from tests.mocks.providers.movingimage import talk
from tests.mocks.yielding import YieldingStore

ACCESS, REFRESH, CODE, LONGEST, WINDOW = 300, 3600, 60, 36000, 120
SECONDS = st.sampled_from([1, 30, 59, 60, 299, 300, 1800, 3599, 3600, 3720, 20000])
WHICH = st.integers(0, 7)


@dataclass
class Session:
    """A person is signed in; ``ended`` by a logout, ``parted`` where a code came twice."""

    started: int
    touched: int
    ended: bool = False
    parted: bool = False


@dataclass
class Code:
    """A code that was handed out."""

    value: str
    session: str
    until: int
    used: bool = False


@dataclass(frozen=True)
class Held:
    """What an exchange or a refresh brought."""

    access: str
    refresh: str
    session: str
    access_until: int
    refresh_until: int


class MovingimageMachine(RuleBasedStateMachine):
    """One stage over a store that yields; each rule is one thing somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stage = self.runner.run(
            talk.movingimage(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed=1))
        )
        self.browsers = [talk.Browser(self.stage), talk.Browser(self.stage)]
        self.sessions: dict[str, Session] = {}
        self.signed_in: dict[int, str] = {}
        self.codes: list[Code] = []
        self.held: list[Held] = []

    def teardown(self) -> None:
        """Close the event loop."""
        self.runner.close()

    @property
    def now(self) -> int:
        """The stage's time."""
        return int(self.stage.clock.now())

    def active(self, session: str) -> bool:
        """Whether the session is neither ended, nor over, nor idle."""
        known = self.sessions[session]
        return not known.ended and known.started + LONGEST > self.now and known.touched + REFRESH + WINDOW > self.now

    def ask(self, message: Request) -> Answer:
        """The provider's answer; never a crash."""
        answer = self.runner.run(talk.ask(self.stage, message))
        assert answer.status < 500
        return answer

    def token(self, form: Mapping[str, str], refused: str) -> Answer | None:
        """The token endpoint's answer, which is a refusal in these words, or good."""
        answer = self.ask(talk.token_request(form))
        if refused:
            assert (answer.status, json.loads(answer.body).get("error_description")) == (400, refused)
            return None
        assert answer.status == 200, answer.body
        return answer

    def keep(self, answer: Answer, session: str) -> None:
        """Write down what was handed out."""
        document = talk.read(answer)
        assert document["session_state"] == session
        end = self.sessions[session].started + LONGEST
        access_until, refresh_until = min(self.now + ACCESS, end), min(self.now + REFRESH, end)
        assert (document["expires_in"], document["refresh_expires_in"]) == (
            access_until - self.now,
            refresh_until - self.now,
        )
        tokens = (document["access_token"], document["refresh_token"])
        assert all(tokens[0] != held.access and tokens[1] != held.refresh for held in self.held)
        self.held.append(Held(*tokens, session, access_until, refresh_until))

    @initialize()
    def begin(self) -> None:
        """Somebody is signed in already."""
        self.log_in(0)
        self.exchange(0, good=True)

    @rule(which=st.integers(0, 1))
    def log_in(self, which: int) -> None:
        """In a browser; who is signed in there sees no form."""
        answer = self.runner.run(self.browsers[which].come_back())
        back = dict(talk.params_of(talk.location(answer)))
        session = back["session_state"]
        before = self.signed_in.get(which)
        if before is not None and self.active(before):
            assert session == before
        else:
            self.sessions[session] = Session(self.now, self.now)
        self.sessions[session].touched = self.now
        self.sessions[session].parted = False
        self.signed_in[which] = session
        self.codes.append(Code(back["code"], session, self.now + CODE))

    @precondition(lambda self: self.codes)
    @rule(which=WHICH, good=st.booleans())
    def exchange(self, which: int, good: bool) -> None:
        """A code, with its redirect URI or another one."""
        code = self.codes[-1 - which % len(self.codes)]
        form = talk.exchange(code.value, None if good else {"redirect_uri": "https://elsewhere.example/"})
        session = self.sessions[code.session]
        refused = ""
        if session.ended or code.used:
            refused = "Code not valid"
        elif self.now >= code.until:
            refused = "Code is expired"
        elif not good:
            refused = "Incorrect redirect_uri"
        elif not self.active(code.session):
            refused = "Session not active"
        session.parted = session.parted or (code.used and not session.ended)
        code.used = True
        answer = self.token(form, refused)
        if answer is not None:
            self.keep(answer, code.session)

    @precondition(lambda self: self.held)
    @rule(which=WHICH)
    def refresh(self, which: int) -> None:
        """A refresh token, the newest or an older one."""
        held = self.held[-1 - which % len(self.held)]
        refused = ""
        if self.now > held.refresh_until:
            refused = "Refresh token expired"
        elif not self.active(held.session):
            refused = "Session not active"
        elif self.sessions[held.session].parted:
            refused = "Session doesn't have required client"
        answer = self.token(talk.refreshing(held.refresh), refused)
        if answer is not None:
            self.sessions[held.session].touched = self.now
            self.keep(answer, held.session)

    @precondition(lambda self: self.held)
    @rule(which=WHICH)
    def call(self, which: int) -> None:
        """The API looks at the token alone; the login server at the session too."""
        held = self.held[-1 - which % len(self.held)]
        fresh, session = self.now <= held.access_until, self.sessions[held.session]
        assert self.ask(talk.calling(held.access)).status == (200 if fresh else 401)
        answer = self.ask(talk.calling(held.access, f"{talk.CONNECT}/userinfo"))
        good = fresh and self.active(held.session) and not session.parted
        assert answer.status == (200 if good else 401)
        form = talk.CLIENT | {"token": held.access}
        answer = self.ask(stages.request("POST", f"{talk.CONNECT}/token/introspect", form=form))
        assert json.loads(answer.body)["active"] is good
        if good:
            session.touched = self.now

    @rule(which=st.integers(0, 1))
    def log_out(self, which: int) -> None:
        """In a browser."""
        answer = self.runner.run(self.browsers[which].send("GET", f"{talk.CONNECT}/logout"))
        assert answer.status == 200
        session = self.signed_in.pop(which, None)
        if session is not None and self.active(session):
            self.sessions[session].ended = True

    @precondition(lambda self: self.held)
    @rule(which=WHICH)
    def end(self, which: int) -> None:
        """The client gives the refresh token back, expired or not."""
        held = self.held[-1 - which % len(self.held)]
        form = talk.CLIENT | {"refresh_token": held.refresh}
        assert self.ask(stages.request("POST", f"{talk.CONNECT}/logout", form=form)).status == 204
        self.sessions[held.session].ended = True

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.stage.clock.advance(seconds)
