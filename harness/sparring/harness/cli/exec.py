"""``sparring exec``: any program, with the providers' real host names landing on the fakes."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from sparring.harness.cli.problems import UsageProblem, demand_clients

if TYPE_CHECKING:
    from sparring.harness.executing import Order

_NOT_FOUND = 127


@click.command()
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True)
@click.option(
    "--intercept",
    type=click.Choice(("sandbox", "proxy", "env")),
    default="sandbox",
    show_default=True,
    help="How the program comes to the fakes.",
)
@click.option("--scenario", metavar="ID", help="Put what goes wrong in it on stage.")
@click.option("--host", "hosts", multiple=True, metavar="PROVIDER=NAME", help="A host name of a site of your own.")
@click.option("--redirect-uri", "redirect_uris", multiple=True, metavar="URL", help="Register one more.")
@click.option("--env", "templates", multiple=True, metavar="NAME=TEMPLATE", help="Such as ID={rotor[client_id]}.")
@click.option("--pass-env", multiple=True, metavar="NAME", help="A variable of yours that the program shall see.")
@click.option("--quiet", is_flag=True, help="Nothing but the program's own words.")
def exec(  # noqa: A001  the functions are named as the commands
    command: tuple[str, ...],
    intercept: str,
    scenario: str | None,
    hosts: tuple[str, ...],
    redirect_uris: tuple[str, ...],
    templates: tuple[str, ...],
    pass_env: tuple[str, ...],
    quiet: bool,
) -> None:
    """Run COMMAND against all providers, offline, with the credentials of their documents.

    Its exit code is COMMAND's.
    """
    from sparring.harness.drivers import CommandNotFoundError  # noqa: PLC0415  --help needs none
    from sparring.harness.drivers.environment import parse_option  # noqa: PLC0415
    from sparring.harness.executing import Order  # noqa: PLC0415
    from sparring.harness.interception import MODES, InterceptionError  # noqa: PLC0415
    from sparring.harness.worlds.local import ControlError, usable  # noqa: PLC0415

    demand_clients("exec")
    try:
        order = Order(
            command=command,
            intercept=next(mode for mode in MODES if mode == intercept),
            scenario=scenario,
            providers=usable(),
            env=dict(parse_option(option) for option in templates),
            pass_env=pass_env,
            redirect_uris=redirect_uris,
            hosts=by_provider(hosts),
        )
        code = asyncio.run(_run(order, quiet=quiet))
    except CommandNotFoundError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(_NOT_FOUND)
    except (ControlError, InterceptionError, ValueError) as error:
        raise UsageProblem(str(error)) from error
    except OSError as error:
        raise UsageProblem(f"{error.filename or ''}: {error.strerror}".removeprefix(": ")) from error
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise click.Abort from None
    sys.exit(code)


def by_provider(options: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The names of ``PROVIDER=NAME``, by provider. ValueError."""
    from sparring.harness.worlds.local import wrong_provider  # noqa: PLC0415

    found: dict[str, tuple[str, ...]] = {}
    for option in options:
        provider, equals, name = option.partition("=")
        if not equals or not name or wrong_provider(provider):
            raise ValueError(f"--host wants PROVIDER=NAME, such as panopto=video.example.edu, not {option!r}")
        found[provider] = (*found.get(provider, ()), name.lower())
    return found


async def _run(order: "Order", *, quiet: bool) -> int:
    from sparring.harness.drivers.orphans import adopting, in_words  # noqa: PLC0415
    from sparring.harness.drivers.scratch import sweep  # noqa: PLC0415
    from sparring.harness.executing import execute  # noqa: PLC0415
    from sparring.harness.worlds.local import local_world  # noqa: PLC0415

    def say(line: str) -> None:
        if not quiet:
            click.echo(f"sparring: {line}", err=True)

    sweep()
    names = [name for own in order.hosts.values() for name in own]
    hidden: list[str] = []
    try:
        with adopting(hidden):
            async with local_world(tls=True, names=names) as world:
                return await execute(world, order, say)
    finally:
        if hidden:
            say(f"the program {in_words(hidden)}")
