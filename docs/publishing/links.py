"""Links that leave ``docs``: they lead to copies of the files that they name.

A link such as ``../examples/serve.sh`` works in the repository as it is. The site has no repository, so each file that
a page links to becomes a page of its own, below ``repository/``; a folder becomes a list of its files.
"""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
COPIES = "repository/"
LINK = re.compile(r"(?P<before>\]\()(?P<target>[^)\s#]+)(?P<after>(?:#[^)\s]*)?\))")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
ITEM = re.compile(r"^([-*+]|\d+\.) ")
FOREIGN = re.compile(r"^([a-z][a-z0-9+.-]*:|/)")
LANGUAGES = {".mjs": "js", ".yml": "yaml", ".txt": "text", ".rs": "rust", "": "text"}
SKIPPED = {"node_modules", "__pycache__", "vendor", "target", "package-lock.json", "go.sum", "Cargo.lock"}
LARGEST = 60_000
"""Bytes; a longer file is named in its folder's list, and not copied."""


def copies(pages: dict[str, str]) -> dict[str, str]:
    """A page for all that those pages link to outside ``docs``, and for what these link to in turn, by address."""
    made: dict[str, str] = {}
    open_ends = list(pages)
    while open_ends:
        uri = open_ends.pop()
        for target in targets({**pages, **made}[uri], origin_of(uri)):
            address = site_uri(target)
            if address.startswith(COPIES) and address not in made and (ROOT / target).exists():
                made[address] = copy_of(target)
                open_ends.append(address)
    return made


def led(uri: str, markdown: str) -> str:
    """The page at that address, with its links leading to where the site has what they name.

    Raises ValueError where a link names what the repository has not, or where a list would not be one on the site.
    """
    origin = origin_of(uri)

    def lead(match: re.Match[str]) -> str:
        target = resolved(match["target"], origin)
        if target is None:
            return match[0]
        if not (ROOT / target).exists():
            raise ValueError(f"{origin} links to {match['target']}, which is not in the repository")
        where = posixpath.relpath(site_uri(target), posixpath.dirname(uri) or ".")
        return f"{match['before']}{where}{match['after']}"

    for number in glued_lists(markdown):
        raise ValueError(f"{origin}, line {number}: a list needs an empty line before it")
    return outside_fences(markdown, lambda line: LINK.sub(lead, line))


def origin_of(uri: str) -> str:
    """The path in the repository of what the site has at that address."""
    if not uri.startswith(COPIES):
        return f"docs/{uri}"
    return re.sub(r"(^|/)dot\.", r"\1.", uri.removeprefix(COPIES).removesuffix(".md"))


def site_uri(target: str) -> str:
    """The address on the site of that path in the repository, as the source of a page."""
    inside = PurePosixPath(target)
    if inside.parts[0] == "docs" and inside.parts[1:2] != ("publishing",) and (ROOT / target).is_file():
        return str(inside.relative_to("docs"))
    visible = re.sub(r"(^|/)\.", r"\1dot.", target)  # the generator takes no hidden files
    return f"{COPIES}{visible}.md"


def resolved(link: str, origin: str) -> str | None:
    """The path in the repository that a link of that page names; None for a link to somewhere else."""
    if FOREIGN.match(link):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(origin), unquote(link)))


def targets(markdown: str, origin: str) -> set[str]:
    """What those pages link to, as paths in the repository."""
    found: set[str] = set()

    def note(line: str) -> str:
        found.update(target for match in LINK.finditer(line) if (target := resolved(match["target"], origin)))
        return line

    outside_fences(markdown, note)
    return found


def outside_fences(markdown: str, change: Callable[[str], str]) -> str:
    """The text, with every line that is no code changed."""
    fence, lines = "", []
    for line in markdown.split("\n"):
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif not fence:
            lines.append(change(line))
            continue
        lines.append(line)
    return "\n".join(lines)


def glued_lists(markdown: str) -> list[int]:
    """The lines at which a list begins right after a paragraph: the repository shows a list there, the site none."""
    prose: list[str] = []
    outside_fences(markdown, lambda line: prose.append(line) or line)  # type: ignore[func-returns-value]
    found, in_list = [], False
    for before, line in zip(["", *prose], prose, strict=False):
        if ITEM.match(line):
            if before and not in_list and not before.startswith("#"):
                found.append(markdown.split("\n").index(line) + 1)
            in_list = True
        elif not line.startswith("  "):
            in_list = False
    return found


def copy_of(target: str) -> str:
    """The page that stands for a file or a folder of the repository."""
    path = ROOT / target
    if path.is_dir():
        return f"# {target}\n\n" + "".join(f"- {entry}\n" for entry in listed(path))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    language = LANGUAGES.get(path.suffix, path.suffix.removeprefix("."))
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 0)
    return f"# {target}\n\n{fence}{language}\n{text.rstrip()}\n{fence}\n"


def listed(folder: Path) -> list[str]:
    """Its files, with those in folders below, as links: pictures are shown."""
    entries = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_dir() or any(part in SKIPPED or part.startswith(".") for part in inside.parts):
            continue
        link = f"{folder.name}/{inside.as_posix()}"
        if path.suffix == ".png":
            entries.append(f"{inside.stem}: ![{inside.stem}]({link})")
        else:
            entries.append(f"[{inside.as_posix()}]({link})" if is_text(path) else inside.as_posix())
    return entries


def is_text(path: Path) -> bool:
    """Whether a copy is worth its place."""
    try:
        return len(path.read_text(encoding="utf-8")) <= LARGEST
    except UnicodeDecodeError:
        return False
