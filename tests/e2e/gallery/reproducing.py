"""The reproductions of the findings, each run beside its ``sparring serve``: what they print must be as written.

``python -m tests.e2e.gallery.reproducing``; words name folders or languages.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e.gallery.findings import FINDINGS, Finding, Reproduction
from tests.e2e.gallery.making import CannotRunError, ready, words
from tests.e2e.gallery.subjects import SUBJECTS
from tests.e2e.serving import serving

_CONTROL = "http://127.0.0.1:9400"
_PORTS = {"rotor": 9401, "clickview": 9402, "movingimage": 9403, "panopto": 9404, "ingest": 9405}
"""Where `sparring serve` puts them when nothing else is asked for; here they lie elsewhere."""

_PATIENCE = 60


def reproduced(finding: Finding, how: Reproduction) -> str:
    """The last line of its program's output. CannotRunError."""
    subject = next(one for one in SUBJECTS if one.folder == finding.shown_by.library)
    place, language = ready(subject), subject.language
    program = place / f"reproduction{language.suffix}"
    command = [word.replace("{file}", str(program)) for word in words(language.script)]
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), *how.serve.split()) as server:
        code = how.code.lstrip("\n").replace(_CONTROL, server.document["control_url"])
        for name, port in _PORTS.items():
            if name in server.document["providers"]:
                code = code.replace(f"http://127.0.0.1:{port}", server.provider(name)["base_url"])
        program.write_text(code, encoding="utf-8")
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    said = [line for line in (done.stdout.strip() or done.stderr.strip()).splitlines() if line.strip()]
    return said[-1] if said else ""


def main(wanted: list[str]) -> int:
    """The exit code: 1 where one did not print what it should."""
    wrong = 0
    for finding in FINDINGS:
        names = {finding.language, *finding.who}
        if finding.reproduce is None or (wanted and not names & set(wanted)):
            continue
        try:
            printed = reproduced(finding, finding.reproduce)
        except CannotRunError as error:
            print(f"gallery: {finding.title}: {error}", file=sys.stderr)
            continue
        as_written = printed == finding.reproduce.prints
        wrong |= not as_written
        print(f"{'ok' if as_written else 'WRONG'}  {finding.language}: {finding.title}: {printed}", flush=True)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
