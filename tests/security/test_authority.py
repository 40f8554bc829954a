"""The key of the local CA: nobody else's to read, to write or to bring along."""

# ruff: noqa: D103 - the names are sentences

import os
import stat
from pathlib import Path

import pytest

from sparring.harness.cli.authority import ca_folder
from sparring.mocks.server.ca import CaError, open_ca


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with a CA."""
    open_ca(tmp_path / "ca")
    return tmp_path / "ca"


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_whatever_the_umask_folder_and_key_are_the_users_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        open_ca(tmp_path / "deep" / "ca")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "deep" / "ca"), mode(tmp_path / "deep" / "ca" / "ca-key.pem")) == (0o700, 0o600)
    assert sorted(path.name for path in (tmp_path / "deep" / "ca").iterdir()) == ["ca-key.pem", "ca.pem"]


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca").chmod(0o777)
    open_ca(tmp_path / "ca")
    assert mode(tmp_path / "ca") == 0o700


@pytest.mark.parametrize("loose", [0o640, 0o604, 0o666])
def test_a_key_that_others_could_read_is_not_used(kept: Path, loose: int) -> None:
    (kept / "ca-key.pem").chmod(loose)
    with pytest.raises(CaError, match=r"^others could read .*ca-key\.pem; remove it, and a new CA is made$"):
        open_ca(kept)


@pytest.mark.parametrize("target", ["another", "nowhere"])
def test_a_key_that_is_a_link_is_not_followed(kept: Path, tmp_path: Path, target: str) -> None:
    (kept / "ca-key.pem").rename(tmp_path / "another")
    (kept / "ca-key.pem").symlink_to(tmp_path / target)
    with pytest.raises(CaError, match=r"ca-key\.pem is a link; remove it, and a new CA is made$"):
        open_ca(kept)
    assert not (tmp_path / "nowhere").exists()


def test_a_certificate_that_is_a_link_is_replaced_and_not_written_through(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine", encoding="utf-8")
    (kept / "ca.pem").unlink()
    (kept / "ca.pem").symlink_to(tmp_path / "precious")
    certificate = open_ca(kept).certificate
    assert (certificate.is_symlink(), (tmp_path / "precious").read_text(encoding="utf-8")) == (False, "mine")


def test_a_pipe_in_the_keys_place_does_not_stop_anybody(kept: Path) -> None:
    (kept / "ca-key.pem").unlink()
    os.mkfifo(kept / "ca-key.pem", 0o600)
    with pytest.raises(CaError, match="holds no CA"):
        open_ca(kept)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", ["", "ca-key.pem"])
def test_what_belongs_to_somebody_else_is_not_used(kept: Path, name: str) -> None:
    os.chown(kept / name, 65534, 65534)
    with pytest.raises(CaError, match="belongs to another user"):
        open_ca(kept)


def test_it_is_kept_where_a_users_own_data_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert ca_folder() == Path("/data/sparring")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/ada")
    assert ca_folder() == Path("/home/ada/.local/share/sparring")
