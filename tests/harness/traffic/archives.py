"""Archives as other tools write them, made by hand."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sparring.harness.reports import RunReport
from sparring.harness.traffic.archive import read_archive
from sparring.harness.traffic.verdicts import report_on

Json = dict[str, Any]
SECRET = "k9Qz-made-up-secret-0815"
ACCESS = "at-4711-made-up-access-token"
REFRESH = "rt-4711-made-up-refresh-token"
CODE = "co-4711-made-up-code"
STATE = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6"
VERIFIER = "v" * 43
CALLBACK = "https://app.example/callback"
INGEST = "https://login.ingest.io"
API = "https://api.ingest.io"
FORM = "application/x-www-form-urlencoded"
GOOD = {"access_token": ACCESS, "token_type": "Bearer", "expires_in": 3600, "refresh_token": REFRESH}
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "app-1",
    "redirect_uri": CALLBACK,
    "scope": "read_videos",
    "state": STATE,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": "app-1",
    "client_secret": SECRET,
    "code": CODE,
    "redirect_uri": CALLBACK,
    "code_verifier": VERIFIER,
}


def entry(
    method: str,
    url: str,
    status: int = 200,
    *,
    at: float = 0.0,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    sent: str | None = None,
    kind: str = FORM,
    answer: object = None,
    location: str | None = None,
    **more: Any,
) -> Json:
    """One entry, ``at`` so many seconds after the first."""
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    asked: Json = {"method": method, "url": url, "httpVersion": "h2", "headers": [], "bodySize": -1}
    if sent is not None:
        pairs.append(("Content-Type", kind))
        asked["postData"] = {"mimeType": kind, "text": sent}
    asked["headers"] = [{"name": name, "value": value} for name, value in pairs]
    back = [{"name": "Location", "value": location}] if location is not None else []
    text = answer if isinstance(answer, str) else "" if answer is None else json.dumps(answer)
    began = datetime.fromtimestamp(1_800_000_000.25 + at, UTC).isoformat(timespec="milliseconds")
    return {
        "startedDateTime": began,
        "time": 12,
        "request": asked,
        "response": {"status": status, "headers": back, "content": {"mimeType": "application/json", "text": text}},
        **more,
    }


def login(*, at: float = 0.0, code: str = CODE, back: str = STATE, **changes: str | None) -> Json:
    """The authorization request, answered with the callback."""
    asked = {name: value for name, value in (ASKED | changes).items() if value is not None}
    location = f"{CALLBACK}?{urlencode({'code': code, 'state': back})}"
    return entry("GET", f"{INGEST}/authorize?{urlencode(asked)}", 302, at=at, location=location)


def token(params: Mapping[str, str] | None = None, status: int = 200, *, answer: object = None, **more: Any) -> Json:
    """A token request."""
    sent = more.pop("sent", urlencode(EXCHANGE if params is None else params))
    return entry("POST", f"{INGEST}/token", status, sent=sent, answer=GOOD if answer is None else answer, **more)


def call(value: str | None = f"Bearer {ACCESS}", url: str = f"{API}/videos", **more: Any) -> Json:
    """A call of the API."""
    headers = {} if value is None else {"AUTHORIZATION": value}
    return entry("GET", url, headers=headers, answer=[], **more)


def archive(*entries: Json) -> Json:
    """The archive, as another tool writes it."""
    return {"log": {"version": "1.2", "creator": {"name": "another tool", "version": "1"}, "entries": list(entries)}}


def judged(folder: Path, *entries: Json, provider: str | None = None) -> RunReport:
    """The report on those entries."""
    path = folder / "other.har"
    path.write_text(json.dumps(archive(*entries)), encoding="utf-8")
    return report_on(read_archive(path, provider), provider=provider)


def blamed(report: RunReport) -> dict[str, str]:
    """Every verdict that is worse than fine, by check."""
    fine = {"PASS", "SKIP", "ALLOWED"}
    return {
        check.id: check.verdict.value
        for result in report.results
        for check in result.checks
        if check.verdict.value not in fine
    }


def verdict(report: RunReport, check_id: str) -> tuple[str, str]:
    """The verdict of that check, and what it says."""
    (found,) = (check for result in report.results for check in result.checks if check.id == check_id)
    return found.verdict.value, found.message
