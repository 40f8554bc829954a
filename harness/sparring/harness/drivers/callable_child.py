"""The child process of the driver ``callable``: calls a factory's object, and tells of it as JSON lines."""

import asyncio
import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

_KEPT = ("outcome", "status", "detail", "calls", "scope", "user", "expires_at", "retry_after")


class _Child:
    """Between the harness and the object. ``say`` writes one message."""

    def __init__(self, say: Callable[..., None], loop: asyncio.Runner) -> None:
        self._say = say
        self._loop = loop
        self._instruction: object = None

    def context(self) -> dict[str, Any]:
        """What the factory gets: the client protocol's context, and ``visit``, which sends a person to a URL."""
        given: dict[str, Any] = json.loads(os.environ["SPARRING_CONTEXT"])
        return given | {"visit": self.visit}

    def visit(self, url: str) -> None:
        """A person shall open that URL; the answer comes to the redirect URI, where the client listens."""
        self._say(sparring="visit", id=self._instruction, url=str(url), deliver="http")

    def do(self, client: Any, said: Mapping[str, Any]) -> dict[str, Any]:
        """Follow one instruction; the members of ``done``."""
        self._instruction = said.get("id")
        try:
            if said["do"] == "authenticate":
                done = client.authenticate(fresh=said["fresh"], user=said.get("user"))
            elif said["do"] == "call_api":
                done = client.call_api(times=said["times"], parallel=said["parallel"])
            elif said["do"] == "register":
                done = client.register(said["remote_user_id"])
            else:
                return {"outcome": "config", "detail": f"unknown instruction {said['do']!r}"}
            return _told(self._loop.run(_awaited(done)) if inspect.isawaitable(done) else done)
        except Exception as error:  # noqa: BLE001  whatever the client raises is its outcome
            outcome = getattr(error, "outcome", None)
            detail = f"{type(error).__name__}: {error}"
            return {"outcome": outcome if isinstance(outcome, str) else "error", "detail": detail, "raised": True}

    def close(self, client: Any) -> None:
        """Let the object clear up, if it knows how."""
        close = getattr(client, "close", None)
        if close is not None:
            done = close()
            if inspect.isawaitable(done):
                self._loop.run(_awaited(done))


async def _awaited(done: Any) -> Any:
    return await done


def _told(done: object) -> dict[str, Any]:
    """What a method returned, as far as the protocol knows it; anything but a mapping is plain success."""
    if not isinstance(done, Mapping):
        return {"outcome": "ok"}
    return {"outcome": "ok"} | {name: done[name] for name in _KEPT if name in done}


def main(name: str, messages: TextIO) -> int:
    """Serve instructions from stdin until ``quit``; the exit code."""

    def say(**message: object) -> None:
        messages.write(json.dumps(message) + "\n")
        messages.flush()

    module, _, factory = name.partition(":")
    sys.path.insert(0, str(os.getcwd()))  # noqa: PTH109  as Python does for a script of the folder
    with asyncio.Runner() as loop:
        child = _Child(say, loop)
        client = getattr(importlib.import_module(module), factory)(child.context())
        say(sparring="ready", protocol=1)
        for line in sys.stdin:
            said = json.loads(line)
            if said.get("do") == "quit":
                child.close(client)
                say(sparring="done", id=said["id"], outcome="ok")
                break
            say(sparring="done", id=said["id"], **child.do(client, said))
    return 0


if __name__ == "__main__":
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")  # what the client prints must not come between the messages
    os.dup2(2, 1)
    sys.exit(main(sys.argv[1], channel))
