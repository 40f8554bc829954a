"""Records as bytes: the members of a frozen dataclass by name, and back, each of its own type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from sparring.mocks.storage.promises import StoreError

R = TypeVar("R")


def _as_dict(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"nothing that a store keeps: {type(value).__name__}")


_write_in_order = msgspec.msgpack.Encoder(enc_hook=_as_dict, order="deterministic").encode
_write = msgspec.msgpack.Encoder(enc_hook=_as_dict).encode
_read = msgspec.msgpack.Decoder().decode
_AS_THEY_ARE = (str, int, float, bool, bytes, NoneType)
"""Types that come back by themselves. A float that was written as an integer stays one, as in memory."""

_names: dict[type, bytes] = {}
_converters: dict[type, Mapping[str, Callable[[Any], Any]]] = {}


def encode(record: object) -> bytes:
    """A record as MessagePack. StoreError where it holds what that cannot carry."""
    try:
        return _write(record)
    except (UnicodeEncodeError, OverflowError) as error:
        raise StoreError(f"a {type(record).__name__} cannot be kept: {error}") from error


def digest(records: Sequence[tuple[str, object]]) -> bytes:
    """The same for the same records in the same order, in every process, in hexadecimal."""
    return sha256(_write_in_order(records)).hexdigest().encode()


def decode(kind: type[R], data: bytes) -> R:
    """A record of that type. StoreError where the bytes are no such record: another version wrote them, say."""
    try:
        members = _read(data)
        for name, convert in _conversions(kind).items():
            if name in members:
                members[name] = convert(members[name])
        return kind(**members)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise StoreError(f"a {kind.__name__} in the store cannot be read: {error}") from error


def name_of(kind: type) -> bytes:
    """What stands for the type in keys."""
    name = _names.get(kind)
    if name is None:
        name = _names[kind] = f"{kind.__module__}.{kind.__qualname__}".encode()
    return name


def as_key(text: str) -> bytes:
    """A key or a name, whatever stands in it."""
    return text.encode("utf-8", "surrogatepass")


def _conversions(kind: type) -> Mapping[str, Callable[[Any], Any]]:
    """What is to be done with those members that MessagePack does not bring back as they were."""
    known = _converters.get(kind)
    if known is None:
        hints = get_type_hints(kind)
        names = [each.name for each in fields(kind) if not _plain(hints[each.name])]
        known = _converters[kind] = {name: _converter(hints[name]) for name in names}
    return known


def _plain(hint: Any) -> bool:
    """Whether MessagePack brings values of that type back by itself."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return True
    if origin in {Union, UnionType, dict, Mapping, list}:
        return all(_plain(each) for each in inner)
    return hint in _AS_THEY_ARE


def _converter(hint: Any) -> Callable[[Any], Any]:
    return lambda value: msgspec.convert(value, hint)
