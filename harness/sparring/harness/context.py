"""What every driven client is told: the context of the client protocol."""

from typing import Any

from sparring.harness.settings import RunSettings
from sparring.harness.worlds import Json


def client_context(settings: RunSettings, info: Json, *, run: str, redirect_uri: str) -> dict[str, Any]:
    """The context, without what the driver adds (``ca_file``, ``state_dir``). ``info`` describes the provider."""
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
        "api_url": endpoints["api"],
        "client_id": info["client_id"],
        "client_secret": None if settings.client.public else info["client_secret"],
        "scope": info["scope"],
        "scopes": info["scopes"],
        "redirect_uri": redirect_uri if code else None,
        "users": [{"username": user["username"], "name": user["name"]} for user in info["users"]],
        "timeout": settings.client.timeout,
    }
    return {name: value for name, value in context.items() if value is not None}
