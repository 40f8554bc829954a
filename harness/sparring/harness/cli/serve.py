"""``sparring serve``: the providers, for a developer at work."""

import asyncio
import shlex
from pathlib import Path
from typing import Any

import click

from sparring.harness.cli.lists import ca_folder
from sparring.harness.manifest import nearest


@click.command()
@click.argument("providers", nargs=-1)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65000), default=9400, show_default=True, help="Of the control API.")
@click.option("--tls", is_flag=True, help="HTTPS under the local CA (`sparring ca`).")
@click.option("--issuer", metavar="URL", help="What the providers call themselves.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--fresh-keys", is_flag=True, help="Signing keys that nobody else has.")
@click.option("--explain", is_flag=True, help="Every answer says in a header which rule decided it, and why.")
@click.option("--variant", "variants", multiple=True, metavar="PROVIDER=NAME")
@click.option("--redirect-uri", "redirect_uris", multiple=True, metavar="URL", help="Register one more.")
@click.option("--cors-origin", "origins", multiple=True, metavar="URL")
@click.option("--control-token", metavar="TOKEN", envvar="SPARRING_CONTROL_TOKEN", help="Who may use the control port.")
@click.option("--ready-file", type=click.Path(path_type=Path, dir_okay=False))
def serve(
    providers: tuple[str, ...],
    host: str,
    port: int,
    tls: bool,
    issuer: str | None,
    seed: int,
    fresh_keys: bool,
    explain: bool,
    variants: tuple[str, ...],
    redirect_uris: tuple[str, ...],
    origins: tuple[str, ...],
    control_token: str | None,
    ready_file: Path | None,
) -> None:
    """Serve PROVIDERS (all of them) until Ctrl-C."""
    from sparring.harness.worlds import local  # noqa: PLC0415  imports the fakes

    for name in providers:
        if name not in local.NAMES:
            _stop(f"unknown provider {name!r}; {nearest(name, local.NAMES)}")
    for variant in variants:
        if "=" not in variant:
            _stop(f"--variant is PROVIDER=NAME, not {variant!r}")
    pairs = dict(variant.partition("=")[::2] for variant in variants)
    options = local.ServeOptions(
        providers=providers or local.NAMES,
        host=host,
        port=port,
        tls=tls,
        issuer=issuer,
        seed=seed,
        fresh_keys=fresh_keys,
        explain=explain,
        variants=pairs,
        redirect_uris=redirect_uris,
        origins=origins,
        control_token=control_token,
        ready_file=ready_file,
        ca_folder=ca_folder() if tls else None,
    )
    try:
        asyncio.run(local.serve(options, _table, lambda line: click.echo(line, err=True)))
    except local.ServeError as error:
        _stop(str(error))
    except KeyboardInterrupt:
        pass
    click.echo("Stopped.", err=True)


def _stop(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)
    raise SystemExit(2)


def _table(document: dict[str, Any]) -> None:
    """What is where, and curl lines that work when pasted."""
    say: list[str] = [f"control API   {document['control_url']}"]
    if document["ca_file"]:
        say.append(f"CA            {document['ca_file']}")
    for name, info in document["providers"].items():
        say.append(f"\n{info['title']} ({name})   {info['base_url']}")
        say.extend(f"  {endpoint:12}{url}" for endpoint, url in info["endpoints"].items())
        say.append(f"  client      {info['client_id']} / {info['client_secret']}")
        say.extend(f"  redirect    {uri}" for uri in info["redirect_uris"])
        say.extend(f"  user        {user['username']} / {user['password']}" for user in info["users"])
        if "client_credentials" in info["grants"]:
            say.append(f"  try         {_curl(info, document['ca_file'])}")
    say.append("\nCtrl-C ends it.")
    click.echo("\n".join(say), err=True)


def _curl(info: dict[str, Any], ca_file: str | None) -> str:
    trust = ["--cacert", ca_file] if ca_file else []
    form = {
        "grant_type": "client_credentials",
        "client_id": info["client_id"],
        "client_secret": info["client_secret"],
        "scope": info["scope"],
    }
    data = [word for pair in form.items() for word in ("--data-urlencode", "=".join(pair))]
    return shlex.join(["curl", *trust, *data, info["endpoints"]["token"]])
