"""``sparring token``: one access token, for a test that needs no login."""

import asyncio
import json
from typing import Any, NoReturn

import click

from sparring.harness.cli import completing


@click.command()
@click.argument("provider", shell_complete=completing.providers)
@click.option("--claim", "claims", multiple=True, metavar="K=V", help="A claim of your own; V is JSON, or else text.")
@click.option("--expires-in", type=int, metavar="N", help="Seconds; a negative number makes a token that has expired.")
@click.option("--scope", metavar="S", help="Separated by commas or spaces.")
@click.option("--user", metavar="NAME", help="For that person.")
@click.option("--client", "client_id", metavar="ID", help="Not for the provider's first client but for that one.")
@click.option("--control", metavar="URL", help="The control port of the server that shall know the token.")
@click.option("--control-token", metavar="TOKEN", envvar="SPARRING_CONTROL_TOKEN")
def token(
    provider: str,
    claims: tuple[str, ...],
    expires_in: int | None,
    scope: str | None,
    user: str | None,
    client_id: str | None,
    control: str | None,
    control_token: str | None,
) -> None:
    """Mint one token of PROVIDER and print it.

    With --control it is as good as one that was asked for. Without, it is signed by the key of a server on the usual
    ports, for code that checks tokens by themselves.
    """
    from sparring.harness.worlds import local  # noqa: PLC0415  imports the fakes

    if wrong := local.wrong_provider(provider):
        _stop(wrong)
    asked = {"client_id": client_id, "user": user, "scope": scope, "expires_in": expires_in}
    wish: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    wish["claims"] = dict(_claim(text) for text in claims)
    try:
        made = local.mint_there(control, control_token, provider, wish) if control else local.mint_here(provider, wish)
        click.echo(asyncio.run(made)["access_token"])
    except local.ControlError as error:
        _stop(str(error))


def _claim(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        _stop(f"--claim is K=V, not {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _stop(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    raise SystemExit(2)
