"""People, clients, tokens and keys of a provider, changed from outside."""

# ruff: noqa: D103 - the names are sentences

from itertools import pairwise
from typing import Any

import httpx2
import jwt
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, call_api, complaint, ingest

pytestmark = pytest.mark.anyio
ONE = {"providers": ["ingest"]}
BOTH = {"providers": ["ingest", "clickview", "rotor", "panopto"]}


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


async def test_people_are_told_changed_and_added(control: Control) -> None:
    stage = await control.open_stage(ONE)
    everybody = await control.users(stage["id"], "ingest")
    ada = everybody[0]
    assert {name: ada[name] for name in ("username", "password", "name")} == ingest(stage)["users"][0]
    assert await control.change_user(stage["id"], "ingest", "ada", {"password": "new"}) == {**ada, "password": "new"}
    made = await control.change_user(stage["id"], "ingest", "bob & co", {"name": "Bob"})
    assert (made["username"], made["name"], made["attributes"]) == ("bob & co", "Bob", ada["attributes"])
    assert made["subject"] != ada["subject"]
    assert made["password"]
    assert made in await control.users(stage["id"], "ingest")
    await control.remove_user(stage["id"], "ingest", "bob & co")
    assert made not in await control.users(stage["id"], "ingest")
    await control.reset(stage["id"])
    assert await control.users(stage["id"], "ingest") == everybody


