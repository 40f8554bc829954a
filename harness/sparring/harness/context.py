"""What every driven client is told: the context of the client protocol."""

from typing import Any

from sparring.harness.settings import RunSettings
from sparring.harness.worlds import Json

REMOTE_USER_ID = "artist-42"
"""The partner's user for whom a client registers where nobody tells it of another."""


def client_context(
    settings: RunSettings, info: Json, *, run: str, redirect_uri: str, scope: str | None = None
) -> dict[str, Any]:
    """The context, without what the driver adds (``ca_file``, ``state_dir``). ``info`` describes the provider.

    ``scope`` stands in the place of the provider's own where a scenario says so.
    """
    endpoints = info["endpoints"]
    code = settings.grant == "authorization_code"
    context = {
        "protocol": 1,
        "run": run,
        "provider": settings.provider,
        "grant": settings.grant,
        "issuer": info.get("issuer"),
        "discovery_url": endpoints.get("discovery"),
        "authorize_url": endpoints.get("authorize") if code else None,
        "token_url": endpoints["token"],
        "jwks_url": endpoints.get("jwks"),
        "register_url": endpoints.get("register"),
        "remote_user_id": REMOTE_USER_ID if "register" in endpoints else None,
        "api_url": endpoints["api"],
        "client_id": info["client_id"],
        "client_secret": None if settings.client.public else info["client_secret"],
        "scope": info["scope"] if scope is None else scope,
        "scopes": info["scopes"] if scope is None else scope.split(),
        "redirect_uri": redirect_uri if code else None,
        "users": [{"username": user["username"], "name": user["name"]} for user in info["users"]],
        "timeout": settings.client.timeout,
    }
    return {name: value for name, value in context.items() if value is not None}
