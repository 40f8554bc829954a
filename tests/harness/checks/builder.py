"""Hand-made evidence: short words for the exchanges and visits that a check looks at."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sparring.harness.evidence import Ending, Evidence, Exchange, LogFile, Secret, Step, Visit

SECRET = "s3cret+/canary=0123456789"
ACCESS = "eyJhbGciOiJSUzI1NiJ9.canaryaccess.signature"
SECOND = "eyJhbGciOiJSUzI1NiJ9.canarysecond.signature"
REFRESH = "canary-refresh-token-1"
REFRESH_2 = "canary-refresh-token-2"
REFRESH_3 = "canary-refresh-token-3"
CODE = "canary-code-1"
CODE_2 = "canary-code-2"
BASE = "https://127.0.0.1:9405"
CALLBACK = "http://127.0.0.1:40123/cb"
SCOPE = "read_videos,write_videos"
FORM = (("content-type", "application/x-www-form-urlencoded"),)
START = 1_800_000_000.0

SECRETS = (
    Secret(kind="client_secret", value=SECRET),
    Secret(kind="access_token", value=ACCESS),
    Secret(kind="access_token", value=SECOND),
    Secret(kind="refresh_token", value=REFRESH),
    Secret(kind="code", value=CODE),
    Secret(kind="code", value=CODE_2),
)


def basic(secret: str = SECRET) -> tuple[str, str]:
    """A Basic header."""
    return ("authorization", "Basic " + base64.b64encode(f"client:{secret}".encode()).decode())


def good(access: str = ACCESS, refresh: str | None = REFRESH, **members: Any) -> dict[str, Any]:
    """A good answer of the token endpoint, without a refresh token where that is None."""
    body = {"access_token": access, "token_type": "Bearer", "expires_in": "86400"}
    if refresh is not None:
        body["refresh_token"] = refresh
    return {**body, "scope": SCOPE, **members}


def token(
    n: int,
    params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
    *,
    status: int | None = 200,
    answer: Any = None,
    query: Mapping[str, str] | None = None,
    body: bytes | None = None,
    headers: tuple[tuple[str, str], ...] = FORM,
    method: str = "POST",
    at: float = START,
    **more: Any,
) -> Exchange:
    """A request at the token endpoint: form-encoded by POST, answered with a good token, unless told otherwise."""
    if params is None:
        params = {"grant_type": "client_credentials", "client_id": "client", "client_secret": SECRET, "scope": SCOPE}
    sent = urlencode(params).encode() if body is None else body
    reply = good() if answer is None and status == 200 else answer or {}
    return Exchange(
        n=n,
        provider=more.pop("provider", "ingest"),
        endpoint="token",
        method=method,
        url=f"{BASE}/token" + (f"?{urlencode(query)}" if query else ""),
        headers=headers,
        body=sent,
        status=status,
        response_body=json.dumps(reply).encode(),
        at=at,
        elapsed=at - START,
        rule=more.pop("rule", ""),
        **more,
    )


def exchange_code(n: int, code: str = CODE, **more: Any) -> Exchange:
    """A token request by authorization code."""
    redirect = more.pop("redirect_uri", CALLBACK)
    params = {"grant_type": "authorization_code", "code": code, "client_id": "client", "client_secret": SECRET}
    if redirect is not None:
        params["redirect_uri"] = redirect
    return token(n, params, **more)


def refresh(n: int, with_token: str = REFRESH, **more: Any) -> Exchange:
    """A token request by refresh token."""
    return token(n, {"grant_type": "refresh_token", "refresh_token": with_token, "client_secret": SECRET}, **more)


def refused(error: str, description: str = "") -> dict[str, str]:
    """An OAuth error object."""
    return {"error": error, "error_description": description}


def api(n: int, with_token: str | None = ACCESS, status: int | None = 200, **more: Any) -> Exchange:
    """A call of the API."""
    headers = (("authorization", f"Bearer {with_token}"),) if with_token is not None else ()
    at = more.pop("at", START)
    return Exchange(
        n=n,
        provider=more.pop("provider", "ingest"),
        endpoint=more.pop("endpoint", "api"),
        method="GET",
        url=more.pop("url", f"{BASE}/videos"),
        headers=more.pop("headers", headers),
        status=status,
        response_body=b"[]",
        at=at,
        elapsed=at - START,
        **more,
    )


def register(
    n: int, user_id: object = "artist-42", *, brings: str | None = SECOND, with_token: str = ACCESS, **more: Any
) -> Exchange:
    """A registration with the partner's token, answered with a user's token unless that is None."""
    attributes = {"access_token": brings, "expires_in": 259200}
    reply = {"data": {"type": "access_token", "attributes": attributes}} if brings is not None else {"error": "no"}
    sent = {"data": {"type": "user", "attributes": {"remote_user_id": user_id}}}
    at = more.pop("at", START)
    return Exchange(
        n=n,
        provider="rotor",
        endpoint="register",
        method="POST",
        url=f"{BASE}/api/partner/v1/register",
        headers=(("authorization", f"Bearer {with_token}"), ("content-type", "application/json")),
        body=more.pop("body", json.dumps(sent).encode()),
        status=more.pop("status", 200 if brings is not None else 400),
        response_body=json.dumps(reply).encode(),
        at=at,
        elapsed=at - START,
        **more,
    )


def decoy(n: int, **more: Any) -> Exchange:
    """A request that reached the other origin."""
    url = more.pop("url", "https://127.0.0.1:9999/thumb.jpg")
    return Exchange(
        n=n,
        provider="decoy",
        endpoint="decoy",
        method=more.pop("method", "GET"),
        url=url,
        headers=more.pop("headers", ()),
        status=200,
        **more,
    )


def visit(code: str = CODE, *, state: str = "st-1", back: str | None = "st-1", **more: Any) -> Visit:
    """A person's visit, and the callback that came of it. ``back`` is the state that came back, None for none."""
    asked = {"response_type": "code", "client_id": "client", "scope": SCOPE, "redirect_uri": CALLBACK, "state": state}
    asked.update(more.pop("asked", {}))
    answer = more.pop("answer", {"code": code})
    returned = dict(answer) if back is None else {**answer, "state": back}
    return Visit(
        url=f"{BASE}/authorize?{urlencode({name: value for name, value in asked.items() if value})}",
        step=more.pop("step", 1),
        callback=more.pop("callback", f"{CALLBACK}?{urlencode(returned)}"),
        callback_status=more.pop("callback_status", 200),
        **more,
    )


def steps(*outcomes: str, detail: str = "") -> tuple[Step, ...]:
    """Instructions with these outcomes; the first is ``authenticate``, the others ``call_api``."""
    return tuple(
        Step(id=i, do="authenticate" if i == 1 else "call_api", outcome=outcome, detail=detail, first=0, last=1000)
        for i, outcome in enumerate(outcomes, start=1)
    )


def evidence(*exchanges: Exchange, **more: Any) -> Evidence:
    """Evidence of Ingest's code grant by a client that reports ok, unless told otherwise."""
    defaults: dict[str, Any] = {
        "scenario": "test",
        "provider": "ingest",
        "grant": "authorization_code",
        "driver": "session",
        "context": {"client_id": "client", "client_secret": SECRET, "scope": SCOPE, "redirect_uri": CALLBACK},
        "steps": steps("ok", "ok"),
        "secrets": SECRETS,
        "ending": Ending(exit_code=0, seconds=0.5),
    }
    return Evidence(exchanges=exchanges, **{**defaults, **more})


def log(text: str, name: str = "stderr", mode: int | None = None) -> tuple[LogFile, ...]:
    """One piece of output."""
    return (LogFile(name=name, text=text, mode=mode),)
