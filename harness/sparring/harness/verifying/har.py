"""A recording held against a contract: every exchange against the OpenAPI document, and where our own recorder has
written down which rule decided, against what that rule expects whatever was asked.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from sparring.contracts import openapi
from sparring.contracts.expecting import differences, location_parts, parameters
from sparring.contracts.grammar import Expect, Page
from sparring.contracts.loading import Contract, Trial
from sparring.contracts.matching import Difference
from sparring.contracts.place import Call, Reply
from sparring.contracts.running import Verdict
from sparring.harness.verifying import Choice, Finding, finding, in_order

_FINGERPRINT = re.compile(r"\w+:[0-9a-f]{12}(?![0-9a-f])")


class HarError(ValueError):
    """A file that is no HTTP archive; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One exchange of an archive. ``at`` is when it began, in POSIX seconds."""

    call: Call
    reply: Reply
    at: float
    provider: str
    rule: str


class _Anything(dict[str, Any]):
    """Values of a place that nobody knows: whatever stands there is taken."""

    def __missing__(self, name: str) -> str:
        return "<<json>>"


def read_har(path: Path) -> list[Entry]:
    """The answered exchanges of an archive. HarError."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))["log"]["entries"]
        return [_entry(row) for row in entries if row["response"]["status"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        raise HarError(f"{path} is no HTTP archive ({why})") from error


def _entry(row: Mapping[str, Any]) -> Entry:
    request, response, own = row["request"], row["response"], row.get("_sparring") or {}
    content = response.get("content") or {}
    body = str(content.get("text") or "").encode()
    if content.get("encoding") == "base64":
        try:
            body = base64.b64decode(body)
        except binascii.Error as error:
            raise HarError(f"a body is no base64: {error}") from error
    sent = str((request.get("postData") or {}).get("text") or "").encode()
    return Entry(
        call=Call(method=request["method"], url=request["url"], headers=_pairs(request), body=sent),
        reply=Reply(status=int(response["status"]), headers=_pairs(response), body=body),
        at=datetime.fromisoformat(row["startedDateTime"]).timestamp(),
        provider=str(own.get("provider") or ""),
        rule=str(own.get("rule") or ""),
    )


def _pairs(message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = ((str(row["name"]), str(row["value"])) for row in message["headers"])
    return tuple((name, value) for name, value in pairs if not name.startswith(":"))


async def verify_har(contract: Contract, entries: list[Entry], choice: Choice) -> list[Finding]:
    """What the recording says about a contract's rules; nothing where no exchange is the provider's."""
    document = openapi.document(contract.provider)
    own = [entry for entry in entries if _concerns(entry, contract.provider, document)]
    if not own:
        return []
    seen: dict[str, list[Entry]] = {}
    for entry in own:
        seen.setdefault(entry.rule, []).append(entry)
    by_rule: dict[str, list[Finding]] = {}
    for rule in contract.rules:
        if not choice.wants(rule) or rule.excluded is not None:
            continue
        trials = [trial for trial in contract.trials if trial.rule is rule and not choice.against(trial)]
        if not trials:
            by_rule[rule.id] = [finding(rule, "", Verdict.NOT_APPLICABLE, "it belongs to another variant")]
        elif rule.id not in seen:
            by_rule[rule.id] = [finding(rule, "", Verdict.NOT_APPLICABLE, "the recording names no such answer")]
        else:
            found = list(dict.fromkeys([each for entry in seen[rule.id] for each in await _nearest(trials, entry)]))
            made = finding(rule, "", Verdict.DIFFERS if found else Verdict.HOLDS)
            by_rule[rule.id] = [replace(made, differences=tuple(found))]
    return [*in_order(contract, choice, by_rule), *_documented(contract, document, own)]


def _concerns(entry: Entry, provider: str, document: openapi.Document) -> bool:
    if entry.provider:
        return entry.provider == provider
    return document.operation(entry.call.method, _path(entry)) is not None


def _path(entry: Entry) -> str:
    return "/" + entry.call.url.partition("://")[2].partition("?")[0].partition("#")[0].partition("/")[2]


async def _nearest(trials: list[Trial], entry: Entry) -> list[Difference]:
    """The differences from what the rule expects in the case that comes nearest; none where one holds."""
    found = []
    for trial in trials:
        told = await differences(_loose(trial.expect), entry.reply, _Anything(), entry.at, exact=False)
        told += _lacking(trial.expect, entry.reply)
        found.append([each for each in told if not _FINGERPRINT.search(each.got)])
    return min(found, key=len)


def _loose(expect: Expect) -> Expect:
    """What holds whatever was asked: status, media type, title, the members and their order, and the error's name."""
    kind = next((value for name, value in (expect.headers or {}).items() if name.lower() == "content-type"), None)
    document = expect.json
    if isinstance(document, dict):
        document = {name: value if name == "error" else "<<json>>" for name, value in document.items()}
    elif document is not msgspec.UNSET:
        document = "<<json>>"
    return Expect(
        status=expect.status,
        headers={"Content-Type": kind} if kind is not None else None,
        json=document,
        body="" if expect.body == "" else None,
        page=Page(title=expect.page.title) if expect.page is not None else None,
    )


def _lacking(expect: Expect, reply: Reply) -> Iterator[Difference]:
    for name, value in (expect.headers or {}).items():
        if value is not None and reply.header(name) is None:
            yield Difference(f"header {name}", "to be there", "nothing")
    if expect.location is None:
        return
    _, query, fragment = location_parts(reply.header("location") or "")
    for part, expected, got in (
        ("query", expect.location.query, query),
        ("fragment", expect.location.fragment, fragment),
    ):
        error = dict(parameters(expected)).get("error")
        if error is not None and dict(got).get("error") != error:
            yield Difference(f"location {part} error", error, str(dict(got).get("error", "nothing")))


def _documented(contract: Contract, document: openapi.Document, entries: list[Entry]) -> Iterator[Finding]:
    """One finding for every operation and status that the recording shows."""
    lost = {trial.rule.id for trial in contract.trials if trial.undocumented}
    shown: dict[tuple[str, int], list[Difference]] = {}
    for entry in entries:
        if entry.rule in lost:
            continue
        operation = document.operation(entry.call.method, _path(entry))
        name = operation.name if operation is not None else f"{entry.call.method} {_path(entry)}"
        told = shown.setdefault((name, entry.reply.status), [])
        for complaint in document.violations(entry.call, entry.reply, exact=bool(entry.rule)):
            difference = Difference("openapi", "an answer as the document has it", complaint)
            if difference not in told and not _FINGERPRINT.search(complaint):
                told.append(difference)
    for (name, status), told in shown.items():
        yield Finding(
            id=f"{contract.provider}/openapi",
            case=f"{name} {status}",
            verdict=Verdict.DIFFERS if told else Verdict.HOLDS,
            mark="doc",
            source=f"{document.where}, operation {name}",
            differences=tuple(told),
        )
