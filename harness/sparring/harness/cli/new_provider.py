"""``sparring new-provider``: a package with a provider of your own, which works at once."""

from pathlib import Path

import click


@click.command()
@click.argument("name")
@click.option("--like", metavar="PROVIDER", required=True, help="One that it resembles: with a login, or without.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    help="Where the package's own folder goes.",
)
def new_provider(name: str, like: str, folder: Path) -> None:
    """Write a package that adds the provider NAME: code, contract, tests, and an example of a client.

    Like PROVIDER means: people sign in where they do there, and applications act for themselves where they do there.
    """
    from sparring.harness.scaffold import made, write, wrong_name  # noqa: PLC0415  --help needs none
    from sparring.harness.worlds.local import describe_provider, wrong_provider  # noqa: PLC0415

    if wrong := wrong_name(name) or wrong_provider(like):
        raise click.UsageError(wrong)
    if not wrong_provider(name):
        raise click.UsageError(f"there is a provider {name!r} already; choose another name")
    place = folder / f"sparring-{name.replace('_', '-')}"
    found = made(name, tuple(describe_provider(like)["grants"]))
    try:
        write(place, found)
    except FileExistsError:
        raise click.UsageError(f"{place} is there already") from None
    except OSError as error:
        raise click.UsageError(f"cannot write {error.filename}: {error.strerror}") from error
    for path in found:
        click.echo(f"wrote {place / path}", err=True)
    click.echo(
        f"\nNext: cd {place}; pip install -e . pytest; python -m pytest; sparring verify {name}; sparring check",
        err=True,
    )
