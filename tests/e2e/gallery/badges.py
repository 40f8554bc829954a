"""A badge for each library: how many scenarios it passed, and how many it failed."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tests.e2e.gallery.table import MARKS
from tests.e2e.running import ROOT

BADGES = ROOT / "docs/gallery/badges"
_LABEL = "sparring"
_DIGIT, _MARGIN, _HEIGHT = 7, 6, 20
_GOOD, _FAIR, _BAD = "#2b7a3d", "#8a6100", "#b3261e"
"""Each has a contrast of more than 4.5 to white."""


def path(folder: str) -> Path:
    """Where the badge of that library lies."""
    return BADGES / f"{folder.replace('/', '-')}.svg"


def badge(library: str, runs: Sequence[Mapping[str, Any]], left_out: Collection[str] = ()) -> str:
    """The picture, as SVG: the same text for the same verdicts. ``left_out``: scenarios that do not count."""
    counts = count(runs, left_out)
    passed, failed = counts["PASS"] + counts["ALLOWED"], counts["FAIL"]
    words = f"{passed} passed" + (f", {failed} failed" if failed else "")
    colour = _BAD if failed else _FAIR if counts["WARN"] else _GOOD
    left, right = (2 * _MARGIN + _DIGIT * len(text) for text in (_LABEL, words))
    title = escape(f"{library}: {words}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img"'
        f' aria-label="{title}">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{left}" height="{_HEIGHT}" fill="#3c4043"/>\n'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\n'
        f'<text x="{_MARGIN}" y="14" textLength="{left - 2 * _MARGIN}">{_LABEL}</text>\n'
        f'<text x="{left + _MARGIN}" y="14" textLength="{right - 2 * _MARGIN}">{words}</text>\n'
        "</g>\n"
        "</svg>\n"
    )


def count(runs: Sequence[Mapping[str, Any]], left_out: Collection[str] = ()) -> dict[str, int]:
    """How many scenarios ended in each verdict: one that was played at several providers counts once, by its worst."""
    order = list(MARKS)
    worst: dict[tuple[str, str], str] = {}
    for run in runs:
        for scenario, verdict in ((name, one) for name, one in run["verdicts"].items() if name not in left_out):
            here = worst.get((run["grant"], scenario), verdict)
            worst[run["grant"], scenario] = min(here, verdict, key=order.index)
    return {verdict: list(worst.values()).count(verdict) for verdict in order}
