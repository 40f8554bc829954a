"""The driver ``callable``: a Python factory, run in a child process that speaks the session protocol for it."""

import sys
from dataclasses import replace

from sparring.harness.drivers import Launch, VisitHandler
from sparring.harness.drivers.session import SessionDriver


def callable_driver(launch: Launch, visit: VisitHandler) -> SessionDriver:
    """Drive ``module:factory``, the only word of the command."""
    child = (sys.executable, "-m", "sparring.harness.drivers.callable_child", *launch.command)
    return SessionDriver(replace(launch, command=child), visit)


def wrong_name(command: tuple[str, ...]) -> str:
    """What is wrong with a command of this driver, as a sentence; empty where nothing is."""
    module, colon, factory = command[0].partition(":") if len(command) == 1 else ("", "", "")
    if colon and factory.isidentifier() and all(part.isidentifier() for part in module.split(".")):
        return ""
    return f"the driver callable wants module:factory after --, not {' '.join(command)!r}"
