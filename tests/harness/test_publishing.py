"""The page about the catalogue is what the catalogue says."""

from pathlib import Path

import pytest

from sparring.harness import checks, publishing
from sparring.harness.scenarios import ALL, sets

PAGE = Path(__file__).resolve().parents[2] / "docs/scenarios.md"


def test_the_page_is_up_to_date() -> None:
    """Whoever changes the catalogue writes it anew: ``make docs``."""
    assert PAGE.read_text(encoding="utf-8") == publishing.page()


def test_every_scenario_and_check_is_on_it_once() -> None:
    """With a place to point to."""
    lines = publishing.page().splitlines()
    for one in ALL:
        assert lines.count(f"### `{one.id}`") == 1
    for check in checks.ALL:
        assert lines.count(f'<a id="check-{check.id}"></a>') == 1


def test_it_is_written_where_one_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Today's sets go to stdout; anything else is told in one sentence."""
    assert publishing.main(["page", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text() == publishing.page()
    assert publishing.main(["sets"]) == 0
    assert capsys.readouterr().out == sets.written(sets.today(ALL))
    assert publishing.main([]) == 2
    assert capsys.readouterr().err.startswith("usage: ")
