"""Scenarios and checks as JSON objects: what ``sparring scenarios --json`` prints."""

import inspect
from typing import Any

from sparring.contracts.clauses import clause
from sparring.harness import byhand
from sparring.harness.scenario import Check, Scenario
from sparring.harness.scenarios import sets


def scenario_document(one: Scenario) -> dict[str, Any]:
    """One scenario, with how to play it by hand."""
    from sparring.harness.worlds.local import staging_hint  # noqa: PLC0415  imports the fakes

    hint = staging_hint(one.id)
    providers = sorted(one.providers)
    return {
        "id": one.id,
        "title": one.title,
        "profile": one.profile,
        "providers": providers,
        "grants": sorted(one.grants),
        "severity": one.severity,
        "checks": [check.id for check in one.checks],
        "sources": sorted({source for check in one.checks for source in check.sources}),
        "needs": sorted(one.needs),
        "variants": dict(one.variants),
        "drivers": sorted(one.drivers),
        "tls": one.tls,
        "sets": [name for name, ids in sets.frozen().items() if one.id in ids],
        "faults": [dict(fault) for fault in one.faults],
        "by_hand": {
            "serve": {name: byhand.serve_command(one, name, on_stage=hint is not None) for name in providers},
            "steps": list(byhand.steps(one, hint or "")),
        },
    }


def check_document(check: Check) -> dict[str, Any]:
    """One check, with its reasons and the sentences that it rests on."""
    sources = [clause(source) for source in check.sources]
    return {
        "id": check.id,
        "title": check.title,
        "why": check.why,
        "mend": check.mend,
        "decides": decision(check),
        "sources": [
            {"id": each.id, "document": each.document, "section": each.section, "keyword": each.keyword,
             "text": each.text, "quoted": each.quoted}
            for each in sources
        ],
    }  # fmt: skip


def decision(check: Check) -> str:
    """What passes, warns and fails, as the check's own docstring says it: its paragraphs as one line each."""
    text = inspect.cleandoc(check.judge.__doc__ or "")
    return "\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
