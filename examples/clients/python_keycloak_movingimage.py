"""python-keycloak, "OpenID Client": a user signs in at movingimage, which runs Keycloak, then the API is called.

As in the library's own documentation: a state is sent along, and the code is taken from whatever comes back.
"""

import os
import secrets
import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from keycloak import KeycloakOpenID

redirect_uri = os.environ["SPARRING_REDIRECT_URI"]
server_url, _, realm_name = os.environ["SPARRING_ISSUER"].partition("/realms/")
arrived = []


class Callback(BaseHTTPRequestHandler):
    timeout = 2  # a browser may open a connection and say nothing

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == urlsplit(redirect_uri).path:
            arrived.append({name: values[0] for name, values in parse_qs(parts.query).items()})
        self.send_response(200 if arrived else 404)
        self.end_headers()
        self.wfile.write(b"You can close this window.")

    def log_message(self, *args):
        pass


keycloak_openid = KeycloakOpenID(
    server_url=f"{server_url}/",
    client_id=os.environ["SPARRING_CLIENT_ID"],
    realm_name=realm_name,
    client_secret_key=os.environ["SPARRING_CLIENT_SECRET"],
)
auth_url = keycloak_openid.auth_url(
    redirect_uri=redirect_uri,
    scope=os.environ["SPARRING_SCOPE"],
    state=secrets.token_urlsafe(),
)

server = HTTPServer(("127.0.0.1", urlsplit(redirect_uri).port), Callback)
webbrowser.open(auth_url)
while not arrived:
    server.handle_request()
server.server_close()

if "code" not in arrived[0]:
    sys.exit(f"No code: {arrived[0].get('error', 'nothing')}")
token = keycloak_openid.token(grant_type="authorization_code", code=arrived[0]["code"], redirect_uri=redirect_uri)
managers = requests.get(
    os.environ["SPARRING_API_URL"], headers={"Authorization": f"Bearer {token['access_token']}"}, timeout=10
)
print("GET /v1/vms:", managers.status_code)
sys.exit(0 if managers.ok else 1)
