"""What Panopto's tokens say, how they verify, and how long they live."""

# ruff: noqa: D103 - the names are sentences

import base64
import hashlib
import json
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1

from sparring.mocks.engine.users import User
from sparring.mocks.providers.panopto.registrations import APPLICATION_KEY, CLIENTS
from sparring.mocks.stage import Stage
from tests.mocks.providers.panopto.talk import (
    CLIENT_ID,
    OAUTH2,
    ORIGIN,
    ROOT,
    SECRET,
    SUBJECT,
    TOKEN,
    Browser,
    ask,
    basic,
    bearer,
    exchange,
    panopto,
    post,
    read,
    refresh,
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
async def test_credentials_may_come_in_a_header_taken_as_they_are() -> None:
    stage = await panopto()
    form = exchange(await Browser(stage).code(), {"client_id": None, "client_secret": None})
    encoded = SECRET.replace("=", "%3D")
    assert (await post(stage, form, f"{OAUTH2}/connect/token", basic(secret=encoded))).status == 400
    assert "form-encoded" in stage.recorder.select()[-1].request.facts.notes[0]
    assert (await post(stage, form, f"{OAUTH2}/connect/token", basic())).status == 200


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
async def test_whose_account_is_closed_before_a_refresh_gets_no_tokens() -> None:
    stage = await panopto()
    token = (await tokens(stage))["refresh_token"]
    await stage.houses["panopto"].desk.store.delete(User, "ada")
    answer = await post(stage, refresh(token))
    assert (answer.rule.id, json.loads(answer.body)) == ("panopto/token/user-disabled", {"error": "invalid_request"})


@in_loop
async def test_a_person_of_an_id_provider_has_an_authentication_code_for_a_password() -> None:
    stage = await panopto(personas=True)
    text = b"campus\\id-provider|" + APPLICATION_KEY.encode()
    form = {
        "grant_type": "password",
        "username": "campus\\id-provider",
        "password": base64.b64encode(hashlib.sha256(text).digest()).decode(),
        "scope": "api",
    }
    user_based = next(client for client in CLIENTS if "password" in client.grants)
    answer = await post(stage, form, TOKEN, basic(user_based.client_id, user_based.secret or ""))
    assert answer.rule.id == "panopto/token/password-granted"
    assert list(read(answer)) == ["access_token", "expires_in", "token_type"]


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
