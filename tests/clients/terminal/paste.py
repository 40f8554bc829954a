"""A command for a terminal: prints where to sign in, reads the address that the browser ended at, or the code in it.

``paste.py url`` checks the state in that address. ``paste.py code`` asks on the line of the address itself, as many
command-line tools do. ``paste.py listen`` wants nothing pasted: it waits at its redirect URI.
"""

import base64
import hashlib
import http.server
import json
import os
import secrets  # noqa: TID251  a client of its own
import sys
import urllib.parse
import urllib.request

ENV = os.environ
WAY = sys.argv[1]
STATE = secrets.token_urlsafe(32)
VERIFIER = secrets.token_urlsafe(48)


def address() -> str:
    """Where to sign in."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": ENV["SPARRING_CLIENT_ID"],
        "redirect_uri": ENV["SPARRING_REDIRECT_URI"],
        "scope": ENV["SPARRING_SCOPE"],
        "state": STATE,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{ENV['SPARRING_AUTHORIZE_URL']}?{urllib.parse.urlencode(asked)}"


def arrival() -> str:
    """The address at which the browser comes to this command's own port."""
    arrived: list[str] = []

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Take the callback."""
            arrived.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The path has the code in it."""

    where = urllib.parse.urlsplit(ENV["SPARRING_REDIRECT_URI"])
    with http.server.HTTPServer(("127.0.0.1", where.port or 80), Page) as server:
        server.handle_request()
    return arrived[0]


def code() -> str:
    """The code, and nothing that comes with another state than this run's."""
    if WAY == "code":
        return input(f"Sign in at {address()} and paste the code: ").strip()
    print("Sign in at:\n  " + address() + "\n", file=sys.stderr if WAY == "listen" else sys.stdout)
    back = arrival() if WAY == "listen" else input("Then paste the address of the page that you see: ")
    answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    if answer.get("state") != STATE or "code" not in answer:
        sys.exit(f"That is not the answer to this login: {answer.get('error', 'no code, or a state of another login')}")
    return answer["code"]


def main() -> None:
    """Sign in, exchange the code, call the API once."""
    form = {
        "grant_type": "authorization_code",
        "code": code(),
        "redirect_uri": ENV["SPARRING_REDIRECT_URI"],
        "client_id": ENV["SPARRING_CLIENT_ID"],
        "client_secret": ENV["SPARRING_CLIENT_SECRET"],
        "code_verifier": VERIFIER,
    }
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(ENV["SPARRING_TOKEN_URL"], body) as answer:
        token = json.load(answer)
    headers = {"Authorization": f"Bearer {token['access_token']}", "Accept": "application/vnd.ingest.v1+json"}
    with urllib.request.urlopen(urllib.request.Request(ENV["SPARRING_API_URL"], headers=headers)) as answer:
        print("videos:", answer.status)


main()
