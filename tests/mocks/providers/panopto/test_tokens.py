"""What Panopto's tokens say, how they verify, and how long they live."""

# ruff: noqa: D103 - the names are sentences

import base64
import hashlib
import json
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1

from sparring.mocks.stage import Stage
from tests.mocks.providers.panopto.talk import (
    CLIENT_ID,
    OAUTH2,
    ORIGIN,
    RIVAL,
    ROOT,
    SECRET,
    SUBJECT,
    Browser,
    ask,
    basic,
    bearer,
    exchange,
    panopto,
    post,
    read,
    refresh,
    register,
    tokens,
)
from tests.mocks.stages import START, in_loop, request

NOW = int(START)
ISSUER = f"{ORIGIN}{OAUTH2}"
REVOCATION = f"{OAUTH2}/connect/revocation"


async def _key(stage: Stage) -> jwt.PyJWK:
    document = read(await ask(stage, request("GET", f"{OAUTH2}/.well-known/jwks")))
    return jwt.PyJWKSet.from_dict(document).keys[0]


async def _claims(stage: Stage, token: str, audience: str) -> dict[str, Any]:
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}  # the stage's time is not the wall's
    return jwt.decode(token, (await _key(stage)).key, ["RS256"], options, audience=audience, issuer=ISSUER)


@in_loop
async def test_a_code_brings_members_in_the_engines_order_and_no_scope() -> None:
    document = await tokens(await panopto())
    assert list(document) == ["id_token", "access_token", "expires_in", "token_type", "refresh_token"]
    assert (document["expires_in"], document["token_type"]) == (3600, "Bearer")
    assert len(document["refresh_token"]) == 32
    assert bytes.fromhex(document["refresh_token"]).hex() == document["refresh_token"]


@pytest.mark.parametrize(
    ("scope", "members"),
    [
        ("openid api", ["id_token", "access_token", "expires_in", "token_type"]),
        ("api offline_access", ["access_token", "expires_in", "token_type", "refresh_token"]),
        ("api", ["access_token", "expires_in", "token_type"]),
    ],
)
@in_loop
async def test_openid_brings_an_id_token_and_offline_access_a_refresh_token(scope: str, members: list[str]) -> None:
    assert list(await tokens(await panopto(), {"scope": scope})) == members


@in_loop
async def test_an_id_token_verifies_against_the_published_keys() -> None:
    stage = await panopto()
    browser = Browser(stage)
    code = await browser.code()
    stage.clock.advance(10)
    document = read(await post(stage, exchange(code)))
    claims = await _claims(stage, document["id_token"], CLIENT_ID)
    sid = browser.jar["idsvr.session"]
    assert list(claims.items()) == [
        ("iss", ISSUER),
        ("aud", CLIENT_ID),
        ("exp", NOW + 310),
        ("nbf", NOW + 10),
        ("nonce", "12345"),
        ("iat", NOW + 10),
        ("sid", sid),
        ("sub", SUBJECT),
        ("auth_time", NOW),
        ("idp", "idsrv"),
        ("amr", ["password"]),
    ]


@in_loop
async def test_an_access_token_is_a_jwt_for_the_resources() -> None:
    stage = await panopto()
    document = await tokens(stage)
    claims = await _claims(stage, document["access_token"], f"{ISSUER}/resources")
    assert len(claims.pop("jti")) == 32
    assert list(claims.items()) == [
        ("iss", ISSUER),
        ("aud", f"{ISSUER}/resources"),
        ("exp", NOW + 3600),
        ("nbf", NOW),
        ("client_id", CLIENT_ID),
        ("scope", ["openid", "api", "offline_access"]),
        ("sub", SUBJECT),
        ("auth_time", NOW),
        ("idp", "idsrv"),
        ("amr", ["password"]),
    ]


@in_loop
async def test_one_scope_alone_is_a_string() -> None:
    stage = await panopto()
    token = (await tokens(stage, {"scope": "api"}))["access_token"]
    assert (await _claims(stage, token, f"{ISSUER}/resources"))["scope"] == "api"


