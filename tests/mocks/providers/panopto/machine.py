"""Two clients of a browser, one of passwords, one of scripts, and two people do as they please at a Panopto site.

Expectations are those of IdentityServer3 2.6.3 with nothing changed in it; of the API and the upload API, those of
Panopto's samples. Nothing here looks at the provider's code or its rules.
"""

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sparring.contracts.pages import read_page
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.users import User
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.panopto.ledger import LEEWAY, LIFETIMES, Granted, Ledger, check_refusal
from tests.mocks.providers.panopto.talk import (
    ASKED,
    CLIENT_ID,
    OAUTH2,
    ORIGIN,
    REDIRECT_URI,
    ROOT,
    SECRET,
    TOKEN,
    Browser,
    ask,
    basic,
    bearer,
    changed,
    panopto,
    register,
)
from tests.mocks.stages import request
from tests.mocks.yielding import YieldingStore

RIVAL, USER_BASED, SCRIPT = "rival", "user-based", "script"
SECRETS = {CLIENT_ID: SECRET, RIVAL: "another", USER_BASED: "another", SCRIPT: "another"}
SUBJECTS = {"ada": "b7e23ec2-9af2-4c17-8d54-1f6a0e3c5d90", "ben": "4d1f0a6c-93b7-4e58-8a21-c6e5d0f7b398"}
FOLDER = "00000000-0000-0000-0000-000000000000"
UPLOAD = "/Panopto/PublicAPI/REST/sessionUpload"
ALL = ("openid", "profile", "email", "api", "offline_access")

PEOPLE = st.sampled_from(["ada", "ben"])
WEB_CLIENTS = st.sampled_from([CLIENT_ID, RIVAL])
SCOPES = st.sampled_from(
    ["openid api", "api", "openid api offline_access", "api offline_access", "openid profile offline_access", "openid"]
)
SECONDS = st.sampled_from([1, 30, 49, 50, 51, 100, 300, 500, 1000])
WHICH = st.integers(0, 7)
TIMES = st.sampled_from([1, 1, 2, 4])


