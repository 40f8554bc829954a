"""Providers for a developer: fixed ports, a table of what is where, one line for every request, until Ctrl-C."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from sparring.mocks.control.archive import from_har
from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.http import control_app
from sparring.mocks.control.interface import ControlError
from sparring.mocks.control.staging import check_saved, put_on
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.reading import UnreadableError
from sparring.mocks.engine.store import Store
from sparring.mocks.presets import PRESETS
from sparring.mocks.presets.saved import read_saved
from sparring.mocks.providers import NAMES, ProviderError, port
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.server.ca import CaError
from sparring.mocks.server.local import local_stages
from sparring.mocks.server.theatre import PortTakenError, Theatre
from sparring.mocks.storage.promises import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What ``sparring serve`` was asked for. The control port is ``port``, each provider's ``port`` plus its number.

    ``scenarios`` are ids; what has a preset is put on stage, of the others it is said that they have none. ``saved`` is
    the document of a saved scenario, whose stage this is in whatever is left as it is here. ``save``: where the
    recording goes as such a document at the end. ``store``: the URL of a Redis in which the stage is kept, so that what
    was issued before the server ended is still known when it begins again.
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
) -> None:
    """Serve until SIGINT or SIGTERM. ``ready`` gets the document of the ready file when every socket accepts;
    ``say`` a line for each exchange, ``watch`` each exchange itself, raw, when it has ended. ``judge`` is given, once,
    where to leave remarks on them: they stand in the dashboard. ServeError.
    """
    if options.control_token is None and not _loopback(options.host):
        raise ServeError(f"listening on {options.host} needs --control-token: the control port would be open to others")
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    async with _stages(options) as (control, theatre):
        try:
            app = control_app(control, options.control_token, bound=options.host)
            control_url = await theatre.listen("the control port", app, options.port)
            await control.open_stage(_spec(options))
            told = [f"scenario {options.saved['id']}: {options.saved.get('title', '')}"] if options.saved else []
            told += [await _put_on(control, scenario) for scenario in dict.fromkeys(options.scenarios)]
        except (PortTakenError, ControlError, ProviderError, StoreError) as error:
            raise ServeError(str(error)) from error
        (stage,) = await control.stages()
        watchers = control.stage("main").watchers
        watchers.append(lambda exchange: say(line(exchange)))
        if judge is not None:
            judge(lambda note: control.leave("main", note))
        if watch is not None:
            watchers.append(lambda exchange: watch(exchange.as_json()))
        document = {"control_url": control_url, "ca_file": stage["ca_file"], "providers": stage["providers"]}
        if options.ready_file is not None:
            _write(options.ready_file, document)
        ready(document)
        for sentence in told:
            say(sentence)
        await ended.wait()
        if options.save is not None:
            write_saved(options.save, await control.saved("main"))
            say(f"The recording was saved as {options.save}.")


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
    if options.fresh_keys:
        raise ServeError("--store and --fresh-keys: the keys would not outlive the server, and its tokens would")
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
    if scenario not in PRESETS:
        return f"scenario {scenario}: nothing is made to go wrong in it, so nothing was put on stage."
    done = await put_on(control.stage("main"), scenario)
    return f"scenario {scenario}: {done['title']}. {done['hint']}".rstrip()


def _spec(options: ServeOptions) -> dict[str, Any]:
    base = options.port
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
        "ports": {name: base + port(name) if base else 0 for name in options.providers},
    }
    if options.saved is None:
        return spec
    return {name: value for name, value in spec.items() if value} | {"scenario": dict(options.saved)}


def read_saved_file(path: Path) -> dict[str, Any]:
    """The document of a saved scenario: JSON, YAML, or an HTTP archive (``.har``), which becomes one. ServeError."""
    import yaml  # noqa: PLC0415  few serves read or save a scenario

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


def _write(path: Path, document: dict[str, Any]) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(document, indent=2) + "\n")
        draft.replace(path)
    except OSError as error:
        raise ServeError(f"cannot write {path}: {error.strerror}") from error


def line(exchange: Exchange) -> str:
    """One line of the log: what was asked, what came of it, by which rule, and how to mend a refusal."""
    request, answer = exchange.request, exchange.answer
    asked = f"{exchange.provider} {exchange.endpoint}: {request.method} {request.path}"
    if answer is None:
        return f"{asked} -> no answer ({', '.join(request.facts.faults)})"
    why = f" {answer.rule.mend} [{answer.rule.mark.value}: {answer.rule.source}]" if answer.rule.mend else ""
    return f"{asked} -> {answer.status} {answer.rule.id}{why}"
