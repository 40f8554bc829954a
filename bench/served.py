"""``sparring serve``, started as its users start it, and timed from the outside."""

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2

from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent

SPARRING = str(Path(sys.executable).parent / "sparring")


@contextmanager
def serving(*arguments: str) -> Iterator[dict[str, Any]]:
    """The document of its ready file, with the process id; the server ends with the block."""
    with tempfile.TemporaryDirectory(prefix="sparring-bench-") as folder:
        ready = Path(folder) / "ready.json"
        process = subprocess.Popen(
            [SPARRING, "serve", "--port", "0", "--ready-file", str(ready), *arguments],
            env=os.environ | {"XDG_DATA_HOME": folder},
            stderr=subprocess.DEVNULL,
        )
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise RuntimeError(f"sparring serve ended with exit code {process.returncode}")
                time.sleep(0.002)
            yield json.loads(ready.read_text()) | {"pid": process.pid}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def cold_start(provider: str, *arguments: str) -> float:
    """Seconds from the command to that provider's first token."""
    with httpx2.Client(trust_env=False) as client:
        start = time.perf_counter()
        with serving(*arguments) as document:
            info = document["providers"][provider]
            form = {name: info[name] for name in ("client_id", "client_secret", "scope")}
            form["grant_type"] = "client_credentials"
            client.post(info["endpoints"]["token"], data=form).raise_for_status()
            return time.perf_counter() - start


def processor_seconds(pid: int) -> float | None:
    """How long that process has had a core so far; None where /proc does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sign_in(document: dict[str, Any], provider: str) -> str:
    """A refresh token, by the whole of a login."""
    info = document["providers"][provider]
    user = info["users"][0]
    redirect_uri = info["redirect_uris"][0]
    asked = {
        "response_type": "code",
        "client_id": info["client_id"],
        "redirect_uri": redirect_uri,
        "scope": info["scope"],
        "nonce": "bench",
        "state": "bench",
    }

    async def visit() -> str | None:
        person = Person(user["username"], user["password"])
        trust = Path(document["ca_file"]) if document["ca_file"] else None
        async with UserAgent(person=person, origins=(info["base_url"],), ca_file=trust) as agent:
            url = f"{info['endpoints']['authorize']}?{urlencode(asked)}"
            return (await agent.visit(url, [redirect_uri], by_http=False)).callback

    callback = asyncio.run(visit()) or ""
    form = {name: info[name] for name in ("client_id", "client_secret")} | {
        "grant_type": "authorization_code",
        "code": dict(parse_qsl(urlsplit(callback).query))["code"],
        "redirect_uri": redirect_uri,
    }
    trust = ssl.create_default_context(cafile=document["ca_file"]) if document["ca_file"] else True
    answer = httpx2.post(info["endpoints"]["token"], data=form, verify=trust, trust_env=False).raise_for_status()
    return str(answer.json()["refresh_token"])


def load(document: dict[str, Any], provider: str, connections: int, seconds: float) -> dict[str, float]:
    """What the client process measured, and for how long the server had a core meanwhile."""
    task = {
        "info": document["providers"][provider],
        "ca_file": document["ca_file"],
        "connections": connections,
        "seconds": seconds,
    }
    if "client_credentials" not in document["providers"][provider]["grants"]:
        task["refresh_token"] = sign_in(document, provider)
    before = processor_seconds(document["pid"])
    command = [sys.executable, "-m", "bench.load"]
    client = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, timeout=60, check=False)
    if client.returncode:
        raise RuntimeError(f"the client failed: {client.stderr.strip().splitlines()[-1:]}")
    measured: dict[str, float] = json.loads(client.stdout)
    after = processor_seconds(document["pid"])
    if before is not None and after is not None:
        measured["server_busy"] = after - before
    return measured
