"""The documentation lists every kind of fault as it is."""

# ruff: noqa: D103 - the names are sentences

import json
from pathlib import Path

from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.effects import EFFECTS
from sparring.mocks.faults.table import table

PAGE = Path(__file__).parents[3] / "docs" / "faults.md"


def test_the_page_has_the_table_of_the_code() -> None:
    assert PAGE.read_text().endswith(table())
    assert [f"| `{effect.kind}` |" in table() for effect in EFFECTS] == [True] * len(EFFECTS)


def test_the_example_of_the_page_can_be_put_on_stage() -> None:
    example = json.loads(PAGE.read_text().partition("```json\n")[2].partition("```")[0])
    assert FaultBook().add(example).as_json() == example
