"""The versions that are pinned, and what a failed installation says."""

from pathlib import Path

import pytest

from bench import installing
from bench.installing import PINNED, UnavailableError, fetched, pinned_version, program


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Peers and cache of this test alone, with an npm that does what ``npm.sh`` says."""
    monkeypatch.setattr(installing, "PINNED", tmp_path / "peers")
    monkeypatch.setattr(installing, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (tmp_path / "peers/peer").mkdir(parents=True)
    (tmp_path / "peers/peer/package.json").write_text('{"dependencies": {"peer": "1.2.3"}}')
    (tmp_path / "bin").mkdir()
    fetched.cache_clear()
    return tmp_path


def npm(shelf: Path, script: str) -> None:
    """An npm that does that."""
    (shelf / "bin/npm").write_text(f"#!/bin/sh\n{script}\n")
    (shelf / "bin/npm").chmod(0o755)


@pytest.mark.parametrize("peer", [folder.name for folder in PINNED.iterdir() if folder.name != "node"])
def test_every_peer_is_pinned_to_one_version(peer: str) -> None:
    """Each folder of a peer says which version is measured."""
    assert pinned_version(peer)[0].isdecimal()


def test_a_peer_is_fetched_once(shelf: Path) -> None:
    """The second time it is there."""
    npm(shelf, "echo again >> log")
    home = fetched("peer")
    fetched.cache_clear()
    assert fetched("peer") == home == shelf / "cache/peer"
    assert (home / "log").read_text() == "again\n"


def test_another_version_is_fetched_anew(shelf: Path) -> None:
    """What is pinned decides, not what lies in the cache."""
    npm(shelf, "cat package.json >> log")
    fetched("peer")
    fetched.cache_clear()
    (shelf / "peers/peer/package.json").write_text("{}")
    assert (fetched("peer") / "log").read_text() == "{}"


def test_what_was_not_fetched_to_the_end_is_fetched_again(shelf: Path) -> None:
    """The reason is npm's own, and half an installation is none."""
    npm(shelf, "echo 'no such host' >&2; exit 1")
    for _ in range(2):
        with pytest.raises(UnavailableError, match=r"^npm did not bring it: no such host$"):
            fetched("peer")


def test_a_program_that_is_missing_is_named() -> None:
    """By its name, in one sentence."""
    with pytest.raises(UnavailableError, match=r"^no-such-program is not on this machine$"):
        program("no-such-program")
