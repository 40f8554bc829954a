"""Exchanges as people read them: in a line, or in full. What is told here was redacted before."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_LONGEST = 400
"""Characters of a body that are shown."""


def briefly(document: Mapping[str, Any]) -> str:
    """``POST ingest token 200``, which tells nothing private."""
    silent = "held" if document.get("held") else "no answer"
    status = silent if document["status"] is None else str(document["status"])
    return f"{document['method']} {document['provider']} {document['endpoint']} {status}"


def in_full(document: Mapping[str, Any]) -> str:
    """An exchange in a few lines: what was asked, what was answered, and why."""
    status = "no answer" if document["status"] is None else str(document["status"])
    target = urlsplit(document["url"])
    path = f"{target.path}?{target.query}" if target.query else target.path
    lines = [f"#{document['n']} {document['provider']} {document['endpoint']}: {document['method']} {path} -> {status}"]
    credentials = next((value for name, value in document["headers"] if name == "authorization"), None)
    told = (
        ("authorization", credentials),
        ("sent", _shortened(document["body"])),
        ("location", next((value for name, value in document["response_headers"] if name == "location"), None)),
        ("answer", _answer(document)),
        ("rule", document["rule"]),
        ("mend", document["mend"]),
        ("source", document["source"] if document["mend"] else ""),
        ("faults", ", ".join(document["facts"].get("faults", ()))),
        ("notes", "; ".join(document["facts"].get("notes", ()))),
    )
    lines += [f"    {name}: {value}" for name, value in told if value]
    return "\n".join(lines)


def _answer(document: Mapping[str, Any]) -> str:
    kind = next((value for name, value in document["response_headers"] if name == "content-type"), "")
    if "html" in kind:
        return "a page"
    return _shortened(document["response_body"])


def _shortened(body: object) -> str:
    text = " ".join(str(body).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"