@in_loop
async def test_a_key_is_named_by_the_thumbprint_of_its_certificate() -> None:
    stage = await panopto()
    (key,) = read(await ask(stage, request("GET", f"{OAUTH2}/.well-known/jwks")))["keys"]
    assert list(key) == ["kty", "use", "kid", "x5t", "e", "n", "x5c"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(key["x5c"][0]))
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(SHA1())).rstrip(b"=").decode()
    assert key["kid"] == key["x5t"] == thumbprint == stage.houses["panopto"].desk.keys[0].kid
    header = (await tokens(stage))["id_token"].partition(".")[0]
    decoded = base64.urlsafe_b64decode(header + "==").decode()
    assert decoded == f'{{"typ":"JWT","alg":"RS256","x5t":"{thumbprint}","kid":"{thumbprint}"}}'


@in_loop
async def test_a_fresh_key_is_named_and_published_alike() -> None:
    stage = await panopto(fresh_keys=True)
    document = await tokens(stage)
    assert (await _claims(stage, document["id_token"], CLIENT_ID))["sub"] == SUBJECT
    assert jwt.get_unverified_header(document["id_token"])["kid"] == (await _key(stage)).key_id


@in_loop
async def test_a_refresh_brings_at_hash_and_no_nonce() -> None:
    stage = await panopto()
    first = await tokens(stage)
    stage.clock.advance(100)
    second = read(await post(stage, refresh(first["refresh_token"])))
    assert list(second) == ["id_token", "access_token", "expires_in", "token_type", "refresh_token"]
    assert not set(first.values()) & set(second.values()) - {3600, "Bearer"}
    claims = await _claims(stage, second["id_token"], CLIENT_ID)
    assert list(claims) == ["iss", "aud", "exp", "nbf", "iat", "at_hash", "sub", "auth_time", "idp", "amr"]
    half = hashlib.sha256(second["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert (claims["exp"], claims["auth_time"]) == (NOW + 400, NOW)


@in_loop
async def test_a_refresh_without_openid_brings_an_id_token_too() -> None:
    stage = await panopto()
    first = await tokens(stage, {"scope": "api offline_access"})
    assert "id_token" in read(await post(stage, refresh(first["refresh_token"])))


@in_loop
async def test_the_successor_of_a_replayed_refresh_token_lives() -> None:
    stage = await panopto()
    first = (await tokens(stage))["refresh_token"]
    second = read(await post(stage, refresh(first)))["refresh_token"]
    assert (await post(stage, refresh(first))).rule.id == "panopto/token/refresh-token-used"
    assert (await post(stage, refresh(second))).status == 200


@in_loop
async def test_rotation_does_not_prolong_the_thirty_days() -> None:
    stage = await panopto()
    token = (await tokens(stage))["refresh_token"]
    stage.clock.advance(2_000_000)
    token = read(await post(stage, refresh(token)))["refresh_token"]
    stage.clock.advance(591_999)
    token = read(await post(stage, refresh(token)))["refresh_token"]
    stage.clock.advance(1)
    assert (await post(stage, refresh(token))).rule.id == "panopto/token/refresh-token-expired"


@in_loop
async def test_tokens_survive_the_replay_of_their_code() -> None:
    stage = await panopto()
    code = await Browser(stage).code()
    document = read(await post(stage, exchange(code)))
    assert (await post(stage, exchange(code))).status == 400
    assert (await ask(stage, request("GET", ROOT, bearer(document["access_token"])))).status == 200
    assert (await post(stage, refresh(document["refresh_token"]))).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://localhost:8000"},
        {"redirect_uri": None},
        {"code_verifier": "v" * 43},
    ],
)
@in_loop
async def test_a_code_is_burnt_by_any_refusal_after_it_was_found(changes: dict[str, str | None]) -> None:
    stage = await panopto()
    code = await Browser(stage).code()
    assert (await post(stage, exchange(code, changes))).status == 400
    assert (await post(stage, exchange(code))).rule.id == "panopto/token/code-used"


