"""The pages that are made from the contracts."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

from pathlib import Path

import pytest

from sparring.contracts import openapi, publishing
from sparring.contracts.__main__ import main, pages, schema_text
from sparring.contracts.loading import parse_rules, rules
from sparring.contracts.words import expect_lines, state_line, step_line, trial_lines
from sparring.mocks.providers import NAMES

DOCS = Path(__file__).parents[2] / "docs"
OURS = """
provider: ours
values: {word: secret}
states:
  one: {summary: A code is held.}
  two: {summary: It has been used., after: one}
rules:
  - {id: ours/token/known, mark: doc, keyword: must, source: the guide, text: It | is so., given: two,
     cases: [{name: by-post, steps: [{request: POST token, form: {a: 1, b: null}}], expect: {status: 200, json: {a: <<any>>}}},
             {name: other, variant: old, steps: [{advance: 5}, {request: GET api}], expect: {status: 400, body: ''}}]}
  - {id: ours/token/guessed, mark: assumed, source: RFC 6749, text: It may be., steps: [{request: GET api}], expect: {status: 401}}
  - {id: ours/never, mark: engine, source: Engine 1, text: Nobody sees it., excluded: It is hidden.}
"""


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider of our own beside the real ones."""
    contract = parse_rules(OURS, "ours")
    document = openapi.parse_document(
        "openapi: 3.1.0\ninfo: {title: Ours, description: A provider.}\n"
        "paths: {/token: {post: {operationId: token, summary: Get a token, responses: {'200': {}, '400': {}}}}}",
        "ours",
    )
    real_document = openapi.document
    monkeypatch.setattr(publishing, "rules", lambda name: contract if name == "ours" else rules(name))
    monkeypatch.setattr(openapi, "document", lambda name: document if name == "ours" else real_document(name))


def test_a_page_tells_what_is_known_from_where() -> None:
    assert publishing.page("ours").splitlines() == [
        "<!-- Made by `make docs` from the contract; edit providers/ours/rules.yaml and openapi.yaml instead. -->",
        "",
        "# Ours",
        "",
        "A provider.",
        "",
        "3 rules, tried in 3 cases. `sparring verify ours` tries them, `sparring explain RULE` shows one with its steps.",
        "",
        "## Endpoints",
        "",
        "| endpoint | request | what it does | answers |",
        "|---|---|---|---|",
        "| `token` | `POST /token` | Get a token | 200, 400 |",
        "",
        "## What its documents say",
        "",
        "Said by a public document of the provider's, or shown by code of its own.",
        "",
        "| rule | what happens | source | tried by |",
        "|---|---|---|---|",
        "| `token/known` | It \\| is so. (must) | the guide | by post → 200, other → 400 |",
        "",
        "## What its engine does",
        "",
        "Where the documents are silent: the source of the software that it runs.",
        "",
        "| rule | what happens | source | tried by |",
        "|---|---|---|---|",
        "| `never` | Nobody sees it. | Engine 1 | — |",
        "",
        "## What is assumed",
        "",
        "Nobody says; by analogy with a specification or with common practice.",
        "",
        "| rule | what happens | source | tried by |",
        "|---|---|---|---|",
        "| `token/guessed` | It may be. | RFC 6749 | → 401 |",
        "",
        "## Where the sources contradict each other",
        "",
        "Each has a variant, opened with `--variant`; these rules hold in it as shown.",
        "",
        "### old",
        "",
        "| rule | what happens | tried by |",
        "|---|---|---|",
        "| `token/known` | It \\| is so. | other → 400 |",
        "",
        "## What no exchange can show",
        "",
        "| rule | why |",
        "|---|---|",
        "| `never` | It is hidden. |",
        "",
    ]


def test_a_trial_is_told_in_lines() -> None:
    contract = parse_rules(OURS, "ours")
    first, second, _ = contract.trials
    assert state_line(contract, "fresh") == "Nothing has happened yet."
    assert list(trial_lines(contract, first)) == [
        "given: A code is held. It has been used.",
        "when: POST token (form {a: 1, b: null})",
        "then: status: 200",
        "then: json: {a: <<any>>}",
    ]
    assert [step_line(step) for step in second.steps] == ["advance 5", "GET api"]
    assert list(expect_lines(second.expect)) == ["status: 400", "body: "]


def test_the_published_pages_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = pages()
    assert sorted(made) == sorted([*(f"providers/{name}.md" for name in NAMES), "providers/strictness.md"])
    for name, text in made.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"docs/{name} is out of date: make docs"
    monkeypatch.setattr("sparring.contracts.__main__.SCHEMA", tmp_path / "rules.schema.json")
    main(tmp_path)
    assert (tmp_path / "rules.schema.json").read_text(encoding="utf-8") == schema_text()
    for name, text in made.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == text
