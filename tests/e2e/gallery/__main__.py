"""Every library of the gallery that this machine can run: writes the verdict files, and docs/gallery.md from them.

Words name folders (``python/httpx-auth``) or languages (``rust``): only these are played. ``--provider`` and
``--scenario`` play a part of them again. ``--page`` plays none.
"""

import argparse
import sys

from tests.e2e.gallery.making import CannotRunError, NoRuntimeError
from tests.e2e.gallery.page import publish
from tests.e2e.gallery.running import keep, measured
from tests.e2e.gallery.subjects import SUBJECTS, Subject


def main(words: list[str]) -> int:
    """The exit code: 1 where a library could not be played though its language is here, 2 for no library."""
    reader = argparse.ArgumentParser(prog="gallery", description="Play real client libraries.")
    reader.add_argument("names", nargs="*", metavar="FOLDER|LANGUAGE")
    reader.add_argument("--provider", action="append", default=[])
    reader.add_argument("--scenario", action="append", default=[])
    reader.add_argument("--page", action="store_true", help="play none: make the page of the verdict files")
    said = reader.parse_args(words)
    known = {name for subject in SUBJECTS for name in _names(subject)}
    for name in said.names:
        if name not in known:
            print(f"gallery: there is no {name}; there are: {', '.join(sorted(known))}", file=sys.stderr)
            return 2
    wanted = [one for one in SUBJECTS if not said.names or set(_names(one)) & set(said.names)]
    missing = 0
    for subject in () if said.page else wanted:
        try:
            verdicts = measured(subject, said.provider, said.scenario)
        except CannotRunError as error:
            print(f"gallery: {subject.folder} keeps its verdicts: {error}", file=sys.stderr)
            missing = missing if isinstance(error, NoRuntimeError) else 1
            continue
        keep(subject, verdicts)
        print(f"gallery: {subject.folder}: {[run['summary'] for run in verdicts['runs']]}", flush=True)
    publish()
    return missing


def _names(subject: Subject) -> tuple[str, str]:
    return subject.folder, subject.language.folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
