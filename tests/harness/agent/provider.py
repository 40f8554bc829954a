"""A provider's pages, small enough to see through, on a real socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

Handler = Callable[["Request"], Awaitable[bytes] | bytes]


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: list[tuple[str, str]]


def page(body: str, status: str = "200 OK", *headers: str) -> bytes:
    """An HTML answer."""
    content = body.encode()
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(content)}",
        *headers,
    ]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + content


def redirect(to: str, *headers: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return page("", status, f"Location: {to}", *headers)


@contextlib.asynccontextmanager
async def serving(handler: Handler, port: int = 0) -> AsyncIterator[tuple[str, list[Request]]]:
    """Serve until the block ends; gives the origin and the requests so far."""
    seen: list[Request] = []

    talking: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await _read(reader)
            seen.append(request)
            answer = handler(request)
            writer.write(answer if isinstance(answer, bytes) else await answer)
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(connection(reader, writer))
        talking.add(task)
        task.add_done_callback(talking.discard)

    server = await asyncio.start_server(accepted, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    finally:
        server.close()
        await asyncio.gather(*talking)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    url = urlsplit(target)
    form = parse_qsl(body.decode(), keep_blank_values=True)
    return Request(method, url.path, dict(parse_qsl(url.query)), headers, form)


SIGN_IN = """<!doctype html><title>Sign in</title>
<form method="post" data-sparring="sign-in"><input type="hidden" name="csrf" value="c&amp;1">
<input name="network" value="demo"><input name="login" autocomplete="username">
<input type="password" name="password" autocomplete="section-x current-password">
<input type="checkbox" name="remember"><input type="checkbox" name="terms" checked>
<input name="off" value="x" disabled><button>Sign in</button></form>"""

CONSENT = """<title>Consent</title><form method="post" action="/consent?r=1" data-sparring="consent">
<input type="hidden" name="ticket" value="t1"><button name="decision" value="deny">No</button>
<button name="decision" value="approve">Yes</button></form>"""

CHOOSER = """<title>Who?</title><form method="get" action="/authorize" data-sparring="chooser">
<input type="hidden" name="redirect_uri" value="REDIRECT"><button name="account" value="ada">Ada</button>
<button name="account" value="bob">Bob</button></form>"""


def provider(request: Request) -> bytes:
    """Sign in, consent, redirect: with a cookie, hidden fields, and 303 after the password."""
    back = request.query.get("redirect_uri", "")
    form = dict(request.form)
    if request.path == "/choose":
        return page(CHOOSER.replace("REDIRECT", back))
    if request.path == "/authorize" and request.method == "POST":
        if form.get("password") != "pw":
            return page(SIGN_IN.replace("Sign in</title>", "Wrong password</title>"))
        return redirect(f"/consent?redirect_uri={back}", "Set-Cookie: sid=s1; HttpOnly; Path=/", status="303 See Other")
    if request.path == "/authorize":
        return page(SIGN_IN)
    if request.path == "/consent" and request.method == "GET":
        return page(CONSENT.replace("r=1", f"redirect_uri={back}"))
    if request.path == "/consent":
        answer = "code=c1" if form["decision"] == "approve" else "error=access_denied"
        return redirect(f"{back}?{answer}&state=s#_=_")
    return page("<h1>invalid_client: no such client</h1>", "400 Bad Request")
