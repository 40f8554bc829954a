"""What a client does to the fakes in these tests, in a line each."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2

from sparring.mocks import Sparring

ACCEPT = "application/vnd.ingest.v1+json"
STATE = "state-of-this-login"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""Those of RFC 7636 appendix B."""


def token(http: httpx2.Client, fake: Sparring, **changes: Any) -> httpx2.Response:
    """A token request of Ingest's client credentials; what is None is left out."""
    form = {
        "grant_type": "client_credentials",
        "client_id": fake.client_id,
        "client_secret": fake.client_secret,
        "scope": "read_videos",
        **changes,
    }
    return http.post(fake.token_url, data={name: value for name, value in form.items() if value is not None})


def videos(http: httpx2.Client, fake: Sparring, bearer: object) -> httpx2.Response:
    """A call of Ingest's API."""
    return http.get(fake.api_url, headers={"Authorization": f"Bearer {bearer}", "Accept": ACCEPT})


def link(fake: Sparring, **changes: Any) -> str:
    """A link by which a person signs in; what is None is left out."""
    asked = {
        "response_type": "code",
        "client_id": fake.client_id,
        "redirect_uri": fake.redirect_uri,
        "scope": fake.scope,
        "state": STATE,
        "nonce": "nonce-of-this-login",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return f"{fake.authorize_url}?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def query(url: str) -> Mapping[str, str]:
    """The parameters of a URL."""
    return dict(parse_qsl(urlsplit(url).query))
