"""The page of the kill matrix, from rows made by hand."""

from pathlib import Path
from typing import Any

import pytest

from sparring.harness.scenarios import ALWAYS_ID
from tests.clients.broken.switches import SWITCHES
from tests.e2e import matrix
from tests.e2e.consequences import CONSEQUENCES

NAME = "nonce-is-compared"


def found(
    *collateral: tuple[str, str, str], caught: dict[str, str] | None = None, blocked: int = 0
) -> dict[str, dict[str, Any]]:
    """One row of that check."""
    row = {"caught": {"nonce-mismatch": "FAIL"} if caught is None else caught, "blocked": blocked, "state": "now"}
    return {NAME: row | {"always": True, "collateral": [[*one, "As it said."] for one in collateral]}}


def cells(rows: dict[str, dict[str, Any]]) -> list[str]:
    """The cells of the only row."""
    lines = [line for line in matrix.page(rows) if line.startswith(f"| `{NAME}`")]
    assert len(lines) == 1
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def test_a_row_says_what_it_is_where_it_was_caught_and_by_what_else() -> None:
    """In the order of the columns."""
    assert cells(found()) == [
        *(f"`{NAME}`", SWITCHES[NAME].does, "movingimage, authorization code", "FAIL: `nonce-mismatch`", "none")
    ]
    others = [("a", "x", "WARN"), ("b", "x", "WARN"), ("b", "y", "FAIL")]
    assert cells(found(*others))[-1] == "`x` WARN in 2 scenarios; `y` FAIL in `b`"
    assert cells(found(blocked=3))[-1] == "the rest is blocked"


def test_what_was_not_played_is_told() -> None:
    """A page of some rows does not pass for the whole."""
    told = next(line for line in matrix.page(found()) if line.startswith("Not played yet: "))
    assert told.count("`") == 2 * (len(SWITCHES) - 1)
    assert f"`{NAME}`" not in told
    everything = {name: found()[NAME] for name in SWITCHES}
    assert not any("while the sources changed" in line for line in matrix.page(everything))
    everything |= {NAME: {**found()[NAME], "state": "before", "always": False}}
    assert "at 2 states of them" in "\n".join(matrix.page(everything))
    assert "For 1 row(s) what held over the whole run (`always`) was not compared" in "\n".join(matrix.page(everything))
    assert not any(line.startswith("Not played yet") for line in matrix.page(everything))


def test_many_scenarios_are_named_in_part_and_the_whole_run_last() -> None:
    """The result over the whole run repeats what a scenario showed."""
    caught = dict.fromkeys([ALWAYS_ID, "a", "b", "c", "d", "e"], "FAIL") | {"e": "WARN"}
    assert cells(found(caught=caught))[3] == "FAIL, WARN: `a`, `b`, `c` and 2 more"
    assert cells(found(caught={ALWAYS_ID: "FAIL"}))[3] == f"FAIL: `{ALWAYS_ID}`"


@pytest.mark.parametrize("caught", [{}, {"nonce-mismatch": "INCONCLUSIVE"}])
def test_what_got_away_is_counted_and_seen(caught: dict[str, str]) -> None:
    """Nothing but FAIL and WARN is a catch."""
    rows = found(caught=caught)
    assert matrix.survives(NAME, rows[NAME])
    assert "0 were caught by the check that names their fault" in "\n".join(matrix.page(rows))
    assert cells(rows)[3] == ("INCONCLUSIVE: `nonce-mismatch`" if caught else "**nowhere**")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rows are kept here."""
    monkeypatch.setattr(matrix, "KEPT", tmp_path)
    matrix._keep(matrix._file(NAME), {"state": "now", "row": {"caught": {}, "blocked": 0, "collateral": []}})
    return tmp_path


def test_a_kept_row_serves_until_something_has_changed(kept: Path) -> None:
    """Nothing is played for it."""
    assert list(matrix.rows([NAME], "now", keep=False)) == [NAME]
    assert list(matrix.rows([NAME], "later", keep=True)) == [NAME]


def test_the_state_is_that_of_the_sources() -> None:
    """The same twice."""
    assert matrix.state() == matrix.state()
    assert len(matrix.state()) == 12


def test_collateral_is_explained_or_told_as_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pair once, in the order of the row; what nobody has looked into is counted."""
    rows = found(("a", "x", "WARN"), ("b", "x", "WARN"), ("b", "y", "FAIL"))
    monkeypatch.setattr(matrix, "CONSEQUENCES", {(NAME, "x"): "it is the same step."})
    lines = [line for line in matrix.page(rows) if line.startswith("- ")]
    assert lines == [
        f"- `{NAME}`, seen by `x` too: it is the same step.",
        f"- `{NAME}`, seen by `y` too: **unexplained**",
    ]
    assert matrix.unexplained(rows) == [f"{NAME} (y)"]
    assert not any(line.startswith("## ") for line in matrix.page(found()))


def test_only_what_exists_is_explained() -> None:
    """Both are checks with a broken client of their own, and not the same one."""
    assert all(mine != other and {mine, other} <= SWITCHES.keys() for mine, other in CONSEQUENCES)
