"""``python -m docs.publishing pages``: write what is made from the code; ``site FOLDER``: build the site there."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from docs.publishing import commands, control, faults, python_api, report, settings
from docs.publishing.links import ROOT

DOCS = ROOT / "docs"


PAGES: Mapping[str, Callable[[], str]] = {
    "faults.md": lambda: faults.page((DOCS / "faults.md").read_text(encoding="utf-8")),
    "reference/commands.md": commands.page,
    "reference/configuration.md": settings.page,
    "reference/control.md": control.page,
    "reference/python.md": python_api.page,
    "reference/report.md": report.page,
}
"""The pages that are made from the code, by their names below ``docs``."""


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say. The exit code: 1 where the site cannot be built, 2 for wrong usage."""
    match arguments:
        case ["pages"]:
            for name, made in PAGES.items():
                (DOCS / name).write_text(made(), encoding="utf-8")
        case ["site", folder]:
            from docs.publishing.site import build  # noqa: PLC0415 - the pages need no generator

            try:
                sys.stderr.write(f"site: {build(Path(folder).resolve())}/index.html\n")
            except ValueError as error:
                sys.stderr.write(f"{error}\n")
                return 1
        case _:
            sys.stderr.write("usage: python -m docs.publishing pages | site FOLDER\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
