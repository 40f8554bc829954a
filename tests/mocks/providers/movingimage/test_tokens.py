"""What the tokens say, and that they can be checked."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import jwt

from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.movingimage.talk import (
    ADA,
    CONNECT,
    Browser,
    ask,
    calling,
    claims_of,
    exchange,
    masked,
    movingimage,
    params_of,
    password,
    read,
    refreshing,
    signed_in,
    token_request,
)
from tests.mocks.stages import START, in_loop

NOW = int(START)
ISSUER = "http://127.0.0.1:9401/auth/realms/platform"
HEAD = ["jti", "exp", "nbf", "iat", "iss", "aud", "sub", "typ", "azp", "auth_time", "session_state"]
ROLES = ["realm_access", "resource_access", "scope"]
PROFILE = ["email_verified", "name", "preferred_username", "given_name", "family_name", "email"]


async def _verified(stage: Stage, token: str, audience: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(read(await ask(stage, stages.request("GET", f"{CONNECT}/certs"))))
    header = jwt.get_unverified_header(token)
    assert list(header) == ["alg", "typ", "kid"]
    claims: dict[str, Any] = jwt.decode(
        token,
        keys[header["kid"]],
        ["RS256"],
        audience=audience,
        issuer=ISSUER,
        options={"verify_exp": False, "verify_iat": False},  # the stage's time is not PyJWT's
    )
    return claims


@in_loop
async def test_access_and_id_token_verify_against_the_published_keys() -> None:
    stage = await movingimage()
    held = await signed_in(stage)
    access = await _verified(stage, held["access_token"], "account")
    assert list(access) == [*HEAD, "acr", *ROLES, *PROFILE]
    assert masked(str({name: access[name] for name in HEAD})) == str(
        {
            "jti": "<uuid>",
            "exp": NOW + 300,
            "nbf": 0,
            "iat": NOW,
            "iss": ISSUER,
            "aud": "account",
            "sub": "<uuid>",
            "typ": "Bearer",
            "azp": "example-client",
            "auth_time": NOW,
            "session_state": "<uuid>",
        }
    )
    assert access["sub"] == ADA
    assert access["session_state"] == held["session_state"]
    assert access["acr"] == "1"
    assert access["realm_access"] == {"roles": ["offline_access", "uma_authorization"]}
    assert access["scope"] == held["scope"] == "openid profile email"
    identity = await _verified(stage, held["id_token"], "example-client")
    assert list(identity) == [*HEAD, "acr", *PROFILE]
    assert (identity["typ"], identity["exp"], identity["email"]) == ("ID", NOW + 300, "ada@network.example")


@in_loop
async def test_the_refresh_token_can_be_read_and_is_signed_by_a_key_that_is_not_published() -> None:
    stage = await movingimage()
    token = (await signed_in(stage))["refresh_token"]
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "HS256"
    listed = read(await ask(stage, stages.request("GET", f"{CONNECT}/certs")))["keys"]
    assert header["kid"] not in {key["kid"] for key in listed}
    claims = claims_of(token)
    assert list(claims) == [*HEAD, *ROLES]
    assert (claims["exp"], claims["aud"], claims["typ"], claims["auth_time"]) == (NOW + 3600, ISSUER, "Refresh", 0)


@in_loop
async def test_the_answer_has_its_members_in_the_order_of_the_guides_sample() -> None:
    held = await signed_in(await movingimage())
    assert list(held) == [
        "access_token",
        "expires_in",
        "refresh_expires_in",
        "refresh_token",
        "token_type",
        "id_token",
        "not-before-policy",
        "session_state",
        "scope",
    ]
    rest = {"expires_in": 300, "refresh_expires_in": 3600, "token_type": "bearer", "not-before-policy": 0}
    assert {name: held[name] for name in rest} == rest


@in_loop
async def test_the_nonce_stands_in_every_token_and_survives_a_refresh() -> None:
    stage = await movingimage()
    held = await signed_in(stage, {"nonce": "n-1"})
    again = read(await ask(stage, token_request(refreshing(held["refresh_token"]))))
    for document in (held, again):
        for kind in ("access_token", "refresh_token", "id_token"):
            claims = claims_of(document[kind])
            assert claims["nonce"] == "n-1"
            assert list(claims)[9] == "nonce"


@in_loop
async def test_without_openid_there_is_no_id_token() -> None:
    stage = await movingimage()
    held = await signed_in(stage, {"scope": None})
    assert "id_token" not in held
    assert held["scope"] == "profile email"


@in_loop
async def test_known_optional_scopes_are_granted_and_unknown_ones_ignored() -> None:
    stage = await movingimage()
    held = await signed_in(stage, {"scope": "openid phone nonsense"})
    assert held["scope"] == "openid profile email phone"
    (seen,) = stage.recorder.select(endpoint="authorize")
    assert seen.as_json()["facts"]["notes"] == ["unknown scopes were ignored; Keycloak 12 and later refuse them"]


@in_loop
async def test_an_offline_token_has_no_end() -> None:
    stage = await movingimage()
    held = await signed_in(stage, {"scope": "openid offline_access"})
    claims = claims_of(held["refresh_token"])
    assert (claims["typ"], claims["exp"], held["refresh_expires_in"]) == ("Offline", 0, 0)
    stage.clock.advance(100_000)
    assert read(await ask(stage, token_request(refreshing(held["refresh_token"]))))["expires_in"] == 300


@in_loop
async def test_refreshing_starts_the_lifetimes_anew_and_leaves_the_old_token_good() -> None:
    stage = await movingimage()
    first = await signed_in(stage)
    stage.clock.advance(3000)
    second = read(await ask(stage, token_request(refreshing(first["refresh_token"]))))
    third = read(await ask(stage, token_request(refreshing(first["refresh_token"]))))
    assert second["refresh_token"] != first["refresh_token"] != third["refresh_token"]
    assert claims_of(second["refresh_token"])["exp"] == NOW + 3000 + 3600
    assert claims_of(second["access_token"])["auth_time"] == NOW
    notes = [seen.as_json()["facts"].get("notes") for seen in stage.recorder.select(endpoint="token")]
    assert notes[1] is None
    assert notes[2] == ["this refresh token was used before: accepted here, refused where tokens rotate"]


@in_loop
async def test_no_token_outlives_the_session() -> None:
    stage = await movingimage(lifetimes={"movingimage": {"session": 400}})
    held = await signed_in(stage)
    assert (held["expires_in"], held["refresh_expires_in"]) == (300, 400)
    stage.clock.advance(250)
    held = read(await ask(stage, token_request(refreshing(held["refresh_token"]))))
    assert (held["expires_in"], held["refresh_expires_in"]) == (150, 150)


@in_loop
async def test_a_rotating_refresh_token_that_comes_twice_ends_the_clients_part_of_the_session() -> None:
    stage = await movingimage(variants={"movingimage": "rotating"})
    first = (await signed_in(stage))["refresh_token"]
    second = read(await ask(stage, token_request(refreshing(first))))["refresh_token"]
    assert (await ask(stage, token_request(refreshing(first)))).status == 400
    dead = await ask(stage, token_request(refreshing(second)))
    assert (dead.status, dead.rule.id) == (400, "movingimage/token/refresh-client-detached")


@in_loop
async def test_a_password_login_has_no_time_of_authentication() -> None:
    held = read(await ask(await movingimage(), token_request(password())))
    claims = claims_of(held["access_token"])
    assert (claims["azp"], claims["auth_time"], claims["acr"]) == ("anonymous", 0, "1")
    assert "id_token" in held


@in_loop
async def test_a_code_that_comes_twice_kills_the_refresh_tokens_of_the_first_time() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    code = await browser.code()
    held = read(await ask(stage, token_request(exchange(code))))
    again = await ask(stage, token_request(exchange(code)))
    assert again.rule.id == "movingimage/token/code-used"
    refused = await ask(stage, token_request(refreshing(held["refresh_token"])))
    assert refused.rule.id == "movingimage/token/refresh-client-detached"
    (presented,) = stage.recorder.select()[-1].as_json()["facts"]["presented"]
    assert (presented["valid"], presented["reason"]) == (False, "revoked")
    # the API checks tokens by itself and does not learn of it; the login server does
    assert (await ask(stage, calling(held["access_token"]))).status == 200
    assert (await ask(stage, calling(held["access_token"], f"{CONNECT}/userinfo"))).status == 401
    # a new login of the client gives it back its part of the session
    newer = read(await ask(stage, token_request(exchange(await browser.code()))))
    assert (await ask(stage, token_request(refreshing(newer["refresh_token"])))).status == 200


@in_loop
async def test_a_code_names_its_session() -> None:
    stage = await movingimage()
    answer = await Browser(stage).come_back()
    params = dict(params_of(answer.header("Location") or ""))
    assert params["code"].split(".")[1] == params["session_state"]
    assert masked(params["code"]) == "<uuid>.<uuid>.<uuid>"
