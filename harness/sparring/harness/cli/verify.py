"""``sparring verify``: a provider's contract against our fake, a live server or a recording."""

import asyncio
import json
from pathlib import Path

import click

from sparring.harness.cli import completing
from sparring.harness.cli.problems import UsageProblem


@click.command()
@click.argument("provider", shell_complete=completing.providers)
@click.option("--target", metavar="URL", help="A live server instead of our own fake.")
@click.option("--har", "har_file", type=click.Path(path_type=Path), help="A recording instead of a server.")
@click.option(
    "--variant", metavar="NAME", shell_complete=completing.variants, help="Only what belongs to that variant."
)
@click.option("--rule", "globs", multiple=True, metavar="GLOB", help="Only these rules.")
@click.option("--destructive", is_flag=True, help="At a live server: also what leaves traces there.")
@click.option("--quiet", is_flag=True, help="Only what differs, and the counts.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the JSON report.")
def verify(
    provider: str,
    target: str | None,
    har_file: Path | None,
    variant: str | None,
    globs: tuple[str, ...],
    destructive: bool,
    quiet: bool,
    json_file: Path | None,
) -> None:
    """Hold PROVIDER (or all) against its contract, rule by rule.

    Without --target and --har it is our own fake. A live server's credentials come from SPARRING_TARGET_CLIENT_ID,
    SPARRING_TARGET_CLIENT_SECRET, SPARRING_TARGET_USERNAME, SPARRING_TARGET_PASSWORD, SPARRING_TARGET_SCOPE and
    SPARRING_TARGET_REDIRECT_URI; without any, they are the documented samples.

    Exit code 0: everything that could be tried holds; 1: something differs; 2: usage.
    """
    from sparring.harness.reports.terminal import stderr_console  # noqa: PLC0415  only where they are needed
    from sparring.harness.verifying.report import as_json, print_table  # noqa: PLC0415
    from sparring.harness.verifying.settings import UnverifiableError, Wish, fulfil  # noqa: PLC0415

    if json_file is not None and not json_file.parent.is_dir():
        raise UsageProblem(f"there is no folder {json_file.parent} to write {json_file.name} into")
    wish = Wish(provider=provider, target=target, har=har_file, variant=variant, globs=globs, destructive=destructive)
    try:
        found = fulfil(wish)
    except UnverifiableError as error:
        raise UsageProblem(str(error)) from error
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise click.Abort from None
    console = stderr_console()
    for name, findings in found:
        print_table(console, name, findings, quiet=quiet)
    report = as_json(provider, wish.where, variant or "default", [each for _, findings in found for each in findings])
    if str(json_file) == "-":
        click.echo(json.dumps(report, indent=2))
    elif json_file is not None:
        json_file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    raise SystemExit(1 if report["summary"]["differs"] else 0)
