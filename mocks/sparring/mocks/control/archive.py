"""An HTTP archive (HAR 1.2) as a saved scenario: what was refused or never answered elsewhere goes wrong here too."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.control.pinning import pinned
from sparring.mocks.engine.messages import Request
from sparring.mocks.faults.scene import about_request
from sparring.mocks.faults.schema import About
from sparring.mocks.presets.saved import SCHEMA
from sparring.mocks.providers import NAMES, known, load, usable
from sparring.mocks.recorder.redact import Redactor

KEPT = frozenset({"content-type", "retry-after", "www-authenticate", "cache-control", "location"})
"""Headers of an answer that a client may go by."""

PAUSE = 30.0
"""Seconds between two requests from which on time passes in the scenario too."""


def from_har(archive: Mapping[str, Any], name: str) -> Json:
    """The document; ``name`` becomes its id. Requests to other hosts than the providers' are passed over. Answers from
    400 up become the answers of the same requests here, and requests without an answer are closed after they were
    handled. In an archive of ours that is said of faults alone: the rest is the fakes' own doing. ControlError.
    """
    try:
        entries = list(_entries(archive))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise ControlError(f"this is no HTTP archive: {type(error).__name__} {error}") from error
    if not entries:
        raise ControlError("no request of this archive went to a host of a provider")
    reader = Redactor()
    for entry in entries:
        reader.learn(entry.exchange)
    requests = [entry.about for entry in entries]
    faults: list[Json] = []
    for index, entry in enumerate(entries):
        passed = entry.at - entries[index - 1].at if index else 0.0
        if passed >= PAUSE:
            effect = {"kind": "time-passes", "seconds": round(passed, 3)}
            faults.append(pinned(f"pause-{index + 1}", requests, index, effect, "before"))
        if entry.went_wrong:
            faults.append(pinned(f"answer-{index + 1}", requests, index, entry.effect(reader), entry.when))
    providers = list(dict.fromkeys(about.provider for about in requests))
    return {
        "schema": SCHEMA,
        "id": name,
        "title": f"{', '.join(providers)}: as recorded elsewhere",
        "stage": {"providers": providers},
        "clock": {"start": entries[0].at},
        "faults": faults,
        "recorded": [entry.line(index) for index, entry in enumerate(entries, start=1)],
    }


class _Entry:
    """One exchange of the archive."""

    def __init__(self, provider: str, entry: Mapping[str, Any]) -> None:
        asked, answer = entry["request"], entry["response"]
        self.method = str(asked["method"])
        self.status = int(answer["status"])
        self.at = datetime.fromisoformat(entry["startedDateTime"]).timestamp()
        self._ours: Mapping[str, Any] | None = entry.get("_sparring")
        parts, body = urlsplit(asked["url"]), str(asked.get("postData", {}).get("text", ""))
        request = Request(
            method=self.method,
            scheme=parts.scheme,
            host=parts.netloc,
            path=parts.path or "/",
            query=parts.query,
            headers=tuple((str(h["name"]).lower(), str(h["value"])) for h in asked["headers"]),
            body=body.encode("utf-8", "replace"),
        )
        request.facts.endpoint = load(provider).find(request)[0]
        self.about: About = about_request(provider, request)
        self.exchange: Json = {
            "url": asked["url"],
            "headers": [list(pair) for pair in request.headers],
            "body": body,
            "response_headers": [[str(h["name"]).lower(), str(h["value"])] for h in answer["headers"]],
            "response_body": str(answer.get("content", {}).get("text", "")),
            "facts": {},
        }

    @property
    def _facts(self) -> Mapping[str, Any]:
        facts = None if self._ours is None else self._ours.get("facts")
        return facts if isinstance(facts, Mapping) else {}

    @property
    def went_wrong(self) -> bool:
        """Whether the fakes would not do so by themselves."""
        if self._ours is not None:
            return bool(self._facts.get("faults"))
        return self.status == 0 or self.status >= 400

    @property
    def when(self) -> str:
        """Before the provider handled it, or after: an answer that was lost counts as handled."""
        if self._ours is not None:
            return "after" if self._facts.get("issued") else "before"
        return "before" if self.status else "after"

    def effect(self, reader: Redactor) -> Json:
        """What the client saw."""
        if not 200 <= self.status <= 599:
            return {"kind": "close"}
        shown = reader.exchange(self.exchange)
        headers = {name: value for name, value in shown["response_headers"] if name in KEPT}
        return {"kind": "replace", "status": self.status, "headers": headers, "body": shown["response_body"]}

    def line(self, n: int) -> Json:
        """The exchange, shown in one line."""
        told = {"n": n, "provider": self.about.provider, "endpoint": self.about.endpoint, "method": self.method}
        grant = {"grant": self.about.grant} if self.about.grant else {}
        rule = {"rule": self._ours["rule"]} if self._ours and self._ours.get("rule") else {}
        faults = {"faults": [f"answer-{n}"]} if self.went_wrong else {}
        return {**told, **grant, "status": self.status or None, **rule, **faults}


def _entries(archive: Mapping[str, Any]) -> Iterator[_Entry]:
    for entry in archive["log"]["entries"]:
        host = (urlsplit(entry["request"]["url"]).hostname or "").lower()
        named = str(entry.get("_sparring", {}).get("provider", ""))
        provider = named if known(named) else next((each for each in NAMES if host in load(each).hosts), None)
        if provider is None:
            provider = next((each for each in usable() if host in load(each).hosts), None)
        if provider is not None:
            yield _Entry(provider, entry)
