"""The only interface inside: loopback, on which every address there is arrives."""

import fcntl
import os
import socket
import struct

LOOPBACK = "lo"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_RTM_NEWROUTE, _NLM_F_REQUEST, _NLM_F_ACK, _NLM_F_CREATE, _NLMSG_ERROR = 24, 0x1, 0x4, 0x400, 2
_TABLE_LOCAL, _RTPROT_BOOT, _SCOPE_HOST, _RTN_LOCAL, _RTA_OIF = 255, 3, 254, 2, 4


def bring_up() -> None:
    """Switch loopback on. OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14x", LOOPBACK.encode(), 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked), 16)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", LOOPBACK.encode(), flags | _IFF_UP))


def take_every_address(family: int) -> None:
    """Every address of that family is this machine's own, as by ``ip route add local 0.0.0.0/0 dev lo``. OSError."""
    route = struct.pack(
        "BBBBBBBBI", family, 0, 0, 0, _TABLE_LOCAL, _RTPROT_BOOT, _SCOPE_HOST, _RTN_LOCAL, 0
    ) + struct.pack("HHI", 8, _RTA_OIF, socket.if_nametoindex(LOOPBACK))
    flags = _NLM_F_REQUEST | _NLM_F_ACK | _NLM_F_CREATE
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.send(struct.pack("IHHII", 16 + len(route), _RTM_NEWROUTE, flags, 1, 0) + route)
        answer = netlink.recv(4096)
    (kind,) = struct.unpack_from("H", answer, 4)
    (error,) = struct.unpack_from("i", answer, 16)
    if kind == _NLMSG_ERROR and error:
        raise OSError(-error, os.strerror(-error), "route")
