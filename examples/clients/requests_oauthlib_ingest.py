"""requests-oauthlib, "Web Application Flow": a user signs in at Ingest, then the videos are listed.

The scopes are a list, as in the library's own documentation.
"""

import json
import os
import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urljoin, urlsplit

from requests_oauthlib import OAuth2Session

# The callback is plain http on this machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

redirect_uri = os.environ["SPARRING_REDIRECT_URI"]
scope = json.loads(os.environ["SPARRING_CONTEXT"])["scopes"]
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


oauth = OAuth2Session(os.environ["SPARRING_CLIENT_ID"], redirect_uri=redirect_uri, scope=scope)
authorization_url, state = oauth.authorization_url(os.environ["SPARRING_AUTHORIZE_URL"])

server = HTTPServer(("127.0.0.1", urlsplit(redirect_uri).port), Callback)
webbrowser.open(authorization_url)
while not arrived:
    server.handle_request()
server.server_close()

oauth.fetch_token(
    os.environ["SPARRING_TOKEN_URL"],
    authorization_response=arrived[0],
    client_secret=os.environ["SPARRING_CLIENT_SECRET"],
)
videos = oauth.get(os.environ["SPARRING_API_URL"], headers={"Accept": "application/vnd.ingest.v1+json"})
print("GET /videos:", videos.status_code)
sys.exit(0 if videos.ok else 1)
