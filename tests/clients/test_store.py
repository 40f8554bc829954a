"""What the careful client keeps on disk: whole, its owner's alone, and no longer than needed."""

import json
import stat
from pathlib import Path

import pytest

from tests.clients.good.identity import Identity
from tests.clients.good.store import Kept, Store

ADA = Kept("refresh-1", Identity("ada", "nonce"))


def mode(path: Path) -> int:
    """Its permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_next_process_finds_what_was_kept(tmp_path: Path) -> None:
    """By user, with whom it belongs to."""
    store = Store(str(tmp_path))
    store.keep("ada", ADA)
    store.keep("", Kept("refresh-2"))
    again = Store(str(tmp_path))
    assert again.of("ada") == ADA
    assert again.of("") == Kept("refresh-2", None)
    assert again.of("eve") == Kept()


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    """Also where somebody had put a file of that name there before."""
    for name in ("logins.json", "logins.new"):
        (tmp_path / name).write_text("{}")
        (tmp_path / name).chmod(0o644)
    Store(str(tmp_path)).keep("", ADA)
    assert [path.name for path in tmp_path.iterdir()] == ["logins.json"]
    assert mode(tmp_path / "logins.json") == 0o600


def test_a_login_that_is_over_is_forgotten(tmp_path: Path) -> None:
    """And the others stay."""
    store = Store(str(tmp_path))
    store.keep("ada", ADA)
    store.keep("bob", Kept("refresh-2"))
    store.keep("ada", Kept(None, ADA.identity))
    assert list(json.loads((tmp_path / "logins.json").read_text())) == ["bob"]
    assert Store(str(tmp_path)).of("ada") == Kept()


def test_nothing_is_written_where_there_is_nothing_to_keep(tmp_path: Path) -> None:
    """No file for a client without logins, none without a folder."""
    Store(str(tmp_path)).keep("", Kept())
    Store("").keep("", ADA)
    assert list(tmp_path.iterdir()) == []
    assert Store("").of("") == Kept()


@pytest.mark.parametrize("text", ["", "[", "[]", '{"ada": 1}', '{"ada": {"subject": "ada"}}', '{"ada": []}'])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    """And the next login replaces it."""
    (tmp_path / "logins.json").write_text(text)
    store = Store(str(tmp_path))
    assert store.of("ada") == Kept()
    store.keep("ada", ADA)
    assert Store(str(tmp_path)).of("ada") == ADA
