"""Whatever a provider keeps comes back from bytes as it was."""

# ruff: noqa: D103 - the names are sentences

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sparring.mocks
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.codes import Code
from sparring.mocks.storage.promises import StoreError
from sparring.mocks.storage.records import decode, encode, name_of

_USE = re.compile(r"\bstore\.(?:get|take|every|delete)\((\w+(?:\.\w+)?)[,)]")
_PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=9),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**64 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 2**32),
    NoneType: st.none(),
}


def _values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of that type, whatever records are made of."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None:
        return _PLAIN[hint]
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in {Union, UnionType}:
        return st.one_of(*map(_values, inner))
    if origin in {dict, Mapping}:
        return st.dictionaries(_values(inner[0]), _values(inner[1]), max_size=3)
    if origin is frozenset:
        return st.frozensets(_values(inner[0]), max_size=3)
    if inner[-1] is ...:
        return st.lists(_values(inner[0]), max_size=3).map(tuple)
    return st.tuples(*map(_values, inner))


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
    members = {name: _values(hint) for name, hint in get_type_hints(kind).items()}

    @settings(max_examples=12, database=None, deadline=None)
    @given(st.fixed_dictionaries(members))
    def comes_back(values: dict[str, Any]) -> None:
        record = kind(**values)
        back: object = decode(kind, encode(record))
        assert back == record
        assert sorted(repr(back)) == sorted(repr(record))  # an integer stays one; a set has no order

    comes_back()


def test_a_whole_number_of_seconds_is_not_made_a_fraction() -> None:
    code = Code(grant_id="g", client_id="c", redirect_uri=None, expires_at=5)
    assert repr(decode(Code, encode(code)).expires_at) == "5"


def test_any_mapping_will_do() -> None:
    client = Client(client_id="c", secret=None, name="C", lifetimes=MappingProxyType({"code": 5}))
    assert decode(Client, encode(client)) == client


def test_a_member_that_was_added_later_has_its_default() -> None:
    written = encode({"grant_id": "g", "client_id": "c", "redirect_uri": None, "expires_at": 5.5})
    assert decode(Code, written) == Code(grant_id="g", client_id="c", redirect_uri=None, expires_at=5.5)


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x01", b"\x80", b"\x81\xa1x\x01"])
def test_other_bytes_are_a_clear_error(data: bytes) -> None:
    with pytest.raises(StoreError, match="a Code in the store cannot be read"):
        decode(Code, data)


@pytest.mark.parametrize("members", [{"redirect_uri": "\ud800"}, {"expires_at": 1 << 64}])
def test_what_no_store_can_carry_is_a_clear_error(members: dict[str, Any]) -> None:
    code = Code(**{"grant_id": "g", "client_id": "c", "redirect_uri": None, "expires_at": 5} | members)
    with pytest.raises(StoreError, match=r"^a Code cannot be kept: "):
        encode(code)
