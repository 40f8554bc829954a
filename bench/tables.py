"""Tables in Markdown."""

from collections.abc import Sequence

NOTHING = "-"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table; the first column to the left, figures to the right. No rows: no table."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = ["-" * (width - 1) + ":" if i else "-" * width for i, width in enumerate(widths)]
    return [line(headings), line(rule), *map(line, rows), ""]


def figure(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """A figure; a dash where there is none."""
    if value is None:
        return NOTHING
    return f"{value:{'+' if signed else ''},.{digits}f}"


def matrix(
    corner: str,
    rows: Sequence[tuple[str, float]],
    columns: Sequence[tuple[str, float]],
    *,
    less_is_better: bool = False,
) -> list[str]:
    """How many times better each row is than each column; what stands in the rows is ours."""
    if not columns:
        return []
    cells = [
        [name, *(figure(theirs / ours if less_is_better else ours / theirs) for _, theirs in columns)]
        for name, ours in rows
    ]
    return table([corner, *(name for name, _ in columns)], cells)
