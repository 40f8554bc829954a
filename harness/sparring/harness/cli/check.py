"""``sparring check``: run a client through the scenarios and judge it."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sparring.harness.cli import completing
from sparring.harness.cli.problems import UsageProblem, demand_clients
from sparring.harness.drivers import DRIVERS
from sparring.harness.scenarios import sets

if TYPE_CHECKING:
    from sparring.harness.baseline import Entry
    from sparring.harness.reports import Listener, RunReport
    from sparring.harness.settings import RunSettings

PROFILES = ("core", "security", "resilience", "oidc", "provider", "robustness", "all")
REPORTS = {
    "json": "the JSON report",
    "junit": "a JUnit report",
    "html": "one HTML page that shows it all",
    "markdown": "Markdown",
    "sarif": "a SARIF report",
}
_FILE = click.Path(path_type=Path, dir_okay=False)


def _reports(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each kind of report."""
    for name, what in reversed(REPORTS.items()):
        command = click.option(f"--{name}", f"{name}_file", type=_FILE, help=f"Write {what}.")(command)
    return command


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("provider", required=False, shell_complete=completing.providers)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.option("--grant", type=click.Choice(["client_credentials", "authorization_code"]))
@click.option("--driver", type=click.Choice(DRIVERS), help="How the command is driven (oneshot).")
@click.option("--supports", metavar="LIST", help="What the client can do beyond its obligations, by commas.")
@click.option(
    "--variant",
    default="default",
    show_default=True,
    shell_complete=completing.variants,
    help="A named behaviour of the provider.",
)
@click.option(
    "--scenario",
    "globs",
    multiple=True,
    metavar="GLOB|FILE",
    shell_complete=completing.scenarios,
    help="Only these scenarios, or saved ones.",
)
@click.option(
    "--profile",
    type=click.Choice((*PROFILES, *sets.NAMES)),
    metavar="NAME",
    default="core",
    show_default=True,
    help=f"{', '.join(PROFILES)}; or a frozen set, such as {sets.NAMES[0]}.",
)
@click.option("--strict", is_flag=True, help="A WARN counts as a FAIL, and no exemption holds.")
@click.option("--plain-http", is_flag=True, help="Without TLS.")
@click.option("--env", "templates", multiple=True, metavar="NAME=TEMPLATE", help="A variable under the client's name.")
@click.option("--pass-env", multiple=True, metavar="NAME", help="A variable of yours that the client shall see.")
@click.option(
    "--intercept",
    type=click.Choice(("none", "env", "proxy", "sandbox")),
    help="Bring a client that knows the real host names only to the fakes.",
)
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="Intercept a site of your own too.")
@click.option("--redirect-uri", metavar="URL", help="The redirect URI that is written in the client's source.")
@click.option("--client-id", metavar="ID", help="The client id that is written there.")
@click.option("--client-secret", metavar="SECRET", help="The secret that is written there.")
@click.option("--cwd", help="The client's working folder, or `scratch`.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Scenarios at a time (all processors).")
@click.option("--shard", metavar="K/N", help="Only the K-th of N parts of the scenarios.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--timeout", type=click.FloatRange(0.1), help="Seconds for one instruction, a login included (20; with --fuzz 5)."
)
@click.option("--fuzz", "examples", type=click.IntRange(1), metavar="N", help="Also N made-up answers.")
@click.option(
    "--fuzz-folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    help="Where answers are written that break the client.",
)
@click.option("--baseline", type=_FILE, help="Failures that are expected, in a YAML file.")
@click.option("--update-baseline", is_flag=True, help="Write the baseline anew, as this run has it.")
@click.option("--config", type=click.Path(path_type=Path), help="The manifest (sparring.toml).")
@click.option("--quiet", is_flag=True, help="Only the summary.")
@_reports
def check(
    baseline: Path | None,
    update_baseline: bool,
    config: Path | None,
    quiet: bool,
    examples: int | None,
    fuzz_folder: Path,
    **options: Any,
) -> None:  # the options of protocol.md, one by one
    """Run COMMAND as a client of PROVIDER and judge what crosses the wire.

    Exit code 0: nothing worse than WARN; 1: FAIL or INCONCLUSIVE; 2: usage; 3: the harness itself failed.
    """
    from sparring.harness.baseline import BaselineError, updated, write_baseline  # noqa: PLC0415  --help needs none
    from sparring.harness.cli.asked import Asked, expected  # noqa: PLC0415
    from sparring.harness.drivers import CommandNotFoundError  # noqa: PLC0415
    from sparring.harness.fuzzing import TIMEOUT, NoHypothesisError  # noqa: PLC0415
    from sparring.harness.interception import InterceptionError  # noqa: PLC0415
    from sparring.harness.manifest import ManifestError, read_manifest  # noqa: PLC0415
    from sparring.harness.scenarios import UnknownScenarioError  # noqa: PLC0415
    from sparring.harness.settings import UnusableError  # noqa: PLC0415

    demand_clients("check")
    if config is not None and not config.exists():
        raise UsageProblem(f"there is no {config}")
    told = listeners({name: options.pop(f"{name}_file") for name in REPORTS}, quiet=quiet)
    try:
        manifest = read_manifest(config or Path("sparring.toml"))
        if examples is not None:
            options["timeout"] = options["timeout"] or manifest.timeout or TIMEOUT
        settings = Asked(**options).settings(manifest)
        baseline = baseline or (None if manifest.baseline is None else Path(manifest.baseline))
        entries = expected(baseline, settings.provider, update=update_baseline)
    except (ManifestError, BaselineError, UnknownScenarioError, ValueError) as error:
        raise UsageProblem(str(error)) from error
    try:
        report = asyncio.run(_run(settings, told, entries, examples, fuzz_folder))
        if baseline is not None and update_baseline:
            entries = updated(entries, report.results)
            write_baseline(baseline, entries)
            report = report.with_baseline(entries)
    except (BaselineError, CommandNotFoundError, InterceptionError, NoHypothesisError, UnusableError) as error:
        raise UsageProblem(str(error)) from error
    except OSError as error:
        raise UsageProblem(f"{error.filename or ''}: {error.strerror}".removeprefix(": ")) from error
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise click.Abort from None
    if settings.intercept in {"env", "proxy"} and report.results[0].checks[0].verdict == "FAIL":
        hint = f"--intercept {settings.intercept} does not catch every client: see `sparring doctor`, or take sandbox."
        click.echo(hint, err=True)
    sys.exit(report.exit_code())


