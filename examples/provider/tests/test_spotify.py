"""What a client of Spotify can rely on, by the fixture, and the contract as a whole."""

from base64 import b64encode
from json import loads
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from sparring.harness.verifying.settings import Wish, fulfil


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(url, form=None, **headers):
    body = None if form is None else urlencode(form).encode()
    with build_opener(NoRedirect).open(Request(url, body, headers), timeout=5) as answer:
        return loads(answer.read())


@pytest.fixture
def app(sparring_spotify):
    fake = sparring_spotify
    return {"Authorization": "Basic " + b64encode(f"{fake.client_id}:{fake.client_secret}".encode()).decode()}


@pytest.fixture
def signed_in(sparring_spotify, app):
    """The answer of the token endpoint to a login."""
    fake, uri = sparring_spotify, "http://127.0.0.1:8888/callback"
    asked = {"response_type": "code", "client_id": fake.client_id, "redirect_uri": uri, "scope": fake.scope}
    came_back = parse_qs(urlsplit(fake.login(f"{fake.endpoints.authorize}?{urlencode(asked)}")).query)
    form = {"grant_type": "authorization_code", "code": came_back["code"][0], "redirect_uri": uri}
    return ask(fake.endpoints.token, form, **app)


def test_a_person_signs_in(sparring_spotify, signed_in):
    profile = ask(sparring_spotify.endpoints.api, Authorization=f"Bearer {signed_in['access_token']}")
    assert (profile["id"], profile["email"]) == ("ada", "ada@sparring.example")
    assert signed_in["expires_in"] == 3600


def test_a_token_ends_after_an_hour_and_is_refreshed(sparring_spotify, app, signed_in):
    sparring_spotify.clock.advance(3600)
    with pytest.raises(HTTPError, match="401"):
        ask(sparring_spotify.endpoints.api, Authorization=f"Bearer {signed_in['access_token']}")
    form = {"grant_type": "refresh_token", "refresh_token": signed_in["refresh_token"]}
    renewed = ask(sparring_spotify.endpoints.token, form, **app)
    assert "refresh_token" not in renewed
    assert ask(sparring_spotify.endpoints.api, Authorization=f"Bearer {renewed['access_token']}")["id"] == "ada"


def test_the_contract_holds():
    ((_, findings),) = fulfil(Wish(provider="spotify"))
    assert {finding.verdict for finding in findings} == {"holds"}
