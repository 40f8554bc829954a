"""A recording as an HTTP archive, member by member as HAR 1.2 demands them."""

# ruff: noqa: D103 - the names are sentences

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.recorder.har import har
from sparring.mocks.recorder.recorder import Recorder
from sparring.mocks.recorder.redact import Redactor
from tests.mocks.stages import START, Wall, request

RULE = Rule("trainer/rule", Mark.DOC, "a source")
PAIR = {"name": str, "value": str}
TIMINGS = {"send": (int, float), "wait": (int, float), "receive": (int, float)}
REQUEST = {
    "method": str,
    "url": str,
    "httpVersion": str,
    "cookies": [PAIR],
    "headers": [PAIR],
    "queryString": [PAIR],
    "headersSize": int,
    "bodySize": int,
}
RESPONSE = {
    "status": int,
    "statusText": str,
    "httpVersion": str,
    "cookies": [PAIR],
    "headers": [PAIR],
    "content": {"size": int, "mimeType": str},
    "redirectURL": str,
    "headersSize": int,
    "bodySize": int,
}
ENTRY = {
    "startedDateTime": str,
    "time": (int, float),
    "request": REQUEST,
    "response": RESPONSE,
    "cache": {},
    "timings": TIMINGS,
}
REQUIRED = {"log": {"version": str, "creator": {"name": str, "version": str}, "entries": [ENTRY]}}
"""The members that the format's description (HAR 1.2) does not call optional, and their types."""

KNOWN = {
    "log": {"version", "creator", "browser", "pages", "entries", "comment"},
    "entries": {*ENTRY, "pageref", "serverIPAddress", "connection", "comment"},
    "request": {*REQUEST, "postData", "comment"},
    "response": {*RESPONSE, "comment"},
    "content": {"size", "compression", "mimeType", "text", "encoding", "comment"},
    "postData": {"mimeType", "params", "text", "comment"},
}


def fits(document: object, wanted: Any, name: str = "") -> None:
    """Hold a document against required members."""
    if isinstance(wanted, Mapping):
        assert isinstance(document, dict), name
        for member, kind in wanted.items():
            assert member in document, f"{name}.{member}"
            fits(document[member], kind, member)
        strange = {member for member in document if not member.startswith("_")} - KNOWN.get(name, set(document))
        assert not strange, name
    elif isinstance(wanted, list):
        assert isinstance(document, list), name
        for item in document:
            fits(item, wanted[0], name)
    else:
        assert isinstance(document, wanted), name
        assert not isinstance(document, bool), name


def archive() -> dict[str, Any]:
    ticks = iter([0.0, 0.25, 1.0, 1.5])
    recorder = Recorder(Wall(), lambda: next(ticks))
    message = request(
        "POST", "/token?a=b%20c&d=", ("cookie", "s=0123456789abcdef; t=2"), form={"code": "0123456789abcdef-code"}
    )
    answered = recorder.begin("ingest", "token", message, connection=7)
    answered.answer = Answer(
        status=302,
        rule=RULE,
        headers=(("Content-Type", "text/plain"), ("Location", "/next"), ("Set-Cookie", "s=1; Path=/")),
        body=b"hello",
    )
    recorder.end(answered)
    recorder.end(recorder.begin("ingest", "api", request("GET", "/")))
    reader = Redactor()
    return har([(reader.exchange(each.as_json()), each.took) for each in recorder.select()])


def test_every_required_member_is_there_and_none_is_made_up() -> None:
    document = json.loads(json.dumps(archive()))
    fits(document, REQUIRED)
    for entry in document["log"]["entries"]:
        assert datetime.fromisoformat(entry["startedDateTime"]).timestamp() == START
        assert entry["time"] == sum(entry["timings"].values())


def test_an_entry_tells_the_exchange() -> None:
    first, second = archive()["log"]["entries"]
    assert (first["time"], first["connection"], first["_sparring"]["rule"]) == (250.0, "7", "trainer/rule")
    assert [entry["_sparring"]["elapsed"] for entry in (first, second)] == [0.0, 1.0]
    assert first["request"]["queryString"] == [{"name": "a", "value": "b c"}, {"name": "d", "value": ""}]
    assert [cookie["name"] for cookie in first["request"]["cookies"]] == ["s", "t"]
    assert first["request"]["postData"]["mimeType"] == "application/x-www-form-urlencoded"
    assert first["request"]["postData"]["text"].startswith("code=code:")
    assert (first["response"]["status"], first["response"]["statusText"]) == (302, "Found")
    assert first["response"]["redirectURL"] == "/next"
    assert first["response"]["content"] == {"size": 5, "mimeType": "text/plain", "text": "hello"}
    assert (second["response"]["status"], second["time"], "postData" in second["request"]) == (0, 500.0, False)


def test_nothing_private_is_in_it() -> None:
    text = json.dumps(archive())
    assert "0123456789abcdef" not in text
    assert '"1; Path' not in text
