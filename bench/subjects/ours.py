"""The five providers of this repository, each in a server of its own, as ``sparring serve NAME`` starts it."""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.clients import Client
from bench.subjects.subject import Subject
from sparring.mocks.providers import NAMES

SPARRING = str(Path(sys.executable).parent / "sparring")
OPAQUE = frozenset({"rotor"})
"""Who hands out opaque tokens for client credentials."""
RATED = frozenset({"ingest"})
"""Whose API serves an application a hundred times in ten seconds, and is not measured."""


def serve_command(_port: int, folder: Path, *providers: str) -> list[str]:
    """The command of a server that writes its ready file into that folder."""
    return [SPARRING, "serve", *providers, "--port", "0", "--ready-file", str(folder / "ready.json")]


def environment(_port: int, folder: Path) -> dict[str, str]:
    """Away from the user's own certificates and keys; what was compiled once is kept, as with every user."""
    return {"XDG_DATA_HOME": str(folder), "PYTHONDONTWRITEBYTECODE": ""}


def read_client(folder: Path, provider: str) -> Client | None:
    """What the ready file says; None until there is one."""
    try:
        info = json.loads((folder / "ready.json").read_text())["providers"][provider]
    except FileNotFoundError:
        return None
    return client_of(provider, info)


def client_of(provider: str, info: dict[str, Any]) -> Client:
    """The client of that part of the ready file."""
    paths = {name: urlsplit(url).path for name, url in info["endpoints"].items()}
    credentials = "client_credentials" in info["grants"]
    user = info["users"][0] if info["users"] else {"username": "", "password": ""}
    return Client(
        base_url=info["base_url"],
        token=paths["token"],
        client_id=info["client_id"],
        client_secret=info["client_secret"],
        scope=info["scope"],
        authorize=paths.get("authorize", ""),
        redirect_uri=(info["redirect_uris"] or [""])[0],
        jwks=paths.get("jwks", ""),
        api="" if provider in RATED else paths["api"],
        register=paths.get("register", ""),
        signed={} if credentials and provider not in OPAQUE else None,
        opaque={} if credentials and provider in OPAQUE else None,
        person={"username": user["username"], "login": user["username"], "password": user["password"]},
    )


def of(provider: str) -> Subject:
    """That provider."""
    return Subject(
        name=provider,
        kind="ours",
        version=version("sparring"),
        command=lambda port, folder: serve_command(port, folder, provider),
        client=lambda _port, folder: read_client(folder, provider),
        environment=environment,
    )


SUBJECTS = tuple(map(of, NAMES))
ALL_AT_ONCE = Subject(
    name="all five",
    kind="ours",
    version=version("sparring"),
    command=serve_command,
    client=lambda _port, folder: read_client(folder, "ingest"),
    environment=environment,
)
"""One server with all of them: only its start is measured, to a token of ingest."""
