"""Ingest: its own server; code, refresh and client credentials, comma-separated scopes, RS256 JWTs, query or form."""

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.provider import Provider
from sparring.mocks.engine.users import User
from sparring.mocks.providers.ingest import answers, api, claims, routes
from sparring.mocks.providers.ingest.networks import NETWORK, OTHER_NETWORK

ACTIONS = (
    "videos",
    "users",
    "inputs",
    "profiles",
    "jobs",
    "networks",
    "netKeys",
    "billing",
    "hooks",
    "clients",
    "live",
)
SCOPES = (
    "personal",
    "all",
    *(f"{verb}_{action}" for action in ACTIONS for verb in ("read", "write")),
    "read_events",
    "write_locked_profiles",
)


def _issuer(desk: Desk, _base_url: str) -> str:
    """A constant: no document of Ingest's lets a client learn another one."""
    return desk.issuer or claims.ISSUER


PROVIDER = Provider(
    name="ingest",
    title="Ingest",
    hosts=("login.ingest.io", "api.ingest.io", *claims.STAGING_HOSTS),
    docs=('Ingest guide "Authentication"', "Ingest API reference"),
    grants=("authorization_code", "client_credentials"),
    scope="read_videos,write_videos",
    scopes=("read_videos", "write_videos"),
    endpoints={"authorize": "/authorize", "token": "/token", "api": "/videos"},
    routes=routes.ROUTES,
    # [doc] access 86400 in every sample; refresh one year: how-to-go-live README; code ten minutes [assumed]
    lifetimes={"access_token": 86400, "refresh_token": 31536000, "code": 600},
    clients=(
        Client(  # the ids of the guide's own samples
            client_id="IngestNetwork123",
            secret="jhjed88ydjKJDFU77y7dk",
            name="My Website",
            redirect_uris=("https://mywebsite.com/oauth/ingest",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token", "client_credentials"}),
        ),
    ),
    persona_clients=(
        Client(
            client_id="suspended",
            secret="b73hdLPQ92ksmMVnc61fz",
            name="Suspended application",
            redirect_uris=("https://mywebsite.com/oauth/ingest",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token", "client_credentials"}),
            enabled=False,
        ),
        Client(
            client_id="short-lived-tokens",
            secret="kfu38djQMSPdk29JJd81x",
            name="Application with short-lived tokens",
            redirect_uris=("https://mywebsite.com/oauth/ingest",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token", "client_credentials"}),
            lifetimes={"access_token": 60},
        ),
    ),
    users=(
        User(
            subject="7a9f3f1e-2f64-4c7e-9a83-1f5d0b6e8c21",
            username="ada",
            password="ada-spars-here",
            name="Ada",
            email="ada@network.example",
            attributes={"network": NETWORK},
        ),
    ),
    persona_users=(
        User(
            subject="53e8b0d7-a614-4c9f-8e72-d1f5a3c7b906",
            username="denies",
            password="denies-spars-here",
            name="Dora Denies",
            email="denies@network.example",
            attributes={"network": NETWORK},
        ),
        User(
            subject="c9f27a15-08d3-4b6e-9a41-7e5d2b8f0c63",
            username="locked",
            password="locked-spars-here",
            name="Lou Locked",
            email="locked@network.example",
            attributes={"network": NETWORK},
            locked=True,
        ),
        User(
            subject="84b6d3e9-f572-4a08-b3c1-06a9e7d4f218",
            username="several-networks",
            password="several-networks-spars-here",
            name="Noa Networks",
            email="several-networks@network.example",
            attributes={"network": f"{NETWORK},{OTHER_NETWORK}"},
        ),
    ),
    variants=("default", "implicit"),
    issuer=_issuer,
    lost=answers.lost,
    wrong_method=routes.wrong_method,
    preflight=api.preflight,
    cors=api.cors,
    mint=claims.mint,
    outage=answers.outage,
)
