"""``sparring serve``: the providers, for a developer at work."""

import shlex
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sparring.harness.cli import completing
from sparring.harness.cli.authority import ca_folder
from sparring.harness.cli.telling import Teller

if TYPE_CHECKING:
    from sparring.harness.worlds.local import Berth, ServeOptions, Work


def _configure(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Defaults from the table [serve] of the file: the options by their names, and ``providers``."""
    path = path or (found if (found := Path("sparring.toml")).exists() else None)
    if path is None:
        return
    from sparring.harness.manifest import ManifestError, nearest, read_toml  # noqa: PLC0415  most serves have no such file

    try:
        table = read_toml(path).get("serve", {})
    except ManifestError as error:
        _stop(str(error))
    if not isinstance(table, dict):
        _stop(f"{path.name}: [serve] is a table")
    parameters = {option.lstrip("-"): each for each in context.command.params for option in each.opts}
    parameters = {name: each for name, each in parameters.items() if each.name not in {"config", "help"}}
    defaults: dict[str, object] = {}
    for key, value in table.items():
        if key not in parameters:
            _stop(f"unknown key {key!r} in [serve] of {path.name}; {nearest(key, tuple(parameters))}")
        several = parameters[key].nargs == -1 or getattr(parameters[key], "multiple", False)
        defaults[parameters[key].name or key] = [value] if several and not isinstance(value, list) else value
    context.default_map = defaults


@click.command()
@click.argument("providers", nargs=-1, shell_complete=completing.providers)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    is_eager=True,
    expose_value=False,
    callback=_configure,
    help="Whose table [serve] has defaults for these options; sparring.toml, where there is one.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    type=click.IntRange(0, 65000),
    default=9400,
    show_default=True,
    help="Of the dashboard and the control API.",
)
@click.option("--tls", is_flag=True, help="HTTPS under the local CA (`sparring ca`).")
@click.option("--issuer", metavar="URL", help="What the providers call themselves.")
@click.option("--store", metavar="URL", help="redis://...: keep what is issued there, beyond the end of this server.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes; needs --store.")
@click.option(
    "--public-url",
    "urls",
    multiple=True,
    metavar="PROVIDER=URL",
    help="Where clients reach it, if not at its own socket: behind a load balancer.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--fresh-keys", is_flag=True, help="Signing keys that nobody else has.")
@click.option("--explain", is_flag=True, help="Every answer says in a header which rule decided it, and why.")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="ID|FILE",
    shell_complete=completing.scenarios,
    help="Put what goes wrong in it on stage: a scenario of the catalogue, a saved one, or an HTTP archive (.har).",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="At the end write what went wrong as a scenario file (.json, else YAML).",
)
@click.option("--lint", is_flag=True, help="Judge the traffic, and name a violation as it happens.")
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
    store: str | None,
    workers: int,
    urls: tuple[str, ...],
    seed: int,
    fresh_keys: bool,
    explain: bool,
    scenarios: tuple[str, ...],
    save: Path | None,
    lint: bool,
    variants: tuple[str, ...],
    redirect_uris: tuple[str, ...],
    origins: tuple[str, ...],
    control_token: str | None,
    ready_file: Path | None,
) -> None:
    """Serve PROVIDERS (all of them) until Ctrl-C."""
    from sparring.harness.worlds import local  # noqa: PLC0415  imports the fakes

    for name in providers:
        if wrong := local.wrong_provider(name):
            _stop(wrong)
    ids, saved = _scenarios(scenarios)
    if save is not None and not save.parent.is_dir():
        _stop(f"there is no folder {save.parent} to write {save.name} into")
    pairs, addresses = _pairs("--variant is PROVIDER=NAME", variants), _pairs("--public-url is PROVIDER=URL", urls)
    options = local.ServeOptions(
        providers=providers or tuple((saved or {}).get("stage", {}).get("providers", local.NAMES)),
        host=host,
        port=port,
        tls=tls,
        issuer=issuer,
        store=store,
        workers=workers,
        urls=addresses,
        seed=seed,
        fresh_keys=fresh_keys,
        explain=explain,
        scenarios=ids,
        saved=saved,
        save=save,
        variants=pairs,
        redirect_uris=redirect_uris,
        origins=origins,
        control_token=control_token,
        ready_file=ready_file,
        ca_folder=ca_folder() if tls else None,
    )
    try:
        if workers > 1:
            local.serve_many(options, _worker(lint=lint), _table, _say)
        else:
            local.run(_serve(options, lint=lint))
    except local.ServeError as error:
        _stop(str(error))
    except KeyboardInterrupt:
        pass
    click.echo("Stopped.", err=True)


def _worker(*, lint: bool) -> "Work":
    """What each worker does; the first one judges for all."""

    def work(options: "ServeOptions", berth: "Berth") -> None:
        from sparring.harness.worlds import local  # noqa: PLC0415  imports the fakes

        local.run(_serve(options, lint=lint and berth.first, berth=berth))

    return work


def _say(line: str) -> None:
    click.echo(line, err=True)


def _quietly(_: dict[str, Any]) -> None:
    """The table is printed once, when all workers are there."""


async def _serve(options: "ServeOptions", *, lint: bool, berth: "Berth | None" = None) -> None:
    """Serve in this process."""
    from sparring.harness.worlds import local  # noqa: PLC0415

    teller = Teller(sys.stderr)
    say, table = teller.say, _table if berth is None else _quietly
    async with AsyncExitStack() as ending:
        ending.callback(teller.flush)
        if not lint:
            await local.serve(options, table, say, berth=berth)
            return
        from sparring.harness.lint import Linter, Remark, linting  # noqa: PLC0415

        linter = Linter()
        dashboards: list[local.Note] = []

        def remark(line: Remark) -> None:
            say(line)
            for note in dashboards:
                note(line.note)

        watch = await ending.enter_async_context(linting(linter, remark))

        def ready(document: dict[str, Any]) -> None:
            linter.know(document)
            table(document)

        await local.serve(options, ready, say, watch, dashboards.append, berth)


def _pairs(rule: str, given: tuple[str, ...]) -> dict[str, str]:
    for each in given:
        if "=" not in each:
            _stop(f"{rule}, not {each!r}")
    return dict(each.partition("=")[::2] for each in given)


def _scenarios(names: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Any] | None]:
    """The ids among them, and the document of the saved scenario."""
    if not names:
        return (), None
    from sparring.harness.captured import is_scenario_file  # noqa: PLC0415  imports the catalogue
    from sparring.harness.scenarios import UnknownScenarioError, scenario  # noqa: PLC0415
    from sparring.harness.worlds import local  # noqa: PLC0415  imports the fakes

    files = [name for name in names if is_scenario_file(name)]
    ids = tuple(name for name in names if name not in files)
    if len(files) > 1:
        _stop(f"one saved scenario at a time, not {' and '.join(files)}")
    try:
        for name in ids:
            scenario(name)
        return ids, local.read_saved_file(Path(files[0])) if files else None
    except (UnknownScenarioError, local.ServeError) as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    raise SystemExit(2)


def _table(document: dict[str, Any]) -> None:
    """What is where, and curl lines that work when pasted."""
    say: list[str] = [f"dashboard     {document['control_url']}/   (control API at the same address)"]
    if document["ca_file"]:
        say.append(f"CA            {document['ca_file']}")
    for name, info in document["providers"].items():
        say.append(f"\n{info['title']} ({name})   {info['base_url']}")
        say.extend(f"  {endpoint:12}{url}" for endpoint, url in info["endpoints"].items())
        say.extend(f"  client      {_client(client)}" for client in info["clients"])
        say.extend(f"  redirect    {uri}" for uri in info["redirect_uris"])
        say.extend(f"  user        {user['username']} / {user['password']}" for user in info["users"])
        if "client_credentials" in info["grants"]:
            say.append(f"  try         {_curl(info, document['ca_file'])}")
    say.append("\nCtrl-C ends it.")
    click.echo("\n".join(say), err=True)


def _client(client: dict[str, Any]) -> str:
    return f"{client['client_id']} / {client['client_secret'] or '(no secret: public)'}"


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
