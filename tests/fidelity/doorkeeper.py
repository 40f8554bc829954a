"""A real Doorkeeper in the smallest Rails application, on the loopback interface."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.fidelity import cache
from tests.fidelity.cache import Unavailable
from tests.fidelity.processes import Engine, free_port, running
from tests.fidelity.wire import Talk

APPLICATION = Path(__file__).with_name("doorkeeper") / "config.ru"
STARTING_SECONDS = 90.0
DEBIAN = "Debian: ruby ruby-rails ruby-sqlite3 puma"


@contextlib.contextmanager
def serving(version: str) -> Iterator[Engine]:
    """That version of Doorkeeper, with no applications registered, until the block ends.

    Raises:
        Unavailable: Ruby, Rails, puma or the gem is missing, or it does not start.
    """
    puma = cache.tool("puma", f"a real Doorkeeper ({DEBIAN})")
    home = _gem(version)
    with tempfile.TemporaryDirectory(prefix="sparring-doorkeeper-") as scratch:
        folder = Path(scratch)
        port = free_port()
        env = {"FIDELITY_FOLDER": str(folder), "RAILS_ENV": "production", "DOORKEEPER_HOME": str(home)}
        command = [puma, "-q", "-t", "1:1", "-b", f"tcp://127.0.0.1:{port}", str(APPLICATION)]
        log = folder / "log.txt"
        with running(command, port=port, log=log, env=env, cwd=folder, patience=STARTING_SECONDS):
            base = f"http://127.0.0.1:{port}"
            name = Talk(base).send("GET", "/governed/version").text
            if not name.startswith(f"Doorkeeper {version},"):
                raise Unavailable(f"asked for Doorkeeper {version}, but {name[:100]} runs")
            yield Engine(name, base, log)


def _gem(version: str) -> Path:
    """The unpacked gem: in the folder SPARRING_FIDELITY_DOORKEEPER, else in the cache, else from RubyGems."""
    named = os.environ.get("SPARRING_FIDELITY_DOORKEEPER")
    for parent in (*([Path(named)] if named else []), cache.folder()):
        if (parent / f"doorkeeper-{version}" / "lib" / "doorkeeper.rb").exists():
            return parent / f"doorkeeper-{version}"
    gem = shutil.which("gem")
    if gem is not None:
        for command in (["fetch", "doorkeeper", "-v", version], ["unpack", f"doorkeeper-{version}.gem"]):
            subprocess.run([gem, *command], cwd=cache.folder(), capture_output=True, timeout=120, check=False)
    home = cache.folder() / f"doorkeeper-{version}"
    if not (home / "lib" / "doorkeeper.rb").exists():
        raise Unavailable(
            f"RubyGems did not bring doorkeeper {version}; lay its unpacked source into {home}, "
            "or name the folder that holds it in SPARRING_FIDELITY_DOORKEEPER."
        )
    return home
