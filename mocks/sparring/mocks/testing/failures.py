"""Failures in a word: which effect, of the one fault schema, stands for them."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.reading import nearest

CONNECTIONS = ("close", "reset", "hang", "garbage")
"""What can become of a connection in place of an answer."""

_STATUS = {"invalid_client": 401, "invalid_token": 401, "insufficient_scope": 403, "server_error": 500}
_STATUS |= {"temporarily_unavailable": 503}


def failure(
    endpoint: str | None,
    *,
    error: str | None,
    description: str | None,
    status: int | None,
    retry_after: int | None,
    connection: str | None,
) -> Json:
    """The effect by which a request fails like that. ControlError where it is not clear how it shall fail."""
    if (connection is not None) + (error is not None or status is not None) != 1:
        raise ControlError(
            'say how it shall fail: error="invalid_grant", status=503 or connection="close"; '
            "fault(...) knows everything else"
        )
    if connection is not None:
        if connection not in CONNECTIONS:
            raise ControlError(f"unknown connection={connection!r}; {nearest(connection, CONNECTIONS)}")
        return {"kind": connection}
    if error is None:
        return _by_status(status or 0, retry_after)
    told = {"error": error} | ({} if description is None else {"error_description": description})
    if endpoint == "authorize":
        return {"kind": "authorization-response", "set": told, "drop": ["code"]}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if endpoint not in {None, "token"}:
        challenge = ", ".join(f'{name}="{value}"' for name, value in told.items())
        headers["WWW-Authenticate"] = f"Bearer {challenge}"
    return {"kind": "replace", "status": status or _status(error, endpoint), "headers": headers, "body": told}


def _status(error: str, endpoint: str | None) -> int:
    return _STATUS.get(error, 400 if endpoint in {None, "token"} else 401)


def _by_status(status: int, retry_after: int | None) -> Json:
    own = {429: "rate-limited", 503: "unavailable"}.get(status)
    if own is None:
        return {"kind": "status", "status": status}
    return {"kind": own} if retry_after is None else {"kind": own, "retry_after": retry_after}


def fault_of(
    kind: str | Mapping[str, Any],
    match: Mapping[str, Any],
    times: int | None,
    id: str | None,  # noqa: A002  the schema's word
    members: Mapping[str, Any],
) -> Json:
    """The fault in the schema of the control port. ControlError."""
    named = {name: value for name, value in match.items() if value is not None}
    if isinstance(kind, str):
        document: Json = {"match": named, "effect": {"kind": kind, **members}, "times": times}
        return document if id is None else {"id": id, **document}
    if named or members or id is not None:
        raise ControlError("a fault is either a whole mapping, or a kind with keywords, not both")
    return dict(kind)
