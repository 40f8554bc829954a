"""The HTML report in a real browser: nothing in it runs that was said to it, it can be searched, read and printed."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from sparring.harness.reports.html import render
from tests.e2e.axe import axe_script, findings
from tests.e2e.browsing import PHONE, WIDE, NoBrowserError, Window, chromium
from tests.harness.reports.hostile import hostile_run
from tests.harness.reports.runs import run, sample


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports as files: of an ordinary run, of a hostile one, of one with many findings."""
    folder = tmp_path_factory.mktemp("reports")
    worst = sample().results[1]
    many = run(*(replace(worst, id=f"state-mismatch-{n}") for n in range(30)), *sample().results)
    for name, report in {"sample": sample(), "hostile": hostile_run(), "many": many}.items():
        (folder / f"{name}.html").write_text(render(report), encoding="utf-8")
    return folder


def visible(window: Window, css: str) -> list[str]:
    """What the elements say that are shown."""
    return [element.text for element in window.all(css) if element.is_displayed()]


@pytest.mark.parametrize("heeded", [True, False])
def test_nothing_runs_that_a_client_or_a_provider_said(window: Window, pages: Path, heeded: bool) -> None:
    """Neither with the page's policy, nor where a browser ignores it; and the page's own script does run."""
    window.heed_policies(heeded=heeded)
    window.open((pages / "hostile.html").as_uri())
    window.find("#open").click()
    window.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    window.driver.execute_script("for (const each of document.querySelectorAll('[tabindex]')) each.focus()")
    window.heed_policies(heeded=True)
    assert window.driver.title.endswith("- Sparring")
    assert window.driver.execute_script("return document.querySelectorAll('script').length") == 1
    assert not window.all("img, iframe, main svg, [onerror], [onload], [onfocus], a[href^=javascript]")
    assert not window.driver.execute_script("return performance.getEntriesByType('resource').length")


def test_the_page_can_be_searched_and_filtered(window: Window, pages: Path) -> None:
    """By any word of a scenario, and by verdict; a link to an exchange opens what is around it."""
    window.open((pages / "many.html").as_uri())
    assert len(visible(window, ".finding")) == 32
    window.find("#search").send_keys("mismatch-17")
    assert len(visible(window, ".finding")) == 1
    assert len(visible(window, ".row")) == 1
    assert window.text("#found") == "2 of 67 shown"
    window.find("#search").clear()
    window.find("#search").send_keys("x")
    window.find("#search").send_keys("\b")
    window.find('input[value="FAIL"]').click()
    assert [text.splitlines()[0].split()[0] for text in visible(window, ".finding")] == ["WARN"]
    window.find('input[value="FAIL"]').click()
    window.find("#close").click()
    window.driver.execute_script("location.hash = '#finding-9-3'")
    assert window.find("#finding-9-3").is_displayed()


def test_the_findings_can_be_read_without_a_script(pages: Path) -> None:
    """They are open, and the tools that would do nothing are not there."""
    try:
        with chromium(javascript=False) as quiet:
            quiet.open((pages / "sample.html").as_uri())
            assert "The callback came with a forged state" in quiet.text("#finding-1 h4")
            assert not quiet.find("#tools").is_displayed()
            quiet.find("#finding-1 > summary").click()
            assert not quiet.find("#finding-1 h4").is_displayed()
    except NoBrowserError as error:
        pytest.skip(str(error))


def test_in_print_the_findings_are_open(window: Window, pages: Path) -> None:
    """The tokens and the way to see it again as well; the tools are no part of it."""
    window.open((pages / "sample.html").as_uri())
    window.find("#close").click()
    printed = base64.b64decode(window.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert printed.startswith(b"%PDF")
    assert window.driver.execute_script("return document.querySelectorAll('.finding:not([open])').length") == 0
    window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not window.find("#tools").is_displayed()
    window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", WIDE), ("light", PHONE)])
def test_the_page_is_accessible_and_fits(window: Window, pages: Path, scheme: str, size: tuple[int, int]) -> None:
    """axe-core has nothing serious to say, with everything open; no page is wider than its window."""
    script = axe_script()
    window.heed_policies(heeded=False)
    window.resize(size)
    window.prefer(scheme)
    window.open((pages / "sample.html").as_uri())
    window.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    found = findings(window.driver, script)
    window.heed_policies(heeded=True)
    assert found == []
    wide = window.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= size[0]
