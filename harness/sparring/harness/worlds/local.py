"""The fakes in this process: the one module of the harness that starts them."""

import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sparring.harness.worlds import World
from sparring.mocks.control.accounts import mint
from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.messages import Request
from sparring.mocks.presets import PRESETS
from sparring.mocks.providers import NAMES, ProviderError, complaints, load, names, port, rules, usable
from sparring.mocks.server.berth import Berth
from sparring.mocks.server.ca import open_ca
from sparring.mocks.server.local import local_stages
from sparring.mocks.server.loop import run
from sparring.mocks.server.serve import Note, ServeError, ServeOptions, read_saved_file, serve
from sparring.mocks.server.workers import Work, serve_many
from sparring.mocks.stage import Stage, StageSpec
from sparring.mocks.storage.memory import MemoryStore

__all__ = [
    "NAMES",
    "Berth",
    "ControlError",
    "Note",
    "ServeError",
    "ServeOptions",
    "Work",
    "complaints",
    "describe_provider",
    "describe_providers",
    "find_endpoint",
    "find_rule",
    "local_ca",
    "local_world",
    "names",
    "read_saved_file",
    "run",
    "serve",
    "serve_many",
    "ticks",
    "usable",
    "wall",
    "wrong_provider",
]

ticks = time.monotonic
wall = time.time  # noqa: TID251  the edge


@asynccontextmanager
async def local_world(*, tls: bool, names: Sequence[str] = ()) -> AsyncIterator[World]:
    """Stages on loopback sockets of this machine, under a CA of their own, until the block ends.

    Their certificates are for the providers' documented host names, and for those ``names`` besides.
    """
    from sparring.harness.drivers.scratch import scratch_folder  # noqa: PLC0415  serve has no use for drivers

    with scratch_folder() if tls else nullcontext() as folder:
        async with local_stages(tls=tls, ca_folder=folder, names=names) as (control, _):
            yield control


def local_ca(folder: Path) -> Path:
    """The certificate of the local CA in that folder; made there at the first call."""
    return open_ca(folder).certificate


async def mint_there(url: str, token: str | None, provider: str, wish: Mapping[str, Any]) -> dict[str, Any]:
    """A token of a server that runs, from its control port. ControlError."""
    from sparring.mocks.control.client import HttpControl  # noqa: PLC0415  brings an HTTP client along

    async with HttpControl(url, token) as control:
        return await control.mint("main", provider, wish)


async def mint_here(provider: str, wish: Mapping[str, Any]) -> dict[str, Any]:
    """A token as a server on the usual ports signs it: nobody remembers it, its signature is good. ControlError."""
    spec = StageSpec(providers=(provider,))
    stage = Stage("main", spec, wall=time.time, ticks=ticks, storage=lambda clock: MemoryStore(clock.now))  # noqa: TID251
    await stage.furnish()
    house = stage.houses[provider]
    if not house.desk.keys:
        raise ControlError(
            f"a token of {provider} is worth something only where it is remembered: name a running server"
        )
    house.desk.base_url = f"http://127.0.0.1:{9400 + port(provider)}"
    return await mint(house, wish)


def find_rule(rule_id: str) -> dict[str, str] | None:
    """A rule of a provider by its id: mark, source and what to mend; None where there is none."""
    name = rule_id.partition("/")[0]
    try:
        found = rules(name).get(rule_id)
    except ProviderError:
        return None
    return None if found is None else {"mark": found.mark.value, "source": found.source, "mend": found.mend}


def find_endpoint(provider: str, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> str:
    """The name of the endpoint that such a request reaches at that provider; ``unknown`` where nobody serves its path.

    Header names are lower case. ValueError where the URL is none.
    """
    parts = urlsplit(url)
    request = Request(
        method=method,
        scheme=parts.scheme,
        host=parts.netloc,
        path=parts.path or "/",
        query=parts.query,
        headers=tuple(headers),
        body=body,
    )
    known = load(provider)
    endpoint = known.find(request)[0]
    return "unknown" if endpoint == known.lost_endpoint else endpoint


def staging_hint(scenario_id: str) -> str | None:
    """What is left to do by hand under ``serve --scenario``, empty for nothing; None where it puts nothing on stage."""
    return PRESETS[scenario_id].hint if scenario_id in PRESETS else None


def wrong_provider(name: str) -> str:
    """Why there is no such provider, or why that of an installed package cannot be used: a sentence; empty: it can."""
    if name not in NAMES:
        try:
            load(name)
        except ProviderError as error:
            return str(error)
    return ""


def describe_providers() -> list[dict[str, Any]]:
    """What ``sparring providers --json`` lists: the built-in ones, and those of installed packages that can be used."""
    return [describe_provider(name) for name in usable()]


def describe_provider(name: str) -> dict[str, Any]:
    """One of them. LookupError where there is none."""
    provider = load(name)
    client = provider.clients[0]
    return {
        "name": provider.name,
        "title": provider.title,
        "hosts": list(provider.hosts),
        "grants": list(provider.grants),
        "client_id": client.client_id,
        "client_secret": client.secret,
        "redirect_uris": list(client.redirect_uris),
        "variants": list(provider.variants),
        "docs": list(provider.docs),
    }
