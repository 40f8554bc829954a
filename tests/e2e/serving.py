"""``sparring serve`` as its users run it: the installed command, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPARRING = str(Path(sys.executable).parent / "sparring")
PATIENCE = 30.0


@dataclass
class Served:
    """A server that accepts: the document of its ready file, and its log, which grows."""

    process: subprocess.Popen[str]
    document: dict[str, Any]
    log_file: Path

    def provider(self, name: str) -> dict[str, Any]:
        """That provider's part of the document."""
        info: dict[str, Any] = self.document["providers"][name]
        return info

    def log(self, *, until: str = "") -> str:
        """All of stderr so far; waits until those words are in it."""
        deadline = time.monotonic() + PATIENCE
        while until not in (text := self.log_file.read_text(encoding="utf-8")):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{until!r} never came:\n{text}")
            time.sleep(0.02)
        return text

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Exit code and stderr after that signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), self.log()


def refused(*arguments: str, env: dict[str, str] | None = None) -> str:
    """The one sentence with which ``sparring serve`` refuses to start; exit code 2, and nothing else said."""
    ended = subprocess.run(
        [SPARRING, "serve", *arguments],
        env=os.environ | (env or {}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    (sentence,) = ended.stderr.strip().splitlines()
    return sentence


@contextmanager
def serving(folder: Path, *arguments: str, port: int = 0, env: dict[str, str] | None = None) -> Iterator[Served]:
    """Serve until the block ends; its files lie in that folder."""
    ready, log = folder / "ready.json", folder / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [SPARRING, "serve", "--port", str(port), "--ready-file", str(ready), *arguments],
            env=os.environ | (env or {}),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"it never was ready: {process.poll()}\n{log.read_text()}")
            time.sleep(0.02)
        yield Served(process, json.loads(ready.read_text()), log)
    finally:
        if process.poll() is None:
            process.kill()
        output, _ = process.communicate(timeout=PATIENCE)
        assert output == ""
