"""`python -m tests.e2e.pictures [folder]`: every page as a picture, in docs/pictures unless another folder is named."""

import base64
import sys
from pathlib import Path

from tests.e2e.browsing import PHONE, WIDE, Studio, Window, chromium, redirect_uri
from tests.e2e.scenes import RELEASE_20, SCENES, SCENES_20, Stroll, stage_for

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
LARGEST = 60 * 1024


def take(window: Window, path: Path) -> None:
    """What the window shows from the first line to the last, as PNG."""
    size = window.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    told = window.driver.execute_cdp_cmd(
        "Page.captureScreenshot",
        {"format": "png", "clip": clip, "captureBeyondViewport": True, "optimizeForSpeed": False},
    )
    picture = base64.b64decode(told["data"])
    if len(picture) > LARGEST:
        print(f"{path.name} has {len(picture)} bytes, more than {LARGEST}", file=sys.stderr)
    path.write_bytes(picture)


def main(folder: Path = FOLDER) -> None:
    """Take all pictures anew: a desktop's and a phone's of each page, in light colours."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as window, Studio() as studio, redirect_uri() as callback:
        for variants, scenes in (({}, SCENES), ({"movingimage": RELEASE_20}, SCENES_20)):
            for name, walk in scenes.items():
                stage = stage_for(studio, callback, variants=variants)
                window.resize(WIDE)
                window.prefer("light")
                walk(Stroll(window, stage, callback))
                window.driver.execute_script("document.activeElement.blur()")
                take(window, folder / f"{name}.png")
                window.resize(PHONE, mobile=True)
                take(window, folder / f"{name}-phone.png")
                stage.close()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
