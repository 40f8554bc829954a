"""Words for the pages of the reference."""

NOTE = "<!-- Made by `make docs` from the code; edit {} instead. -->"


def row(*cells: object) -> str:
    """A row of a table."""
    return f"| {' | '.join(' '.join(str(cell).split()).replace('|', chr(92) + '|') for cell in cells)} |"


def table(*heads: str) -> list[str]:
    """The head of a table."""
    return [row(*heads), f"|{'---|' * len(heads)}"]


def prose(text: str) -> str:
    """A docstring as Markdown: its double backticks are single ones here."""
    return text.replace("``", "`").replace(":class:", "")
