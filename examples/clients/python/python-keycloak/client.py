"""python-keycloak, "OpenID Client": a user signs in at movingimage, which runs Keycloak; PKCE by its pkce_utils.

As in the library's own documentation, a state is sent along, and the code is taken from whatever comes back.
"""

import secrets
import time
from urllib.parse import parse_qs, urlsplit

import requests
from keycloak import KeycloakOpenID
from keycloak.pkce_utils import generate_code_challenge, generate_code_verifier
from listening import Listener


class Client:
    def __init__(self, context):
        self.context = context
        server_url, _, realm_name = context["issuer"].partition("/realms/")
        self.keycloak_openid = KeycloakOpenID(
            server_url=f"{server_url}/",
            client_id=context["client_id"],
            realm_name=realm_name,
            client_secret_key=context["client_secret"],
            timeout=context["timeout"] / 4,  # for each of two tries
        )
        self.token, self.expires_at = None, None

    def authenticate(self, fresh=False, **_):
        if fresh or self.token is None:
            self.sign_in()
        return {"expires_at": self.expires_at}

    def sign_in(self):
        code_verifier = generate_code_verifier()
        code_challenge, code_challenge_method = generate_code_challenge(code_verifier)
        auth_url = self.keycloak_openid.auth_url(
            redirect_uri=self.context["redirect_uri"],
            scope=self.context["scope"],
            state=secrets.token_urlsafe(),
            code_challenge=code_challenge,
            code_challenge_method=code_challenge_method,
        )
        self.token = None
        with Listener(self.context["redirect_uri"]) as listener:
            self.context["visit"](auth_url)
            arrived = parse_qs(urlsplit(listener.wait(self.context["timeout"] / 2)).query)
        self.keep(
            self.keycloak_openid.token(
                grant_type="authorization_code",
                code=arrived["code"][0],
                redirect_uri=self.context["redirect_uri"],
                code_verifier=code_verifier,
            )
        )

    def keep(self, token):
        self.token = (self.token or {}) | token
        self.expires_at = time.time() + int(token["expires_in"]) if "expires_in" in token else None

    def call_api(self, times=1, parallel=False):
        if self.token is None:
            self.sign_in()
        for _ in range(times):
            if self.expires_at is not None and time.time() >= self.expires_at:
                self.keep(self.keycloak_openid.refresh_token(self.token["refresh_token"]))
            headers = {"Authorization": f"Bearer {self.token['access_token']}"}
            requests.get(self.context["api_url"], headers=headers, timeout=10).raise_for_status()