@in_loop
async def test_a_misspelt_grant_or_a_wrong_secret_leaves_the_code_alone() -> None:
    stage = await panopto()
    code = await Browser(stage).code()
    await post(stage, exchange(code, {"grant_type": "authorisation_code"}))
    await post(stage, exchange(code, {"client_secret": "wrong"}))
    assert (await post(stage, exchange(code))).status == 200


@in_loop
async def test_credentials_may_come_in_a_header_taken_as_they_are() -> None:
    stage = await panopto()
    form = exchange(await Browser(stage).code(), {"client_id": None, "client_secret": None})
    encoded = SECRET.replace("=", "%3D")
    assert (await post(stage, form, f"{OAUTH2}/connect/token", basic(secret=encoded))).status == 400
    assert "form-encoded" in stage.recorder.select()[-1].request.facts.notes[0]
    assert (await post(stage, form, f"{OAUTH2}/connect/token", basic())).status == 200


@in_loop
async def test_parameters_in_the_query_of_the_token_endpoint_are_not_looked_at() -> None:
    stage = await panopto()
    form = exchange(await Browser(stage).code(), {"grant_type": None})
    answer = await post(stage, form, f"{OAUTH2}/connect/token?grant_type=authorization_code")
    assert answer.rule.id == "panopto/token/grant-type-missing"


@in_loop
async def test_revoking_a_refresh_token_ends_all_of_that_person_with_that_client() -> None:
    stage = await panopto()
    first, second = await tokens(stage), await tokens(stage)
    form = {"token": first["refresh_token"], "token_type_hint": "refresh_token"}
    assert (await post(stage, form, REVOCATION, basic())).status == 200
    for document in (first, second):
        answer = await post(stage, refresh(document["refresh_token"]))
        assert (answer.status, json.loads(answer.body)) == (400, {"error": "invalid_grant"})
        assert (await ask(stage, request("GET", ROOT, bearer(document["access_token"])))).status == 200


@in_loop
async def test_an_access_token_cannot_be_revoked() -> None:
    stage = await panopto()
    token = (await tokens(stage))["access_token"]
    assert (await post(stage, {"token": token}, REVOCATION, basic())).status == 200
    assert (await ask(stage, request("GET", ROOT, bearer(token)))).status == 200


@in_loop
async def test_a_refresh_token_is_not_revoked_by_an_access_token_hint_or_another_client() -> None:
    stage = await panopto()
    await register(stage)
    token = (await tokens(stage))["refresh_token"]
    form = {"token": token, "token_type_hint": "access_token"}
    assert (await post(stage, form, REVOCATION, basic())).status == 200
    assert (await post(stage, {"token": token} | RIVAL, REVOCATION)).status == 200
    assert (await post(stage, refresh(token))).status == 200


@in_loop
async def test_the_issuer_is_the_site_that_was_asked() -> None:
    stage = await panopto()
    for host, scheme, issuer in [
        ("localhost:9404", "http", "http://localhost:9404/Panopto/oauth2"),
        ("deakin.au.panopto.com", "http", "https://deakin.au.panopto.com/Panopto/oauth2"),
        ("any.hosted.panopto.com", "https", "https://any.hosted.panopto.com/Panopto/oauth2"),
    ]:
        message = request("GET", f"{OAUTH2}/.well-known/openid-configuration", host=host, scheme=scheme)
        assert read(await ask(stage, message))["issuer"] == issuer
    stage = await panopto(issuer="https://elsewhere.example/x")
    assert jwt.decode((await tokens(stage))["id_token"], options={"verify_signature": False})["iss"] == (
        "https://elsewhere.example/x"
    )


@in_loop
async def test_the_same_seed_and_requests_give_the_same_tokens() -> None:
    assert await tokens(await panopto(seed=7)) == await tokens(await panopto(seed=7))
    assert await tokens(await panopto(seed=7)) != await tokens(await panopto(seed=8))
