"""Who is called inside: the first packet of every connection, every datagram, every ping."""

import ctypes
import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

_ETH_P_ALL = 0x0003
_SO_ATTACH_FILTER = 26
_ICMP, _TCP, _UDP, _ICMP6 = 1, 6, 17, 58
_LARGEST = 128


class Call(NamedTuple):
    """Somebody is called at ``address``; ``port`` 0: by a ping."""

    address: str
    port: int


# The kernel's own filter language: the IP header is at 0, since the socket is a cooked one. Only what begins something
# is let through, so that nothing is copied of the exchanges themselves.
_LOAD_BYTE, _LOAD_BYTE_X, _LOAD_X_LENGTH = 0x30, 0x50, 0xB1
_AND, _SHIFT, _EQUAL, _RETURN = 0x54, 0x74, 0x15, 0x06
_FILTER = (
    (_LOAD_BYTE, 0, 0, 0),
    (_SHIFT, 0, 0, 4),
    (_EQUAL, 0, 10, 4),
    (_LOAD_BYTE, 0, 0, 16),
    (_EQUAL, 16, 0, 127),  # 127.0.0.0/8 is nobody else
    (_LOAD_BYTE, 0, 0, 9),
    (_EQUAL, 13, 0, _UDP),
    (_EQUAL, 12, 0, _ICMP),
    (_EQUAL, 0, 12, _TCP),
    (_LOAD_X_LENGTH, 0, 0, 0),
    (_LOAD_BYTE_X, 0, 0, 13),
    (_AND, 0, 0, 0x12),
    (_EQUAL, 7, 8, 0x02),  # SYN without ACK
    (_LOAD_BYTE, 0, 0, 6),  # version 6 from here on
    (_EQUAL, 5, 0, _UDP),
    (_EQUAL, 4, 0, _ICMP6),
    (_EQUAL, 0, 4, _TCP),
    (_LOAD_BYTE, 0, 0, 53),
    (_AND, 0, 0, 0x12),
    (_EQUAL, 0, 1, 0x02),
    (_RETURN, 0, 0, _LARGEST),
    (_RETURN, 0, 0, 0),
)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def open_watch() -> socket.socket:
    """A socket at which what begins something arrives. OSError."""
    watch = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in _FILTER)
    kept = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(_FILTER), ctypes.cast(kept, ctypes.c_void_p))
    watch.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, bytes(program))
    watch.setblocking(False)
    return watch


def calls(watch: socket.socket) -> Iterator[Call]:
    """What has arrived since, until nothing is left."""
    while True:
        try:
            packet = watch.recv(_LARGEST)
        except BlockingIOError:
            return
        call = read(packet)
        if call is not None:
            yield call


def read(packet: bytes) -> Call | None:
    """Who is called by that packet; None where it begins nothing, or stays on loopback."""
    try:
        if packet[0] >> 4 == 4:
            protocol, start = packet[9], (packet[0] & 15) * 4
            address, echo = socket.inet_ntop(socket.AF_INET, packet[16:20]), 8
        else:
            protocol, start = packet[6], 40
            address, echo = socket.inet_ntop(socket.AF_INET6, packet[24:40]), 128
        if address == "::1" or address.startswith("127."):
            return None
        if protocol in {_ICMP, _ICMP6}:
            return Call(address, 0) if packet[start] == echo else None
        (port,) = struct.unpack_from("!H", packet, start + 2)
    except (IndexError, ValueError, struct.error):
        return None
    return Call(address, port)