def listeners(files: dict[str, Path | None], *, quiet: bool) -> "list[Listener]":
    """Who is told of a run: the terminal, and a file for each kind of report that is wanted. UsageProblem."""
    from sparring.harness.reports import html, json_report, junit, markdown, sarif  # noqa: PLC0415
    from sparring.harness.reports.files import FileReport  # noqa: PLC0415
    from sparring.harness.reports.terminal import TerminalReport  # noqa: PLC0415

    forms = {"json": json_report, "junit": junit, "html": html, "markdown": markdown, "sarif": sarif}
    told: list[Listener] = [TerminalReport(quiet=quiet)]
    for name, file in files.items():
        if file is not None and not file.parent.is_dir():
            raise UsageProblem(f"there is no folder {file.parent} to write {file.name} into")
        if file is not None:
            told.append(FileReport(file, forms[name].render))
    return told


async def _run(
    settings: "RunSettings",
    listeners: "Sequence[Listener]",
    expected: "Sequence[Entry]",
    examples: int | None,
    folder: Path,
) -> "RunReport":
    from sparring.harness.drivers.orphans import adopting, in_words  # noqa: PLC0415
    from sparring.harness.drivers.scratch import sweep  # noqa: PLC0415

    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError):  # a CI server that gives up leaves no client behind
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    sweep()
    hidden: list[str] = []
    try:
        with adopting(hidden):
            return await _played(settings, listeners, expected, examples, folder)
    finally:
        if hidden:
            click.echo(f"The client {in_words(hidden)}", err=True)


async def _played(
    settings: "RunSettings",
    listeners: "Sequence[Listener]",
    expected: "Sequence[Entry]",
    examples: int | None,
    folder: Path,
) -> "RunReport":
    from sparring.harness.drivers.keeper import keeper  # noqa: PLC0415
    from sparring.harness.runner import Runner  # noqa: PLC0415
    from sparring.harness.worlds.local import local_world, ticks  # noqa: PLC0415

    with keeper() as kept:
        async with local_world(tls=settings.tls, names=settings.hosts) as world:
            if examples is None:
                return await Runner(world, settings, listeners, ticks, expected, kept).run()
            from sparring.harness.fuzzing.run import Fuzzing, fuzz, narrowed  # noqa: PLC0415

            wanted = Fuzzing(examples=examples, folder=folder)
            report, sentence = await fuzz(world, narrowed(settings), wanted, listeners, ticks, expected, kept)
    click.echo(sentence, err=True)
    return report
