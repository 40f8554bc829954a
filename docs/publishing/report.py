"""The page about the JSON report, made from a report that is written for it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.publishing.markdown import NOTE, row, table
from sparring.harness.baseline import Reckoning
from sparring.harness.evidence import Exchange, Step
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.reports.json_report import document
from sparring.harness.verdict import Verdict

_ABOUT: Mapping[str, Mapping[str, str]] = {
    "The document": {
        "schema": "the number of this form; another one comes with another major version",
        "sparring": "the version that wrote it",
        "provider": "whose client it was",
        "grant": "how tokens were obtained",
        "driver": "how the command was driven",
        "variant": "the provider's variant",
        "seed": "`--seed`",
        "summary": "how many results came to each verdict",
        "results": "a result for each scenario, in the order of the catalogue",
        "baseline": "`expected`: failures by scenario and check; `stale`: entries that no longer fail",
    },
    "A result": {
        "scenario": "its id; `always` holds the checks that apply everywhere",
        "verdict": "the worst of its checks",
        "title": "what is tried",
        "profile": "where it belongs",
        "duration_s": "real seconds",
        "checks": "a result for each check",
        "steps": "what the client was told, and how it ended",
        "exchanges": "what crossed the wire, in its order",
        "blocked_by": "the check of the happy path that failed, so that this was not tried; else left out",
    },
    "A check's result": {
        "id": "`sparring explain ID`",
        "verdict": "what it decided",
        "message": "what the client did, in a sentence",
        "why": "what it costs",
        "mend": "what to do",
        "sources": "documents and sections",
        "exchanges": "the numbers of the exchanges that prove it",
    },
    "A step": {
        "id": "the instruction's number",
        "do": "the instruction",
        "outcome": "the client's word, or `timeout`, `crash`, `error`",
        "status": "what the client said of the last HTTP status; else left out",
        "detail": "the client's words; else left out",
        "calls": "what it said of each call; else left out",
    },
    "An exchange": {
        "n": "its number, by which checks point to it",
        "provider": "who was asked",
        "endpoint": "which of its endpoints",
        "method": "the method",
        "url": "the address, secrets in it as fingerprints",
        "status": "the answer's, null where none came",
        "rule": "the rule that decided: `sparring explain RULE`",
        "at": "real seconds since the stage opened",
        "scenario": "under `always`: where it happened; else left out",
    },
}


def page() -> str:
    """The page, as Markdown. ValueError where a member is not told, or told and not there."""
    return "\n".join(_page(document(_example()))) + "\n"


def _example() -> RunReport:
    exchange = Exchange(
        n=2, provider="clickview", endpoint="api", method="GET", url="https://127.0.0.1:9402/api/v1/example",
        headers=(), status=401, rule="clickview/api/bearer-missing", elapsed=0.042,
        facts={"scenario": "token-error-with-200"},
    )  # fmt: skip
    check = CheckResult(
        id="error-object-is-no-token", verdict=Verdict.FAIL, message="The API was called all the same.",
        why="It fails far from the cause.", mend="Look at the error.", sources=("rfc6749/5.1/access-token",),
        exchanges=(2,),
    )  # fmt: skip
    step = Step(id=1, do="call_api", outcome="ok", status=401, detail="unauthorized", calls=("ok",))
    result = ScenarioResult(
        id="token-error-with-200", title="An error comes with status 200", profile="core", verdict=Verdict.FAIL,
        checks=(check,), steps=(step,), exchanges=(exchange,), duration_s=0.25, blocked_by="client-starts",
    )  # fmt: skip
    expected = Reckoning(expected=frozenset({("token-error-with-200", "error-object-is-no-token")}))
    return RunReport(
        provider="clickview", grant="client_credentials", driver="oneshot", variant="default", seed=0,
        results=(result,), version="0.1.0", baseline=expected,
    )  # fmt: skip


def _page(told: dict[str, Any]) -> Iterator[str]:
    yield from (NOTE.format("docs/publishing/report.py"), "", "# The JSON report", "")
    yield "`sparring check --json FILE` writes one document. Fingerprints stand in it for secrets, tokens and codes."
    (result,) = told["results"]
    parts = (told, result, result["checks"][0], result["steps"][0], result["exchanges"][0])
    for (title, about), part in zip(_ABOUT.items(), parts, strict=True):
        if set(about) != set(part):
            raise ValueError(f"{title}: {', '.join(sorted(set(about) ^ set(part)))} stands on one side only")
        yield from ("", f"## {title}", "", *table("member", "what it is"))
        for member in part:
            yield row(f"`{member}`", about[member])
    yield from ("", "## All of it", "", "```json", json.dumps(told, indent=2), "```")