async def test_with_an_account_go_its_tokens(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    for_ada = (await control.mint(stage["id"], "ingest", {"user": "ada"}))["access_token"]
    for_itself = (await ask_token(http, stage)).json()["access_token"]
    assert await call_api(http, stage, for_ada) == 200
    await control.remove_user(stage["id"], "ingest", "ada")
    assert [await call_api(http, stage, token) for token in (for_ada, for_itself)] == [401, 200]


async def test_a_client_that_was_removed_is_unknown(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    known = ingest(stage)["client_id"]
    await control.remove_client(stage["id"], "ingest", known)
    assert known not in {client["client_id"] for client in await control.clients(stage["id"], "ingest")}
    assert (await ask_token(http, stage)).json()["error"] == "invalid_client"


async def test_who_is_not_there_cannot_go(control: Control) -> None:
    stage = (await control.open_stage(BOTH))["id"]
    assert await complaint(control.remove_client(stage, "ingest", "x")) == (404, "ingest has no client 'x'")
    assert await complaint(control.remove_user(stage, "ingest", "x")) == (404, "ingest has no user 'x'")
    said = (400, "nobody signs in at clickview: there are no users")
    assert await complaint(control.change_user(stage, "clickview", "x", {})) == said
    assert await complaint(control.change_user(stage, "ingest", "x", {"nmae": "X"})) == (
        400,
        "unknown member 'nmae' in a user; did you mean 'name'?",
    )


@pytest.mark.parametrize("provider", ["ingest", "clickview"])
async def test_a_minted_token_is_as_good_as_one_that_was_asked_for(
    control: Control, http: httpx2.AsyncClient, provider: str
) -> None:
    stage = await control.open_stage(BOTH)
    made = await control.mint(stage["id"], provider, {})
    assert made["token_type"] == "Bearer"
    assert made["expires_in"] == 86_400
    info = stage["providers"][provider]
    assert made["scope"].split() == info["scopes"]
    headers = {"Accept": "application/vnd.ingest.v1+json", "Authorization": f"Bearer {made['access_token']}"}
    assert (await http.get(info["endpoints"]["api"], headers=headers)).status_code == 200


async def test_an_opaque_token_and_one_for_a_person(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(BOTH)
    rotor, panopto = (stage["providers"][name] for name in ("rotor", "panopto"))
    opaque = (await control.mint(stage["id"], "rotor", {}))["access_token"]
    answer = await http.post(
        rotor["endpoints"]["register"],
        headers={"Authorization": f"Bearer {opaque}"},
        json={"data": {"type": "user", "attributes": {"remote_user_id": "1"}}},
    )
    assert answer.status_code == 200
    made = (await control.mint(stage["id"], "panopto", {"scope": "api"}))["access_token"]
    assert claims_of(made)["sub"] == (await control.users(stage["id"], "panopto"))[0]["subject"]
    answer = await http.get(panopto["endpoints"]["api"], headers={"Authorization": f"Bearer {made}"})
    assert answer.status_code == 200


async def test_a_minted_token_bears_what_was_wished(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    wish = {"user": "ada", "scope": "read_videos,read_jobs", "claims": {"aud": None, "extra": [1], "sub": "x"}}
    made = await control.mint(stage["id"], "ingest", wish)
    claims = claims_of(made["access_token"])
    assert (claims["extra"], claims["sub"], "aud" in claims) == ([1], "x", False)
    assert claims["scope"] == {"actions": ["read_videos", "read_jobs"]}
    assert made["scope"] == "read_videos read_jobs"


@pytest.mark.parametrize("provider", ["ingest", "clickview"])
async def test_a_token_can_be_made_that_has_expired(control: Control, http: httpx2.AsyncClient, provider: str) -> None:
    stage = await control.open_stage(BOTH)
    made = await control.mint(stage["id"], provider, {"expires_in": -600})
    headers = {"Accept": "application/vnd.ingest.v1+json", "Authorization": f"Bearer {made['access_token']}"}
    answer = await http.get(stage["providers"][provider]["endpoints"]["api"], headers=headers)
    assert (answer.status_code, made["expires_in"]) == (401, -600)


@pytest.mark.parametrize(
    ("provider", "wish", "status", "sentence"),
    [
        ("ingest", {"client_id": "x"}, 404, "ingest has no client 'x'"),
        ("ingest", {"user": "x"}, 404, "ingest has no user 'x'"),
        (
            "ingest",
            {"scope": "read_vidoes"},
            400,
            "the client 'IngestNetwork123' has no scope 'read_vidoes'; did you mean 'read_videos'?",
        ),
        ("ingest", {"scoep": "x"}, 400, "unknown member 'scoep' in a token; did you mean 'scope'?"),
        ("ingest", {"expires_in": "1"}, 400, "a token: Expected `int | null`, got `str` - at `$.expires_in`"),
        ("rotor", {"claims": {"a": 1}}, 400, "tokens of rotor say nothing, so they bear no claims"),
        ("decoy", {}, 400, "tokens of decoy cannot be minted: ask its token endpoint"),
    ],
)
async def test_a_token_that_cannot_be_is_refused(
    control: Control, provider: str, wish: dict[str, Any], status: int, sentence: str
) -> None:
    stage = (await control.open_stage(BOTH))["id"]
    assert await complaint(control.mint(stage, provider, wish)) == (status, sentence)


async def test_tokens_are_revoked_one_by_one_by_person_and_by_session(
    control: Control, http: httpx2.AsyncClient
) -> None:
    stage = await control.open_stage(ONE)
    at = stage["id"]
    await control.change_user(at, "ingest", "bob", {})
    ada, other, bob = [await control.mint(at, "ingest", {"user": name}) for name in ("ada", "ada", "bob")]
    tokens = [made["access_token"] for made in (ada, other, bob)]

    async def alive() -> list[bool]:
        return [await call_api(http, stage, token) == 200 for token in tokens]

    assert await control.revoke(at, "ingest", token="unheard of") == 0
    assert await control.revoke(at, "ingest", token=tokens[0]) == 1
    assert await alive() == [False, True, True]
    assert await control.revoke(at, "ingest", user="ada") == 1
    assert await alive() == [False, False, True]
    assert await control.revoke(at, "ingest", "refresh_token", session=bob["session"]) == 0
    assert await control.revoke(at, "ingest", user="ada", session=bob["session"]) == 0
    assert await alive() == [False, False, True]
    assert await control.revoke(at, "ingest", session=bob["session"]) == 1
    assert await alive() == [False, False, False]
    assert await complaint(control.revoke(at, "ingest", user="eve")) == (404, "ingest has no user 'eve'")


@pytest.mark.parametrize("provider", ["clickview", "panopto"])
@pytest.mark.parametrize("fresh", [False, True])
async def test_rotated_keys_sign_and_are_published(
    control: Control, http: httpx2.AsyncClient, provider: str, fresh: bool
) -> None:
    stage = await control.open_stage({"providers": [provider], "fresh_keys": fresh})
    at, info = stage["id"], stage["providers"][provider]

    async def published() -> list[str]:
        return [key["n"] for key in (await http.get(info["endpoints"]["jwks"])).json()["keys"]]

    async def works(token: str) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        return (await http.get(info["endpoints"]["api"], headers=headers)).status_code == 200

    old = (await control.mint(at, provider, {}))["access_token"]
    (first,) = await published()
    assert len(await control.rotate_keys(at, provider)) == 2
    second, still = await published()
    assert (still, second != first) == (first, True)
    new = (await control.mint(at, provider, {}))["access_token"]
    assert jwt.get_unverified_header(new)["kid"] != jwt.get_unverified_header(old)["kid"]
    assert [await works(token) for token in (old, new)] == [True, True]
    await control.rotate_keys(at, provider, keep_old=False)
    (third,) = await published()
    assert third not in {first, second}
    await control.reset(at)
    assert await published() == [first]


async def test_a_token_of_a_withdrawn_key_is_refused_where_signatures_are_checked(
    control: Control, http: httpx2.AsyncClient
) -> None:
    stage = await control.open_stage({"providers": ["clickview"]})
    info = stage["providers"]["clickview"]
    token = (await control.mint(stage["id"], "clickview", {}))["access_token"]
    keys = await control.rotate_keys(stage["id"], "clickview", keep_old=False)
    assert len(keys) == 1
    answer = await http.get(info["endpoints"]["api"], headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert "The signature key was not found" in answer.headers["www-authenticate"]


async def test_keys_go_round_without_end(control: Control) -> None:
    stage = (await control.open_stage({"providers": ["panopto", "rotor"]}))["id"]
    kids = [(await control.rotate_keys(stage, "panopto", keep_old=False))[0]["kid"] for _ in range(15)]
    assert all(one != other for one, other in pairwise(kids))
    assert len(set(kids)) == 7
    said = (400, "rotor has no keys: its tokens are not signed")
    assert await complaint(control.rotate_keys(stage, "rotor")) == said
