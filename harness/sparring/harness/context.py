"""What every driven client is told: the context of the client protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sparring.harness.nowhere import nowhere
from sparring.harness.scenario import Scenario
from sparring.harness.settings import RunSettings
from sparring.harness.worlds import Json

REMOTE_USERS = ("artist-42", "artist-43", "artist-44")
"""The partner's users, the first of whom a client registers where nobody tells it of another."""


_BACK_CHANNEL = ("token_url", "api_url", "register_url", "jwks_url", "discovery_url")
"""Where the client itself asks, and not the browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is on stage: ``infos`` describes each provider as the control port does, ``decoy`` is the other origin's base
    URL, ``redirect_uri`` where the client waits for its callbacks, ``app_url`` where a web application listens.
    """

    infos: Mapping[str, Json]
    decoy: str
    redirect_uri: str
    app_url: str

    def places(self, provider: str) -> dict[str, str]:
        """What a scenario's addresses may name: that provider's base URL, the other origin, a path without a server,
        addresses without an answer, and its second address where it has one.
        """
        info = self.infos[provider]
        places = {"base": info["base_url"], "decoy": self.decoy, "dead": f"{info['base_url']}/nobody/serves/this"}
        places |= nowhere(urlsplit(info["base_url"]).scheme)
        return places | ({"side": info["side"]["url"]} if "side" in info else {})


def client_context(settings: RunSettings, cast: Cast, scenario: Scenario, *, run: str) -> dict[str, Any]:
    """The context, without what the driver adds (``ca_file``, ``state_dir``)."""
    places = cast.places(settings.provider)
    context: dict[str, Any] = {"protocol": 1, "run": run} | _about(settings, cast, settings.provider, scenario)
    context["timeout"] = settings.client.timeout * scenario.pace
    if scenario.setting.certificate not in {None, "none"}:
        own = {name: context[name] for name in _BACK_CHANNEL if name in context}
        context |= {name: url.replace(places["base"], places["side"], 1) for name, url in own.items()}
    context |= {name: value.format(**places) for name, value in scenario.setting.context.items()}
    if scenario.setting.others:
        context["providers"] = [_about(settings, cast, name, scenario) for name in cast.infos]
    return {name: value for name, value in context.items() if value is not None}


def _about(settings: RunSettings, cast: Cast, name: str, scenario: Scenario) -> dict[str, Any]:
    """What the client is told of one provider."""
    info = cast.infos[name]
    endpoints = info["endpoints"]
    code = settings.grant == "authorization_code"
    own = scenario.scope is None or name != settings.provider
    scope, scopes = (info["scope"], info["scopes"]) if own else (scenario.scope, (scenario.scope or "").split())
    about = {
        "provider": name,
        "grant": settings.grant,
        "issuer": info.get("issuer"),
        "discovery_url": endpoints.get("discovery"),
        "authorize_url": endpoints.get("authorize") if code else None,
        "token_url": endpoints["token"],
        "jwks_url": endpoints.get("jwks"),
        "register_url": endpoints.get("register"),
        "remote_user_id": REMOTE_USERS[0] if "register" in endpoints else None,
        "api_url": endpoints["api"],
        "client_id": info["client_id"],
        "client_secret": None if settings.client.public else info["client_secret"],
        "scope": scope,
        "scopes": scopes,
        "redirect_uri": cast.redirect_uri if code else None,
        "users": [{"username": user["username"], "name": user["name"]} for user in info["users"]],
        "timeout": settings.client.timeout,
    }
    return {key: value for key, value in about.items() if value is not None}
