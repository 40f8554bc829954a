"""An HTTP archive becomes a scenario: what was refused or lost elsewhere goes wrong at the same requests here."""

# ruff: noqa: D103 - the names are sentences

import json
import math
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from sparring.mocks.control.archive import from_har
from sparring.mocks.control.interface import Control, ControlError
from tests.mocks.control.asking import ask_token

pytestmark = pytest.mark.anyio
SECRET, REFRESH = "their-own-client-secret", "their-own-refresh-token-value"
TOKEN_URL = "https://login.ingest.io/token"


def entry(
    at: str,
    url: str = TOKEN_URL,
    *,
    grant: str = "refresh_token",
    status: int = 200,
    body: Any = "",
    headers: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One entry as a browser or a proxy writes it."""
    form = {"grant_type": grant, "client_secret": SECRET, "refresh_token": REFRESH}
    text = body if isinstance(body, str) else json.dumps(body)
    return {
        "startedDateTime": f"2027-01-15T08:{at}.000Z",
        "request": {
            "method": "POST",
            "url": url,
            "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": urlencode(form)},
        },
        "response": {
            "status": status,
            "headers": [{"name": name, "value": value} for name, value in (headers or {}).items()],
            "content": {"text": text},
        },
        **more,
    }


def archive(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": "a browser", "version": "1"}, "entries": list(entries)}}


def test_what_went_wrong_is_pinned_to_its_request() -> None:
    refusal = {"error": "invalid_grant", "error_description": f"{REFRESH} is used"}
    headers = {"Content-Type": "application/json", "Retry-After": "9", "Server": "nginx", "Content-Length": "77"}
    document = from_har(
        archive(
            entry("00:00", grant="authorization_code"),
            entry("00:01", "https://cdn.example/token", status=500),
            entry("00:02"),
            entry("10:02", status=0),
            entry("10:03", status=400, body=refusal, headers=headers),
        ),
        "forced-login",
    )
    at = {"provider": "ingest", "endpoint": "token", "grant": "refresh_token"}
    assert (document["id"], document["stage"]) == ("forced-login", {"providers": ["ingest"]})
    assert document["clock"] == {"start": 1_800_000_000}
    pause, lost, refused = document["faults"]
    assert (pause["match"], pause["effect"]) == (
        at | {"attempt": 2, "when": "before"},
        {"kind": "time-passes", "seconds": 600},
    )
    assert (lost["match"], lost["effect"]) == (at | {"attempt": 2, "when": "after"}, {"kind": "close"})
    assert refused["match"] == at | {"attempt": 3, "when": "before"}
    assert (refused["effect"]["status"], refused["effect"]["headers"]) == (
        400,
        {"content-type": "application/json", "retry-after": "9"},
    )
    said = json.loads(refused["effect"]["body"])
    assert said["error"] == "invalid_grant"
    assert said["error_description"].startswith("refresh_token:")
    assert [line["status"] for line in document["recorded"]] == [200, 200, None, 400]
    assert [line.get("faults") for line in document["recorded"]] == [None, None, ["answer-3"], ["answer-4"]]
    text = json.dumps(document)
    assert SECRET not in text
    assert REFRESH not in text


async def test_it_goes_on_stage(control: Control, http: httpx2.AsyncClient) -> None:
    busy = entry("00:01", grant="client_credentials", status=503, body="later", headers={"Retry-After": "7"})
    document = from_har(archive(entry("00:00", grant="client_credentials"), busy), "busy")
    stage = await control.open_stage({"scenario": document})
    answers = [await ask_token(http, stage) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 503, 200]
    assert (answers[1].text, answers[1].headers["retry-after"]) == ("later", "7")
    assert 1_800_000_000 <= (await control.clock(stage["id"]))["now"] < 1_800_000_060


async def test_our_own_archive_leaves_to_the_fakes_what_is_theirs(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest"]})
    match = {"endpoint": "token", "attempt": 2, "when": "after"}
    await control.add_fault(stage["id"], {"match": match, "effect": {"kind": "close"}})
    match = {"endpoint": "token", "attempt": 4}
    await control.add_fault(stage["id"], {"match": match, "effect": {"kind": "unavailable"}})

    async def story(info: Any) -> list[int | None]:
        seen: list[int | None] = []
        for scope in ("read_videos", "read_videos", "nonsense", "read_videos"):
            try:
                seen.append((await ask_token(http, info, scope=scope)).status_code)
            except httpx2.TransportError:
                seen.append(None)
        return seen

    assert await story(stage) == [200, None, 400, 503]
    document = from_har(await control.har(stage["id"]), "ours")
    assert [fault["effect"]["kind"] for fault in document["faults"]] == ["close", "replace"]
    assert [fault["match"]["when"] for fault in document["faults"]] == ["after", "before"]
    other = await control.open_stage({"scenario": document})
    assert await story(other) == [200, None, 400, 503]
    rules = [each["rule"] for each in await control.recording(other["id"])]
    assert rules[2] == "ingest/token/scope-invalid"


@pytest.mark.parametrize(
    "nonsense",
    [
        *({}, [], None, 3, {"log": 3}, {"log": {"entries": [{}]}}),
        archive({**entry("00:00"), "startedDateTime": "noon"}),
        archive(entry("00:00", status=math.inf)),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_archive_is_told_in_one_sentence(nonsense: Any) -> None:
    with pytest.raises(ControlError, match=r"^this is no HTTP archive: "):
        from_har(nonsense, "x")


def test_an_archive_of_other_hosts_is_told() -> None:
    with pytest.raises(ControlError, match="no request of this archive went to a host of a provider"):
        from_har(archive(entry("00:00", "https://cdn.example/token")), "x")
