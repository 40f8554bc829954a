"""The table at the end of the page about faults; what stands above it is written by hand."""

from sparring.mocks.faults.table import table


def page(text: str) -> str:
    """The page with the table of today."""
    head = table().splitlines(keepends=True)[0]
    before, found, _ = text.partition(head)
    if not found:
        raise ValueError("docs/faults.md has no table of kinds")
    return before + table()
