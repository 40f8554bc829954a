"""Two partners do as they please at ClickView; what comes back must be what the documents and the RFCs allow.

Expectations are written from ClickView's documents, RFC 6749 and 6750. Where these leave a choice, nothing is expected.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.clickview.asking import CLIENT_ID, SCOPE, SECRET
from tests.mocks.providers.clickview.ledger import (
    Access,
    Ledger,
    ViewKey,
    check_any,
    check_token_answer,
    part,
    tampered,
)
from tests.mocks.providers.clickview.viewing import CREATE, STUDENT, TEACHER
from tests.mocks.stages import Wall, ask, open_stage, request
from tests.mocks.yielding import YieldingStore

RIVAL = "partner-2"
SECRETS = {CLIENT_ID: SECRET, RIVAL: "7e11a0c4d25b3f98"}
EXTRA = "smartembed.extra"
LIFETIMES = {"access_token": 1000, "view_key": 500}
LEEWAY = 300
EXAMPLE, PLAY, USERINFO = "/api/v1/example", "/smart-embed/play", "/connect/userinfo"
ADVERTISED = ("authorize", "token", "userinfo", "endsession", "checksession", "revocation", "introspect")
PATHS = (
    *(f"/connect/{name}" for name in (*ADVERTISED, "deviceauthorization")),
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/jwks",
    "/home/error",
    "/account/logout",
    EXAMPLE,
    CREATE,
    PLAY,
    "/smart-embed/select",
)
FORM = "application/x-www-form-urlencoded"

PARTNERS = st.sampled_from([CLIENT_ID, RIVAL])
WHICH = st.integers(0, 5)
TAMPERED = st.sampled_from(["", "", "", "claims", "none", "cut"])
JUNK = st.text(max_size=20) | st.sampled_from(["", "eyJ", "a.b.c", "..", "%00", "\x00", "ü€😀", "W10.W10.c", "1" * 400])
NAMES = st.sampled_from(
    [
        *("client_id", "client_secret", "grant_type", "scope", "token", "token_type_hint", "access_token"),
        *("redirect_uri", "request", "response_type", "code_challenge", "errorId"),
        *("viewKey", "clientId", "mediaId", "data"),
    ]
)


class ClickViewMachine(RuleBasedStateMachine):
    """One stage over a store that yields; each rule is one thing that a partner, a viewer or time does."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stage = self.runner.run(
            open_stage(
                "clickview",
                wall=Wall(),
                storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed=1),
                lifetimes={"clickview": LIFETIMES},
            )
        )
        self.stage.clock.freeze()
        self.ledger = Ledger()
        self.media = 0

    def teardown(self) -> None:
        """Close the event loop."""
        self.runner.close()

    def send(self, message: Request) -> Answer:
        """The answer; it is never the server's own failure."""
        answer = self.runner.run(ask(self.stage, message, "clickview"))
        check_any(answer)
        return answer

    @property
    def now(self) -> float:
        """The stage's time."""
        return self.stage.clock.now()

    @initialize(client_id=PARTNERS)
    def move_in(self, client_id: str) -> None:
        """A second partner, two scopes, a first token of each and a view key."""
        for name, secret in SECRETS.items():
            client = Client(
                client_id=name,
                secret=secret,
                name=name,
                scopes=(SCOPE, EXTRA),
                grants=frozenset({"client_credentials"}),
            )
            self.runner.run(self.stage.houses["clickview"].desk.store.put(name, client))
        for scope in (SCOPE, EXTRA):
            self.get_token(client_id=client_id, scopes={scope}, wrong="", times=1)
        self.create(which=0, student=False, wrong="")

    # Tokens

    @rule(
        client_id=PARTNERS,
        scopes=st.sets(st.sampled_from([SCOPE, EXTRA])),
        wrong=st.sampled_from(["", "", "", "secret", "another's secret", "client", "scope", "grant", "json"]),
        times=st.sampled_from([1, 1, 3]),
    )
    def get_token(self, client_id: str, scopes: set[str], wrong: str, times: int) -> None:
        """A partner with its secret gets a token for what it asks, one without gets nothing.

        "Obtaining an Access Token"; RFC 6749 section 5.2; without a scope, all that the client may have (3.3).
        """
        other = RIVAL if client_id == CLIENT_ID else CLIENT_ID
        params = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": SECRETS[client_id]}
        if scopes:
            params["scope"] = " ".join(scopes)
        changes: dict[str, tuple[str, str, str]] = {
            "secret": ("client_secret", "wrong", "invalid_client"),
            "another's secret": ("client_secret", SECRETS[other], "invalid_client"),
            "client": ("client_id", "nobody", "invalid_client"),
            "scope": ("scope", f"{SCOPE} made.up", "invalid_scope"),
            "grant": ("grant_type", "made_up", "unsupported_grant_type"),
        }
        expected = "invalid_request" if wrong == "json" else ""
        if wrong in changes:
            name, value, expected = changes[wrong]
            params[name] = value
        message = request("POST", "/connect/token", form=params)
        if wrong == "json":
            message = request("POST", "/connect/token", ("content-type", "application/json"), body=message.body)

        async def send() -> list[Answer]:
            return await asyncio.gather(*(ask(self.stage, message, "clickview") for _ in range(times)))

        for answer in self.runner.run(send()):
            document = check_token_answer(answer)
            assert document.get("error", "") == expected, f"{document} ({wrong or 'right'})"
            if not wrong:
                self._enter(document, client_id, frozenset(scopes or {SCOPE, EXTRA}))

    def _enter(self, document: Mapping[str, Any], client_id: str, scopes: frozenset[str]) -> None:
        value = self.ledger.new(document["access_token"])
        assert document["expires_in"] == LIFETIMES["access_token"]
        assert set(document["scope"].split()) == scopes, "3.3: what was asked for"
        claims = part(value, 1)
        assert claims["client_id"] == client_id, "the token says whose it is"
        assert frozenset(claims["scope"]) == scopes, "the token says what for"
        until = int(self.now) + document["expires_in"]
        assert claims["exp"] == until, "expires_in and exp are one"
        self.ledger.access.append(Access(value, client_id, scopes, until, part(value, 0)["kid"]))

    def _published(self) -> set[str]:
        answer = self.send(request("GET", "/.well-known/openid-configuration/jwks"))
        return {key["kid"] for key in json.loads(answer.body)["keys"]}

    def _expected(self, token: Access, how: str) -> set[int]:
        """The statuses that a call with that token may have; 200 stands for whatever a good token earns."""
        dead = how or token.withdrawn or token.kid not in self._published()
        if dead or self.now > token.until + LEEWAY:
            return {401}
        granted = 200 if SCOPE in token.scopes else 403
        return {granted} if self.now < token.until else {granted, 401}

    @rule(which=WHICH, how=TAMPERED, where=st.sampled_from(["header", "header", "query", "form"]))
    def call(self, which: int, how: str, where: str) -> None:
        """A token in the header opens the API while it lives, if it has the scope; anywhere else it is none.

        "Making Authenticated Requests"; RFC 6750 section 3: a 401 has a challenge.
        """
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        value = tampered(token.value, how) if how else token.value
        if where == "header":
            answer = self.send(request("GET", EXAMPLE, ("authorization", f"Bearer {value}")))
        elif where == "query":
            answer = self.send(request("GET", f"{EXAMPLE}?access_token={value}"))
        else:
            answer = self.send(request("GET", EXAMPLE, form={"access_token": value}))
        expected = self._expected(token, how) if where == "header" else {401}
        assert answer.status in expected, (_told(expected), how, answer)
        challenge = answer.header("WWW-Authenticate")
        assert (challenge or "").startswith("Bearer") == (answer.status == 401), "6750 section 3"
        assert (challenge == "Bearer") == (where != "header"), "6750 section 3.1: no error where there was no token"

    @rule(which=WHICH, client_id=PARTNERS, right=st.booleans(), path=st.sampled_from(["revocation", "introspect"]))
    def ask_about(self, which: int, client_id: str, right: bool, path: str) -> None:
        """Whatever a partner does to a self-contained token, it lives on; and a partner is no API that may introspect.

        RFC 7009 section 2.2: 200 also for what was not withdrawn; RFC 7662 section 2.3: 401.
        """
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        form = {"token": token.value, "client_id": client_id, "client_secret": SECRETS[client_id] if right else "wrong"}
        answer = self.send(request("POST", f"/connect/{path}", form=form))
        assert answer.status == (401 if path == "introspect" else 200 if right else 400), ("whoever asks", answer)
        self.call(which=which, how="", where="header")

    @rule(which=WHICH, how=TAMPERED)
    def look_into_userinfo(self, which: int, how: str) -> None:
        """A token of a server says nothing of a person (OpenID Connect Core section 5.3: a token with openid)."""
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        value = tampered(token.value, how) if how else token.value
        answer = self.send(request("GET", USERINFO, ("authorization", f"Bearer {value}")))
        assert answer.status in {401, 403}
        assert (answer.header("WWW-Authenticate") or "").startswith("Bearer")
        assert answer.body == b""

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """ClickView withdraws a token."""
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        token.withdrawn = True
        self.runner.run(tokens.revoke_tokens(self.stage.houses["clickview"].desk, value=token.value))

    # View keys

    @rule(
        which=WHICH,
        student=st.booleans(),
        wrong=st.sampled_from(["", "", "", "personal", "missing", "type", "media", "tampered", "json"]),
    )
    def create(self, which: int, student: bool, wrong: str) -> None:
        """With a good token and all that is required a view key is created, otherwise none.

        "Creating a View Key"; "Data required for creating a View Key": a student's name or address fails.
        """
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        data = dict(STUDENT if student or wrong == "personal" else TEACHER)
        self.media += 1
        media_id = "x" if wrong == "media" else str(900_000_000 + self.media)
        if wrong == "personal":
            data["email"] = "ada@school.example"
        elif wrong == "missing":
            del data["districtId"]
        elif wrong == "type":
            data["student"] = "yes"
        value = tampered(token.value, "claims") if wrong == "tampered" else token.value
        kind = "text/plain" if wrong == "json" else "application/json"
        body = json.dumps({"mediaId": media_id, "data": data}).encode()
        headers = (("authorization", f"Bearer {value}"), ("content-type", kind))
        answer = self.send(request("POST", CREATE, *headers, body=body))
        expected = self._expected(token, wrong if wrong == "tampered" else "")
        told = _told(expected)
        if wrong and 200 in expected:
            expected = (expected - {200}) | {{"media": 404, "json": 415}.get(wrong, 400)}
        assert answer.status in expected, (told, wrong, answer)
        if answer.status != 200:
            assert b"viewKey" not in answer.body
            return
        document = json.loads(answer.body)
        assert list(document) == ["mediaId", "viewKey", "embedUrl"]
        assert document["mediaId"] == media_id, "the id that was sent"
        assert document["embedUrl"].endswith(f"{PLAY}?viewKey={document['viewKey']}"), "the address bears the key"
        key = ViewKey(self.ledger.new(document["viewKey"]), media_id, self.now + LIFETIMES["view_key"])
        self.ledger.keys.append(key)

    @precondition(lambda self: self.ledger.keys)
    @rule(which=WHICH, how=TAMPERED)
    def play(self, which: int, how: str) -> None:
        """A view key opens the player for its own video, for its life, which begins anew when it is loaded."""
        key = self.ledger.keys[-1 - which % len(self.ledger.keys)]
        value = tampered(key.value, how) if how else key.value
        answer = self.send(request("GET", f"{PLAY}?viewKey={value}"))
        lives = not how and self.now < key.until
        assert answer.status == (200 if lives else 403), ("a live view key" if lives else "a dead view key", answer)
        shown = {other.media_id for other in self.ledger.keys if other.media_id.encode() in answer.body}
        assert shown == ({key.media_id} if answer.status == 200 else set()), "its own video and no other"
        if answer.status == 200:
            key.until = self.now + LIFETIMES["view_key"]

    @rule(client_id=PARTNERS, student=st.booleans(), wrong=st.sampled_from(["", "", "type", "personal"]))
    def serve_a_viewer(self, client_id: str, student: bool, wrong: str) -> None:
        """All of it, as the documents have it."""
        self.get_token(client_id=client_id, scopes={SCOPE}, wrong="", times=1)
        self.create(which=0, student=student, wrong=wrong)
        if self.ledger.keys:
            self.play(which=0, how="")

    @precondition(lambda self: self.ledger.keys)
    @rule(which=WHICH, seconds=st.sampled_from([300, 499]))
    def watch_on(self, which: int, seconds: float) -> None:
        """Somebody loads the player, and again later."""
        self.play(which=which, how="")
        self.wait(seconds=seconds)
        self.play(which=which, how="")

    @precondition(lambda self: self.ledger.keys)
    @rule(which=WHICH)
    def confuse(self, which: int) -> None:
        """A view key is no access token, an access token no view key."""
        key = self.ledger.keys[-1 - which % len(self.ledger.keys)]
        for method, path in (("GET", EXAMPLE), ("POST", CREATE), ("GET", USERINFO)):
            answer = self.send(request(method, path, ("authorization", f"Bearer {key.value}")))
            assert answer.status == 401, ("a view key is no token", path, answer)
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        assert self.send(request("GET", f"{PLAY}?viewKey={token.value}")).status == 403

    # Everything else

    @rule(seconds=st.sampled_from([0.5, 1, 199, 200, 299, 300, 301, 500, 1000]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.stage.clock.advance(seconds)

    @rule(keep_old=st.booleans())
    def change_keys(self, keep_old: bool) -> None:
        """Tokens are signed with another key from now on."""
        self.stage.houses["clickview"].rotate_keys(keep_old=keep_old, fresh=False)

    @rule(
        method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS"]),
        path=st.sampled_from(PATHS),
        params=st.lists(st.tuples(NAMES, JUNK), max_size=4),
        kind=st.sampled_from([FORM, "application/json", "text/plain", "", "multipart/form-data"]),
        bearer=st.none() | JUNK,
        query=st.booleans(),
    )
    def send_junk(
        self, method: str, path: str, params: list[tuple[str, str]], kind: str, bearer: str | None, query: bool
    ) -> None:
        """Nothing that is made up earns a token or a view key, or breaks the server."""
        sent = request(method, path, form=params)
        headers = [("content-type", kind)] if kind else []
        if bearer is not None:
            headers.append(("authorization", f"Bearer {bearer}"))
        body = json.dumps(dict(params)).encode() if kind == "application/json" else sent.body
        target = f"{path}?{sent.body.decode()}" if query else path
        answer = self.send(request(method, target, *headers, body=body))
        assert b'"access_token"' not in answer.body
        assert b'"viewKey"' not in answer.body
        assert answer.status != 200 or path not in {EXAMPLE, CREATE, PLAY, USERINFO}, answer
        assert answer.status != 404, f"{path} is advertised or documented"


def _told(expected: set[int]) -> str:
    return "a dead token" if expected == {401} else "a live token"
