"""``docs/gallery.md`` and the badges, made of the verdict files and the findings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.gallery.badges import badge, path
from tests.e2e.gallery.findings import APART, FINDINGS, Finding
from tests.e2e.gallery.running import kept
from tests.e2e.gallery.subjects import OWN, SUBJECTS, Language, Subject
from tests.e2e.gallery.table import MARKS, NOT_PLAYED, cells, columns, summary, telling
from tests.e2e.running import ROOT

PAGE = ROOT / "docs/gallery.md"

_HEAD = """<!-- Made by `python -m tests.e2e.gallery`; edit tests/e2e/gallery and examples/clients instead. -->

# The gallery: real client libraries

Libraries used as their own documentation shows, each in a folder of [`examples/clients`](../examples/clients), before
the whole catalogue ([scenarios.md](scenarios.md)) at every provider and grant that they can do. Nothing is mended that
a library gets wrong. What the documentation leaves to the reader is set as the provider needs it: the header `Accept`
at Ingest, no PKCE at Panopto (which refuses it from a client with a secret); and where a library has a time limit of
its own, it is set to the one that the run names.

Parallel calls are played only where a library has locks for them; the others are sessions for one thread, or keep no
tokens. What concerns ID tokens is played where the library's documentation says that it validates them.

To play it: install what a library's folder pins, then `sparring check` there, or
`sparring check PROVIDER --grant GRANT --profile all`. `make gallery` plays all whose languages are on the machine;
each folder's `verdicts.json` ([its schema](gallery/verdicts.schema.json)) says what was played and what came of it, and
this page is made of these files alone (`python -m tests.e2e.gallery --page`).

In the tables a row is a scenario in which at least one library fails or is warned about; a cell is the worst verdict
among the providers. `fail`: a MUST of the text, or the provider's "required". `warn`: a SHOULD, or robustness. `may`:
the text leaves it open. `+`: passed. Empty: not played. `always` holds what is looked at in every scenario. `(own)`:
the grant client_credentials; all others: authorization_code.

Each failure was read in the library's source, in the version that is named. `sparring check` plays the scenario that
shows it, in the library's folder; where there is a program, it runs beside `sparring serve` and ends with the line that
is given. A badge counts each scenario once, by the worst verdict.
"""


def publish() -> None:
    """Write the page and the badges."""
    files = {subject.folder: kept(subject) for subject in SUBJECTS if subject.played}
    PAGE.write_text(page(files), encoding="utf-8")
    for place, picture in badges(files).items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(picture, encoding="utf-8")


def badges(files: Mapping[str, Mapping[str, Any]]) -> dict[Path, str]:
    """The badge of each library, by its place; what was set apart does not count."""
    left_out = {folder: {one.scenario for one in APART if one.library == folder} for folder in files}
    return {path(folder): badge(one["library"], one["runs"], left_out[folder]) for folder, one in files.items()}


def page(files: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole page, in Markdown. ``files``: each library's verdicts, by its folder."""
    lines = [_HEAD, *_played(files)]
    languages = dict.fromkeys(subject.language for subject in SUBJECTS if subject.folder in files)
    for language in languages:
        lines += _chapter(language, {f: one for f, one in files.items() if f.startswith(f"{language.folder}/")})
    return "\n".join(lines).rstrip("\n") + "\n"


def _played(files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = ["## What was played", "", _row(["library", "", "versions", "grant", "verdicts"]), _rule(5)]
    of = {subject.folder: subject for subject in SUBJECTS}
    for folder, grant in columns(files):
        subject, one = of[folder], files[folder]
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        picture = f"![{subject.name}](gallery/badges/{path(folder).name})"
        place = f"[{subject.name}](../examples/clients/{folder})"
        lines.append(_row([place, picture, f"{versions}; {one['runtime']}", grant, summary(one["runs"], grant)]))
    notes = [f"- {of[folder].name}: {of[folder].note}" for folder in files if of[folder].note]
    return [*lines, "", *(["How they are used:", "", *notes, ""] if notes else [])]


def _chapter(language: Language, files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    of = {subject.folder: subject for subject in SUBJECTS}
    table = cells(files)
    apart = [one for one in APART if one.library in files]
    for one in apart:
        table[one.scenario] = {column: cell for column, cell in table[one.scenario].items() if column[0] != one.library}
    heads = columns(files)
    names = [f"{of[folder].name}{' (own)' if grant == OWN else ''}" for folder, grant in heads]
    lines = [f"## {language.title}", "", _row(["scenario", *names]), _rule(len(names) + 1)]
    for scenario in telling(table):
        found = [table[scenario].get(head) for head in heads]
        lines.append(_row([f"`{scenario}`", *(NOT_PLAYED if one is None else MARKS[one] for one in found)]))
    lines += ["", "Set apart:", "", *(f"- {of[one.library].name}, `{one.scenario}`: {one.reason}" for one in apart)] * (
        len(apart) > 0
    )
    lines.append("")
    for finding in FINDINGS:
        if finding.language == language.folder:
            lines += _finding(finding, of, language)
    return lines


def _finding(finding: Finding, of: Mapping[str, Subject], language: Language) -> list[str]:
    shown, how = finding.shown_by, finding.reproduce
    command = f"sparring check {shown.provider} --grant {shown.grant} --profile all --scenario {shown.scenario}"
    lines = [
        f"### {finding.title}",
        "",
        f"{', '.join(of[who].name for who in finding.who)}. {finding.what}",
        "",
        f"- Where: {finding.where}",
        f"- Instead: {finding.instead}",
        f"- Checks: {', '.join(f'`{check}`' for check in finding.checks)}",
        f"- In `{shown.library}`: `{command}`",
        "",
    ]
    if how is not None:
        lines += [
            f"Beside `sparring serve {how.serve}`:",
            "",
            f"```{language.suffix.removeprefix('.')}",
            how.code.strip("\n"),
            f"# {how.prints}" if language.suffix in _HASH else f"// {how.prints}",
            "```",
            "",
        ]
    return lines


_HASH = (".py", ".rb", ".pl", ".sh")
"""The suffixes of languages whose remarks begin with a hash."""


def _row(words: Sequence[str]) -> str:
    return f"| {' | '.join(words)} |"


def _rule(width: int) -> str:
    return "|---" * width + "|"
