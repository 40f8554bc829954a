"""Secrets, tokens and codes stand in no report, no archive, no log line and no list of processes."""

# ruff: noqa: D103 - the names are sentences

import base64
import html
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import httpx2
import pytest

from sparring.harness.reports.redact import Redactor as Reports
from sparring.mocks.recorder.redact import Redactor as Archives
from tests.e2e.running import PYTHON, ROOT
from tests.e2e.serving import SPARRING, serving
from tests.sampling import sample

REPORTS = ("json", "junit", "html", "markdown", "sarif")
LEAKY = (*PYTHON, str(ROOT / "tests/security/leaky.py"))
ENOUGH = 20
"""So many letters of a secret in a row are as good as all of it."""


def spellings(value: str) -> set[str]:
    """How a secret, or a good part of it, may stand in a text."""
    parts = {value, value[:ENOUGH], value[-ENOUGH:]}
    return parts | {
        code(part) for part in parts for code in (quote, quote_plus, html.escape, lambda text: json.dumps(text)[1:-1])
    }


def shown(text: str, secrets: set[str]) -> list[str]:
    """The secrets that stand in a text."""
    found = [each for each in secrets if any(form in text for form in spellings(each))]
    for octets in re.findall(r"[A-Za-z0-9+/_-]{24,}", text):  # and those that are only wrapped
        whole = octets[: len(octets) // 4 * 4]
        plain = base64.urlsafe_b64decode(whole.replace("+", "-").replace("/", "_")).decode("latin-1")
        found += [each for each in secrets if each in plain]
    return found


@contextmanager
def watched() -> Iterator[set[str]]:
    """The command lines of all processes that there are within the block."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    seen.add((process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


@pytest.mark.parametrize(
    ("provider", "grant"), sample([("movingimage", "authorization_code"), ("rotor", "client_credentials")], 2)
)
def test_a_client_that_tells_all_is_not_repeated(provider: str, grant: str, tmp_path: Path) -> None:
    """Not by any report, and not on the terminal; no process bears a secret in its arguments."""
    known = tmp_path / "known"
    files = [argument for name in REPORTS for argument in (f"--{name}", str(tmp_path / f"report.{name}"))]
    chosen = [argument for name in ("state-mismatch", "token-error-with-200") for argument in ("--scenario", name)]
    command = [
        SPARRING,
        "check",
        provider,
        "--grant",
        grant,
        "--driver",
        "session",
        "--env",
        f"KNOWN={known}",
        *files,
        *chosen,
    ]
    with watched() as seen:
        done = subprocess.run(
            [*command, "--", *LEAKY], cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
        )
    assert done.returncode == 1, done.stderr
    assert "secret-never-in-logs" in done.stderr
    secrets = {line for line in known.read_text(encoding="utf-8").splitlines() if len(line) >= 8}
    assert len(secrets) >= (6 if grant == "authorization_code" else 2)
    assert shown(done.stderr + done.stdout, secrets) == []
    for name in REPORTS:
        text = (tmp_path / f"report.{name}").read_text(encoding="utf-8")
        assert len(text) > 300
        assert shown(text, secrets) == [], name
    assert any("leaky.py" in line for line in seen) or not sys.platform.startswith("linux")
    assert shown("\n".join(seen), secrets) == []


def test_a_server_repeats_no_token_and_no_secret_that_it_was_sent(tmp_path: Path) -> None:
    """Neither in its log nor in the archive, nor in what it saves; its own credentials stand in the table alone."""
    token = "a-control-token-that-nobody-guesses"
    saved = tmp_path / "saved.yaml"
    arguments = ("ingest", "panopto", "--explain", "--lint", "--save", str(saved), "--scenario", "token-type-mac")
    with serving(tmp_path, *arguments, env={"SPARRING_CONTROL_TOKEN": token}) as served:
        info = served.provider("ingest")
        table = served.log(until="Ctrl-C")
        sent = {
            name: f"sent-{name}-{'x' * 24}"
            for name in ("client_secret", "code", "refresh_token", "password", "access_token")
        }
        with httpx2.Client(trust_env=False) as client:
            good = {"grant_type": "client_credentials", "client_id": info["client_id"],
                    "client_secret": info["client_secret"], "scope": info["scope"]}  # fmt: skip
            answers = [client.post(info["endpoints"]["token"], data=good) for _ in range(3)]
            issued = {answer.json()["access_token"] for answer in answers if "access_token" in answer.text}
            client.get(info["endpoints"]["api"], headers={"Authorization": f"Bearer {sent['access_token']}"})
            client.post(f"{info['endpoints']['token']}?{urlencode(sent)}", data={**good, **sent})
            client.get(
                f"{info['base_url']}/nothing/here?{urlencode(sent)}", headers={"Cookie": f"s={sent['password']}"}
            )
            control, shows = served.document["control_url"], {"Authorization": f"Bearer {token}"}
            archive = client.get(f"{control}/stages/main/recording.har", headers=shows)
            page = client.get(f"{control}/dashboard/main/recording.har", headers=shows)
        code, log = served.stop()
    assert (code, archive.status_code, page.status_code) == (0, 200, 200)
    secrets = {*sent.values(), *issued}
    assert len(issued) == 3
    assert len(json.loads(archive.text)["log"]["entries"]) == 6
    assert shown(log, secrets | {token}) == []
    assert info["client_secret"] in table
    assert info["client_secret"] not in log.replace(table, "")
    for text in (archive.text, page.text, saved.read_text(encoding="utf-8")):
        assert shown(text, {*secrets, token, info["client_secret"]}) == []
    assert token not in (tmp_path / "ready.json").read_text(encoding="utf-8")


def test_what_a_terminal_would_obey_is_spelt_out_in_the_log(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest") as served, httpx2.Client(trust_env=False) as client:
        base = served.provider("ingest")["base_url"]
        host, port = base.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 5) as wire:
            wire.sendall(b"GET /\x9b2J\xc2\x9b31m\xe2\x80\xae HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert wire.recv(12).startswith(b"HTTP/1.1 ")
        client.get(f"{base}/last")
        log = served.log(until="/last")
    assert not re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", log)


@pytest.mark.parametrize("before", ["", " ", '"', "=", "%22", "%3a", "\\n", "\\x22", "\\u0022", "\\u003A", "/", "b'"])
def test_a_token_is_found_whatever_stands_before_it(before: str) -> None:
    """One that nobody told the redaction of."""
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
    words = "keyJavaScriptEngine.register and monkeyJuggler123.py"
    for text in (Reports(()).text, Archives(()).text):
        assert token not in text(f"said {before}{token} to all")
        assert text(words) == words
