"""Providers for a developer: fixed ports, a table of what is where, one line for every request, until Ctrl-C."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.reading import UnreadableError
from sparring.mocks.engine.store import Store
from sparring.mocks.presets.saved import read_saved
from sparring.mocks.providers import NAMES, ProviderError, port
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.server.berth import CONTROL, Berth
from sparring.mocks.server.ca import CaError
from sparring.mocks.server.local import local_stages
from sparring.mocks.server.theatre import App, PortTakenError, Theatre
from sparring.mocks.storage.promises import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What ``sparring serve`` was asked for. The control port is ``port``, each provider's ``port`` plus its number.

    ``scenarios`` are ids; what has a preset is put on stage, of the others it is said that they have none. ``saved`` is
    the document of a saved scenario, whose stage this is in whatever is left as it is here. ``save``: where the
    recording goes as such a document at the end. ``store``: the URL of a Redis in which the stage is kept, so that what
    was issued before the server ended is still known when it begins again. ``workers``: see ``serve_many``. ``urls``: a
    provider's base URL as clients know it, where that is not its own socket's.
    """

    providers: tuple[str, ...] = NAMES
    host: str = "127.0.0.1"
    port: int = 9400
    tls: bool = False
    issuer: str | None = None
    seed: int = 0
    fresh_keys: bool = False
    explain: bool = False
    scenarios: tuple[str, ...] = ()
    saved: Mapping[str, Any] | None = None
    save: Path | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    redirect_uris: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    control_token: str | None = None
    ready_file: Path | None = None
    ca_folder: Path | None = None
    store: str | None = None
    workers: int = 1
    urls: Mapping[str, str] = field(default_factory=dict)


class ServeError(Exception):
    """What stands in the way of serving, in one sentence."""


Say = Callable[[str], None]
Watch = Callable[[dict[str, Any]], None]
Note = Callable[[Mapping[str, Any]], object]
"""Takes a remark on an exchange, as the control port does."""


async def serve(
    options: ServeOptions,
    ready: Callable[[dict[str, Any]], None],
    say: Say,
    watch: Watch | None = None,
    judge: Callable[[Note], None] | None = None,
    berth: Berth | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. ``ready`` gets the document of the ready file when every socket accepts;
    ``say`` a line for each exchange, ``watch`` each exchange itself, raw, when it has ended (with a store: whichever
    server it was at). ``judge`` is given, once, where to leave remarks on them: they stand in the dashboard. ``berth``:
    it is one of several workers. ServeError.
    """
    if options.control_token is None and not _loopback(options.host):
        raise ServeError(f"listening on {options.host} needs --control-token: the control port would be open to others")
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    if berth is not None:
        loop.add_reader(berth.lifeline, ended.set)
    async with _stages(options) as (control, theatre), AsyncExitStack() as ending:
        control_url, told = await _open(control, theatre, options, berth)
        (stage,) = await control.stages()
        _tell(control, ending, say, watch)
        if judge is not None:
            judge(lambda note: control.leave("main", note))
        document = {"control_url": control_url, "ca_file": stage["ca_file"], "providers": stage["providers"]}
        if options.ready_file is not None:
            write_ready(options.ready_file, document)
        ready(document)
        if berth is not None:
            berth.ready(document)
        for sentence in told:
            say(sentence)
        await ended.wait()
        if options.save is not None:
            try:
                write_saved(options.save, await control.saved("main"))
            except StoreError as error:
                raise ServeError(f"the recording was not saved: {error}") from error
            say(f"The recording was saved as {options.save}.")


async def _open(
    control: DirectControl, theatre: Theatre, options: ServeOptions, berth: Berth | None
) -> tuple[str, list[str]]:
    """The stage, with the control port before it; that port's URL, and what is to be said. ServeError."""
    control_url = ""
    try:
        if berth is not None:
            theatre.given.update(berth.listeners)
        if berth is None:
            control_url = await theatre.listen(CONTROL, _control_port(control, options), options.port)
        await control.open_stage(_spec(options))
        if berth is not None and berth.first:  # whoever asks waits, where another worker was before
            control_url = await theatre.listen(CONTROL, _control_port(control, options))
        told = [f"scenario {options.saved['id']}: {options.saved.get('title', '')}"] if options.saved else []
        told += [await _put_on(control, scenario) for scenario in dict.fromkeys(options.scenarios)]
    except (PortTakenError, ControlError, ProviderError, StoreError) as error:
        raise ServeError(str(error)) from error
    return control_url, told


def _tell(control: DirectControl, ending: AsyncExitStack, say: Say, watch: Watch | None) -> None:
    stage = control.stage("main")
    stage.watchers.append(lambda exchange: say(line(exchange)))
    if watch is not None and stage.shared:
        ending.push_async_callback(_follow(control, watch))
    elif watch is not None:
        stage.watchers.append(lambda exchange: watch(exchange.as_json()))


def _follow(control: DirectControl, watch: Watch) -> Callable[[], Awaitable[None]]:
    """Hand over the exchanges of all servers of the stage from now on; what ends that."""

    async def follow() -> None:
        async for exchange in control.stream("main", since=control.stage("main").recorder.count):
            watch(exchange)

    following = asyncio.create_task(follow())

    async def end() -> None:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    return end


def _control_port(control: DirectControl, options: ServeOptions) -> App:
    """The application there, which is made when somebody asks it: many a server is only asked for tokens."""

    @cache
    def app() -> App:
        from sparring.mocks.control.http import control_app  # noqa: PLC0415  imports Starlette and the pages

        return control_app(control, options.control_token, bound=options.host)

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await app()(scope, receive, send)

    return late


@asynccontextmanager
async def _stages(options: ServeOptions) -> AsyncIterator[tuple[DirectControl, Theatre]]:
    try:
        async with (
            _storage(options) as storage,
            local_stages(host=options.host, tls=options.tls, ca_folder=options.ca_folder, storage=storage) as stages,
        ):
            yield stages
    except CaError as error:
        raise ServeError(str(error)) from error


@asynccontextmanager
async def _storage(options: ServeOptions) -> AsyncIterator[Callable[[Clock], Store] | None]:
    """What makes the stores, until the block ends; None for memory. ServeError."""
    if options.store is None:
        yield None
        return
    try:
        from sparring.mocks.storage.redis import RedisStorage  # noqa: PLC0415  few serves have a Redis

        storage = RedisStorage(options.store)
    except ImportError as error:
        raise ServeError("--store needs the redis library: pip install 'sparring[redis]'") from error
    except ValueError as error:
        raise ServeError(f"--store: {error}") from error
    try:
        yield storage
    finally:
        await storage.close()


async def _put_on(control: DirectControl, scenario: str) -> str:
    """Put the scenario on stage; what is to be said of it."""
    from sparring.mocks.control.staging import put_on  # noqa: PLC0415  few serves have a scenario
    from sparring.mocks.presets import PRESETS  # noqa: PLC0415

    if scenario not in PRESETS:
        return f"scenario {scenario}: nothing is made to go wrong in it, so nothing was put on stage."
    try:
        done = await put_on(control.stage("main"), scenario)
    except ControlError as error:
        if error.status != 409:
            raise
        return str(error)  # from before: the stage outlived a server
    return f"scenario {scenario}: {done['title']}. {done['hint']}".rstrip()


def _spec(options: ServeOptions) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "id": "main",
        "providers": list(options.providers),
        "seed": options.seed,
        "fresh_keys": options.fresh_keys,
        "explain": options.explain,
        "personas": True,
        "issuer": options.issuer,
        "variants": dict(options.variants),
        "redirect_uris": list(options.redirect_uris),
        "origins": list(options.origins),
        "ports": _ports(options),
        "urls": dict(options.urls),
    }
    if options.saved is None:
        return spec
    return {name: value for name, value in spec.items() if value} | {"scenario": dict(options.saved)}


