"""``docs/gallery.md``, made of the verdict files and the findings."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.e2e.gallery.findings import APART, FINDINGS, Finding
from tests.e2e.gallery.subjects import OWN, SUBJECTS, Subject
from tests.e2e.gallery.table import MARKS, NOT_PLAYED, cells, columns, summary, telling
from tests.e2e.running import ROOT

PAGE = ROOT / "docs/gallery.md"

_HEAD = """<!-- Made by `python -m tests.e2e.gallery`; edit tests/e2e/gallery instead. -->

# The gallery: real client libraries

Libraries used as their own documentation shows, each in a folder of [`examples/clients`](../examples/clients), before
the whole catalogue ([scenarios.md](scenarios.md)) at every provider and grant that they can do. Nothing is mended that
a library gets wrong. What the documentation leaves to the reader is set as the provider needs it: the header `Accept`
at Ingest, no PKCE at Panopto (which refuses it from a client with a secret); and where a library has a time limit of
its own, it is set to the one that the run names.

Parallel calls are played against httpx_auth only, which has locks for them; the others are sessions for one thread, or
keep no tokens. What concerns ID tokens is not played yet.

To play it: `pip install -r requirements.txt` or `npm ci` in a library's folder, then `sparring check` there, or
`sparring check PROVIDER --grant GRANT --profile all`. `python -m tests.e2e.gallery` plays everything again; each
folder's `verdicts.json` says what was played and what came of it.
"""
_TABLE = """
## Where they differ

A row is a scenario in which at least one library fails or is warned about; a cell is the worst verdict among the
providers. `fail`: a MUST of the text, or the provider's "required". `warn`: a SHOULD, or robustness. `may`: the text
leaves it open. `+`: passed. Empty: not played. `always` holds what is looked at in every scenario.
"""
_FINDINGS = """
## What lies behind each failure

Read in the sources of the versions above. The command plays the scenario that shows it, in the library's folder.
"""


def page(files: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole page, in Markdown. ``files``: each library's verdicts, by its folder."""
    of = {subject.folder: subject for subject in SUBJECTS}
    table = cells(files)
    for folder, scenario in APART:
        table[scenario] = {column: one for column, one in table[scenario].items() if column[0] != folder}
    heads = columns(files)
    names = [f"{of[folder].name}{' (own)' if grant == OWN else ''}" for folder, grant in heads]
    lines = [_HEAD, "## What was played", "", _row(["library", "versions", "grant", "verdicts"]), _rule(4)]
    lines += [_played(of[folder], files[folder], grant) for folder, grant in heads]
    lines += [_TABLE, "`(own)`: the grant client_credentials; all others: authorization_code.", ""]
    lines += [_row(["scenario", *names]), _rule(len(names) + 1)]
    for scenario in telling(table):
        found = [table[scenario].get(head) for head in heads]
        lines.append(_row([f"`{scenario}`", *(NOT_PLAYED if one is None else MARKS[one] for one in found)]))
    lines += ["", "Set apart:", ""] if APART else []
    lines += [f"- {of[folder].name}, `{scenario}`: {reason}" for (folder, scenario), reason in APART.items()]
    lines.append(_FINDINGS)
    for finding in FINDINGS:
        lines += _finding(finding, of)
    return "\n".join(lines).rstrip("\n") + "\n"


def _played(subject: Subject, kept: Mapping[str, Any], grant: str) -> str:
    place = f"[{subject.name}](../examples/clients/{subject.folder})"
    versions = ", ".join(f"{name} {version}" for name, version in kept["versions"].items())
    return _row([place, f"{versions}; {kept['runtime']}", grant, summary(kept["runs"], grant)])


def _finding(finding: Finding, of: Mapping[str, Subject]) -> list[str]:
    folder, provider, grant, scenario = finding.shown_by
    return [
        f"### {finding.title}",
        "",
        f"{', '.join(of[who].name for who in finding.who)}. {finding.what}",
        "",
        f"- Where: {finding.where}",
        f"- Instead: {finding.instead}",
        f"- Checks: {', '.join(f'`{check}`' for check in finding.checks)}",
        f"- In `{folder}`: `sparring check {provider} --grant {grant} --profile all --scenario {scenario}`",
        "",
    ]


def _row(words: Sequence[str]) -> str:
    return f"| {' | '.join(words)} |"


def _rule(width: int) -> str:
    return "|---" * width + "|"
