"""docs/fidelity.md, written from the results and their explanations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.fidelity.trying import KINDS, UNEXPLAINED, Explanations, Outcome, Tried

DOCUMENT = Path(__file__).parents[2] / "docs" / "fidelity.md"
HEAD = """# Fidelity: the same rules at the real engines

movingimage runs Keycloak, and Rotor answers as Doorkeeper does. Both engines are public, so the contracts by which the
fakes are held ([`contracts/`](../contracts/sparring/contracts/providers)) are tried at them as well: every row is sent
to a real Keycloak and a real Doorkeeper on this machine, and its answer compared as strictly as the fake's: status, set
and order of headers, words, order of members, claims. This page is written by `make fidelity`.

## What agrees

"""
RUNNING = """## Running it

<!-- not run: it wants a Keycloak and a Doorkeeper, and minutes -->
```sh
make fidelity                                  # every engine that can be had; writes the results and this page
.venv/bin/python -m tests.fidelity doorkeeper  # those whose name begins so; the others' results are kept
.venv/bin/python -m tests.fidelity --write     # this page alone, from the results that are kept
SPARRING_FIDELITY=1 .venv/bin/python -m pytest tests/fidelity   # do the engines still answer as the results say?
```

- **Keycloak** comes from Maven Central (`mvn` fetches it once): `org.keycloak:keycloak-server-dist` for the releases
  on WildFly, `keycloak-quarkus-dist` from 17 on. Java 17 runs 4.8.3 too, with the `--add-opens` in `keycloak.py`. It
  starts with an empty H2 database, on a free port of 127.0.0.1, in a temporary folder; the realm `platform` is made
  over the admin REST API with the fake's clients and people. A provider of forty lines, compiled by `javac` against
  that very release, moves Keycloak's own clock (`org.keycloak.common.util.Time`), so that lifetimes can be waited for.
- **Doorkeeper** needs Ruby, Rails, SQLite and puma (Debian: `ruby ruby-rails ruby-sqlite3 puma`) and the unpacked
  source of the gem: `gem fetch` brings it, or lay `doorkeeper-<version>/` into the cache. The Rails application is one
  file, `tests/fidelity/doorkeeper/config.ru`, whose default headers (X-Frame-Options and the like), ETag, Vary,
  X-Request-Id and X-Runtime are left out of the comparison.
- `SPARRING_FIDELITY_CACHE` names the folder for what is fetched (default `~/.cache/sparring/fidelity`).
- What is missing is skipped with a sentence that says what. Nothing is left running.
- The explanations stand in [`tests/fidelity/explained.yaml`](../tests/fidelity/explained.yaml). A difference that none
  explains fails the tests, and so does an explanation that explains nothing.
"""


def document(results: Sequence[Tried], explanations: Explanations) -> str:
    """The page."""
    return "".join(
        [HEAD, *_table(results, explanations), *_differences(results, explanations), *_untried(results), RUNNING]
    )


def kind_of(outcome: Outcome, explanations: Explanations) -> str:
    """What a differing trial counts as: the gravest kind among its differences."""
    kinds = {row["id"]: row["kind"] for row in explanations.known}
    found = {kinds.get(each.explanation, UNEXPLAINED) for each in outcome.found}
    return next(kind for kind in (UNEXPLAINED, *KINDS) if kind in found)


def _table(results: Sequence[Tried], explanations: Explanations) -> Iterator[str]:
    asked = [[outcome for outcome in tried.outcomes if not outcome.reason] for tried in results]
    counts = [Counter(kind_of(outcome, explanations) for outcome in each if not outcome.agrees) for each in asked]
    columns = [kind for kind in (UNEXPLAINED, *KINDS) if any(each[kind] for each in counts)]
    yield "| engine | contract | trials | agree | " + " | ".join(columns) + " |\n"
    yield "|---|---|--:|--:|" + "--:|" * len(columns) + "\n"
    for tried, trials, kinds in zip(results, asked, counts, strict=True):
        agree = sum(outcome.agrees for outcome in trials)
        found = " | ".join(str(kinds[kind]) for kind in columns)
        yield f"| {tried.engine} | {tried.provider} | {len(trials)} | {agree} | {found} |\n"
    yield "\nA trial with several differences counts as the first kind in this order:\n\n"
    yield "".join(f"- **{kind}**: {told}\n" for kind, told in KINDS.items() if kind in columns) + "\n"


def _differences(results: Sequence[Tried], explanations: Explanations) -> Iterator[str]:
    yield "## Every difference, explained\n\n"
    for row in explanations.known:
        trials = {
            tried.engine: [
                outcome for outcome in tried.outcomes if row["id"] in {each.explanation for each in outcome.found}
            ]
            for tried in results
        }
        where = {engine: found for engine, found in trials.items() if found}
        if not where:
            continue
        yield f"### {row['title']}\n\n*{KINDS[row['kind']]}*: {_told(row)}\n\n"
        for engine, found in where.items():
            first = next(each for each in found[0].found if each.explanation == row["id"])
            yield f"- {engine}: {len(found)} trial{'s' if len(found) > 1 else ''}, such as `{found[0].trial}`: "
            yield f"`{first.path}` expected {_code(first.wanted)}, got {_code(first.got)}\n"
        yield "\n"


def _untried(results: Sequence[Tried]) -> Iterator[str]:
    yield "## What no engine can show\n\n"
    for tried in results:
        reasons = Counter(outcome.reason for outcome in tried.outcomes if outcome.reason)
        if reasons:
            yield (
                f"- {tried.engine}: "
                + "; ".join(f"{count} times {reason}" for reason, count in reasons.most_common())
                + "\n"
            )
    yield "\n"


def _told(row: dict[str, Any]) -> str:
    return " ".join(str(row["why"]).split())


def _code(text: str) -> str:
    short = text if len(text) <= 160 else f"{text[:160]}…"
    return f"`{short}`" if short and "`" not in short else short or "nothing"
