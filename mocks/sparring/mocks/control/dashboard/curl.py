"""A recorded request as a line for the shell that sends it again, with the values that it bore."""

import base64
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

UNWANTED = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "keep-alive"})
"""Headers of the connection, which curl makes itself."""

ADDED = ("accept", "user-agent", "content-type")
"""Headers that curl adds by itself unless it is told not to."""


def as_curl(exchange: Mapping[str, Any], base_url: str, ca_file: str | None) -> str:
    """The command, quoted for a POSIX shell. It goes to ``base_url``; a real host name that was asked for stays the
    Host header. A body that is no text comes from base64.
    """
    url, base = str(exchange["url"]), urlsplit(base_url)
    authority = url.partition("://")[2].partition("/")[0]
    target = "/" + url.partition("://")[2].partition("/")[2]
    words = ["curl", "--globoff", "--path-as-is"]
    method, body = str(exchange["method"]), exchange["body"]
    if method == "HEAD":
        words.append("--head")
    elif method != ("POST" if body else "GET"):
        words += ["--request", method]
    if base.scheme == "https" and ca_file:
        words += ["--cacert", ca_file]
    if authority and authority != base.netloc:
        words += ["--header", f"Host: {authority}"]
    sent = {str(name).lower() for name, _ in exchange["headers"]}
    for name, value in exchange["headers"]:
        if name.lower() not in UNWANTED:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    for name in ADDED:
        if name not in sent and (name != "content-type" or body):
            words += ["--header", f"{name}:"]
    before = ""
    if isinstance(body, str) and "\0" not in body:
        words += ["--data-raw", body] if body else []
    else:
        encoded = body["base64"] if isinstance(body, Mapping) else base64.b64encode(body.encode()).decode()
        before = f"printf %s {shlex.quote(encoded)} | base64 -d | "
        words += ["--data-binary", "@-"]
    return before + shlex.join([*words, f"{base.scheme}://{base.netloc}{target}"])
