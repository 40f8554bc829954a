"""The site: complete, linked, and made without a network; the reference is what the code says."""

# ruff: noqa: D103 - the names are sentences

import importlib.util
import posixpath
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from docs.publishing import __main__ as publishing
from docs.publishing.links import glued_lists, led, resolved
from docs.publishing.site import CONFIGURATION, build, lay_out
from tests.docs.blocks import DOCS, ROOT, pages
from tests.sampling import PATIENT

LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
NO_PICTURE_NEEDED = {"preconnect", "canonical", "next", "prev"}


class Read(HTMLParser):
    """What a page links to, loads, and can be pointed to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loads: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        if tag in LOADED and LOADED[tag] in given and given.get("rel") not in NO_PICTURE_NEEDED:
            self.loads.add(given[LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once."""
    if not PATIENT:
        pytest.skip("building the site takes several seconds: SPARRING_CI=1, as .ci/run has it")
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("Zensical makes the site, and is not installed: pip install 'sparring[docs]'")
    return build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, Read]:
    """Its pages, by their addresses."""
    found = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): Read(path.read_text(encoding="utf-8")) for path in found}


def test_every_page_of_docs_can_be_shown(tmp_path: Path) -> None:
    """Each is in a chapter, and its links lead to files."""
    lay_out(tmp_path)
    assert {path.relative_to(DOCS) for path in pages()} <= {
        path.relative_to(tmp_path / "pages") for path in tmp_path.rglob("*.md")
    }


def test_every_page_of_docs_is_on_it(read: dict[str, Read]) -> None:
    wanted = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")}
    assert wanted - set(read) == set()


def test_every_link_leads_somewhere(site: Path, read: dict[str, Read]) -> None:
    """Files and anchors, pictures too; those of the generator's own furniture apart from nothing."""
    broken = []
    for page, parsed in read.items():
        if page == "404.html":
            continue
        for link in parsed.links | parsed.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
            )
            if not (site / target).is_file():
                broken.append(f"{page}: {link}")
            elif parts.fragment and target in read and unquote(parts.fragment) not in read[target].anchors:
                broken.append(f"{page}: {link}: no such anchor")
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site: Path, read: dict[str, Read]) -> None:
    """No font, style, script or picture: the site works without a network."""
    for page, parsed in read.items():
        assert {link for link in parsed.loads if urlsplit(link).netloc} == set(), page
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text(encoding="utf-8"), style


@pytest.mark.parametrize("name", sorted(publishing.PAGES))
def test_the_reference_is_current(name: str) -> None:
    made = publishing.PAGES[name]()
    assert (DOCS / name).read_text(encoding="utf-8") == made, f"docs/{name} is out of date: make docs"


def test_a_page_that_is_in_no_chapter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = CONFIGURATION.read_text(encoding="utf-8").replace('"index.md",', '"elsewhere.md",', 1)
    (tmp_path / CONFIGURATION.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("docs.publishing.site.CONFIGURATION", tmp_path / CONFIGURATION.name)
    with pytest.raises(ValueError, match=r"index\.md: not in the navigation"):
        lay_out(tmp_path)


def test_a_link_to_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"docs/a/b\.md links to \.\./nobody\.md"):
        led("a/b.md", "[x](../nobody.md)")


@pytest.mark.parametrize(
    ("uri", "link", "becomes"),
    [
        ("a.md", "faults.md#kinds", "faults.md#kinds"),
        ("how-to/a.md", "../faults.md", "../faults.md"),
        ("how-to/a.md", "../../examples/serve.sh", "../repository/examples/serve.sh.md"),
        ("a.md", "../README.md", "repository/README.md.md"),
        ("a.md", "https://example.com/a", "https://example.com/a"),
        ("a.md", "../.gitlab/sparring.yml", "repository/dot.gitlab/sparring.yml.md"),
        ("repository/dot.github/CONTRIBUTING.md.md", "../README.md", "../README.md.md"),
        ("repository/README.md.md", "docs/faults.md", "../faults.md"),
    ],
)
def test_links_lead_to_where_the_site_has_it(uri: str, link: str, becomes: str) -> None:
    assert led(uri, f"see [it]({link})") == f"see [it]({becomes})"


def test_code_is_left_alone() -> None:
    fenced = "```text\n[x](nobody.md)\n```"
    assert led("a.md", fenced) == fenced


def test_a_list_after_a_paragraph_without_a_break_is_found() -> None:
    assert glued_lists("words\n- one\n- two\n") == [2]
    assert glued_lists("words\n\n- one\n  more\n- two\n") == []


def test_foreign_links_are_nobodys_files() -> None:
    assert resolved("mailto:a@b.example", "docs/a.md") is None


def test_the_command_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert publishing.main(["what"]) == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_make_knows_the_site() -> None:
    """As the page about writing pages says."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("there is no make here")
    said = subprocess.run([make, "--dry-run", "site"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "docs.publishing site build" in said.stdout, sys.executable
