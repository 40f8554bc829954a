"""Every library of the gallery that this machine can run: writes the verdict files, and docs/gallery.md from them.

Words name folders (``python/httpx-auth``): only these are played. ``--page`` plays none.
"""

import sys

from tests.e2e.gallery.page import PAGE, page
from tests.e2e.gallery.running import keep, kept, measured
from tests.e2e.gallery.subjects import BUILD, SUBJECTS, CannotRunError


def main(words: list[str]) -> int:
    """The exit code: 1 where a library could not be played, and keeps the verdicts that it had; 2 for no library."""
    folders = [subject.folder for subject in SUBJECTS]
    for word in words:
        if word not in (*folders, "--page"):
            print(f"gallery: there is no {word}; there are: {', '.join(folders)}", file=sys.stderr)
            return 2
    missing = 0
    BUILD.mkdir(parents=True, exist_ok=True)
    for subject in SUBJECTS:
        if "--page" in words or (words and subject.folder not in words):
            continue
        try:
            verdicts = measured(subject)
        except CannotRunError as error:
            print(f"gallery: {subject.folder}: {error}", file=sys.stderr)
            missing = 1
            continue
        keep(subject, verdicts)
        print(f"gallery: {subject.folder}: {[run['summary'] for run in verdicts['runs']]}", flush=True)
    PAGE.write_text(page({subject.folder: kept(subject) for subject in SUBJECTS}), encoding="utf-8")
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
