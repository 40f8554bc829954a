"""``make libraries``: every library before every stimulus, written to docs/libraries.md."""

import sys

from tests.e2e.libraries.page import page
from tests.e2e.libraries.playing import played
from tests.e2e.libraries.stimuli import STIMULI
from tests.e2e.libraries.subjects import CannotRunError
from tests.e2e.libraries.table import SUBJECTS
from tests.e2e.running import ROOT

PAGE = ROOT / "docs/libraries.md"


def main() -> int:
    """The exit code: 1, with a sentence, where a library cannot be run here."""
    pairs = [(subject, stimulus) for subject in SUBJECTS for stimulus in STIMULI if stimulus.concerns(subject.name)]
    try:
        cells = played(pairs)
    except CannotRunError as error:
        print(f"libraries: {error}", file=sys.stderr)
        return 1
    PAGE.write_text(page(cells), encoding="utf-8")
    print(f"libraries: {len(cells)} cells in {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
