"""Requests to the control port and the dashboard that get past the guard: JSON objects, nearly right."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from sparring.mocks.control.routes import OPERATIONS
from tests.fuzzing.cases import Draw, near
from tests.fuzzing.parsers.wishes import FAULTS, SAVED, STAGE

_BODIES: list[dict[str, Any]] = [
    {key: value for key, value in STAGE.items() if key not in {"id", "certificates"}},
    {"providers": ["ingest"], "scenario": SAVED},
    {"seconds": 5},
    {"provider": "ingest", "client_id": "a", "secret": "b", "redirect_uris": ["c"]},
    {"provider": "ingest", "username": "a", "password": "b", "attributes": {"network": "c"}},
    {"provider": "ingest", "scope": "a", "claims": {"aud": ["b"]}, "expires_in": 5},
    {"provider": "ingest", "kind": "access_token", "token": "a"},
    {"provider": "ingest", "keep_old": False},
    {"provider": "ingest", "lifetimes": {"access_token": 60}},
    {"provider": "ingest", "endpoint": "token"},
    {"text": "a", "verdict": "NOTE", "exchange": 1},
    {"id": "access-token-left-out", "provider": "ingest"},
    *FAULTS,
]
_DEEDS = (
    *({"do": "advance", "by": "5 min"}, {"do": "set", "at": "2027-01-31T12:00:00"}, {"do": "variant", "variant": "a"}),
    *(
        {"do": "fault", "fault": '{"effect": {"kind": "close"}}'},
        {"recipe": "code-expires", "times": "3"},
        {"do": "clear"},
    ),
    *({"do": "redirect-uri", "provider": "ingest", "client_id": "a", "redirect_uri": "b"}, {"do": "rotate-keys"}),
)


def control_targets(stage: str) -> Iterator[str]:
    """Addresses at that stage, those apart that end it or wait."""
    for operation in OPERATIONS:
        path = operation.path.replace("{id}", stage).replace("{fault}", "x").replace("{how}", "advance")
        if not path.endswith((f"/stages/{stage}", "/wait", "/hold")):
            yield path
    yield from (f"/dashboard/{stage}/", f"/dashboard/{stage}/rows", f"/dashboard/{stage}/do", "/stages/nowhere", "/")
    yield from (f"/stages/{stage}/recording/page?limit=0&status=%ff", f"/stages/{stage}/clients?provider=%00")
    yield from (f"/stages/{stage}/clock/set", f"/stages/{stage}/users?provider=ingest", f"/dashboard/{stage}/panels")


@st.composite
def control_requests(draw: Draw, stage: str, targets: Sequence[str]) -> bytes:
    """One that says who it is for, what it is, and how long."""
    method = draw(st.sampled_from(("POST", "POST", "POST", "GET", "DELETE", "PATCH")))
    headers = ["Host: 127.0.0.1"]
    if draw(st.integers(0, 4)) == 0:
        target, kind = f"/dashboard/{stage}/do", "application/x-www-form-urlencoded"
        form = json.loads(draw(near(_DEEDS)), parse_constant=str)
        body = urlencode(form if isinstance(form, dict) else {}, errors="replace").encode()
        headers.append("Origin: http://127.0.0.1")
    else:
        target, kind, body = draw(st.sampled_from(targets)), "application/json", draw(near(_BODIES))
    headers += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join((f"{method} {target} HTTP/1.1", *headers, "", "")).encode() + body
