"""Recordings of the control port's: hidden values are compared by fingerprint, and nothing is read into them."""

# ruff: noqa: D103 - the names are sentences

import json
from pathlib import Path
from typing import Any

from sparring.harness.reports import RunReport
from sparring.harness.traffic.recording import read_recording
from sparring.harness.traffic.verdicts import report_on
from sparring.mocks.recorder.redact import Redactor
from tests.harness.traffic.archives import blamed, verdict

Json = dict[str, Any]
BASE = "https://127.0.0.1:9405"
FORM = [["content-type", "application/x-www-form-urlencoded"]]
SECRET = "made-up-client-secret-0815"
ACCESS = "made-up-access-token-0815"


def exchange(n: int, endpoint: str, method: str, path: str, **more: Any) -> Json:
    made: Json = {
        "n": n,
        "provider": "ingest",
        "endpoint": endpoint,
        "method": method,
        "url": BASE + path,
        "headers": [],
        "body": "",
        "status": 200,
        "response_headers": [],
        "response_body": "",
        "rule": "",
        "at": 1_800_000_000.0 + n,
        "elapsed": float(n),
        "facts": {},
    }
    return made | more


def token(n: int, body: Any, **more: Any) -> Json:
    answer = json.dumps({"access_token": ACCESS, "token_type": "Bearer"})
    return exchange(n, "token", "POST", "/token", headers=FORM, body=body, response_body=answer, **more)


def call(n: int, authorization: str, **more: Any) -> Json:
    return exchange(n, "api", "GET", "/videos", headers=[["authorization", authorization]], **more)


def judged(folder: Path, *exchanges: Json, redacted: bool) -> RunReport:
    reader = Redactor()
    for each in exchanges:
        reader.learn(each)
    path = folder / "recording.json"
    shown = [reader.exchange(each) for each in exchanges] if redacted else list(exchanges)
    path.write_text(json.dumps({"exchanges": shown}))
    return report_on(read_recording(path))


GOOD = f"grant_type=client_credentials&client_id=app&client_secret={SECRET}"


def test_a_body_that_is_no_text_is_not_taken_for_an_empty_form(tmp_path: Path) -> None:
    octets = {"base64": "/w=="}
    assert verdict(judged(tmp_path, token(1, octets), redacted=True), "token-content-type")[0] == "SKIP"


def test_a_header_that_is_one_fingerprint_may_have_been_a_bare_bearer(tmp_path: Path) -> None:
    entries = [token(1, GOOD), call(2, "Bearer", status=401)]
    for redacted in (False, True):
        assert blamed(judged(tmp_path, *entries, redacted=redacted)) == {}


def test_a_state_with_a_secret_in_it_is_not_called_short(tmp_path: Path) -> None:
    query = (
        f"response_type=code&client_id=app&redirect_uri=https%3A%2F%2Fx%2Fcb&state={SECRET}&code_challenge={'c' * 43}"
    )
    login = exchange(1, "authorize", "GET", f"/authorize?{query}&code_challenge_method=S256")
    report = judged(tmp_path, login, token(2, GOOD), redacted=True)
    assert verdict(report, "state-is-fresh-and-random")[0] == "SKIP"


def test_a_token_in_a_url_is_found_by_its_fingerprint(tmp_path: Path) -> None:
    entries = [
        token(1, GOOD),
        exchange(2, "api", "GET", f"/videos?q={ACCESS}", headers=[["authorization", f"Bearer {ACCESS}"]]),
    ]
    raw, redacted = (judged(tmp_path, *entries, redacted=each) for each in (False, True))
    assert blamed(raw) == blamed(redacted) == {"secret-never-in-url": "FAIL"}
    told = verdict(redacted, "secret-never-in-url")[1]
    assert told.startswith(verdict(raw, "secret-never-in-url")[1])
    assert told.endswith("fingerprints in the place of secrets: these were compared.")


def test_a_burst_is_one_and_a_slow_repeat_is_none(tmp_path: Path) -> None:
    fast = [call(n, f"Bearer {ACCESS}", status=500, elapsed=n / 100) for n in range(1, 6)]
    slow = [call(n, f"Bearer {ACCESS}", status=500) for n in range(1, 6)]
    assert blamed(judged(tmp_path, *fast, redacted=True)) == {"request-budget": "WARN"}
    assert blamed(judged(tmp_path, *slow, redacted=True)) == {}
