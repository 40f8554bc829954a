"""Who is registered at a fresh site: API clients of each type, as the site's page for them makes them, and people."""

import base64
import hashlib

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.users import User

IDENTITY_SCOPES = ("openid", "profile", "email")  # [engine] of these, all but openid [client]
RESOURCE_SCOPES = ("api", "offline_access")  # [doc]
SCOPES: tuple[str, ...] = IDENTITY_SCOPES + RESOURCE_SCOPES

# [doc] the types that the page offers; the engine gives each client one flow
SERVER_SIDE = frozenset({"authorization_code", "refresh_token"})
USER_BASED = frozenset({"password", "refresh_token"})
JAVASCRIPT = frozenset({"implicit"})  # [assumed] from clients that read a token out of the fragment

ORIGINS = ("https://localhost",)  # [doc] what the guide enters, and the samples of every type: CORS Origin URL
REDIRECT_URI = "http://localhost:9127/redirect"  # [doc]

CLIENTS = (
    Client(  # a GUID and 32 bytes in base64, as the site shows them once
        client_id="3f1d9a52-7c84-4b06-a2e5-8d90c1b7f64e",
        secret="c3BhcnJpbmctcGFub3B0by1jbGllbnQtc2VjcmV0ISE=",
        name="Doubtfire API Client",  # [doc] the guide's example
        redirect_uris=(REDIRECT_URI,),
        scopes=SCOPES,
        grants=SERVER_SIDE,
    ),
    Client(
        client_id="a94c7d10-52e3-4f8b-9d67-01b3c8e5f2a6",
        secret="c3BhcnJpbmctcGFub3B0by11c2VyLWJhc2VkLWtleSE=",
        name="User based API client",
        scopes=SCOPES,  # [doc] no redirect URL: "The rest can be blank"
        grants=USER_BASED,
    ),
    Client(
        client_id="d0e6b843-1f7a-4c25-8b90-6e2f4a7c3d51",
        secret="c3BhcnJpbmctcGFub3B0by1qYXZhc2NyaXB0LWtleSE=",
        name="JavaScript API client",
        redirect_uris=("https://localhost/redirect",),  # [assumed] on the CORS origin
        scopes=SCOPES,
        grants=JAVASCRIPT,
    ),
)
PERSONA_CLIENTS = (
    Client(
        client_id="suspended",
        secret="c3VzcGVuZGVkLWNsaWVudC1zZWNyZXQtb2YtcGFub3B0bw==",
        name="Suspended application",
        redirect_uris=(REDIRECT_URI,),
        scopes=SCOPES,
        grants=SERVER_SIDE,
        enabled=False,
    ),
    Client(
        client_id="short-lived-tokens",
        secret="c2hvcnQtbGl2ZWQtdG9rZW5zLWNsaWVudC1zZWNyZXQ=",
        name="Application with short-lived tokens",
        redirect_uris=(REDIRECT_URI,),
        scopes=SCOPES,
        grants=SERVER_SIDE,
        lifetimes={"access_token": 60},
    ),
)


def authentication_code(username: str, application_key: str) -> str:
    """What takes the password's place for a person of a custom ID provider [doc: auth-id-provider/sample.py]."""
    text = f"{username.lower()}|{application_key.lower()}"
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


APPLICATION_KEY = "51c7e0f2-4a8b-4d39-96e1-b7f20d8c6a45"
"""The key of the ID provider ``campus``, by which an application signs its people in."""

USERS = (
    User(
        subject="b7e23ec2-9af2-4c17-8d54-1f6a0e3c5d90",
        username="ada",
        password="ada-spars-here",
        name="Ada",
        email="ada@campus.example",
    ),
)
PERSONA_USERS = (
    User(
        subject="2a95c6f0-71e4-4d3b-8f06-c5b9d1e7a842",
        username="denies",
        password="denies-spars-here",
        name="Dora Denies",
        email="denies@campus.example",
    ),
    User(
        subject="90d3b7e1-4c58-4af6-b21d-6e8f0a5c9d37",
        username="locked",
        password="locked-spars-here",
        name="Lou Locked",
        email="locked@campus.example",
        locked=True,
    ),
    User(
        subject="c4f81a6d-20b9-4e73-a5d8-3970e6b1f2c8",
        username="campus\\id-provider",
        password=authentication_code("campus\\id-provider", APPLICATION_KEY),
        name="Ida Provider",
        email="id-provider@campus.example",
    ),
)
