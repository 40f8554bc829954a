"""The page holds what was measured, and says what was not."""

from pathlib import Path

from bench import explaining, page
from bench.figures import Figures, Memory, Rate, Run, read, written

ROOT = Path(__file__).parent.parent.parent


def rate(measure: str, per_second: float, *, signatures: int = 1, connections: int = 16, limit: float = 4000) -> Rate:
    """A measure of some server."""
    return Rate(measure, connections, 1000, per_second, 5.0, 9.0, signatures, 0.3, 0.1, limit)


def run() -> Run:
    """Ours, a peer, and a peer that was not to be had."""
    ours = Figures("ingest", "ours", "0.1.0", 0.2, [rate("signed", 2000), rate("signed", 1000, connections=1)])
    ours.memory = Memory(50 * 2**20, 60 * 2**20, {"signed": 10.48576})
    peer = Figures("emulate", "peer", "0.12.2", 0.1, [rate("signed", 1000, signatures=2, limit=2000)])
    gone = Figures("mock-oauth2-server", "peer", "6.0.2", missing=["java is not on this machine"])
    whole = Run("2026-11-21", {"Processor": "two cores"}, [peer, ours, gone])
    whole.beginnings = [("a stage", 0.5, 0.25)]
    whole.checks = [("ingest, authorization_code", 6.0, 52)]
    return whole


def cells(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def row(name: str, heading: str) -> list[str]:
    """The row of that server under that heading."""
    section = page.results(run()).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return next(cells(line) for line in section.splitlines() if cells(line)[0] == name)


SIGNED = "Client credentials, a token signed with RS256"


def test_a_row_says_what_was_measured() -> None:
    """Every column, in its order."""
    expected = ["ingest", "2,000", "1", "0.50", "5.00", "9.00", "0.300", "0.83", "10%", "1,000", "5.00"]
    assert row("ingest", SIGNED) == expected


def test_signatures_count_not_answers() -> None:
    """Two signatures in an answer, half the limit: 1.00."""
    assert row("emulate (peer)", SIGNED)[1:4] == ["1,000", "2", "1.00"]


def test_the_comparison_is_by_work() -> None:
    """Each by the limit of its own minutes."""
    lines = page.results(run()).splitlines()
    corner = next(i for i, line in enumerate(lines) if line.startswith("| times as fast as"))
    assert cells(lines[corner])[1:] == ["emulate"]
    assert cells(lines[corner + 2]) == ["ingest", "0.50"]


def test_memory_is_reckoned_for_a_hundred_thousand() -> None:
    """Mebibytes; a server that issues no opaque token has none in that column."""
    assert row("ingest", "Starting and memory") == ["ingest", "200", "50", "60", "+1.0", "-"]
    assert row("emulate (peer)", "Starting and memory") == ["emulate (peer)", "100", "-", "-", "-", "-"]


def test_time_is_told_in_signatures_too() -> None:
    """By the mean of all limits of the run."""
    one = 1000 / ((4000 + 4000 + 2000) / 3)
    assert row("a stage", "A provider of its own for a test")[-1] == f"{0.75 / one:.1f}"
    assert row("ingest, authorization_code", "A whole `sparring check`")[1:3] == ["6.0", "52"]


def test_a_busy_machine_is_told() -> None:
    """And a quiet one is not spoken of."""
    busy = run()
    busy.busy = True
    assert page.BUSY in page.results(busy)
    assert page.BUSY not in page.results(run())


def test_what_is_missing_is_named() -> None:
    """With the reason."""
    assert "- mock-oauth2-server: java is not on this machine" in page.results(run())


def test_a_measure_that_nobody_has_is_no_heading() -> None:
    """There is no empty table."""
    assert "JWKS" not in page.results(run())


def test_the_page_explains_its_columns() -> None:
    """Each heading of a column has its sentence."""
    text = explaining.performance(run())
    for heading in (
        "answers/s",
        "signatures",
        "of openssl",
        "p50, p99",
        "server, ms",
        "by processor",
        "times as fast as",
    ):
        assert f"**{heading}**" in text
    assert "- Date: 2026-11-21" in text


def test_a_run_can_be_kept() -> None:
    """What was written is read as it was."""
    assert read(written(run())) == run()


def test_the_pages_are_those_of_the_figures_that_are_kept() -> None:
    """`python -m bench --again` writes them anew."""
    kept = read((ROOT / "bench/results/latest.json").read_text())
    assert (ROOT / "bench/results/latest.md").read_text() == page.results(kept)
    assert (ROOT / "docs/performance.md").read_text() == explaining.performance(kept)
