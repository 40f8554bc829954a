"""ClickView Smart Embed: client credentials as IdentityServer4 grants them, and view keys behind ASP.NET Core."""

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.provider import Handler, Provider, Route
from sparring.mocks.providers.clickview import (
    addresses,
    answers,
    api,
    authorize,
    claims,
    connect,
    discovery,
    token,
    view_keys,
)

WELL_KNOWN = "/.well-known/openid-configuration"


def _route(endpoint: str, path: str, handler: Handler, *methods: str) -> Route:
    """Upper and lower case are alike in a path, a slash at its end is not [engine: EndpointRouter]."""
    return Route(endpoint, path, handler, frozenset(methods), ignore_case=True)


PROVIDER = Provider(
    name="clickview",
    title="ClickView",
    hosts=addresses.HOSTS,
    docs=('ClickView "Obtaining an Access Token"', 'ClickView "Video Playback"'),
    grants=("client_credentials",),
    scope="smartembed.viewkey",
    scopes=("smartembed.viewkey",),
    endpoints={
        "token": "/connect/token",
        "api": "/api/v1/example",
        "jwks": f"{WELL_KNOWN}/jwks",
        "discovery": WELL_KNOWN,
    },
    routes=(
        _route("token", "/connect/token", token.token),
        _route("discovery", WELL_KNOWN, discovery.document),
        _route("jwks", f"{WELL_KNOWN}/jwks", discovery.jwks),
        _route("authorize", "/connect/authorize", authorize.authorize),
        _route("userinfo", "/connect/userinfo", connect.userinfo),
        _route("page", "/connect/endsession", connect.end_session),
        _route("page", "/connect/checksession", connect.check_session),
        _route("revocation", "/connect/revocation", connect.revoke),
        _route("introspection", "/connect/introspect", connect.introspect),
        _route("deviceauthorization", "/connect/deviceauthorization", connect.authorize_device),
        _route("ciba", "/connect/ciba", connect.authenticate_backchannel),
        _route("page", "/home/error", authorize.error, "GET"),
        _route("page", "/account/logout", connect.signed_out, "GET"),
        _route("api", "/api/v1/example", api.example, "GET"),
        _route("api", "/api/v1/smart-embed/create-view-key", api.create_view_key, "POST"),
        _route("page", "/smart-embed/play", view_keys.play, "GET"),
        _route("page", "/smart-embed/select", view_keys.select, "GET"),
    ),
    # [doc] access 86400 ("24 hours"); view key 8 hours
    lifetimes={"access_token": 86400, "view_key": 28800},
    clients=(
        Client(  # made up: ClickView hands out both, case by case
            client_id="partner-1",
            secret="2c1f6f0e9b7d4a53",
            name="Example School Platform",
            scopes=("smartembed.viewkey",),
            grants=frozenset({"client_credentials"}),
        ),
    ),
    persona_clients=(
        Client(
            client_id="suspended",
            secret="e85a3c17d09b4f62",
            name="Suspended application",
            scopes=("smartembed.viewkey",),
            grants=frozenset({"client_credentials"}),
            enabled=False,
        ),
        Client(
            client_id="short-lived-tokens",
            secret="7be01d94c3f25a68",
            name="Application with short-lived tokens",
            scopes=("smartembed.viewkey",),
            grants=frozenset({"client_credentials"}),
            lifetimes={"access_token": 60},
        ),
    ),
    variants=("default", "bare", "duende"),
    issuer=addresses.issuer,
    kid=claims.kid,
    lost=answers.lost,
    wrong_method=answers.wrong_method,
    preflight=discovery.preflight,
    cors=discovery.cors,
    mint=claims.mint,
    leeway=claims.LEEWAY,
    outage=answers.outage,
)
