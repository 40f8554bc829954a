"""A recording as an HTTP archive (HAR 1.2), for the tools that read one. Give it redacted exchanges."""

import http
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]

_OURS = ("n", "provider", "endpoint", "rule", "source", "mend", "elapsed", "facts")


def har(exchanges: Iterable[tuple[Mapping[str, Any], float]]) -> Json:
    """The archive. Each exchange, as the recorder tells it, comes with the real seconds that it took.

    What has no place in HAR stands in members that begin with an underscore, as the format wants it.
    """
    from importlib.metadata import version  # noqa: PLC0415  slow to import, and few ask for an archive

    creator = {"name": "Sparring", "version": version("sparring")}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(each, took) for each, took in exchanges]}}


def _entry(exchange: Mapping[str, Any], took: float) -> Json:
    milliseconds = round(took * 1000, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(exchange["at"], UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "connection": str(exchange["connection"]),
        "_sparring": {name: exchange[name] for name in _OURS},
    }


def _pairs(headers: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _header(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _request(exchange: Mapping[str, Any]) -> Json:
    headers, body = exchange["headers"], str(exchange["body"])
    sent = (
        pair.strip().partition("=")[::2] for name, value in headers if name == "cookie" for pair in value.split(";")
    )
    request = {
        "method": exchange["method"],
        "url": exchange["url"],
        "httpVersion": "HTTP/1.1",
        "cookies": _pairs(sent),
        "headers": _pairs(headers),
        "queryString": _pairs(_query(exchange["url"])),
        "headersSize": -1,
        "bodySize": len(body.encode("utf-8", "replace")),
    }
    if body:
        request["postData"] = {"mimeType": _header(headers, "content-type"), "params": [], "text": body}
    return request


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _response(exchange: Mapping[str, Any]) -> Json:
    """Status 0, as browsers write it, where no answer went out."""
    headers, body, status = exchange["response_headers"], str(exchange["response_body"]), exchange["status"] or 0
    size = len(body.encode("utf-8", "replace"))
    given = (value.partition(";")[0].partition("=")[::2] for name, value in headers if name == "set-cookie")
    return {
        "status": status,
        "statusText": http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "",
        "httpVersion": "HTTP/1.1",
        "cookies": _pairs(given),
        "headers": _pairs(headers),
        "content": {"size": size, "mimeType": _header(headers, "content-type"), "text": body},
        "redirectURL": _header(headers, "location"),
        "headersSize": -1,
        "bodySize": size if status else -1,
    }
