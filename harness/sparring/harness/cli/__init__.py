"""The command line. A command is imported when it is called: ``serve`` starts without the catalogue."""

from importlib import import_module

import click

__all__ = ["main"]

COMMANDS = {
    "serve": "serve",
    "check": "check",
    "exec": "exec",
    "judge": "judge",
    "verify": "verify",
    "scenarios": "lists",
    "explain": "lists",
    "providers": "lists",
    "token": "token",
    "ca": "authority",
    "doctor": "doctor",
    "init": "init",
    "new-provider": "new_provider",
    "completion": "completion",
}
"""The commands in the order in which help lists them, each with its module; the function is named as the command, but
for its hyphen.
"""


class Commands(click.Group):
    """A group that imports a command's module when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """All of them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click has it
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"sparring.harness.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sparring", prog_name="sparring")
def main() -> None:
    """Sparring partners for OAuth clients: fake providers, and a harness that judges the client."""
