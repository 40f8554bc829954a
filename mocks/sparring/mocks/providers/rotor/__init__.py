"""Rotor Videos: Doorkeeper on Rails; a partner token by client credentials, with it a user token for each person."""

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.provider import Provider, Route
from sparring.mocks.providers.rotor import (
    answers,
    cors,
    gate,
    introspection,
    opaque,
    orders,
    register,
    revocation,
    styles,
    token,
    token_info,
    tracks,
    videos,
)
from sparring.mocks.providers.rotor.gate import behind_rails
from sparring.mocks.providers.rotor.variants import VARIANTS

API = "/api/partner/v1"
SPELLINGS = (".json", "", "/")  # [engine] routing/mapper.rb: "(.:format)"; journey: a slash at the end is none
READ = frozenset({"GET", "HEAD"})  # [engine] Rails answers HEAD wherever it answers GET
WRITE = frozenset({"POST"})

PROVIDER = Provider(
    name="rotor",
    title="Rotor Videos",
    hosts=("api.rotorvideos.com", "rotorvideos.com"),  # [doc] the second in samples that read what was rendered
    docs=(
        'Rotor developer documentation "Get Started"',
        'Rotor developer documentation "Authentication"',
        'Rotor developer documentation "Orders"',
        'Rotor developer documentation "Tracks"',
        'Rotor developer documentation "Final Videos"',
    ),
    grants=("client_credentials",),
    scope="",  # [doc] the sample request has none
    scopes=(),
    endpoints={"token": "/oauth/token", "register": f"{API}/register", "api": f"{API}/orders"},
    routes=tuple(
        Route(endpoint, path + spelt, behind_rails(handler), methods)
        for endpoint, path, handler, methods in (
            ("token", "/oauth/token", token.token, WRITE),
            ("token-info", "/oauth/token/info", token_info.show, READ),
            ("revoke", "/oauth/revoke", revocation.revoke, WRITE),
            ("introspect", "/oauth/introspect", introspection.introspect, WRITE),
            ("register", f"{API}/register", register.register, WRITE),
            ("api", f"{API}/orders", orders.every, READ),
            ("api", f"{API}/orders/finalize", orders.finalize_many, WRITE),
            ("api", f"{API}/orders/{{uuid}}", orders.one, READ),
            ("api", f"{API}/orders/{{uuid}}/finalize", orders.finalize, WRITE),
            ("api", f"{API}/styles", styles.every, READ),
            ("api", f"{API}/tracks", tracks.create, WRITE),
            ("api", f"{API}/tracks/{{id}}", tracks.one, READ),
            ("api", f"{API}/tracks/{{id}}/artwork", tracks.create_artwork, WRITE),
            ("api", f"{API}/tracks/{{id}}/artwork", tracks.artwork, READ),
            ("api", f"{API}/tracks/{{id}}/trailers", videos.create_trailers, WRITE),
            ("api", f"{API}/tracks/{{id}}/trailers", videos.trailers, READ),
            ("api", f"{API}/tracks/{{id}}/previews", videos.create_previews, WRITE),
            ("api", f"{API}/tracks/{{id}}/previews/{{style_id}}", videos.previews, READ),
            ("api", f"{API}/tracks/{{id}}/videos", videos.create_video, WRITE),
            ("api", f"{API}/tracks/{{id}}/videos", videos.videos, READ),
            ("api", f"{API}/tracks/{{id}}/videos/{{variant_id}}", videos.video, READ),
        )
        for spelt in SPELLINGS
    ),
    # [doc] two hours for the partner's token, 72 hours for a user's
    lifetimes={"access_token": 7200, "user_token": 259200},
    clients=(
        Client(  # both of the form that Doorkeeper gives to applications
            client_id="kXv1ZtPq8yG3rUeN0sLbW5mCfJ7hDa2oTi9RxQ4wYzE",
            secret="Vb6nMq2LxT9cKz0aJfR4uYhG8eWs1PdO5iXrC3tBvQk",
            name="Your application",
            scopes=("partner",),
            grants=frozenset({"client_credentials"}),
        ),
    ),
    persona_clients=(
        Client(
            client_id="suspended",
            secret="Hb3vRz9LkP6yTn1WcS8dQf5mXa0uGj4oEi7YtB2qNxC",
            name="Suspended application",
            scopes=("partner",),
            grants=frozenset({"client_credentials"}),
            enabled=False,
        ),
        Client(
            client_id="short-lived-tokens",
            secret="Zp5mWc8RtY1uLk3XvQ7nGa0sDf6hJb2oEi9TqN4xKwU",
            name="Application with short-lived tokens",
            scopes=("partner",),
            grants=frozenset({"client_credentials"}),
            lifetimes={"access_token": 60},
        ),
        Client(
            client_id=register.OVER_QUOTA,
            secret="Rk4tXq7JmB2vHs9WdL0yGc5nZe8fPaU3oIi1YwNxTbE",
            name="Application whose quota is used up",
            scopes=("partner",),
            grants=frozenset({"client_credentials"}),
        ),
    ),
    variants=VARIANTS,
    keys=0,
    lost=gate.lost,
    wrong_method=gate.wrong_method,
    preflight=cors.preflight,
    cors=cors.cors,
    mint=opaque.mint,
    outage=answers.outage,
)
