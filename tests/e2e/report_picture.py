"""`python -m tests.e2e.report_picture [folder]`: a report as pictures, in docs/pictures or the folder named."""

import base64
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sparring.harness.reports.html import render
from tests.e2e.browsing import PHONE, Window, chromium
from tests.e2e.running import BROKEN, SUPPORTS, check

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
PAGE = (880, 700)
LARGEST = 100 * 1024
FAULTY = "no-token-request-after-forged-state"
"""The broken client that is shown: it takes any state."""


def take(window: Window, path: Path) -> None:
    """What the window shows."""
    wanted = {"format": "png", "optimizeForSpeed": False}
    picture = base64.b64decode(window.driver.execute_cdp_cmd("Page.captureScreenshot", wanted)["data"])
    if len(picture) > LARGEST:
        print(f"{path.name} has {len(picture)} bytes, more than {LARGEST}", file=sys.stderr)
    path.write_bytes(picture)


def main(folder: Path = FOLDER) -> None:
    """Play the client, and take the report in light and dark colours and on a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    report = check("ingest", "authorization_code", *BROKEN, "--switch", FAULTY, supports=SUPPORTS, seed=7, jobs=2)
    with TemporaryDirectory() as there, chromium() as window:
        page = Path(there) / "report.html"
        page.write_text(render(report), encoding="utf-8")
        for name, scheme, size, down in (
            ("report-light", "light", PAGE, 0),
            ("report-dark", "dark", PAGE, 960),
            ("report-phone", "light", PHONE, 560),
        ):
            window.prefer(scheme)
            window.resize(size, mobile=size == PHONE)
            window.open(page.as_uri())
            window.driver.execute_script(f"scrollTo(0, {down})")
            take(window, folder / f"{name}.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
