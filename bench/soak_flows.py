"""What the clients of a soak do, over and over: good ones, such as meet faults, and such as mean no good."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bench.soak_bounds import Measured
from bench.soak_lines import PATIENCE, Answer, Line, NoAnswerError
from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent
from sparring.mocks.control.client import HttpControl

Info = dict[str, Any]
PAUSE = (0.2, 1.0)
"""Seconds between two requests of a good client, at least and at most."""
RENEWALS = 4
"""Of the tokens of one login."""
REST = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
"""Headers that the API of a provider wants beside the token."""
FAULTS: tuple[tuple[dict[str, Any], int | None], ...] = (
    ({"kind": "unavailable"}, 503),
    ({"kind": "close"}, None),
    ({"kind": "reset"}, None),
    ({"kind": "garbage"}, None),
    ({"kind": "cut"}, None),
    ({"kind": "delay", "seconds": 0.2}, 200),
    ({"kind": "status", "status": 500}, 500),
)
"""Effects that a client notices by a status, or (None) by there being no answer."""


class Soaking:
    """What all clients share: the server's ready file as a document, and where what they find is noted."""

    def __init__(self, document: Info, measured: Measured, until: float) -> None:
        self.document = document
        self.measured = measured
        self.until = until

    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.until

    def count(self, flow: str) -> None:
        """One more of those."""
        self.measured.flows[flow] = self.measured.flows.get(flow, 0) + 1

    async def good(self, line: Line, method: str, url: str, expected: int, **sent: Any) -> Answer | None:
        """A request that has nothing to fear: timed, and noted where it is not answered as expected."""
        began = time.perf_counter()
        try:
            answer = await line.ask(method, url, **sent)
        except NoAnswerError as error:
            self.measured.unasked.append(f"{method} {url}: {error}")
            return None
        self.measured.good.append(time.perf_counter() - began)
        if answer[0] != expected:
            self.measured.unasked.append(f"{method} {url}: {answer[0]} {answer[2][:200]!r}")
            return None
        return answer


class Client:
    """One client of many; ``dice`` is its own. What takes long to make, a browser say, it keeps for its whole life."""

    def __init__(self, soaking: Soaking, dice: Random) -> None:
        self.soaking = soaking
        self.dice = dice
        self._agent: UserAgent | None = None
        self._control: HttpControl | None = None

    async def browser(self) -> UserAgent:
        """A browser without cookies."""
        if self._agent is None:
            origins = tuple(info["base_url"] for info in self.soaking.document["providers"].values())
            self._agent = UserAgent(person=Person("nobody", ""), origins=origins, timeout=PATIENCE)
        await self._agent.clear(0)
        return self._agent

    def control(self) -> HttpControl:
        """The control port."""
        if self._control is None:
            self._control = HttpControl(self.soaking.document["control_url"])
        return self._control

    async def close(self) -> None:
        """Close every connection."""
        if self._agent is not None:
            await self._agent.close()
        if self._control is not None:
            await self._control.close()


Flow = Callable[[Client], Awaitable[None]]


def _form(info: Info, **more: str) -> dict[str, str]:
    return {name: info[name] for name in ("client_id", "client_secret")} | more


async def _pause(dice: Random) -> None:
    await asyncio.sleep(dice.uniform(*PAUSE))


async def by_itself(client: Client) -> None:
    """Tokens by client credentials, each used once."""
    soaking, dice = client.soaking, client.dice
    name, info = dice.choice(
        [each for each in soaking.document["providers"].items() if "client_credentials" in each[1]["grants"]]
    )
    line = Line(info["base_url"])
    try:
        for _ in range(10):
            form = _form(info, grant_type="client_credentials", scope=info["scope"])
            answer = await soaking.good(line, "POST", info["endpoints"]["token"], 200, form=form)
            if answer is None or soaking.over():
                return
            soaking.count(f"{name}, client credentials")
            token = json.loads(answer[2])["access_token"]
            if "api" in info["endpoints"]:
                headers = {"Authorization": f"Bearer {token}", **REST.get(name, {})}
                with suppress(NoAnswerError):
                    status, _, _ = await line.ask("GET", info["endpoints"]["api"], headers)
                    if status >= 500:
                        soaking.measured.unasked.append(f"{name} API: {status}")
            await _pause(dice)
    finally:
        line.close()


