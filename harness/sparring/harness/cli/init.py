"""``sparring init``: a manifest, a CI job, an example and its test, for a repository that has none of them."""

import shlex
from pathlib import Path

import click

from sparring.harness.cli import completing

SERVICES = ("github", "gitlab", "none")


@click.command()
@click.argument("provider", default="ingest", shell_complete=completing.providers)
@click.option("--grant", help="One of the provider's grants; its first.")
@click.option("--command", "command_line", metavar="COMMAND", help="Your client's; without it comes an example.")
@click.option("--ci", type=click.Choice(SERVICES), help="Whose job is written; what the repository shows.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="Where to write.")
def init(provider: str, grant: str | None, command_line: str | None, ci: str | None, folder: Path) -> None:
    """Begin with PROVIDER (ingest): sparring.toml, a CI job, and unless you name yours a client and a test of it.

    What is there already stays as it is.
    """
    from sparring.harness.beginning import Wish, documents, write  # noqa: PLC0415  --help needs none
    from sparring.harness.worlds.local import describe_provider, wrong_provider  # noqa: PLC0415

    if wrong := wrong_provider(provider):
        raise click.UsageError(wrong)
    grants = describe_provider(provider)["grants"]
    if grant is not None and grant not in grants:
        raise click.UsageError(f"{provider} has no grant {grant!r}; there are: {', '.join(grants)}")
    try:
        command = None if command_line is None else tuple(shlex.split(command_line))
    except ValueError as error:
        raise click.UsageError(f"--command cannot be read: {error}") from error
    if command == ():
        raise click.UsageError("--command is empty")
    wish = Wish(
        provider=provider,
        grant=grant or grants[0],
        command=command,
        service=_service(ci, folder),
    )
    try:
        written, kept = write(folder, documents(wish))
    except OSError as error:
        raise click.UsageError(f"cannot write {error.filename}: {error.strerror}") from error
    for path in written:
        click.echo(f"wrote {path}", err=True)
    for path in kept:
        click.echo(f"kept  {path}, which was there", err=True)
    click.echo("\nNext: sparring check" + ("" if command else "; pip install pytest; python -m pytest"), err=True)
    if wish.service == "gitlab" and ".gitlab/sparring.yml" in written:
        click.echo("In .gitlab-ci.yml: include: [{ local: .gitlab/sparring.yml }]", err=True)


def _service(ci: str | None, folder: Path) -> str | None:
    if ci is None:
        return "gitlab" if (folder / ".gitlab-ci.yml").exists() else "github"
    return None if ci == "none" else ci
