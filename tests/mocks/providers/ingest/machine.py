"""Two applications and two people do as they please at Ingest; what comes back must be what the RFCs allow.

Expectations are written from RFC 6749 and 6750 alone. Where the RFCs leave a choice, the machine asks for nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.users import User
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.ingest.ledger import (
    AUTHORIZATION_ERRORS,
    Access,
    Code,
    Ledger,
    Refresh,
    check_any,
    check_token_answer,
    jwt_scopes,
)
from tests.mocks.providers.ingest.talk import TICKET, Browser, api_request, location, token_request
from tests.mocks.stages import Wall, ask, open_stage
from tests.mocks.yielding import YieldingStore

ALL_GRANTS = frozenset({"authorization_code", "refresh_token", "client_credentials"})
OURS, RIVAL = "IngestNetwork123", "RivalNetwork456"
URIS = {OURS: ("https://mywebsite.com/oauth/ingest",), RIVAL: ("https://rival.example/cb?a=1", "http://127.0.0.1/cb")}
SECRETS = {OURS: "jhjed88ydjKJDFU77y7dk", RIVAL: "r+v%l: s/cret"}
PEOPLE = ("ada", "ben")
# All of them are registered for both applications.
SCOPES = ("read_videos", "write_videos", "read_jobs", "all")
LIFETIMES = {"access_token": 100, "refresh_token": 1000, "code": 50}

CLIENTS = st.sampled_from([OURS, RIVAL])
SCOPE_SETS = st.lists(st.sampled_from(SCOPES), min_size=1, max_size=3, unique=True).map(tuple)
STATES = (
    st.none() | st.text(min_size=1, max_size=12) | st.sampled_from(["a b+c&d=e%20", "=&?#/", " a ", "ü€😀", '"<x>'])
)
STYLES = st.sampled_from(["query", "body", "basic"])
SECONDS = st.sampled_from([0.25, 1, 30, 49.75, 50, 60, 100, 500, 1000])
WHICH = st.integers(0, 7)
Asked = tuple[str, str, str, tuple[str, ...]]


def other(client_id: str) -> str:
    """The other application."""
    return RIVAL if client_id == OURS else OURS


class IngestMachine(RuleBasedStateMachine):
    """One stage over a store that yields; each rule is one thing somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.wall = Wall()
        self.stage = self.runner.run(
            open_stage(
                wall=self.wall,
                storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed=1),
                lifetimes={"ingest": LIFETIMES},
            )
        )
        self.ledger = Ledger()
        self.browsers = {person: Browser(self.stage) for person in PEOPLE}
        self.subjects = {user.username: user.subject for user in self.stage.houses["ingest"].users}

    def teardown(self) -> None:
        """Close the event loop."""
        self.runner.close()

    @initialize(client_id=CLIENTS, wanted=SCOPE_SETS)
    def move_in(self, client_id: str, wanted: tuple[str, ...]) -> None:
        """A second application and a second person, and somebody who has logged in already."""
        client = Client(
            client_id=RIVAL,
            secret=SECRETS[RIVAL],
            name="Rival",
            redirect_uris=URIS[RIVAL],
            scopes=SCOPES,
            grants=ALL_GRANTS,
        )
        ben = User(
            subject="ben's subject",
            username="ben",
            password="ben-spars-here",
            name="Ben",
            email="ben@network.example",
            attributes={"network": "n"},
        )
        store = self.stage.houses["ingest"].desk.store
        self.runner.run(store.put(RIVAL, client))
        self.runner.run(store.put("ben", ben))
        self.subjects["ben"] = ben.subject
        self.log_in_and_redeem("ada", client_id, wanted)

    # Logging in

    @rule(
        person=st.sampled_from(PEOPLE),
        client_id=CLIENTS,
        uri=st.sampled_from(["first", "first", "last", "stored"]),
        wanted=SCOPE_SETS,
        state=STATES,
        approve=st.sampled_from([True, True, True, False]),
    )
    def log_in(
        self, person: str, client_id: str, uri: str, wanted: tuple[str, ...], state: str | None, approve: bool
    ) -> None:
        """A good authorization request is answered at its redirect URI with a code, or with access_denied.

        RFC 6749 section 4.1.2: code, and state with the exact value received; 4.1.2.1: access_denied; 3.1.2: what the
        redirect URI's query had is retained.
        """
        if uri == "stored" and len(URIS[client_id]) > 1:
            uri = "last"  # section 3.1.2.3: with several registered, the client must say which
        sent = None if uri == "stored" else URIS[client_id][0 if uri == "first" else -1]
        asked = self._authorization(client_id, sent, ",".join(wanted), state)
        answer = self.runner.run(self._decide(person, asked, "approve" if approve else "deny"))
        check_any(answer)
        target = answer.header("Location") or ""
        expected = sent or URIS[client_id][0]
        assert target.startswith(f"{expected}{'&' if '?' in expected else '?'}"), "3.1.2.4, 4.1.2: the redirect URI"
        params = location(answer).params
        assert [value for name, value in params if name == "state"] == ([] if state is None else [state]), "4.1.2"
        if not approve:
            assert ("error", "access_denied") in params, "4.1.2.1"
            assert "code" not in dict(params), "4.1.2.1"
            return
        assert "error" not in dict(params)
        value = self.ledger.new(dict(params)["code"])
        subject = self.subjects[person]
        self.ledger.codes.append(Code(value, client_id, sent, frozenset(wanted), subject, self.stage.clock.now()))

    @rule(
        client_id=st.sampled_from([OURS, RIVAL, "nobody", ""]),
        uri=st.sampled_from(["registered", "another's", "slash", "made up"]),
        state=STATES,
        fault=st.sampled_from(["none", "response_type", "no response_type", "scope", "no scope"]),
    )
    def ask_wrongly(self, client_id: str, uri: str, state: str | None, fault: str) -> None:
        """A bad authorization request is never answered at an address that is not the client's.

        RFC 6749 section 4.1.2.1: with a bad client or redirect URI the server must not redirect; anything else goes
        back as one of seven error codes, with the state.
        """
        own = URIS.get(client_id, URIS[OURS])
        sent = {
            "registered": own[0],
            "another's": URIS[other(client_id)][0],
            "slash": f"{own[0]}/",
            "made up": "https://evil.example/cb",
        }[uri]
        asked = self._authorization(client_id, sent, "read_videos", state)
        if fault.startswith("no "):
            del asked[fault.removeprefix("no ")]
        elif fault != "none":
            asked[fault] = "made_up"
        answer = self.runner.run(self.browsers["ada"].send("GET", asked))
        check_any(answer)
        if client_id not in URIS or uri != "registered":
            assert answer.header("Location") is None, "4.1.2.1: must not redirect to the invalid redirection URI"
            assert answer.status >= 400, answer
        elif fault == "none":
            assert answer.status == 200, answer
        else:
            assert answer.status == 302, f"4.1.2.1: {fault} is told in a redirect"
            params = dict(location(answer).params)
            assert params["error"] in AUTHORIZATION_ERRORS, "4.1.2.1"
            assert params.get("state") == state, "4.1.2.1"
            assert "code" not in params

    def _authorization(self, client_id: str, sent: str | None, scope: str, state: str | None) -> dict[str, str]:
        asked = {"response_type": "code", "client_id": client_id, "scope": scope}
        if sent is not None:
            asked["redirect_uri"] = sent
        if state is not None:
            asked["state"] = state
        return asked

    async def _decide(self, person: str, asked: Mapping[str, str], decision: str) -> Answer:
        browser = self.browsers[person]
        if browser.cookie is None:
            form = {"network": "", "login": person, "password": f"{person}-spars-here"}
            check_any(await browser.send("POST", asked, form))
        page = await browser.send("GET", asked)
        found = TICKET.search(page.body.decode())
        assert found is not None, page
        return await browser.send("POST", asked, {"ticket": found[1], "decision": decision})

    # Tokens

    @rule(person=st.sampled_from(PEOPLE), client_id=CLIENTS, wanted=SCOPE_SETS)
    def log_in_and_redeem(self, person: str, client_id: str, wanted: tuple[str, ...]) -> None:
        """The whole of RFC 6749 section 4.1, as it should be."""
        self.log_in(person=person, client_id=client_id, uri="last", wanted=wanted, state="s", approve=True)
        self.redeem(asked_with=(person, client_id, "last", wanted), wrong="", style="body", narrower=False, times=1)

    @rule(
        asked_with=st.tuples(st.sampled_from(PEOPLE), CLIENTS, st.sampled_from(["last", "last", "stored"]), SCOPE_SETS),
        wrong=st.sampled_from(["", "", "", "client", "uri", "no uri", "secret", "scope", "code", "late", "again"]),
        style=STYLES,
        narrower=st.booleans(),
        times=st.sampled_from([1, 1, 2, 5]),
    )
    def redeem(self, asked_with: Asked, wrong: str, style: str, narrower: bool, times: int) -> None:
        """A code earns tokens once, for its client, with its redirect URI, in its time, for no more than was granted.

        RFC 6749 section 4.1.2: expires, must not be used more than once, is bound to client and redirect URI; 4.1.3:
        redirect_uri identical; 3.3 and 5.1: scope; 2.3: the client authenticates.
        """
        if wrong != "again" and not self._is_fresh(self.ledger.codes[-1:]):
            person, client_id, uri, wanted = asked_with
            self.log_in(person=person, client_id=client_id, uri=uri, wanted=wanted, state=None, approve=True)
        code = self.ledger.codes[-1]
        client_id = other(code.client_id) if wrong == "client" else code.client_id
        params = {"grant_type": "authorization_code", "code": code.value} | self._credentials(client_id)
        if code.sent_uri is not None:
            params["redirect_uri"] = code.sent_uri
        if wrong == "uri":
            params["redirect_uri"] = (code.sent_uri or "https://evil.example/cb") + "/"
        elif wrong == "no uri":
            params.pop("redirect_uri", None)
        elif wrong == "secret":
            params["client_secret"] += "x"
        elif wrong == "code":
            params["code"] = code.value[:-1] + ("A" if code.value[-1] != "A" else "B")
        asked = self._scope(code.scopes, wider=wrong == "scope", narrower=narrower)
        if asked:
            params["scope"] = ",".join(sorted(asked))
        if wrong == "late":
            self.stage.clock.advance(LIFETIMES["code"])
        good = self._grants(params, style, times)
        expired = self.stage.clock.now() >= code.at + LIFETIMES["code"]
        right = wrong in {"", "late", "again", "no uri" if code.sent_uri is None else ""} or (
            wrong == "scope" and not asked
        )
        allowed = 1 if right and not expired and code.value not in self.ledger.spent else 0
        assert len(good) == allowed, f"{len(good)} of {times} requests got tokens, not {allowed} ({wrong or 'right'})"
        for document in good:
            self.ledger.spent.add(code.value)
            self._enter(document, code.client_id, code.scopes, asked or code.scopes, code.subject)

    @precondition(lambda self: self.ledger.refresh)
    @rule(narrower=st.booleans())
    def renew_the_latest(self, narrower: bool) -> None:
        """RFC 6749 section 6, as it should be."""
        self.renew(which=0, wrong="", style="basic", narrower=narrower, times=1)

    @precondition(lambda self: self.ledger.refresh)
    @rule(
        which=WHICH,
        wrong=st.sampled_from(["", "", "", "client", "secret", "scope", "token", "access", "late", "again"]),
        style=STYLES,
        narrower=st.booleans(),
        times=st.sampled_from([1, 1, 2, 5]),
    )
    def renew(self, which: int, wrong: str, style: str, narrower: bool, times: int) -> None:
        """A refresh token serves its own client, for no more than was granted; where it rotates, the old one is dead.

        RFC 6749 section 6: bound to the client, scope must not include any not originally granted, and is that of the
        grant if omitted; 10.4: rotation.
        """
        fresh = [token for token in self.ledger.refresh if token.value not in self.ledger.spent]
        known = fresh if fresh and wrong != "again" else self.ledger.refresh
        token = known[-1 - which % len(known)]
        client_id = other(token.client_id) if wrong == "client" else token.client_id
        params = {"grant_type": "refresh_token", "refresh_token": token.value} | self._credentials(client_id)
        if wrong == "secret":
            params["client_secret"] = params["client_secret"][:-1]
        elif wrong == "token":
            params["refresh_token"] += "x"
        elif wrong == "access":
            params["refresh_token"] = self.ledger.access[-1].value
        asked = self._scope(token.granted, wider=wrong == "scope", narrower=narrower)
        if asked:
            params["scope"] = ",".join(sorted(asked))
        if wrong == "late":
            self.stage.clock.advance(LIFETIMES["refresh_token"])
        good = self._grants(params, style, times)
        expired = self.stage.clock.now() >= token.at + LIFETIMES["refresh_token"]
        right = wrong in {"", "late", "again"} or (wrong == "scope" and not asked)
        dead = expired or token.value in self.ledger.spent | self.ledger.revoked
        allowed = 1 if right and not dead else 0
        assert len(good) == allowed, f"{len(good)} of {times} requests got tokens, not {allowed} ({wrong or 'right'})"
        for document in good:
            if document.get("refresh_token", token.value) != token.value:
                self.ledger.spent.add(token.value)
            self._enter(document, token.client_id, token.granted, asked or token.granted, token.subject)

    @rule(client_id=CLIENTS, wanted=SCOPE_SETS, wrong=st.sampled_from(["", "", "secret", "scope"]), style=STYLES)
    def act_as_application(self, client_id: str, wanted: tuple[str, ...], wrong: str, style: str) -> None:
        """An application with its secret gets a token for itself, and no refresh token.

        RFC 6749 section 4.4.3: a refresh token should not be included.
        """
        scope = ",".join(wanted) + (",made_up" if wrong == "scope" else "")
        params = {"grant_type": "client_credentials", "scope": scope} | self._credentials(client_id)
        if wrong == "secret":
            params["client_secret"] = SECRETS[other(client_id)]
        good = self._grants(params, style, 1)
        assert len(good) == (0 if wrong else 1), f"{len(good)} of 1 request got tokens ({wrong or 'right'})"
        for document in good:
            assert "refresh_token" not in document, "4.4.3"
            self._enter(document, client_id, frozenset(wanted), frozenset(wanted), None)

    @rule(
        grant=st.sampled_from(["password", "implicit", "", "urn:ietf:params:oauth:grant-type:jwt-bearer"]),
        client_id=CLIENTS,
        style=STYLES,
        bearer=st.sampled_from(["refresh", "code", "made up", ""]),
    )
    def send_nonsense(self, grant: str, client_id: str, style: str, bearer: str) -> None:
        """Other grants earn nothing, and nothing but an access token opens the API.

        RFC 6749 section 5.2: unsupported_grant_type; invalid_request where the parameter is missing or blank (3.2);
        section 1.5: refresh tokens are never sent to resource servers.
        """
        params = {"grant_type": grant} | self._credentials(client_id)
        answer = self.runner.run(ask(self.stage, token_request(params, style=style)))
        document = check_token_answer(answer, basic=style == "basic")
        assert document.get("error") == ("unsupported_grant_type" if grant else "invalid_request")
        value = "made-up" * bool(bearer)
        if bearer == "refresh" and self.ledger.refresh:
            value = self.ledger.refresh[-1].value
        elif bearer == "code" and self.ledger.codes:
            value = self.ledger.codes[-1].value
        answer = self.runner.run(ask(self.stage, api_request(value)))
        assert answer.status == 401, answer

    def _is_fresh(self, last: Sequence[Code]) -> bool:
        now = self.stage.clock.now()
        return any(code.value not in self.ledger.spent and now < code.at + LIFETIMES["code"] for code in last)

    def _credentials(self, client_id: str) -> dict[str, str]:
        return {"client_id": client_id, "client_secret": SECRETS[client_id]}

    def _scope(self, granted: frozenset[str], *, wider: bool, narrower: bool) -> frozenset[str]:
        """The scope parameter: one name too many, one name only, or left out."""
        if wider:
            more = [name for name in SCOPES if name not in granted]
            return granted | {more[0]} if more else frozenset()
        return frozenset(sorted(granted)[:1]) if narrower else frozenset()

    def _grants(self, params: Mapping[str, str], style: str, times: int) -> list[dict[str, Any]]:
        """The same request so often at once; the documents of those that were granted."""

        async def send() -> list[Answer]:
            return await asyncio.gather(*(ask(self.stage, token_request(params, style=style)) for _ in range(times)))

        answers = self.runner.run(send())
        documents = [check_token_answer(answer, basic=style == "basic") for answer in answers]
        return [document for document in documents if "error" not in document]

    def _enter(
        self,
        document: Mapping[str, Any],
        client_id: str,
        granted: frozenset[str],
        expected: frozenset[str],
        subject: str | None,
    ) -> None:
        """Check what was granted and remember it.

        RFC 6749 section 3.3 and 5.1: the scope, if it is not what was asked for, is told; section 6: it never exceeds
        the grant; 5.1: expires_in in seconds.
        """
        value = self.ledger.new(document["access_token"])
        told = frozenset(document["scope"].split(",")) if "scope" in document else expected
        assert told == expected, f"3.3: the scope is {sorted(told)}, asked for was {sorted(expected)}"
        assert told <= granted, "6: not beyond what the resource owner granted"
        assert jwt_scopes(value) == told, "the token says the same as the answer"
        until = self.stage.clock.now() + int(document["expires_in"])
        self.ledger.access.append(Access(value, client_id, told, subject, until))
        if "refresh_token" in document:
            assert subject is not None
            fresh = self.ledger.new(document["refresh_token"])
            self.ledger.refresh.append(Refresh(fresh, client_id, granted, subject, self.stage.clock.now()))

    # Using them

    @precondition(lambda self: self.ledger.access)
    @rule(which=WHICH, path=st.sampled_from(["/videos", "/users/me"]))
    def call(self, which: int, path: str) -> None:
        """An access token opens the API exactly while it lives and for what it was granted.

        RFC 6750 section 3.1: 401 where it is expired or revoked, 403 where its scope is not enough; RFC 6749 section
        5.1: it lives for expires_in seconds.
        """
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        answer = self.runner.run(ask(self.stage, api_request(token.value, path)))
        check_any(answer)
        enough = bool(token.scopes & {"read_videos", "all"}) if path == "/videos" else token.subject is not None
        if token.value in self.ledger.revoked or self.stage.clock.now() >= token.until:
            assert answer.status == 401, "RFC 6750 section 3.1: it is expired or revoked"
            assert (answer.header("WWW-Authenticate") or "").startswith("Bearer"), "RFC 6750 section 3"
        else:
            assert answer.status == (200 if enough else 403), "RFC 6750 section 3.1: what it was granted for"
        if path == "/users/me" and answer.status == 200:
            assert f'"id":"{token.subject}"'.encode() in answer.body, "the person who approved, and nobody else"

    @precondition(lambda self: self.ledger.access)
    @rule(which=WHICH, refresh=st.booleans())
    def revoke(self, which: int, refresh: bool) -> None:
        """A token that is withdrawn is dead from then on (RFC 7009 section 2)."""
        known = self.ledger.refresh if refresh and self.ledger.refresh else self.ledger.access
        value = known[-1 - which % len(known)].value
        assert self.runner.run(tokens.revoke_token(self.stage.houses["ingest"].desk, value))
        self.ledger.revoked.add(value)

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
