"""The command line."""

import click

from sparring.harness.cli.check import check
from sparring.harness.cli.judge import judge
from sparring.harness.cli.lists import ca, explain, providers, scenarios
from sparring.harness.cli.serve import serve
from sparring.harness.cli.token import token
from sparring.harness.cli.verify import verify

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sparring", prog_name="sparring")
def main() -> None:
    """Sparring partners for OAuth clients: fake providers, and a harness that judges the client."""


for command in (serve, check, judge, verify, scenarios, explain, providers, token, ca):
    main.add_command(command)