async def by_a_person(client: Client) -> None:
    """A login in a browser, the code exchanged, and the tokens renewed a few times."""
    soaking, dice = client.soaking, client.dice
    houses = soaking.document["providers"]
    name = dice.choice([each for each, info in houses.items() if "authorization_code" in info["grants"]])
    info: Info = houses[name]
    redirect_uri = info["redirect_uris"][0]
    asked = {"response_type": "code", "client_id": info["client_id"], "redirect_uri": redirect_uri}
    asked |= {"scope": info["scope"], "state": "soak", "nonce": "soak"}
    user = info["users"][0]
    person = Person(user["username"], user["password"])
    agent, url = await client.browser(), f"{info['endpoints']['authorize']}?{urlencode(asked)}"
    visit = await agent.visit(url, [redirect_uri], by_http=False, person=person)
    code = dict(parse_qsl(urlsplit(visit.callback or "").query)).get("code")
    if code is None:
        soaking.measured.unasked.append(f"{name}, login: {visit.problem or visit.callback}")
        return
    line, token_url = Line(info["base_url"]), info["endpoints"]["token"]
    form = _form(info, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)
    try:
        for _ in range(1 + RENEWALS):
            answer = await soaking.good(line, "POST", token_url, 200, form=form)
            if answer is None:
                return
            soaking.count(f"{name}, {form['grant_type']}")
            refresh_token = json.loads(answer[2]).get("refresh_token")
            if refresh_token is None or soaking.over():
                return
            form = _form(info, grant_type="refresh_token", refresh_token=refresh_token)
            await _pause(dice)
    finally:
        line.close()


async def on_a_stage(client: Client) -> None:
    """A stage of its own, opened, on which a fault strikes and is taken off; then all is well, and it is dropped."""
    soaking, dice = client.soaking, client.dice
    control = client.control()
    stage = await control.open_stage({"providers": ["ingest"]})
    info = stage["providers"]["ingest"]
    line, effect = Line(info["base_url"]), dice.choice(FAULTS)
    try:
        fault = {"match": {"endpoint": "token"}, "effect": effect[0], "times": None}
        made = await control.add_fault(stage["id"], fault)
        form = _form(info, grant_type="client_credentials", scope=info["scope"])
        try:
            status = (await line.ask("POST", info["endpoints"]["token"], form=form))[0]
        except (NoAnswerError, ValueError, IndexError):
            status = None
        soaking.measured.faults += 1
        if status != effect[1]:
            soaking.measured.unasked.append(f"the fault {effect[0]} came as {status}")
        line.close()
        await control.remove_faults(stage["id"], made["id"])
        await soaking.good(line, "POST", info["endpoints"]["token"], 200, form=form)
        soaking.count("a stage with a fault")
    finally:
        line.close()
        await control.close_stage(stage["id"])


async def slowly(client: Client) -> None:
    """A request that comes a letter at a time, and never to an end (slow-loris)."""
    soaking, dice = client.soaking, client.dice
    info = dice.choice(list(soaking.document["providers"].values()))
    url = urlsplit(dice.choice((info["base_url"], soaking.document["control_url"])))
    with suppress(OSError):
        _, writer = await asyncio.open_connection(url.hostname, url.port)
        try:
            for letter in b"POST /token HTTP/1.1\r\nHost: slow\r\nX-Slow: " + b"a" * 30:
                if soaking.over() or writer.is_closing():
                    break
                writer.write(bytes([letter]))
                await writer.drain()
                await asyncio.sleep(dice.uniform(0.1, 0.5))
        finally:
            writer.transport.abort()
        soaking.count("slow-loris")


async def half_open(client: Client) -> None:
    """A connection on which half a request comes, or nothing at all, for a while; then it ends, or is reset."""
    soaking, dice = client.soaking, client.dice
    info = dice.choice(list(soaking.document["providers"].values()))
    url = urlsplit(dice.choice((info["base_url"], soaking.document["control_url"])))
    with suppress(OSError):
        _, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(
            dice.choice(
                (b"", b"\x16\x03\x01", b"GET / HTTP/1.1\r\nHo", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
            )
        )
        await asyncio.sleep(min(dice.uniform(0.5, 10), max(0.0, soaking.until - time.monotonic())))
        if dice.random() < 0.5:
            writer.transport.abort()
        else:
            writer.close()
        soaking.count("half-open")


FLOWS: tuple[tuple[Flow, int], ...] = ((by_itself, 10), (by_a_person, 5), (on_a_stage, 2), (slowly, 2), (half_open, 1))
"""What clients do, and how many of twenty do it."""
