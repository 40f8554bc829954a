"""Authlib's OAuth2Session (on requests): a user signs in at Ingest, then the videos are listed."""

import os
import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urljoin, urlsplit

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

redirect_uri = os.environ["SPARRING_REDIRECT_URI"]
arrived = []


class Callback(BaseHTTPRequestHandler):
    timeout = 2  # a browser may open a connection and say nothing

    def do_GET(self):
        if urlsplit(self.path).path == urlsplit(redirect_uri).path:
            arrived.append(urljoin(redirect_uri, self.path))
        self.send_response(200 if arrived else 404)
        self.end_headers()
        self.wfile.write(b"You can close this window.")

    def log_message(self, *args):
        pass


client = OAuth2Session(
    os.environ["SPARRING_CLIENT_ID"],
    os.environ["SPARRING_CLIENT_SECRET"],
    scope=os.environ["SPARRING_SCOPE"],
    redirect_uri=redirect_uri,
    code_challenge_method="S256",
)
code_verifier = generate_token(48)
uri, state = client.create_authorization_url(os.environ["SPARRING_AUTHORIZE_URL"], code_verifier=code_verifier)

server = HTTPServer(("127.0.0.1", urlsplit(redirect_uri).port), Callback)
webbrowser.open(uri)
while not arrived:
    server.handle_request()
server.server_close()

client.fetch_token(
    os.environ["SPARRING_TOKEN_URL"],
    authorization_response=arrived[0],
    state=state,
    code_verifier=code_verifier,
)
videos = client.get(os.environ["SPARRING_API_URL"], headers={"Accept": "application/vnd.ingest.v1+json"})
print("GET /videos:", videos.status_code)
sys.exit(0 if videos.ok else 1)
