"""A request copied as curl: a shell makes of it the very same request."""

# ruff: noqa: D103 - the names are sentences

import base64
import subprocess
from typing import Any

import pytest

from sparring.mocks.control.dashboard.curl import as_curl
from tests.mocks.control.dashboard.test_rows import exchange

BASE = "http://127.0.0.1:9404"


def words(command: str) -> tuple[list[str], bytes]:
    """What curl would be called with, and what it would read."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; printf '\\1'; case \"$*\" in *@-*) cat;; esac; }}\n{command}"
    ended = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    arguments, _, sent = ended.stdout.partition(b"\1")
    return arguments.decode().split("\0")[:-1], sent


def copied(**changes: Any) -> tuple[list[str], bytes]:
    return words(as_curl(exchange("token", **changes), BASE, None))


def test_values_survive_the_shell_as_they_are() -> None:
    odd = 'a\'b "c" $(touch x) `d` \\ ; & | \n é'
    headers = [["host", "127.0.0.1:9404"], ["x-odd", odd.replace("\n", "")], ["content-length", "3"], ["empty", ""]]
    found, _ = copied(method="POST", url=f"{BASE}/x?a=[1]&b=$HOME", headers=headers, body=odd)
    assert found[:2] == ["--globoff", "--path-as-is"]
    assert found[found.index("--data-raw") + 1] == odd
    assert found[-1] == f"{BASE}/x?a=[1]&b=$HOME"
    given = [found[at + 1] for at, word in enumerate(found) if word == "--header"]
    assert given == [f"x-odd: {odd.replace(chr(10), '')}", "empty;", "accept:", "user-agent:", "content-type:"]
    assert "--request" not in found


@pytest.mark.parametrize(
    ("method", "body", "said"),
    [
        ("GET", "", []),
        ("DELETE", "", ["--request", "DELETE"]),
        ("HEAD", "", ["--head"]),
        ("PUT", "x", ["--request", "PUT"]),
    ],
)
def test_the_method_is_said_where_curl_would_not_take_it(method: str, body: str, said: list[str]) -> None:
    found, _ = copied(method=method, body=body)
    assert found[2 : 2 + len(said)] == said
    assert ("--request" in found) == (method in {"DELETE", "PUT"})


def test_a_real_host_name_stays_and_the_request_goes_to_the_fake() -> None:
    found, _ = copied(url="https://login.ingest.io/token?x=1")
    assert found[2:4] == ["--header", "Host: login.ingest.io"]
    assert found[-1] == f"{BASE}/token?x=1"


@pytest.mark.parametrize(
    ("body", "octets"), [({"base64": base64.b64encode(b"\xff\0'").decode()}, b"\xff\0'"), ("nul\0", b"nul\0")]
)
def test_octets_go_through_a_pipe(body: Any, octets: bytes) -> None:
    found, sent = copied(method="POST", body=body)
    assert found[-3:-1] == ["--data-binary", "@-"]
    assert sent == octets


def test_the_authority_is_named_where_there_is_tls() -> None:
    secure = as_curl(exchange("token"), "https://127.0.0.1:9404", "/tmp/my ca.pem")
    assert words(secure)[0][2:4] == ["--cacert", "/tmp/my ca.pem"]
    assert "--cacert" not in as_curl(exchange("token"), BASE, "/tmp/my ca.pem")
