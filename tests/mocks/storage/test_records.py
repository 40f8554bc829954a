"""Whatever a provider keeps comes back from bytes as it was."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sparring.mocks
from sparring.mocks.engine.codes import Code
from sparring.mocks.storage.promises import StoreError
from sparring.mocks.storage.records import decode, encode, name_of

_USE = re.compile(r"\bstore\.(?:get|take|every|delete)\((\w+(?:\.\w+)?)[,)]")
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 2**32))
st.register_type_strategy(int, st.integers(-(2**63), 2**64 - 1))


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(sparring.mocks.__path__, "sparring.mocks."):
        if re.match(r"sparring\.mocks\.(engine|providers|control|faults|kit|stage)\b", found.name):
            yield importlib.import_module(found.name)


def _kinds() -> list[type]:
    """Every type by which some code asks a store."""
    kinds: set[type] = set()
    for module in _modules():
        assert module.__file__ is not None
        for name in _USE.findall(Path(module.__file__).read_text(encoding="utf-8")):
            value: object = module
            for part in name.split("."):
                value = getattr(value, part, None)
            if isinstance(value, type):
                kinds.add(value)
    return sorted(kinds, key=name_of)


KINDS = _kinds()


def test_all_of_them_were_found() -> None:
    names = {kind.__name__ for kind in KINDS}
    assert len(KINDS) >= 30
    assert {"Token", "Grant", "Code", "Client", "User", "SsoSession", "ViewKey", "Window", "ManagedUser"} <= names


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__qualname__)
def test_a_record_comes_back_as_it_was(kind: type) -> None:
    @settings(max_examples=12, database=None, deadline=None)
    @given(st.from_type(kind))
    def comes_back(record: object) -> None:
        assert is_dataclass(record)
        back = decode(kind, encode(record))
        assert back == record
        assert sorted(repr(back)) == sorted(repr(record))  # an integer stays one; a set has no order

    comes_back()


def test_a_whole_number_of_seconds_is_not_made_a_fraction() -> None:
    code = Code(grant_id="g", client_id="c", redirect_uri=None, expires_at=5)
    assert repr(decode(Code, encode(code)).expires_at) == "5"


def test_a_member_that_was_added_later_has_its_default() -> None:
    written = encode({"grant_id": "g", "client_id": "c", "redirect_uri": None, "expires_at": 5.5})
    assert decode(Code, written) == Code(grant_id="g", client_id="c", redirect_uri=None, expires_at=5.5)


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x01", b"\x80", b"\x81\xa1x\x01"])
def test_other_bytes_are_a_clear_error(data: bytes) -> None:
    with pytest.raises(StoreError, match="a Code in the store cannot be read"):
        decode(Code, data)
