"""The pages of ``docs``, and the README, taken apart: fenced blocks with what the page says of them in a comment above.

A comment right above a fence is one of these::

    <!-- file: NAME -->        the block is that file, written into the folder in which the page is played
    <!-- from: PATH -->        the block is cut from that file of the repository, word for word
    <!-- change: PATH -->      a diff without numbers, applied to that file; the page is played in a copy of the tree
    <!-- output -->            what the block before it prints: these lines, in this order; `...` stands for anything
    <!-- exit: N -->           the block's last command ends with that exit code
    <!-- not run: REASON -->   the block is parsed, and not run, for that reason
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
FENCE = re.compile(r"^(?P<mark>`{3,})(?P<language>[\w-]*)$")
SAID = re.compile(r"^<!-- (?P<word>file|from|change|output|exit|not run)(?:: (?P<rest>.+))? -->$")
LANGUAGES = frozenset({"sh", "python", "js", "go", "java", "toml", "yaml", "json", "diff", "text", "html"})


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its page, line, language and text, and the comment above it as a word and its argument."""

    page: Path
    line: int
    language: str
    text: str
    word: str = ""
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every page, by name."""
    return sorted(DOCS.rglob("*.md"))


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in their order."""
    return list(_blocks(page, page.read_text(encoding="utf-8").split("\n")))


def _blocks(page: Path, lines: list[str]) -> Iterator[Block]:
    opened, mark, language = 0, "", ""
    for number, line in enumerate(lines, 1):
        found = FENCE.match(line)
        if mark and line == mark:
            word, rest = _said(lines, opened - 2)
            yield Block(page, opened, language, "".join(f"{each}\n" for each in lines[opened : number - 1]), word, rest)
            mark = ""
        elif found and not mark:
            opened, mark, language = number, found["mark"], found["language"]


def _said(lines: list[str], index: int) -> tuple[str, str]:
    above = lines[index] if index >= 0 else ""
    if found := SAID.match(above):
        return found["word"], found["rest"] or ""
    return "", ""
