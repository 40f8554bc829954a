"""What is made of recorded exchanges: redacted, as an archive, as a shell line, as rows and tokens of a page."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sparring.harness.evidence import Secret
from sparring.harness.fuzzing import survival
from sparring.harness.reports import redact as reports
from sparring.harness.reports.html.tokens import tokens_of
from sparring.harness.tape import read_exchange, undocumented
from sparring.harness.traffic import UnreadableTrafficError
from sparring.harness.traffic.archive import read_archive
from sparring.harness.traffic.recording import read_recording
from sparring.harness.traffic.verdicts import report_on
from sparring.harness.verifying.har import HarError, read_har
from sparring.mocks.control.dashboard import details, rows, tokens
from sparring.mocks.control.dashboard.curl import as_curl
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.providers import rules
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.har import har
from sparring.mocks.recorder.redact import Redactor
from sparring.mocks.testing.requests import RecordedRequest
from tests.fuzzing.cases import near, pieces, written
from tests.fuzzing.files import from_file
from tests.fuzzing.parser import Parser
from tests.fuzzing.parsers.messages import FORM, TOKENS, text
from tests.fuzzing.parsers.wishes import ARCHIVES

_RULE = next(iter(rules("ingest").values()))


def recorded(data: bytes) -> dict[str, Any]:
    """An exchange as the recorder tells it, whose parts are those bytes in turn."""
    parts = [*data.split(b"\n", 5), b"", b"", b"", b"", b""]
    headers = tuple(
        (name, text(parts[index]))
        for index, name in enumerate(("authorization", "cookie", "content-type", "referer", "accept"))
    )
    request = Request(
        method="POST",
        scheme="http",
        host=text(parts[1]) or "127.0.0.1",
        path="/" + text(parts[0]),
        query=text(parts[2]),
        headers=(*headers, ("content-type", FORM)),
        body=parts[3],
    )
    answered = (("Location", text(parts[2])), ("Set-Cookie", text(parts[1])), ("Retry-After", text(parts[0])))
    answer = Answer(status=302 if data[:1] < b"a" else 200, rule=_RULE, headers=answered, body=parts[4])
    whole = Exchange(n=1, provider="ingest", endpoint="token", request=request, at=1.75e9, elapsed=0.5, answer=answer)
    return whole.as_json()


def _redacted(data: bytes) -> object:
    exchange = recorded(data)
    shown = Redactor([("ingest-secret", "client_secret")]).exchange(exchange)
    return har([(shown, 0.1)]), json.dumps(shown)


def _reported(data: bytes) -> object:
    redactor = reports.Redactor([Secret(kind="client_secret", value="ingest-secret")])
    exchange = read_exchange(recorded(data))
    kinds = ("application/json", FORM, "text/html", text(data[:20]))
    bodies = [redactor.body(kind, data) for kind in kinds]
    headers = [redactor.header(name, value) for name, value in (*exchange.headers, *exchange.response_headers)]
    return bodies, headers, redactor.url(text(data)), tokens_of([exchange], redactor)


def _shown(data: bytes) -> object:
    exchange = {**recorded(data), "ended": True, "took": 0.5, "refused": False, "mark": "", "connection": 1}
    told = rows.answered(exchange), rows.tone(exchange), rows._onward(exchange), rows._with(exchange)
    return told, tokens.decoded(exchange, 1.75e9), list(details._blocks(exchange, 1.75e9))


def _curl(data: bytes) -> object:
    return as_curl(recorded(data), "http://127.0.0.1:9401", None)


def _requests(data: bytes) -> object:
    one = RecordedRequest(recorded(data), list)
    return one.params, one.error, one.bearer, one.basic, one.client_id, str(one), repr(one)


def _judged(path: Path, *, archive: bool) -> object:
    traffic = read_archive(path, "ingest") if archive else read_recording(path)
    return report_on(traffic)


def _row(n: int, **members: Any) -> dict[str, Any]:
    body = "grant_type=refresh_token&refresh_token=abcdefghijklmnopqrst&client_id=a"
    answer = {"access_token": TOKENS[0].decode(), "token_type": "Bearer", "expires_in": 60, "scope": "openid"}
    return {
        "n": n,
        "provider": "ingest",
        "endpoint": "token",
        "method": "POST",
        "url": "http://127.0.0.1/token?a=b",
        "headers": [["content-type", FORM], ["authorization", "Basic YTpi"]],
        "body": body,
        "status": 200,
        "response_headers": [["Retry-After", "3"], ["Cache-Control", "max-age=5"]],
        "response_body": json.dumps(answer),
        "rule": "ingest/token/issued",
        "at": 1750000000.0,
        "elapsed": 0.5,
        "facts": {
            "client": "a",
            "grant": "refresh_token",
            "issued": [{"kind": "access_token", "fp": "abc", "family": "f", "generation": 1, "expires_at": 1750000060}],
            "presented": [{"kind": "refresh_token", "fp": "def", "valid": False, "reason": "used", "where": "body"}],
            "notes": ["a note"],
        },
    } | members


RECORDING: dict[str, Any] = {
    "exchanges": [
        _row(1),
        _row(2, endpoint="api", method="GET", url="http://127.0.0.1/videos", headers=[["authorization", "Bearer x"]]),
        _row(3, body={"base64": base64.b64encode(b"\xff").decode()}, status=None, response_body=""),
        _row(4, endpoint="authorize", method="GET", url="http://h/authorize?response_type=code&client_id=a&state=s"),
    ]
}
_PARTS = (
    *(
        "/token",
        "session=1; b=2",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "client_secret=ingest-secret&code=abc",
        "\n",
        "\n",
    ),
    *('{"access_token": "abcdefghijklmnopqrstuvwxyz", "code": 5}', '<input name="password" value="x">', "<form>"),
    *("https://app.example/cb?code=abcdefghijklmnopqrst#id_token=x", "Basic YTpi", "token: ", '"refresh_token" : "'),
)


def _exchange(document: Mapping[str, Any]) -> object:
    exchange = read_exchange(document)
    return exchange.params, undocumented(exchange)


def _object(data: bytes) -> object:
    return survival._attributes(survival._object(data)), survival._states(text(data))


PARSERS = (
    Parser(name="redacted", cases=written(*_PARTS) | pieces(*_PARTS), read=_redacted),
    Parser(name="reported", cases=written(*_PARTS) | pieces(*_PARTS), read=_reported),
    Parser(name="dashboard-row", cases=written(*_PARTS) | pieces(*_PARTS), read=_shown),
    Parser(name="curl", cases=written(*_PARTS) | pieces(*_PARTS), read=_curl),
    Parser(name="recorded-request", cases=written(*_PARTS) | pieces(*_PARTS), read=_requests),
    Parser(
        name="recording",
        cases=near([RECORDING, RECORDING["exchanges"]]),
        read=from_file(".json", lambda path: _judged(path, archive=False)),
        own=(UnreadableTrafficError,),
    ),
    Parser(
        name="traffic-archive",
        cases=near(ARCHIVES),
        read=from_file(".har", lambda path: _judged(path, archive=True)),
        own=(UnreadableTrafficError,),
    ),
    Parser(name="verify-archive", cases=near(ARCHIVES), read=from_file(".har", read_har), own=(HarError,)),
    Parser(name="last-member", cases=near([{"data": {"attributes": {"access_token": "a"}}}]), read=_object),
)
