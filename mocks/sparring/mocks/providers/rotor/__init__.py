"""Rotor Videos: Doorkeeper on Rails; a partner token by client credentials, with it a user token for each person."""

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.provider import Provider, Route
from sparring.mocks.providers.rotor import answers, cors, opaque, orders, register, token
from sparring.mocks.providers.rotor.variants import VARIANTS

API = "/api/partner/v1"
READ = frozenset({"GET", "HEAD"})  # [engine] Rails answers HEAD wherever it answers GET
WRITE = frozenset({"POST"})

PROVIDER = Provider(
    name="rotor",
    title="Rotor Videos",
    hosts=("api.rotorvideos.com",),
    docs=(
        'Rotor developer documentation "Get Started"',
        'Rotor developer documentation "Authentication"',
        'Rotor developer documentation "Orders"',
    ),
    grants=("client_credentials",),
    scope="",  # [doc] the sample request has none
    scopes=(),
    endpoints={"token": "/oauth/token", "register": f"{API}/register", "api": f"{API}/orders"},
    routes=(
        Route("token", "/oauth/token", token.token, WRITE),
        Route("register", f"{API}/register", register.register, WRITE),
        Route("api", f"{API}/orders", orders.every, READ),
        Route("api", f"{API}/orders/finalize", orders.finalize_many, WRITE),
        Route("api", f"{API}/orders/{{uuid}}", orders.one, READ),
        Route("api", f"{API}/orders/{{uuid}}/finalize", orders.finalize, WRITE),
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
    ),
    variants=VARIANTS,
    keys=0,
    lost=answers.lost,
    wrong_method=answers.wrong_method,
    preflight=cors.preflight,
    cors=cors.cors,
    mint=opaque.mint,
)
