"""``sparring check``: run a client through the scenarios and judge it."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from sparring.harness.drivers import CommandNotFoundError
from sparring.harness.drivers.environment import parse_option
from sparring.harness.manifest import Manifest, ManifestError, nearest, read_manifest
from sparring.harness.reports import Listener, RunReport
from sparring.harness.scenarios import UnknownScenarioError, happy, select
from sparring.harness.settings import ClientSettings, RunSettings, UnusableError
from sparring.harness.verdict import exit_code

PROFILES = ("core", "security", "resilience", "oidc", "provider", "robustness", "all")
DRIVERS = ("oneshot", "session")
CAPABILITIES = (
    "refresh", "reactive_refresh", "persistence", "concurrency", "id_token", "discovery", "pkce", "logs",
)  # fmt: skip


class UsageProblem(click.ClickException):
    """What the user asked for cannot be done; one sentence, exit code 2."""

    exit_code = 2


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("provider", required=False)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.option("--grant", type=click.Choice(["client_credentials", "authorization_code"]))
@click.option("--driver", type=click.Choice(DRIVERS), help="How the command is driven (oneshot).")
@click.option("--supports", metavar="LIST", help="What the client can do beyond its obligations, by commas.")
@click.option("--variant", default="default", show_default=True, help="A named behaviour of the provider.")
@click.option("--scenario", "globs", multiple=True, metavar="GLOB", help="Only these scenarios.")
@click.option("--profile", type=click.Choice(PROFILES), default="core", show_default=True)
@click.option("--plain-http", is_flag=True, help="Without TLS.")
@click.option("--env", "templates", multiple=True, metavar="NAME=TEMPLATE", help="A variable under the client's name.")
@click.option("--pass-env", multiple=True, metavar="NAME", help="A variable of yours that the client shall see.")
@click.option("--cwd", help="The client's working folder, or `scratch`.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Scenarios at a time (all processors).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), help="Seconds for one instruction, a login included (20).")
@click.option("--config", type=click.Path(path_type=Path), help="The manifest (sparring.toml).")
@click.option("--quiet", is_flag=True, help="Only the summary.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the JSON report.")
@click.option("--junit", "junit_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a JUnit report.")
def check(  # the options of protocol.md, one by one
    provider: str | None,
    command: tuple[str, ...],
    grant: str | None,
    driver: str | None,
    supports: str | None,
    variant: str,
    globs: tuple[str, ...],
    profile: str,
    plain_http: bool,
    templates: tuple[str, ...],
    pass_env: tuple[str, ...],
    cwd: str | None,
    jobs: int | None,
    seed: int,
    timeout: float | None,
    config: Path | None,
    quiet: bool,
    json_file: Path | None,
    junit_file: Path | None,
) -> None:
    """Run COMMAND as a client of PROVIDER and judge what crosses the wire.

    Exit code 0: nothing worse than WARN; 1: FAIL or INCONCLUSIVE; 2: usage; 3: the harness itself failed.
    """
    from sparring.harness.reports.json_report import JsonReport  # noqa: PLC0415  only where a report is made
    from sparring.harness.reports.junit import JunitReport  # noqa: PLC0415
    from sparring.harness.reports.terminal import TerminalReport  # noqa: PLC0415

    if config is not None and not config.exists():
        raise UsageProblem(f"there is no {config}")
    try:
        manifest = read_manifest(config or Path("sparring.toml"))
        client = ClientSettings(
            command=command or manifest.command,
            driver=driver or _one_of(manifest.driver, DRIVERS, "driver") or "oneshot",
            supports=_supports(supports, manifest),
            public=manifest.public,
            as_documented=manifest.as_documented,
            monotonic_lifetimes=manifest.monotonic_lifetimes,
            env={**manifest.env, **dict(parse_option(option) for option in templates)},
            pass_env=(*manifest.pass_env, *pass_env),
            cwd=cwd or manifest.cwd,
            timeout=timeout or manifest.timeout or 20.0,
            exit_codes=_exit_codes(manifest),
        )
        settings = _settings(provider or manifest.provider, grant or manifest.grant, client, variant)
    except (ManifestError, ValueError) as error:
        raise UsageProblem(str(error)) from error
    settings = replace(
        settings,
        profile=profile,
        scenarios=globs,
        seed=seed,
        jobs=jobs or os.cpu_count() or 1,
        tls=not plain_http,
    )
    _check_choice(settings)
    for target in (json_file, junit_file):
        if target is not None and not target.parent.is_dir():
            raise UsageProblem(f"there is no folder {target.parent} to write {target.name} into")
    listeners: list[Listener] = [TerminalReport(quiet=quiet)]
    if json_file is not None:
        listeners.append(JsonReport(json_file))
    if junit_file is not None:
        listeners.append(JunitReport(junit_file))
    try:
        report = asyncio.run(_run(settings, listeners))
    except (CommandNotFoundError, UnusableError) as error:
        raise UsageProblem(str(error)) from error
    except OSError as error:
        raise UsageProblem(f"{error.filename or ''}: {error.strerror}".removeprefix(": ")) from error
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise click.Abort from None
    sys.exit(exit_code(result.verdict for result in report.results))


def _supports(option: str | None, manifest: Manifest) -> frozenset[str] | None:
    if option is None:
        chosen = manifest.supports
    else:
        chosen = frozenset(word.strip() for word in option.split(",") if word.strip())
    for word in sorted(chosen or ()):
        _one_of(word, CAPABILITIES, "capability")
    return chosen


def _one_of(word: str | None, known: Sequence[str], what: str) -> str | None:
    if word is not None and word not in known:
        raise ManifestError(f"unknown {what} {word!r}; {nearest(word, tuple(known))}")
    return word


def _exit_codes(manifest: Manifest) -> dict[int, str]:
    try:
        return {int(code): outcome for code, outcome in manifest.exit_codes.items()}
    except ValueError as error:
        raise ManifestError("exit_codes of the manifest has a key that is no number") from error


def _settings(provider: str | None, grant: str | None, client: ClientSettings, variant: str) -> RunSettings:
    from sparring.harness.worlds.local import describe_providers  # noqa: PLC0415  imports the fakes

    if provider is None:
        raise ManifestError("name a provider, or write it into sparring.toml")
    known = {each["name"]: each for each in describe_providers()}
    if provider not in known:
        raise ManifestError(f"unknown provider {provider!r}; {nearest(provider, tuple(known))}")
    if not client.command:
        raise ManifestError("name the client's command after --, or write it into sparring.toml")
    grants = known[provider]["grants"]
    if grant is not None and grant not in grants:
        raise ManifestError(f"{provider} has no grant {grant!r}; there are: {', '.join(grants)}")
    _one_of(variant, known[provider]["variants"], f"variant of {provider}")
    return RunSettings(provider=provider, grant=grant or grants[0], client=client, variant=variant)


def _check_choice(settings: RunSettings) -> None:
    try:
        happy(settings.provider, settings.grant)
        select(settings.provider, settings.grant, settings.profile, settings.scenarios)
    except UnknownScenarioError as error:
        raise UsageProblem(str(error)) from error


async def _run(settings: RunSettings, listeners: Sequence[Listener]) -> RunReport:
    from sparring.harness.runner import Runner  # noqa: PLC0415
    from sparring.harness.worlds.local import local_world, ticks  # noqa: PLC0415

    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError):  # a CI server that gives up leaves no client behind
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with local_world(tls=settings.tls) as world:
        return await Runner(world, settings, listeners, ticks).run()
