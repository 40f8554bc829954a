"""What cannot be done, as the user is told it."""

import os

import click

RUNS_CLIENTS = os.name == "posix"
"""Whether this system has the process groups, signals and locks by which clients are contained."""


class UsageProblem(click.ClickException):
    """What the user asked for cannot be done; one sentence, exit code 2."""

    exit_code = 2


def demand_clients(command: str) -> None:
    """UsageProblem where that command, which runs programs of the user's, has not what it needs."""
    if not RUNS_CLIENTS:
        raise UsageProblem(f"`sparring {command}` runs programs on Linux and macOS; on Windows take it into WSL")
