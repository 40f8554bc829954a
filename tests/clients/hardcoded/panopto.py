"""A command-line program as it is shipped: site, credentials and redirect URI in its source, a browser for the login.

It opens the browser before it listens, as many do. ``--elsewhere`` has it call two other hosts besides.
"""

import base64
import http.server
import json
import socket
import sys
import urllib.error
import urllib.request
import webbrowser
from contextlib import suppress
from urllib.parse import parse_qs, urlencode, urlsplit

SITE = "https://deakin.au.panopto.com/Panopto"
CLIENT_ID = "3f1d9a52-7c84-4b06-a2e5-8d90c1b7f64e"
CLIENT_SECRET = "c3BhcnJpbmctcGFub3B0by1jbGllbnQtc2VjcmV0ISE="
REDIRECT_URI = "http://localhost:9127/redirect"
STATE = base64.urlsafe_b64encode(open("/dev/urandom", "rb").read(24)).decode()  # noqa: PTH123, SIM115


class Arrival(http.server.BaseHTTPRequestHandler):
    """Takes the callback."""

    answers: dict[str, list[str]] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        """The browser is back."""
        Arrival.answers = parse_qs(urlsplit(self.path).query)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"You may close this window.")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def log_in() -> str:
    """The code that the browser brings."""
    asked = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid api",
        "state": STATE,
        "nonce": STATE,
    }
    webbrowser.open(f"{SITE}/oauth2/connect/authorize?{urlencode(asked)}")
    with http.server.HTTPServer(("localhost", 9127), Arrival) as server:
        server.timeout = 20
        server.handle_request()
    if Arrival.answers.get("state") != [STATE]:
        sys.exit(f"no callback, or a forged one: {sorted(Arrival.answers)}")
    return Arrival.answers["code"][0]


def ask(url: str, form: dict[str, str] | None = None, authorization: str = "") -> dict[str, object]:
    """One request and its JSON."""
    body = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, body, {"Authorization": authorization})
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def call_elsewhere() -> None:
    """What nobody expects of it."""
    with suppress(urllib.error.URLError):
        urllib.request.urlopen("https://metrics.elsewhere.example/seen", timeout=5)
    with suppress(OSError):
        socket.create_connection(("203.0.113.7", 8443), timeout=5)


def main() -> None:
    """Sign in, read the root folder."""
    if "--elsewhere" in sys.argv:
        call_elsewhere()
    form = {"grant_type": "authorization_code", "code": log_in(), "redirect_uri": REDIRECT_URI}
    basic = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    token = ask(f"{SITE}/oauth2/connect/token", form, basic)["access_token"]
    root = "00000000-0000-0000-0000-000000000000"
    folders = ask(f"{SITE}/api/v1/folders/{root}/children", authorization=f"Bearer {token}")
    print(len(folders.get("Results", [])), "folders")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
