"""The table of bad requests: every cell names a case, and says in words what it answers."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

import pytest

from sparring.contracts import ContractError
from sparring.contracts.loading import parse_rules
from sparring.contracts.strictness import PROVIDERS, Probe, answer, parse_strictness, strictness, trials
from sparring.mocks.providers import NAMES

ROW = "probes:\n  - {id: code-unknown, text: A code., cells: {rotor: '- no codes', clickview: '- no codes', movingimage: '- no', panopto: panopto/token/a#b, ingest: [ingest/a, ingest/b]}}"


def test_there_is_a_column_for_every_provider() -> None:
    assert set(PROVIDERS) == set(NAMES)


def test_a_cell_names_a_case_or_several_or_says_why_not() -> None:
    (probe,) = parse_strictness(ROW, "strictness.yaml")
    assert [probe.named(name) for name in ("rotor", "panopto", "ingest")] == [
        ("- no codes",), ("panopto/token/a#b",), ("ingest/a", "ingest/b"),
    ]  # fmt: skip
    assert trials("- no codes") == ()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("'- no codes', click", "'-', click", "strictness.yaml: Expected `str` matching regex "),
        ("rotor: '- no codes', ", "", "strictness.yaml, code-unknown: the cells are those of rotor, clickview, "),
        ("text: A code., ", "", "strictness.yaml: Object missing required field `text`"),
        ("probes:", "rows:", "strictness.yaml: Object "),
    ],
)
def test_a_broken_table_is_told(old: str, new: str, sentence: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse_strictness(ROW.replace(old, new), "strictness.yaml")
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("probe", strictness(), ids=lambda probe: probe.id)
def test_every_cell_names_an_existing_case(probe: Probe, provider: str) -> None:
    for cell in probe.named(provider):
        assert cell.startswith(("- ", f"{provider}/"))
        found = trials(cell)
        assert bool(found) == (not cell.startswith("-"))
        if len(found) > 1:
            assert len({trial.expect.status for trial in found}) == 1, f"{cell} has cases that differ: name one"


def test_a_cell_without_a_case_is_told() -> None:
    with pytest.raises(ContractError, match="there is no case `ingest/token/code-unknown#never`"):
        trials("ingest/token/code-unknown#never")


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ("{status: 401, body: ''}", "401 empty"),
        ("{status: 200}", "200"),
        ("{status: 400, json: {error: invalid_grant}}", "400 invalid_grant"),
        ("{status: 400, json: {error: invalid_grant, error_description: Code not valid}}", '400 invalid_grant "Code not valid"'),
        ("{status: 400, json_has: {error: invalid_grant, error_description: <<string>>}}", "400 invalid_grant"),
        ("{status: 400, page: {title: We are sorry}}", '400 page "We are sorry"'),
        ("{status: 400, page: {has: [words]}}", "400 page"),
        ("{status: 302, location: {to: '${redirect_uri}', query: {error: invalid_scope, state: x}}}", "302 redirect, invalid_scope"),
        ("{status: 302, location: {to: '${redirect_uri}', query: {code: x}}}", "302 redirect"),
    ],
)  # fmt: skip
def test_an_answer_is_told_in_a_few_words(expect: str, words: str) -> None:
    table = parse_rules(
        "provider: ingest\nrules:\n  - {id: ingest/a, mark: doc, source: the guide, text: It is so., "
        f"steps: [{{request: GET api}}], expect: {expect}}}\n",
        "ours",
    )
    assert answer(table.trials[0]) == words
