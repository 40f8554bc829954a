"""Tables, and what is computed for them."""

import pytest

from bench.tables import figure, matrix, table


def test_a_table_has_its_figures_to_the_right() -> None:
    """Names to the left."""
    assert table(["server", "per second"], [["ingest", "1,000"], ["a", "9"]]) == [
        "| server | per second |",
        "| ------ | ---------: |",
        "| ingest |      1,000 |",
        "| a      |          9 |",
        "",
    ]


def test_without_rows_there_is_no_table() -> None:
    """Not even its headings."""
    assert table(["server"], []) == []


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (1234.567, 1, False, "1,234.6"),
        (0.0, 2, False, "0.00"),
        (None, 2, False, "-"),
        (3.0, 0, True, "+3"),
        (-3.0, 0, True, "-3"),
    ],
)
def test_figures(value: float | None, digits: int, signed: bool, text: str) -> None:
    """Thousands apart, a dash for nothing."""
    assert figure(value, digits, signed=signed) == text


def test_more_is_better() -> None:
    """Ours by theirs."""
    assert matrix("faster than", [("ours", 3.0)], [("slow", 1.5), ("fast", 6.0)])[2] == (
        "| ours        | 2.00 | 0.50 |"
    )


def test_less_is_better() -> None:
    """Theirs by ours."""
    assert matrix("sooner than", [("ours", 3.0)], [("late", 6.0)], less_is_better=True)[2].split() == [
        "|",
        "ours",
        "|",
        "2.00",
        "|",
    ]


def test_nobody_to_compare_with() -> None:
    """No columns, no table."""
    assert matrix("faster than", [("ours", 3.0)], []) == []
