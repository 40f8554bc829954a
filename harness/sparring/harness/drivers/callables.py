"""The driver ``callable``: a Python factory, run in a child process that speaks the session protocol for it."""

import sys
from dataclasses import replace

from sparring.harness.drivers import Launch, VisitHandler
from sparring.harness.drivers.answer import json_object
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.evidence import LogFile


class CallableDriver(SessionDriver):
    """Drives a child process that calls the factory's object."""

    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the client wrote, without the lines in which the child tells of an exception: whether its
        words would have reached a log is for the client to say.
        """
        return tuple(replace(log, text=_without_exceptions(log.text)) for log in super().logs())


def callable_driver(launch: Launch, visit: VisitHandler) -> CallableDriver:
    """Drive ``module:factory``, the only word of the command."""
    child = (sys.executable, "-m", "sparring.harness.drivers.callable_child", *launch.command)
    return CallableDriver(replace(launch, command=child), visit)


def _without_exceptions(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not _tells_of_an_exception(line))


def _tells_of_an_exception(line: str) -> bool:
    said = json_object(line)
    return said is not None and said.get("sparring") == "done" and said.get("raised") is True


def wrong_name(command: tuple[str, ...]) -> str:
    """What is wrong with a command of this driver, as a sentence; empty where nothing is."""
    module, colon, factory = command[0].partition(":") if len(command) == 1 else ("", "", "")
    if colon and factory.isidentifier() and all(part.isidentifier() for part in module.split(".")):
        return ""
    return f"the driver callable wants module:factory after --, not {' '.join(command)!r}"