def _ports(options: ServeOptions) -> dict[str, int]:
    base = options.port
    return {name: base + port(name) if base else 0 for name in options.providers}


def ports_of(options: ServeOptions, decoy: str) -> dict[str, int]:
    """The ports of everything that listens, 0 for any, by what it is for."""
    faulty = (options.saved or {}).get("stage", {}).get("certificates", {})
    return {CONTROL: options.port, **_ports(options), decoy: 0, **{f"{name}/side": 0 for name in faulty}}


def read_saved_file(path: Path) -> dict[str, Any]:
    """The document of a saved scenario: JSON, YAML, or an HTTP archive (``.har``), which becomes one. ServeError."""
    import yaml  # noqa: PLC0415  few serves read or save a scenario

    from sparring.mocks.control.archive import from_har  # noqa: PLC0415
    from sparring.mocks.control.staging import check_saved  # noqa: PLC0415

    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text) if path.suffix in {".json", ".har"} else yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise ServeError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    try:
        if path.suffix == ".har":
            return from_har(document, path.stem)
        check_saved(read_saved(document))
    except (ControlError, UnreadableError) as error:
        raise ServeError(f"{path}: {error}") from error
    return cast("dict[str, Any]", document)


def write_saved(path: Path, document: Mapping[str, Any]) -> None:
    """Write a saved scenario, as JSON where the name ends so, else as YAML. ServeError."""
    import yaml  # noqa: PLC0415  few serves read or save a scenario

    as_json = path.suffix == ".json"
    text = json.dumps(document, indent=2) + "\n" if as_json else yaml.safe_dump(dict(document), sort_keys=False)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ServeError(f"cannot write {path}: {error.strerror}") from error


def _loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def write_ready(path: Path, document: Mapping[str, Any]) -> None:
    """Put the document of the ready file in its place. ServeError."""
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}")  # that nobody could have put a link there
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(json.dumps(document, indent=2) + "\n")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ServeError(f"cannot write {path}: {error.strerror}") from error


def line(exchange: Exchange) -> str:
    """One line of the log: what was asked, what came of it, by which rule, and how to mend a refusal."""
    request, answer = exchange.request, exchange.answer
    asked = f"{exchange.provider} {exchange.endpoint}: {_plain(request.method)} {_plain(request.path)}"
    if answer is None:
        return f"{asked} -> no answer ({', '.join(request.facts.faults)})"
    why = f" {answer.rule.mend} [{answer.rule.mark.value}: {answer.rule.source}]" if answer.rule.mend else ""
    return f"{asked} -> {answer.status} {answer.rule.id}{why}"


def _plain(text: str) -> str:
    """Text that moves no cursor and colours nothing: what a terminal would obey is spelt out."""
    return text if text.isascii() and text.isprintable() else ascii(text)[1:-1]
