"""The client protocol: JSON lines on stdin and stdout (``session``), or one run, one line (``oneshot``)."""

import json
import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from tests.clients.good.settings import Settings, from_environment, of_provider
from tests.clients.good.trouble import Trouble, Visits, report_of

if TYPE_CHECKING:
    from tests.clients.good.client import CarefulClient

Factory = Callable[[Settings, Visits], "CarefulClient"]
Instruction = dict[str, Any]

_saying = threading.Lock()


def say(**message: Any) -> None:
    """One line on stdout, whole and at once."""
    with _saying:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def drive(factory: Factory, arguments: list[str]) -> int:
    """Run the client as its arguments say; the exit code of the process."""
    if arguments == ["--oneshot"]:
        return oneshot(factory)
    if arguments:
        sys.stderr.write(f"unknown arguments: {' '.join(arguments)}\n")
        return 2
    return Session(factory).run()


def oneshot(factory: Factory) -> int:
    """Get a token, call the API once, say how it went."""
    client: CarefulClient | None = None
    try:
        client = factory(from_environment(), lambda url: say(sparring="visit", id=1, url=url, deliver="http"))
        client.authenticate()
        report = client.call_api()
    except Trouble as trouble:
        report = report_of(trouble)
    say(**report)
    if client is not None:
        client.close()
    return 0 if report["outcome"] == "ok" else 1


class Session:
    """Reads instructions on the main thread and works on another, so that ``quit`` is heard at any time."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._client: CarefulClient | None = None
        self._clients: dict[str, CarefulClient] = {}
        self._unusable: Trouble | None = None
        self._current: object = None
        self._work: SimpleQueue[Instruction] = SimpleQueue()

    def run(self) -> int:
        """Until ``quit``, or until nobody is there any more."""
        say(sparring="ready", protocol=1)
        threading.Thread(target=self._work_off, daemon=True).start()
        for line in sys.stdin:
            try:
                instruction = json.loads(line)
            except ValueError:
                continue
            if not isinstance(instruction, dict) or "do" not in instruction:
                continue
            if instruction["do"] == "quit":
                say(sparring="done", id=instruction.get("id"), outcome="ok")
                break
            self._work.put(instruction)
        if self._client is not None:
            self._client.close()
        return 0

    def _work_off(self) -> None:
        try:
            self._prepare()
            while True:
                instruction = self._work.get()
                self._current = instruction.get("id")
                say(sparring="done", id=self._current, **self._obey(instruction))
        except BaseException:  # noqa: BLE001 - a bug ends the program visibly: nobody is left waiting
            import traceback  # for the worst case alone: `ready` is not kept waiting for it

            traceback.print_exc()
            os._exit(70)

    def _prepare(self) -> None:
        try:
            self._client = self._factory(from_environment(), self._visit)
        except Trouble as trouble:
            self._unusable = trouble

    def _visit(self, url: str) -> None:
        say(sparring="visit", id=self._current, url=url, deliver="http")

    def _obey(self, instruction: Instruction) -> dict[str, Any]:
        if self._client is None:
            return report_of(self._unusable or Trouble("config", "not ready"))
        try:
            if "provider" in instruction:
                self._client = self._at(_text(instruction, "provider"))
            if "user" in instruction:
                self._client.turn_to(_text(instruction, "user"))
            match instruction["do"]:
                case "authenticate":
                    return self._client.authenticate(fresh=instruction.get("fresh") is True)
                case "call_api":
                    times = instruction.get("times", 1)
                    if not isinstance(times, int) or times < 1:
                        return {"outcome": "config", "detail": "times is no number of calls"}
                    return self._client.call_api(times=times, parallel=instruction.get("parallel") is True)
                case "register":
                    return self._client.register(_text(instruction, "remote_user_id"))
                case _:
                    return {"outcome": "config", "detail": "unknown instruction"}
        except Trouble as trouble:
            return report_of(trouble)

    def _at(self, provider: str) -> "CarefulClient":
        """The client of that provider, where there are several; each keeps what is its own."""
        if provider not in self._clients:
            self._clients[provider] = self._factory(of_provider(provider), self._visit)
        return self._clients[provider]


def _text(instruction: Instruction, name: str) -> str:
    value = instruction.get(name)
    if not isinstance(value, str) or not value:
        raise Trouble("config", f"{name} is no name")
    return value
