"""The limits: what is left of a core when a server does nothing but hand out a token."""

import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bench.clients import Client
from bench.subjects.subject import Subject

ROOT = Path(__file__).parent.parent.parent
LOOP = "uvloop" if find_spec("uvloop") else "asyncio"


def of(name: str, app: str, *, signed: bool) -> Subject:
    """That application of ``bench.apps`` on uvicorn."""
    server = f"uvicorn {version('uvicorn')}, {LOOP}, httptools"
    return Subject(
        name=name,
        kind="limit",
        version=f"starlette {version('starlette')}, {server}" if "starlette" in app else server,
        command=lambda port, _: [
            *(sys.executable, "-m", "uvicorn", f"bench.apps:{app}", "--app-dir", str(ROOT)),
            *("--port", str(port), "--loop", LOOP, "--http", "httptools", "--lifespan", "off", "--no-access-log"),
        ],
        client=lambda port, _: Client(
            base_url=f"http://127.0.0.1:{port}",
            token="/token",
            client_id="bench",
            client_secret="bench-secret",
            signed={} if signed else None,
            opaque=None if signed else {},
        ),
    )


SUBJECTS = (
    of("bare Starlette, signed", "starlette_signed", signed=True),
    of("bare Starlette, opaque", "starlette_opaque", signed=False),
    of("plain ASGI, signed", "asgi_signed", signed=True),
    of("plain ASGI, opaque", "asgi_opaque", signed=False),
)
