"""Spotify, as its public documents have it: a person signs in, and the client asks for the person's profile."""

from sparring.mocks import kit
from sparring_spotify import accounts, api

GET, POST = frozenset({"GET"}), frozenset({"POST"})

PROVIDER = kit.Provider(
    name="spotify",
    title="Spotify",
    hosts=("accounts.spotify.com", "api.spotify.com"),
    docs=("Spotify for Developers, Web API: Authorization Code Flow, Refreshing tokens, API calls",),
    grants=("authorization_code",),
    scope="user-read-private user-read-email",
    scopes=("user-read-private", "user-read-email"),
    endpoints={"authorize": "/authorize", "token": "/api/token", "api": "/v1/me"},
    routes=(
        kit.Route(accounts.LOGIN.endpoint, "/authorize", accounts.authorize, GET | POST),
        kit.Route("token", "/api/token", accounts.token, POST),
        kit.Route("api", "/v1/me", api.me, GET),
    ),
    # [doc] an hour: "Access Token"; six months: "Introducing refresh token expiration"; the code's life is [assumed]
    lifetimes={"access_token": 3600, "refresh_token": 15_552_000, "code": 600},
    clients=(
        kit.Client(
            client_id="5fe01282e44241328a84e7c5cc169165",
            secret="a-secret-of-the-example-app",
            name="Example app",
            redirect_uris=("http://127.0.0.1:8888/callback",),
            scopes=("user-read-private", "user-read-email", "user-library-read"),
            grants=frozenset({"authorization_code", "refresh_token"}),
        ),
    ),
    users=(
        kit.User(subject="ada", username="ada", password="ada-spars-here", name="Ada", email="ada@sparring.example"),
    ),
    keys=0,
    lost=api.lost,
    wrong_method=api.lost,
    mint=kit.mint_opaque,
)
