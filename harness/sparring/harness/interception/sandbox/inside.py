"""The part of a sandbox that lives in it: makes the namespaces, answers names, makes connections, sees who is called.

Started as ``python -I -S inside.py HANDLE``, where the handle is a Unix socket of whole messages. Everything ends with
that socket: whoever holds the other end need not live long enough to say so.
"""

# ruff: noqa: PTH110, PTH115, PTH123, PTH208 - pathlib takes longer to import than all the rest

import sys

if __name__ == "__main__":
    for _name in ("sparring", "sparring.harness", "sparring.harness.interception"):
        sys.modules[_name] = type(sys)(_name)
    _package = type(sys)("sparring.harness.interception.sandbox")
    _package.__path__ = [__file__.rpartition("/")[0]]
    sys.modules[_package.__name__] = _package

import json
import os
import select
import signal
import socket
import struct
from contextlib import suppress

from sparring.harness.interception.sandbox import kernel, links
from sparring.harness.interception.sandbox.names import PORT, Names
from sparring.harness.interception.sandbox.packets import calls, open_watch

_LARGEST = 1 << 20
_TRIES = 200


class Inside:
    """One sandbox. ``control`` is the socket to the outside."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._doing = ""
        self._served: set[tuple[str, int]] = set()
        self._namespace = ""
        self._told: set[tuple[str, int]] = set()

    def run(self) -> None:
        """Make the sandbox and serve it until the other end is closed."""
        try:
            plan = json.loads(self._control.recv(_LARGEST))
            self._enclose()
            self._control.recv(_LARGEST)  # the ids are mapped
            listeners = self._furnish(plan)
        except OSError as trouble:
            self._say({"failed": self._doing, "error": trouble.strerror or str(trouble), "number": trouble.errno})
            return
        self._say({"ready": True}, listeners)
        for listener in listeners:
            os.close(listener)
        try:
            self._serve()
        finally:
            self._end_everything()

    def _enclose(self) -> None:
        self._doing = "user namespaces"
        kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWNET)
        self._say({"enclosed": True})

    def _furnish(self, plan: dict[str, object]) -> list[int]:
        self._namespace = os.readlink("/proc/self/ns/net")
        self._doing = "mounts of its own"
        kernel.keep_mounts_private()
        for source, target in plan["mounts"]:  # type: ignore[attr-defined]
            if os.path.exists(target):
                kernel.bind_mount(source, os.path.realpath(target))
        self._doing = "an interface of its own"
        links.bring_up()
        links.take_every_address(socket.AF_INET)
        with suppress(OSError):  # there is no version 6 on this machine
            links.take_every_address(socket.AF_INET6)
        self._doing = "listeners on low ports and a look at packets"
        self._watch = open_watch()
        self._names = Names(plan["hosts"], frozenset(plan["silent"]), self._asked)  # type: ignore[arg-type, call-overload]
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind(("127.0.0.1", PORT))
        self._streams = _listening("127.0.0.1", PORT)
        self._served = {(address, port) for address, port in plan["listen"]}  # type: ignore[attr-defined]
        return [_listening(address, port).detach() for address, port in plan["listen"]]  # type: ignore[attr-defined]

    def _serve(self) -> None:
        waiting = {self._control, self._watch, self._datagrams, self._streams}
        going_on = True
        while going_on:
            ready, _, _ = select.select(waiting, (), ())
            if self._watch in ready:  # before a query is answered: who asks it waits for that
                self._look()
            if self._datagrams in ready:
                query, peer = self._datagrams.recvfrom(65535)
                if answer := self._names.answer(query):
                    with suppress(OSError):
                        self._datagrams.sendto(answer, peer)
            if self._streams in ready:
                self._answer_stream()
            if self._control in ready:
                going_on = self._obey()

    def _obey(self) -> bool:
        """Do what is asked from outside; False where that is the end."""
        said = self._control.recv(_LARGEST)
        if not said:
            return False
        asked = json.loads(said)
        if "connect" not in asked:
            self._end_everything()
            self._look()
            return False
        host, port = asked["connect"]
        try:
            made = _connected(host, port)
        except OSError as trouble:
            self._say({"id": asked["id"], "error": trouble.strerror or str(trouble), "number": trouble.errno})
            return True
        self._say({"id": asked["id"]}, [made.fileno()])
        made.close()
        return True

    def _answer_stream(self) -> None:
        """One query over TCP; whoever takes a second over it is not answered."""
        stream, _ = self._streams.accept()
        with stream, suppress(OSError, struct.error):
            stream.settimeout(1)
            (length,) = struct.unpack("!H", stream.recv(2, socket.MSG_WAITALL))
            answer = self._names.answer(stream.recv(length, socket.MSG_WAITALL))
            stream.sendall(struct.pack("!H", len(answer)) + answer)

    def _look(self) -> None:
        for address, port in calls(self._watch):
            if (address, port) in self._served:
                continue
            name = self._names.name_of(address)
            self._tell(name or address, port, "name" if name else "address")

    def _asked(self, name: str) -> None:
        self._tell(name, 0, "name")

    def _tell(self, host: str, port: int, means: str) -> None:
        """Say once that another host was tried."""
        if (host, port) not in self._told:
            self._told.add((host, port))
            self._say({"stranger": [host, port, means]})

    def _say(self, message: dict[str, object], handles: list[int] | None = None) -> None:
        with suppress(OSError):
            socket.send_fds(self._control, [json.dumps(message).encode()], handles or [])

    def _end_everything(self) -> None:
        """Kill whatever runs in this sandbox, wherever it has moved to."""
        for _ in range(_TRIES):
            others = [pid for pid in _processes() if pid != os.getpid() and self._is_here(pid)]
            if not others:
                return
            for pid in others:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)

    def _is_here(self, pid: int) -> bool:
        try:
            if os.readlink(f"/proc/{pid}/ns/net") != self._namespace:
                return False
            with open(f"/proc/{pid}/stat", "rb") as file:
                return file.read().rpartition(b")")[2].split()[0] not in {b"Z", b"X"}
        except OSError:
            return False


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _listening(address: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(512)
    return listener


def _connected(host: str, port: int) -> socket.socket:
    """A connection to something that the client listens on: under whatever name, that is this machine. OSError."""
    try:
        socket.inet_aton(host)
        places = [host]
    except OSError:
        places = [host] if ":" in host else ["127.0.0.1", "::1"]
    trouble = OSError("nobody listens there")
    for place in places:
        made = socket.socket(socket.AF_INET6 if ":" in place else socket.AF_INET, socket.SOCK_STREAM)
        made.settimeout(1)
        try:
            made.connect((place, port))
        except OSError as error:
            made.close()
            trouble = error
        else:
            return made
    raise trouble


if __name__ == "__main__":
    for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(_number, signal.SIG_IGN)  # a terminal's Ctrl-C is for the program; this ends with the harness
    kernel.set_name("sparring-inside")
    Inside(socket.socket(fileno=int(sys.argv[1]))).run()
