"""What the environment says, and the few lines in which one provider differs from another."""

import json
import os
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.clients.good.trouble import Trouble


class Dialect(NamedTuple):
    """A provider's habits: what to accept, where the client's secret goes (``form`` or ``basic``), what it is told.

    ``refresh`` are what a refresh request has besides; a name in braces stands for that setting.
    """

    accept: str = "application/json"
    secret: str = "form"
    pkce: bool = True
    asks_scope: bool = True
    response_mode: str = ""
    refresh: tuple[tuple[str, str], ...] = ()


DIALECTS: Mapping[str, Dialect] = {
    "clickview": Dialect(),
    "ingest": Dialect(accept="application/vnd.ingest.v1+json"),
    # "Logged-in Users (server-side)", "Get an Authorization Code" and "Use the Refresh Token"
    "movingimage": Dialect(
        response_mode="query", refresh=(("response_type", "token"), ("redirect_uri", "{redirect_uri}"))
    ),
    # IdentityServer3 burns the code of a client with a secret that sends a code_verifier as well.
    "panopto": Dialect(pkce=False),
    # "Authentication": Basic, and nothing in the body but the grant type
    "rotor": Dialect(secret="basic", asks_scope=False),
}

GRANTS = ("client_credentials", "authorization_code")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(NamedTuple):
    """The client's configuration. ``patience`` is the time that one instruction may take, in seconds.

    ``names_itself``: whether the provider's document promises an ``iss`` in every callback.
    """

    dialect: Dialect
    grant: str
    authorize_url: str
    token_url: str
    api_url: str
    discovery_url: str
    jwks_url: str
    register_url: str
    issuer: str
    client_id: str
    client_secret: str
    scope: str
    redirect_uri: str
    remote_user_id: str
    ca_file: str
    state_dir: str
    patience: float
    names_itself: bool = False

    @property
    def openid(self) -> bool:
        """Whether a login asks who the person is, so that an ID token must come of it."""
        return self.grant == "authorization_code" and "openid" in self.scope.split(" ")


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read ``SPARRING_*``; what cannot work is refused here, before any request."""
    grant = env.get("SPARRING_GRANT", "")
    if grant not in GRANTS:
        raise Trouble("config", "SPARRING_GRANT names no grant that this client knows")
    needed = ["SPARRING_TOKEN_URL", "SPARRING_API_URL", "SPARRING_CLIENT_ID", "SPARRING_CLIENT_SECRET"]
    if grant == "authorization_code":
        needed += ["SPARRING_AUTHORIZE_URL", "SPARRING_REDIRECT_URI"]
    scope = env.get("SPARRING_SCOPE", "")
    if grant == "authorization_code" and "openid" in scope.split(" "):
        needed += ["SPARRING_ISSUER", "SPARRING_JWKS_URL"]
    if env.get("SPARRING_PROVIDER") == "rotor":
        needed += ["SPARRING_REGISTER_URL", "SPARRING_REMOTE_USER_ID"]
    for name in needed:
        if not env.get(name):
            raise Trouble("config", f"{name} is missing")
    for name in needed:
        if name.endswith("_URL"):
            check_url(name, env[name])
    try:
        timeout = float(env.get("SPARRING_TIMEOUT", "20"))
    except ValueError:
        raise Trouble("config", "SPARRING_TIMEOUT is not a number") from None
    return Settings(
        dialect=DIALECTS.get(env.get("SPARRING_PROVIDER", ""), Dialect()),
        grant=grant,
        authorize_url=env.get("SPARRING_AUTHORIZE_URL", ""),
        token_url=env["SPARRING_TOKEN_URL"],
        api_url=env["SPARRING_API_URL"],
        discovery_url=env.get("SPARRING_DISCOVERY_URL", ""),
        jwks_url=env.get("SPARRING_JWKS_URL", ""),
        register_url=env.get("SPARRING_REGISTER_URL", ""),
        issuer=env.get("SPARRING_ISSUER", ""),
        client_id=env["SPARRING_CLIENT_ID"],
        client_secret=env["SPARRING_CLIENT_SECRET"],
        scope=scope,
        redirect_uri=env.get("SPARRING_REDIRECT_URI", ""),
        remote_user_id=env.get("SPARRING_REMOTE_USER_ID", ""),
        ca_file=env.get("SPARRING_CA_FILE", ""),
        state_dir=env.get("SPARRING_STATE_DIR", ""),
        patience=min(max(timeout * 0.8, 0.5), 300.0),
    )


def of_provider(name: str, env: Mapping[str, str] = os.environ) -> Settings:
    """The settings for one of several providers, as SPARRING_CONTEXT lists them."""
    try:
        listed = json.loads(env.get("SPARRING_CONTEXT", "{}")).get("providers", [])
    except ValueError:
        listed = []
    told = next((each for each in listed if each.get("provider") == name), None)
    if told is None:
        raise Trouble("config", "there is no such provider")
    kept = {key: value for key, value in env.items() if key in {"SPARRING_CA_FILE", "SPARRING_STATE_DIR"}}
    words = {
        f"SPARRING_{key.upper()}": str(value) for key, value in told.items() if isinstance(value, (str, int, float))
    }
    return from_environment(kept | words)


def check_url(name: str, value: str) -> None:
    """Credentials and tokens travel by https; http is for a server on this machine."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise Trouble("config", f"{name} is not a URL") from None
    if not host or parts.scheme not in {"https", "http"}:
        raise Trouble("config", f"{name} is not a web address")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise Trouble("config", f"{name} is not https")
