"""The name server inside: it knows the providers' names, and gives every other one an address that tells it again."""

import socket
import struct
from collections.abc import Callable, Mapping

PORT = 53
_FIRST_STRANGER = (198 << 24) + (19 << 16) + 1
_STRANGERS = 65_000
_A, _ANY, _IN = 1, 255, 1
_NO_ERROR, _FORMAT_ERROR, _NO_SUCH_NAME = 0, 1, 3
_LIFE = 1


class Names:
    """``hosts`` are the names that have an address; ``silent`` those that have none and are nobody's business.
    ``asked`` is told of every other name.
    """

    def __init__(self, hosts: Mapping[str, str], silent: frozenset[str], asked: Callable[[str], None]) -> None:
        self._hosts = hosts
        self._silent = silent
        self._asked = asked
        self._given: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for name, address in hosts.items():
            self._names.setdefault(address, name)

    def name_of(self, address: str) -> str | None:
        """The name that has that address; None where it is no name's."""
        return self._names.get(address)

    def answer(self, query: bytes) -> bytes:
        """The answer to one query, both without a length; empty where there is nothing to say."""
        try:
            number, flags, questions = struct.unpack_from("!HHH", query)
            name, end = _read_name(query, 12)
            kind, family = struct.unpack_from("!HH", query, end)
        except (struct.error, IndexError, UnicodeDecodeError):
            return b"" if len(query) < 2 else query[:2] + struct.pack("!HHHHH", 0x8000 | _FORMAT_ERROR, 0, 0, 0, 0)
        if flags & 0x8000 or questions != 1:
            return b""
        address = self._address(name)
        records = b""
        if address and kind in {_A, _ANY} and family == _IN:
            records = struct.pack("!HHHIH", 0xC00C, _A, _IN, _LIFE, 4) + socket.inet_aton(address)
        code = _NO_ERROR if address else _NO_SUCH_NAME
        head = struct.pack("!HHHHHH", number, 0x8480 | (flags & 0x0100) | code, 1, 1 if records else 0, 0, 0)
        return head + query[12 : end + 4] + records

    def _address(self, name: str) -> str:
        if name in self._hosts:
            return self._hosts[name]
        if name == "localhost" or name.endswith(".localhost"):
            return "127.0.0.1"
        if not name or name in self._silent or name.endswith(".arpa"):
            return ""
        self._asked(name)
        if name not in self._given:
            if len(self._given) == _STRANGERS:
                return ""
            address = socket.inet_ntoa(struct.pack("!I", _FIRST_STRANGER + len(self._given)))
            self._given[name] = address
            self._names[address] = name
        return self._given[name]


def _read_name(query: bytes, at: int) -> tuple[str, int]:
    """The name that stands there, in lower case, and where it ends. IndexError, UnicodeDecodeError."""
    labels = []
    while length := query[at]:
        if length > 63 or at + length >= len(query):
            raise IndexError(at)
        labels.append(query[at + 1 : at + 1 + length].decode("ascii").lower())
        at += length + 1
    return ".".join(labels), at + 1