class PanoptoMachine(RuleBasedStateMachine):
    """One stage over a store that yields; each rule is one thing somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stage = self.runner.run(
            panopto(
                storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed=1),
                lifetimes={"panopto": LIFETIMES},
            )
        )
        self.ledger = Ledger()
        self.browsers = {person: Browser(self.stage) for person in SUBJECTS}

    def teardown(self) -> None:
        """Close the event loop."""
        self.runner.close()

    @initialize(client_id=WEB_CLIENTS, scope=SCOPES)
    def move_in(self, client_id: str, scope: str) -> None:
        """Three more clients and a second person, and somebody who has logged in already."""
        run = self.runner.run
        run(register(self.stage, RIVAL, scopes=ALL))
        run(register(self.stage, USER_BASED, scopes=ALL, redirect_uris=(), grants=frozenset({"password"})))
        run(register(self.stage, SCRIPT, scopes=ALL, grants=frozenset({"implicit"})))
        ben = User(
            subject=SUBJECTS["ben"],
            username="ben",
            password="ben-spars-here",
            name="Ben",
            email="ben@campus.example",
        )
        run(self.stage.houses["panopto"].desk.store.put("ben", ben))
        self.log_in("ada", client_id, scope, approve=True)

    @property
    def now(self) -> float:
        """The stage's time."""
        return self.stage.clock.now()

    # Logging in

    @rule(person=PEOPLE, client_id=WEB_CLIENTS, scope=SCOPES, approve=st.sampled_from([True, True, True, False]))
    def log_in(self, person: str, client_id: str, scope: str, approve: bool) -> None:
        """A person consents, and a code comes; or says no, and access_denied comes, unless a consent is remembered."""
        answer, consented = self.runner.run(self._arrive(person, {"client_id": client_id, "scope": scope}, approve))
        location = urlsplit(answer.header("Location") or "")
        assert location._replace(query="").geturl() == REDIRECT_URI, answer
        params = parse_qs(location.query)
        assert params["state"] == ["xyz"]
        if consented and not approve:
            assert params == {"error": ["access_denied"], "state": ["xyz"]}
            return
        code = self.ledger.new(params["code"][0])
        assert ("session_state" in params) == ("openid" in scope)
        about = Granted(code, client_id, SUBJECTS[person], tuple(scope.split()), self.now + LIFETIMES["code"])
        self.ledger.codes.append(about)

    @rule(person=PEOPLE, scope=st.sampled_from(["api", "api offline_access", "openid api", "API"]))
    def ask_by_script(self, person: str, scope: str) -> None:
        """A JavaScript client gets an access token in the fragment, for the API's scopes alone."""
        asked = {"client_id": SCRIPT, "response_type": "token", "scope": scope, "nonce": None}
        answer, _ = self.runner.run(self._arrive(person, asked, approve=True))
        location = urlsplit(answer.header("Location") or "")
        params = parse_qs(location.fragment)
        assert location._replace(fragment="").geturl() == REDIRECT_URI, answer
        if scope in {"openid api", "API"}:
            assert params == {"error": ["invalid_scope"], "state": ["xyz"]}
            return
        assert list(params) == ["access_token", "token_type", "expires_in", "scope", "state"]
        assert params["scope"] == [scope]
        value = self.ledger.new(params["access_token"][0])
        until = self.now + LIFETIMES["access_token"]
        self.ledger.access.append(Granted(value, SCRIPT, SUBJECTS[person], tuple(scope.split()), until))

    async def _arrive(self, person: str, asked: Mapping[str, str | None], approve: bool) -> tuple[Answer, bool]:
        """Follow a client's link to where it leads back, signing in and deciding; whether consent was asked for."""
        browser, consented = self.browsers[person], False
        answer = await browser.open(asked)
        for _ in range(6):
            location, page = answer.header("Location"), read_page(answer.body.decode())
            if location is not None and location.startswith(ORIGIN):
                answer = await browser.send("GET", location)
            elif page.form("sign-in") is not None:
                answer = await browser.fill(answer, person, f"{person}-spars-here")
            elif page.form("consent") is not None:
                consented = True
                answer = await browser.decide(answer, "approve" if approve else "deny")
            else:
                break
        return answer, consented

    # Tokens

    @precondition(lambda self: self.ledger.codes)
    @rule(
        which=WHICH,
        wrong=st.sampled_from(
            ["", "", "", "secret", "grant", "client", "flow", "verifier", "uri", "no uri", "upper", "code"]
        ),
        times=TIMES,
    )
    def redeem(self, which: int, wrong: str, times: int) -> None:
        """A code is gone as soon as a client of its flow presents it; what is wrong is told in the engine's order."""
        code = self.ledger.codes[-1 - which % len(self.ledger.codes)]
        client_id = {"client": RIVAL if code.client_id == CLIENT_ID else CLIENT_ID, "flow": USER_BASED}.get(
            wrong, code.client_id
        )
        form = changed(
            {
                "client_id": client_id,
                "client_secret": SECRETS[client_id] + "x" * (wrong == "secret"),
                "grant_type": "authorisation_code" if wrong == "grant" else "authorization_code",
                "code": "0" * 32 if wrong == "code" else code.value,
                "redirect_uri": {"uri": "http://localhost:8000", "upper": REDIRECT_URI.upper()}.get(
                    wrong, REDIRECT_URI
                ),
            },
            {"code_verifier": "v" * 43}
            if wrong == "verifier"
            else {"redirect_uri": None}
            if wrong == "no uri"
            else None,
        )
        answers = self._at_once(TOKEN, form, times)
        early = {"secret": "invalid_client", "grant": "unsupported_grant_type", "flow": "unauthorized_client"}
        if wrong in early or wrong == "code":
            for answer in answers:
                check_refusal(answer, early.get(wrong, "invalid_grant"))
            return
        first = code.value not in self.ledger.gone
        self.ledger.gone.add(code.value)
        late = self.now >= code.until
        good = [answer for answer in answers if answer.status == 200]
        assert len(good) == (1 if first and not wrong and not late else 0), (
            f"{len(good)} of {times} got tokens ({wrong})"
        )
        by_uri = first and not late and wrong in {"uri", "no uri", "upper"}
        told = sorted(json.loads(answer.body)["error"] for answer in answers if answer.status != 200)
        rest = ["invalid_grant"] * (times - len(good) - by_uri)
        assert told == rest + ["unauthorized_client"] * by_uri, told
        for answer in good:
            self.ledger.enter(answer, code, self.now, id_token="openid" in code.scopes)

    @rule(
        client_id=WEB_CLIENTS,
        scope=SCOPES,
        seconds=st.sampled_from([0, 99, 100, 400, 401]),
        where=st.sampled_from(["api", "userinfo", "upload"]),
    )
    def log_in_redeem_and_call(self, client_id: str, scope: str, seconds: int, where: str) -> None:
        """The whole way to a call, soon or late."""
        self.log_in("ada", client_id, scope, approve=True)
        self.redeem(which=0, wrong="", times=1)
        self.stage.clock.advance(seconds)
        self.call(which=0, where=where)

    @rule(
        client_id=WEB_CLIENTS,
        seconds=st.sampled_from([0, 49, 50]),
        wrong=st.sampled_from(["", "uri", "client", "verifier", "secret"]),
    )
    def redeem_twice(self, client_id: str, seconds: int, wrong: str) -> None:
        """A client tries, soon or late, and again; that is too late unless it never got as far as the code."""
        self.log_in("ben", client_id, "openid api offline_access", approve=True)
        self.stage.clock.advance(seconds)
        self.redeem(which=0, wrong=wrong, times=1)
        self.redeem(which=0, wrong="", times=1)

    @precondition(lambda self: self.ledger.refresh)
    @rule(seconds=st.sampled_from([1, 600]), times=st.sampled_from([1, 3]))
    def renew_the_latest(self, seconds: int, times: int) -> None:
        """A client goes on, after some time, it may be, and with several requests at once."""
        self.stage.clock.advance(seconds)
        self.renew(which=0, wrong="", times=times, header=False)

    @precondition(lambda self: self.ledger.refresh)
    @rule(by=st.sampled_from(["own", "rival"]))
    def revoke_the_latest(self, by: str) -> None:
        """A client withdraws what it has, or what another one has, and tries it again."""
        self.revoke(which=0, by=by, what="refresh", hint="")
        self.renew(which=0, wrong="", times=1, header=True)

    @precondition(lambda self: self.ledger.refresh)
    @rule(
        which=WHICH,
        wrong=st.sampled_from(["", "", "", "secret", "client", "token", "wider", "missing"]),
        times=TIMES,
        header=st.booleans(),
    )
    def renew(self, which: int, wrong: str, times: int, header: bool) -> None:
        """A refresh token is used once, by its client; its successor ends when it would have; scope is passed over."""
        token = self.ledger.refresh[-1 - which % len(self.ledger.refresh)]
        client_id = (RIVAL if token.client_id == CLIENT_ID else CLIENT_ID) if wrong == "client" else token.client_id
        secret = SECRETS[client_id] + "x" * (wrong == "secret")
        form = {"grant_type": "refresh_token", "refresh_token": token.value + "0" * (wrong == "token")}
        if wrong == "wider":
            form["scope"] = "openid api profile email"
        if wrong == "missing":
            del form["refresh_token"]
        form |= {} if header else {"client_id": client_id, "client_secret": secret}
        answers = self._at_once(TOKEN, form, times, *([basic(client_id, secret)] if header else []))
        early = {"secret": "invalid_client", "missing": "invalid_request"}
        alive = token.value not in self.ledger.gone and self.now < token.until and wrong in {"", "wider"}
        good = [answer for answer in answers if answer.status == 200]
        assert len(good) == (1 if alive else 0), f"{len(good)} of {times} got tokens ({wrong or 'right'})"
        for answer in answers:
            if answer.status != 200:
                check_refusal(answer, early.get(wrong, "invalid_grant"))
        for answer in good:
            self.ledger.gone.add(token.value)
            self.ledger.enter(answer, token, self.now, id_token=True, ends=token.until)

    @rule(person=PEOPLE, scope=SCOPES, wrong=st.sampled_from(["", "", "password", "scope", "client", "no scope"]))
    def give_a_password(self, person: str, scope: str, wrong: str) -> None:
        """A user based client gets tokens for a password, and never an ID token."""
        client_id = CLIENT_ID if wrong == "client" else USER_BASED
        form = {
            "client_id": client_id,
            "client_secret": SECRETS[client_id],
            "grant_type": "password",
            "username": person,
            "password": f"{person}-spars-here" + "!" * (wrong == "password"),
            "scope": f"{scope} videos" if wrong == "scope" else "" if wrong == "no scope" else scope,
        }
        (answer,) = self._at_once(TOKEN, form, 1)
        told = {"password": "invalid_grant", "client": "unauthorized_client"}
        if wrong:
            check_refusal(answer, told.get(wrong, "invalid_scope"))
            return
        about = Granted("", USER_BASED, SUBJECTS[person], tuple(scope.split()), self.now)
        self.ledger.enter(answer, about, self.now, id_token=False)

    @precondition(lambda self: self.ledger.refresh)
    @rule(
        which=WHICH,
        by=st.sampled_from(["own", "own", "rival"]),
        what=st.sampled_from(["refresh", "refresh", "access"]),
        hint=st.sampled_from(["", "refresh_token", "access_token", "id_token"]),
    )
    def revoke(self, which: int, by: str, what: str, hint: str) -> None:
        """A living refresh token takes all with it that its client has of that person; nothing else does anything."""
        token = self.ledger.refresh[-1 - which % len(self.ledger.refresh)]
        client_id = token.client_id if by == "own" else (RIVAL if token.client_id == CLIENT_ID else CLIENT_ID)
        form = {"token": token.value if what == "refresh" else self.ledger.access[-1].value}
        form |= {"token_type_hint": hint} if hint else {}
        path = f"{OAUTH2}/connect/revocation"
        (answer,) = self._at_once(path, form, 1, basic(client_id, SECRETS[client_id]))
        if hint == "id_token":
            check_refusal(answer, "unsupported_token_type")
            return
        assert (answer.status, answer.body) == (200, b"")
        if by == "own" and what == "refresh" and hint != "access_token" and token.value not in self.ledger.gone:
            self.ledger.revoke(token)

    @rule(grant=st.sampled_from(["implicit", "", "client_credentials", "Password"]), client_id=WEB_CLIENTS)
    def send_nonsense(self, grant: str, client_id: str) -> None:
        """Other grants earn nothing."""
        form = {"client_id": client_id, "client_secret": SECRETS[client_id], "grant_type": grant, "scope": "api"}
        (answer,) = self._at_once(TOKEN, form, 1)
        check_refusal(answer, "unauthorized_client" if grant == "client_credentials" else "unsupported_grant_type")

    def _at_once(self, path: str, form: Mapping[str, str], times: int, *headers: tuple[str, str]) -> list[Answer]:
        async def send() -> list[Answer]:
            messages = [request("POST", path, *headers, form=form) for _ in range(times)]
            return await asyncio.gather(*(ask(self.stage, message) for message in messages))

        return self.runner.run(send())

    # Using them

    @precondition(lambda self: self.ledger.access)
    @rule(which=WHICH, where=st.sampled_from(["api", "userinfo", "upload"]))
    def call(self, which: int, where: str) -> None:
        """A token opens the API while it lives; then it is 401, for uploads 403; user information waits longer."""
        token = self.ledger.access[-1 - which % len(self.ledger.access)]
        alive, scopes = self.now < token.until, token.scopes
        if where == "api":
            answer = self.runner.run(ask(self.stage, request("GET", ROOT, bearer(token.value))))
            expected = 401 if not alive else 200 if "api" in scopes else 403
        elif where == "userinfo":
            answer = self.runner.run(ask(self.stage, request("GET", f"{OAUTH2}/connect/userinfo", bearer(token.value))))
            in_time = self.now <= token.until + LEEWAY
            expected = 401 if not in_time else 200 if "openid" in scopes else 403
            if answer.status == 200:
                assert json.loads(answer.body)["sub"] == token.subject
        else:
            body = json.dumps({"FolderId": FOLDER}).encode()
            answer = self.runner.run(ask(self.stage, request("POST", UPLOAD, bearer(token.value), body=body)))
            expected = 201 if alive and "api" in scopes else 403
        assert answer.status == expected, f"{where}: {answer.status}, not {expected}"
        if expected in {401, 403}:
            assert answer.body == b""

    @rule(what=st.sampled_from(["code", "refresh", "made up"]))
    def call_with_something_else(self, what: str) -> None:
        """Nothing but an access token opens anything."""
        held = {"code": self.ledger.codes, "refresh": self.ledger.refresh}.get(what, [])
        value = held[-1].value if held else "made-up"
        for path, status in ((ROOT, 401), (f"{OAUTH2}/connect/userinfo", 401), (f"{UPLOAD}/{FOLDER}", 403)):
            answer = self.runner.run(ask(self.stage, request("GET", path, bearer(value))))
            assert (answer.status, answer.body) == (status, b""), path

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.stage.clock.advance(seconds)

    @rule(client_id=st.sampled_from([CLIENT_ID, "nobody", USER_BASED]), uri=st.sampled_from(["own", "evil"]))
    def ask_wrongly(self, client_id: str, uri: str) -> None:
        """Nobody is sent to an address that is not the client's: the person sees a page with status 200."""
        sent = REDIRECT_URI if uri == "own" else "https://evil.example/cb"
        asked = changed(ASKED, {"client_id": client_id, "redirect_uri": sent, "response_type": "token"})
        answer = self.runner.run(Browser(self.stage).open(asked))
        assert (answer.status, answer.header("Location")) == (200, None)
        assert "The client application is not known or is not authorized." in answer.body.decode()
