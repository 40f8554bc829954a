"""Who asks whom, and how it went, as the diagram draws it."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import pytest

from sparring.mocks.control.dashboard.rows import lanes, row

TITLES = {"panopto": "Panopto", "ingest": "Ingest"}
BROWSER, CLIENT, PROVIDER, API = 1, 2, 3, 4


def exchange(endpoint: str, **changes: Any) -> dict[str, Any]:
    """An exchange that went well."""
    return {
        "n": 7, "provider": "panopto", "endpoint": endpoint, "method": "GET", "url": "http://127.0.0.1:9404/x",
        "headers": [], "body": "", "status": 200, "response_headers": [], "response_body": "", "rule": "panopto/x",
        "mend": "", "at": 1_800_000_000.25, "facts": {}, "ended": True, "refused": False,
    } | changes  # fmt: skip


def drawn(endpoint: str, **changes: Any) -> dict[str, Any]:
    return row(exchange(endpoint, **changes), lanes(TITLES), TITLES)


@pytest.mark.parametrize(
    ("endpoint", "headers", "way"),
    [
        ("authorize", [], (BROWSER, PROVIDER)),
        ("login", [], (BROWSER, PROVIDER)),
        ("consent", [], (BROWSER, PROVIDER)),
        ("end-session", [], (BROWSER, PROVIDER)),
        ("token", [], (CLIENT, PROVIDER)),
        ("jwks", [], (CLIENT, PROVIDER)),
        ("discovery", [["accept", "text/html,*/*"]], (CLIENT, PROVIDER)),
        ("discovery", [["sec-fetch-dest", "document"]], (BROWSER, PROVIDER)),
        ("register", [], (CLIENT, PROVIDER)),
        ("userinfo", [["sec-fetch-mode", "cors"]], (CLIENT, PROVIDER)),
        ("api", [["accept", "application/json"]], (CLIENT, API)),
        ("folder-search", [], (CLIENT, API)),
        ("api", [["sec-fetch-mode", "navigate"]], (BROWSER, API)),
        ("unknown", [], (CLIENT, PROVIDER)),
    ],
)
def test_a_line_runs_from_who_asks_to_who_is_asked(endpoint: str, headers: Any, way: tuple[int, int]) -> None:
    made = drawn(endpoint, headers=headers)
    assert (made["from"], made["to"]) == way


def test_a_stage_of_one_provider_has_a_lane_in_its_name() -> None:
    assert [title for _, title in lanes({"panopto": "Panopto"}).names] == ["Browser", "Client", "Panopto", "API"]
    assert [title for _, title in lanes(TITLES).names] == ["Browser", "Client", "Provider", "API"]
    assert [title for _, title in lanes(TITLES, "ingest").names] == ["Browser", "Client", "Ingest", "API"]


def test_another_origin_is_drawn_where_providers_are() -> None:
    made = drawn("decoy", provider="decoy")
    assert (made["from"], made["to"], made["provider"]) == (CLIENT, PROVIDER, "decoy")


@pytest.mark.parametrize(
    ("changes", "tone", "answer"),
    [
        ({}, "fine", "200"),
        (
            {"status": 400, "refused": True, "response_body": '{"error":"invalid_grant"}'},
            "refused",
            "400 invalid_grant",
        ),
        ({"status": 400, "refused": True, "response_body": '{"error":{"code":1}}'}, "refused", "400"),
        ({"status": 400, "refused": True, "response_body": '{"error":'}, "refused", "400"),
        ({"facts": {"faults": ["x"]}}, "fault", "200"),
        ({"status": 302, "response_headers": [["location", "http://app/cb?code=1&state=2"]]}, "moved", "302"),
        ({"status": None, "refused": True}, "refused", "no answer"),
        ({"status": None, "ended": False}, "waiting", "waits"),
    ],
)
def test_an_answer_is_told_in_a_word_and_a_tone(changes: dict[str, Any], tone: str, answer: str) -> None:
    made = drawn("token", **changes)
    assert (made["tone"], made["answer"]) == (tone, answer)


@pytest.mark.parametrize(
    ("location", "onward"),
    [
        ("http://127.0.0.1:8000/cb?code=x&state=y", "callback: code, state"),
        ("http://127.0.0.1:8000/cb?error=access_denied&state=y", "callback: error, state"),
        ("http://127.0.0.1:8000/cb#access_token=x&id_token=y", "callback: id_token, access_token"),
        ("http://127.0.0.1:8000/", "callback"),
        ("http://127.0.0.1:9404/login", ""),
        ("/login?code=x", ""),
        ("http://[broken", ""),
    ],
)
def test_what_the_browser_carries_on_is_drawn_as_well(location: str, onward: str) -> None:
    sent = {"status": 302, "response_headers": [["location", location]]}
    assert drawn("consent", **sent)["onward"] == onward
    assert drawn("token", **sent)["onward"] == ""


def test_the_grant_stands_beside_the_request() -> None:
    form = [["content-type", "application/x-www-form-urlencoded; charset=utf-8"]]
    assert drawn("token", headers=form, body="grant_type=refresh_token&x=1")["with"] == "refresh_token"
    assert drawn("token", headers=[], body="grant_type=refresh_token")["with"] == ""
    assert drawn("authorize", url="http://127.0.0.1/a?response_type=code")["with"] == "code"
    assert len(drawn("authorize", url="http://127.0.0.1/a?response_type=" + "x" * 999)["with"]) == 40


def test_the_worst_remark_is_shown_and_how_many_there_are() -> None:
    notes = [{"exchange": 7, "verdict": verdict} for verdict in ("WARN", "FAIL")] + [{"exchange": 8, "verdict": "FAIL"}]
    made = row(exchange("token"), lanes(TITLES), TITLES, notes)
    assert made["lint"] == {"text": "lint FAIL x2", "tone": "bad"}
    assert drawn("token")["lint"] is None
    assert drawn("token")["at"] == "08:00:00.250"
