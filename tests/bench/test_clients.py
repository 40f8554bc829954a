"""The requests of a measurement."""

import base64
import json

import pytest

from bench.clients import SLOT, Client, getting, in_turn, posting, signatures

CLIENT = Client(
    base_url="http://127.0.0.1:8080",
    token="/token",
    client_id="me",
    client_secret="a b",
    scope="read",
    headers={"Authorization": "Bearer {turn}"},
    turn=7,
)


def jwt(**head: str) -> str:
    """A token with that header."""
    return base64.urlsafe_b64encode(json.dumps(head).encode()).rstrip(b"=").decode() + ".e30.c2ln"


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        ({"access_token": jwt(alg="RS256"), "id_token": jwt(alg="RS256"), "expires_in": 60}, 2),
        ({"access_token": jwt(alg="HS256")}, 0),
        ({"access_token": jwt(typ="JWT")}, 0),
        ({"access_token": "opaque"}, 0),
        ({"access_token": "not.base64!.at.all"}, 0),
        ({"access_token": "W10.is.a-list"}, 0),
        ({}, 0),
    ],
)
def test_signatures_are_counted_in_the_answer(answer: dict[str, object], count: int) -> None:
    """Values with an RS256 header count, whatever they are called; nothing else does."""
    assert signatures(answer) == count


def test_a_form_is_cut_where_the_value_comes() -> None:
    """The pieces around the slot are percent-encoded, and the length is left to wrk."""
    task = posting(CLIENT, CLIENT.form("refresh_token", refresh_token=SLOT, more="x"), ("one",), "chain")
    assert task.body == ("grant_type=refresh_token&client_id=me&client_secret=a+b&refresh_token=", "&more=x")
    assert (task.mode, task.values, task.turn) == ("chain", ("one",), 7)
    assert "".join(task.head).splitlines() == [
        "POST /token HTTP/1.1",
        "Host: 127.0.0.1:8080",
        "Authorization: Bearer {turn}",
        "Content-Type: application/x-www-form-urlencoded",
    ]


def test_a_bearer_comes_in_the_place_of_the_clients_own_header() -> None:
    """A call of the API has one Authorization header."""
    task = getting(CLIENT, "/api", {"Authorization": f"Bearer {SLOT}"}, ("one", "two"))
    assert task.head == (
        "GET /api HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer ",
        "\r\n",
    )


def test_scope_is_asked_for_by_client_credentials_alone() -> None:
    """A code has its scope already."""
    assert CLIENT.form("client_credentials")["scope"] == "read"
    assert "scope" not in CLIENT.form("authorization_code", code="c")


def test_headers_in_their_turn() -> None:
    """The turn stands in the client's own header."""
    assert in_turn(CLIENT, {"Accept": "*/*"}, "3") == {"Authorization": "Bearer 3", "Accept": "*/*"}
