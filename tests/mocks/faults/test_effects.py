"""Each effect as it shows through a stage."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import json
import socket
import struct
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.messages import Answer, json_answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.json_patch import JsonPatch
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import About, Place
from sparring.mocks.faults.wire import Close, Hang, Reset, WireEffect
from sparring.mocks.stage import Stage
from tests.mocks.faults.test_schema import JSON, OPERATIONS
from tests.mocks.providers.ingest.talk import APPLICATION, Browser, location, token_request
from tests.mocks.stages import START, ask, in_loop, open_stage

TOKEN = {"endpoint": "token"}
SCENE = cast("Scene", SimpleNamespace(places={"base": "https://here"}))  # they look at nothing else


async def _stage(effect: dict[str, Any], **members: Any) -> Stage:
    stage = await open_stage()
    stage.faults.add({"id": "f", "match": TOKEN, "effect": effect} | members)
    return stage


def _fired(stage: Stage) -> list[list[str]]:
    return [exchange.request.facts.faults for exchange in stage.recorder.select()]


def _issued(stage: Stage) -> int:
    return sum(len(exchange.request.facts.issued) for exchange in stage.recorder.select())


@pytest.mark.parametrize(("when", "issued"), [("before", 0), ("after", 1)])
def test_replace_comes_before_or_after_the_state_changed(when: str, issued: int) -> None:
    @in_loop
    async def run() -> None:
        effect = {"kind": "replace", "status": 503, "headers": {"Retry-After": "7"}, "body": {"b": 1, "a": "é"}}
        stage = await _stage(effect, match=TOKEN | {"when": when})
        answer = await ask(stage, token_request(APPLICATION))
        assert answer.status == 503
        assert answer.body == b'{"b":1,"a":"\\u00e9"}'
        assert answer.headers[:2] == (("Retry-After", "7"), ("Content-Type", "application/json"))
        assert answer.header("content-length") == str(len(answer.body))
        assert answer.rule.id == "sparring/fault/replace"
        assert (_fired(stage), _issued(stage)) == ([["f"]], issued)
        assert (await ask(stage, token_request(APPLICATION))).status == 200

    run()


@in_loop
async def test_replace_with_text_and_a_content_type_of_its_own() -> None:
    stage = await _stage({"kind": "replace", "headers": {"content-type": "text/html"}, "body": "<p>"})
    answer = await ask(stage, token_request(APPLICATION))
    assert (answer.status, answer.body, answer.header("Content-Type")) == (200, b"<p>", "text/html")
    stage = await _stage({"kind": "replace"})
    assert (await ask(stage, token_request(APPLICATION))).header("Content-Type") == "text/plain; charset=utf-8"


@in_loop
async def test_redirect_fills_in_the_other_origin_and_the_own_one() -> None:
    stage = await _stage({"kind": "redirect", "to": "{decoy}/token?from={base}&{else}", "status": 308})
    answer = await ask(stage, token_request(APPLICATION))
    decoy, base = (stage.houses[name].desk.base_url for name in ("decoy", "ingest"))
    assert decoy != base
    assert (answer.status, answer.header("Location")) == (308, f"{decoy}/token?from={base}&{{else}}")
    assert (answer.rule.id, _fired(stage), _issued(stage)) == ("sparring/fault/redirect", [["f"]], 0)


@in_loop
async def test_json_patch_keeps_the_order_of_members() -> None:
    ops = [
        {"op": "replace", "path": "/expires_in", "value": 60},
        {"op": "add", "path": "/token_type", "value": "mac"},
        {"op": "remove", "path": "/scope"},
        {"op": "add", "path": "/zusatz", "value": "ü"},
    ]
    stage = await _stage({"kind": "json-patch", "ops": ops})
    answer = await ask(stage, token_request(APPLICATION))
    document = json.loads(answer.body)
    assert list(document) == ["access_token", "token_type", "expires_in", "zusatz"]
    assert (document["token_type"], document["expires_in"], document["zusatz"]) == ("mac", 60, "ü")
    assert answer.header("Content-Length") == str(len(answer.body))
    assert answer.header("Cache-Control") == "no-store"
    assert answer.rule.id == "ingest/token/application-token"
    assert _fired(stage) == [["f"]]


@pytest.mark.parametrize("ops", [[{"op": "remove", "path": "/none"}], [{"op": "test", "path": "", "value": 1}]])
def test_json_patch_without_a_place_leaves_the_answer_and_notes_nothing(ops: list[dict[str, Any]]) -> None:
    @in_loop
    async def run() -> None:
        stage, plain = await _stage({"kind": "json-patch", "ops": ops}), await open_stage()
        assert await ask(stage, token_request(APPLICATION)) == await ask(plain, token_request(APPLICATION))
        assert _fired(stage) == [[]]

    run()


@given(JSON, st.lists(OPERATIONS, max_size=3))
def test_no_patch_breaks_an_answer(document: object, ops: list[dict[str, Any]]) -> None:
    given_answer = json_answer(Rule("trainer/rule", Mark.DOC, "a test"), document)
    patched = JsonPatch(ops).answer(given_answer, SCENE)
    assert patched is not None
    json.loads(patched.body)


def test_json_patch_knows_the_addresses_of_the_stage() -> None:
    effect = JsonPatch([{"op": "replace", "path": "/issuer", "value": "{base}/realm/"}])
    given_answer = json_answer(Rule("trainer/rule", Mark.DOC, "a test"), {"issuer": "https://here/realm"})
    assert effect.answer(given_answer, SCENE).body == b'{"issuer":"https://here/realm/"}'  # type: ignore[union-attr]


@in_loop
async def test_json_patch_writes_half_a_surrogate_pair_as_json_can() -> None:
    ops = [{"op": "add", "path": "/é\ud800", "value": "é\udfff"}]
    stage = await _stage({"kind": "json-patch", "ops": ops})
    answer = await ask(stage, token_request(APPLICATION))
    assert answer.status == 200
    assert answer.body.endswith('"é\\ud800":"é\\udfff"}'.encode())
    assert json.loads(answer.body)["é\ud800"] == "é\udfff"


def test_json_patch_leaves_what_is_no_json() -> None:
    page = Answer(status=200, rule=Rule("trainer/rule", Mark.DOC, "a test"), body=b"\xff<p>")
    effect = JsonPatch([{"op": "add", "path": "", "value": 1}])
    assert effect.answer(page, SCENE) is page
    assert effect.answer(None, SCENE) is None


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ({"drop": ["state"]}, [("code", "*")]),
        ({"set": {"state": "forged"}}, [("code", "*"), ("state", "forged")]),
        ({"drop": ["state"], "set": {"state": "forged"}}, [("code", "*"), ("state", "forged")]),
        ({"drop": ["code"], "set": {"error": "server_error"}}, [("state", "s & 1"), ("error", "server_error")]),
        (
            {"set": {"iss": "https://evil.example/?a=b"}},
            [("code", "*"), ("state", "s & 1"), ("iss", "https://evil.example/?a=b")],
        ),
        ({"repeat": {"code": "other"}}, [("code", "*"), ("state", "s & 1"), ("code", "*")]),
        ({"append": {"state": "/"}}, [("code", "*"), ("state", "s & 1/")]),
        (
            {"set": {"iss": "https://idp.example:1/a/b"}, "append": {"iss": "/"}, "shout": ["iss"]},
            [("code", "*"), ("state", "s & 1"), ("iss", "HTTPS://IDP.EXAMPLE:1/a/b/")],
        ),
        ({"set": {"code": "garbage"}}, [("code", "*"), ("state", "s & 1")]),
    ],
)
def test_the_authorization_response_is_altered(effect: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    @in_loop
    async def run() -> None:
        kind = {"kind": "authorization-response"}
        stage = await _stage(kind | effect, match={"endpoint": "consent"}, times=None)
        for _ in range(2):
            answer = await Browser(stage).consent({"state": "s & 1"})
            sent = [(name, "*" if name == "code" else value) for name, value in location(answer).params]
            assert sent == expected
        assert [found for found in _fired(stage) if found] == [["f"], ["f"]]

    run()


@in_loop
async def test_the_authorization_response_can_stand_in_the_fragment() -> None:
    effect = {"kind": "authorization-response", "in_fragment": True}
    stage = await _stage(effect, match={"endpoint": "consent"})
    target = (await Browser(stage).consent({"state": "s & 1"})).header("Location") or ""
    uri, _, fragment = target.partition("#")
    assert uri == "https://mywebsite.com/oauth/ingest"
    assert [name for name, _ in parse_qsl(fragment)] == ["code", "state"]
    assert ("state", "s & 1") in parse_qsl(fragment)


def _claims(token: str) -> dict[str, Any]:
    decoded: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return decoded


@pytest.mark.parametrize(("signature", "verifies"), [("kept", True), ("flipped", False), ("stranger", False)])
def test_a_token_is_poisoned_and_everything_else_is_not(signature: str, verifies: bool) -> None:
    @in_loop
    async def run() -> None:
        effect = {
            "kind": "poison-token",
            "token": "access_token",
            "signature": signature,
            "set": {"iss": "https://evil.example", "exp": {"now": -60}},
            "drop": ["ntw"],
        }
        stage, plain = await _stage(effect), await open_stage()
        poisoned, good = [json.loads((await ask(one, token_request(APPLICATION))).body) for one in (stage, plain)]
        token, own = poisoned.pop("access_token"), good.pop("access_token")
        assert poisoned == good
        expected = _claims(own) | {"iss": "https://evil.example", "exp": int(START) - 60}
        del expected["ntw"]
        assert _claims(token) == expected
        assert jwt.get_unverified_header(token) == jwt.get_unverified_header(own)
        public = stage.houses["ingest"].desk.keys[0].public
        options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
        try:
            jwt.decode(token, public, algorithms=["RS256"], options=options)
            verified = True
        except jwt.InvalidSignatureError:
            verified = False
        assert verified == verifies
        assert _fired(stage) == [["f"]]

    run()


@in_loop
async def test_where_no_token_is_nothing_is_poisoned() -> None:
    stage, plain = await _stage({"kind": "poison-token", "signature": "flipped"}), await open_stage()
    assert await ask(stage, token_request(APPLICATION)) == await ask(plain, token_request(APPLICATION))
    assert _fired(stage) == [[]]


@in_loop
async def test_the_authorization_response_of_a_refusal_is_altered_too() -> None:
    effect = {"kind": "authorization-response", "drop": ["state"]}
    stage = await _stage(effect, match={"endpoint": "authorize"})
    answer = await Browser(stage).open({"state": "s", "scope": "a b"})
    assert [name for name, _ in location(answer).params] == ["error", "error_description"]


@pytest.mark.parametrize(("kind", "effect"), [("hang", Hang), ("close", Close), ("reset", Reset)])
@pytest.mark.parametrize(("when", "issued"), [("before", 0), ("after", 1)])
def test_a_wire_fault_leaves_no_answer(kind: str, effect: type[WireEffect], when: str, issued: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await _stage({"kind": kind}, match=TOKEN | {"when": when})
        exchange, wire = await stage.respond("ingest", token_request(APPLICATION))
        assert isinstance(wire, effect)
        assert exchange.answer is None
        assert exchange.as_json()["status"] is None
        assert (_fired(stage), _issued(stage)) == ([["f"]], issued)
        assert (await ask(stage, token_request(APPLICATION))).status == 200

    run()


@in_loop
async def test_a_person_who_denies_is_the_user_agents_business() -> None:
    stage = await _stage({"kind": "person-denies"}, match={})
    assert (await ask(stage, token_request(APPLICATION))).status == 200
    about = About(provider="ingest", endpoint="consent")
    assert [fault.id for fault in await stage.faults.fire(Place.AGENT, about)] == ["f"]
    assert await stage.faults.fire(Place.AGENT, about) == []


@in_loop
async def test_a_fault_can_be_meant_for_one_client_by_either_way_of_authentication() -> None:
    stage = await _stage({"kind": "replace", "status": 503}, match={"client": "IngestNetwork123"}, times=None)
    for style in ("query", "body", "basic"):
        assert (await ask(stage, token_request(APPLICATION, style=style))).status == 503
    assert (await ask(stage, token_request(APPLICATION | {"client_id": "other"}))).status == 401


class _Transport(asyncio.Transport):
    """Remembers what was done to it."""

    def __init__(self, sock: socket.socket | None = None) -> None:
        super().__init__(None if sock is None else {"socket": sock})
        self.done: list[str] = []

    def close(self) -> None:
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")

    def is_closing(self) -> bool:
        self.done.append("asked")
        return len(self.done) > 2


@in_loop
async def test_what_wire_faults_do_to_a_connection() -> None:
    closed = _Transport()
    await Close().play(closed)
    assert closed.done == ["close"]
    hanging = _Transport()
    await Hang().play(hanging)
    assert set(hanging.done) == {"asked"}
    with socket.socket() as sock:
        aborted = _Transport(sock)
        await Reset().play(aborted)
        assert aborted.done == ["abort"]
        linger = sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
        assert struct.unpack("ii", linger) == (1, 0)
    no_socket = _Transport()
    await Reset().play(no_socket)
    assert no_socket.done == ["abort"]


@in_loop
async def test_a_wire_effect_says_itself_what_it_does() -> None:
    with pytest.raises(NotImplementedError):
        await WireEffect().play(cast("asyncio.Transport", None))
