"""Playing a page: its commands in one shell, in the order of the page, in a folder of their own.

The shell has an empty HOME, and ``sparring`` on its PATH. Servers begin where the page starts them, in the foreground
or behind it, answer before the next line runs, and end with the page. Their usual ports, 9400 and those after it, are
others here, so that pages can be played side by side.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.blocks import Block

PATIENCE = 60.0
PORTS = 10
PRELUDE = """
trap 'failed=$?' ERR
sparring() {
    if [ "${1-}" != serve ]; then command sparring "$@"; return; fi
    shift
    case " $* " in *" --port "*) ;; *) set -- --port "$SPARRING_PORT" "$@" ;; esac
    set -- --ready-file "$HOME/ready" "$@"
    if [ -e "$HOME/server" ]; then
        before=$(cat "$HOME/server")
        kill -INT "$before" 2>/dev/null || true
        while kill -0 "$before" 2>/dev/null; do sleep 0.05; done
    fi
    if [ "$BASHPID" != "$$" ]; then echo "$BASHPID" > "$HOME/server"; exec sparring serve "$@"; fi
    rm -f "$HOME/ready"
    command sparring serve "$@" & server=$!
    echo "$server" > "$HOME/server"
    until [ -e "$HOME/ready" ]; do kill -0 "$server" || return 1; sleep 0.05; done
}
"""
ADDRESS = re.compile(r"(127\.0\.0\.1|localhost):94(\d\d)\b")


class Shell:
    """One shell, for one page, in that folder."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self._port = _free_ports()
        self._ready = home / "ready"
        self._notes = home / ".notes"
        self._notes.mkdir()
        environment = {
            "PATH": os.pathsep.join((str(folder / ".venv/bin"), str(Path(sys.executable).parent), os.environ["PATH"])),
            "HOME": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1",
            "SPARRING_PORT": str(self._port), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "TMPDIR": str(home),
        }  # fmt: skip
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, text=True,
        )  # fmt: skip
        self._tell(PRELUDE)
        self._count = 0

    def play(self, text: str) -> tuple[int, int]:
        """Run those lines: the status of the last command, and that of the last one that failed (0: none)."""
        self._count += 1
        script, ended = (self._notes / f"{self._count}.{end}" for end in ("sh", "end"))
        script.write_text(self.moved(text), encoding="utf-8")
        serves_behind = re.search(r"^sparring serve\b(?!.*--ready-file).*&$", text, re.MULTILINE) is not None
        if serves_behind:
            self._ready.unlink(missing_ok=True)
        self._tell(f"failed=0; . {shlex.quote(str(script))} >{shlex.quote(str(self._out()))} 2>&1; last=$?\n")
        self._tell(f"echo $last $failed >{ended}.part; mv {ended}.part {ended}\n")
        self._await(ended, text)
        if serves_behind:
            self._await(self._ready, text)
        last, failed = ended.read_text().split()
        return int(last), int(failed)

    def printed(self) -> str:
        """What the lines that ran last have printed so far."""
        text = self._out().read_text(encoding="utf-8", errors="replace") if self._count else ""
        return re.sub(r"(?<=127\.0\.0\.1:)\d{5}", lambda found: self._usual(int(found[0])), text)

    def _out(self) -> Path:
        return self._notes / f"{self._count}.out"

    def _usual(self, port: int) -> str:
        return str(9400 + port - self._port if self._port <= port < self._port + PORTS else port)

    def _await(self, file: Path, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not file.exists():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError(f"no end of:\n{text}\n{self.printed()}")
            time.sleep(0.01)

    def moved(self, text: str) -> str:
        """The text with the usual ports replaced by those of this shell."""
        return ADDRESS.sub(lambda found: f"{found[1]}:{self._port + int(found[2])}", text)

    def close(self) -> None:
        """End the shell and everything that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                break
            try:
                self._process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                continue
            if number is signal.SIGTERM:
                self._await_silence()

    def _await_silence(self) -> None:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                os.killpg(self._process.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)

    def _tell(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text)
        self._process.stdin.flush()


@contextmanager
def shell(folder: Path, home: Path) -> Iterator[Shell]:
    """A shell in that folder, until the block ends."""
    opened = Shell(folder, home)
    try:
        yield opened
    finally:
        opened.close()


def play(page: list[Block], folder: Path, home: Path) -> None:
    """Play the blocks of a page in that folder. AssertionError names the line that does not do what the page says."""
    with shell(folder, home) as opened:
        for block in page:
            if block.word == "file":
                write(folder / block.rest, opened.moved(block.text))
            elif block.word == "change":
                change(folder / block.rest, block)
            elif block.word == "output":
                compare(block, opened)
            elif block.language == "sh" and block.word in {"", "exit"}:
                last, failed = opened.play(block.text)
                wanted = int(block.rest or 0)
                assert last == wanted, f"{block}: ended with {last}:\n{opened.printed()}"
                assert wanted or not failed, f"{block}: a command ended with {failed}:\n{opened.printed()}"


def compare(block: Block, opened: Shell) -> None:
    """Hold what the page shows against what was printed; a server may print a moment later."""
    deadline = time.monotonic() + 5
    while (missing := first_missing(block.text, opened.printed())) is not None:
        assert time.monotonic() < deadline, f"{block}: {missing!r} is not in what was printed:\n{opened.printed()}"
        time.sleep(0.05)


def first_missing(expected: str, printed: str) -> str | None:
    """The first line that is not there in its place, None where all are; ``...`` stands for anything."""
    rest = [line.rstrip() for line in printed.splitlines()]
    for line in expected.splitlines():
        if line.strip() in {"...", ""}:
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in line.rstrip().split("...")))
        for index, one in enumerate(rest):
            if pattern.fullmatch(one):
                rest = rest[index + 1 :]
                break
        else:
            return line
    return None


def write(path: Path, text: str) -> None:
    """Write a file of the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(path: Path, block: Block) -> None:
    """Apply a diff without numbers: what it keeps and removes, which stands in the file once, becomes the rest.

    A line ``...`` parts two places.
    """
    text = path.read_text(encoding="utf-8")
    for part in re.split(r"^ ?\.\.\.\n", block.text, flags=re.MULTILINE):
        lines = part.splitlines(keepends=True)
        old = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
        new = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
        assert text.count(old) == 1, f"{block}: stands {text.count(old)} times in {path.name}:\n{old}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _free_ports() -> int:
    """The first of ten ports in a row at which nobody listens."""
    for first in range(20000 + os.getpid() % 1000 * PORTS, 60000, PORTS):
        try:
            for port in range(first, first + PORTS):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise OSError("no ten free ports in a row")
