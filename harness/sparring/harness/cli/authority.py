"""``sparring ca``, and where this user's local CA is kept."""

import os
from pathlib import Path

import click


def ca_folder() -> Path:
    """Where this user's local CA is kept."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "sparring"


@click.command()
def ca() -> None:
    """Print the path of the local CA certificate; made at the first call."""
    from sparring.harness.worlds.local import local_ca  # noqa: PLC0415  --help needs none

    try:
        click.echo(local_ca(ca_folder()))
    except OSError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(2) from error
