"""`python -m tests.e2e.dashboard_pictures [folder]`: the dashboard in pictures, in docs/pictures by default."""

import base64
import sys
import tempfile
from pathlib import Path

from tests.e2e.boards import Inspector
from tests.e2e.browsing import PHONE, Window, chromium
from tests.e2e.replaying import MOMENT, Replay
from tests.e2e.serving import serving
from tests.e2e.small_png import with_palette

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
DESK = (1200, 720)
LARGEST = 100 * 1024


def take(window: Window, path: Path) -> None:
    """What the window shows now."""
    window.driver.execute_script("document.getElementById('said').hidden = true; document.activeElement.blur()")
    told = window.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    picture = with_palette(base64.b64decode(told["data"]))
    if len(picture) > LARGEST:
        print(f"{path.name} has {len(picture)} bytes, more than {LARGEST}", file=sys.stderr)
    path.write_bytes(picture)


def tell(story: Replay) -> None:
    """Two logins, calls of an API, a renewal that is refused on purpose, and a secret where none belongs."""
    ingest, panopto = (story.server.provider(name) for name in ("ingest", "panopto"))
    tokens = story.log_in("ingest")
    call = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/vnd.ingest.v1+json"}
    story.ask("ingest", "GET", ingest["endpoints"]["api"], headers=call)
    address = f"{ingest['endpoints']['token']}?client_secret={ingest['client_secret']}"
    story.ask("ingest", "POST", address, data={"grant_type": "client_credentials", "client_id": ingest["client_id"]})
    refresh = {"endpoint": "token", "provider": "panopto", "grant": "refresh_token"}
    revoked = {"kind": "revoke", "token": "refresh_token", "of": "presented"}
    story.control("faults", {"id": "refresh-invalid-grant", "match": refresh, "effect": revoked})
    tokens = story.log_in("panopto")
    call = {"Authorization": f"Bearer {tokens['access_token']}"}
    story.ask("panopto", "GET", panopto["endpoints"]["api"], headers=call)
    story.refresh("panopto", tokens["refresh_token"])


def main(folder: Path = FOLDER) -> None:
    """Take all pictures anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(Path(scratch), "panopto", "ingest", "--lint") as server,
        chromium() as window,
    ):
        story = Replay(server)
        story.control("clock/set", {"seconds": MOMENT})
        tell(story)
        inspector = Inspector(window, f"{server.document['control_url']}/dashboard/main/")
        window.resize(DESK)
        window.prefer("light")
        inspector.open()
        inspector.until(".lint")
        take(window, folder / "dashboard.png")
        inspector.press(".row.tone-refused:last-child > a")
        inspector.until("#exchange", "refresh_token")
        take(window, folder / "dashboard-refused.png")
        window.prefer("dark")
        tokens = window.driver.execute_script(
            "return [...document.querySelectorAll('.row')].filter((row) => row.textContent.includes('code-redeemed'))"
            ".pop().dataset.n"
        )
        inspector.see(int(tokens))
        take(window, folder / "dashboard-tokens.png")
        window.prefer("light")
        window.resize(PHONE, mobile=True)
        inspector.open()
        take(window, folder / "dashboard-phone.png")
        story.close()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
