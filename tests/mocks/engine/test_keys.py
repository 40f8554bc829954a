"""Development keys are sound, a JWS verifies elsewhere, and members keep their order."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import base64
import json
from contextvars import copy_context
from importlib.resources import files
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine import keys
from sparring.mocks.engine.keys import SigningKey, b64url, development_keys, new_key
from sparring.mocks.engine.signing import together

KEY = SigningKey("k1", development_keys()[0])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _part(jws: str, index: int) -> bytes:
    text = jws.split(".")[index]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("index", range(8))
def test_a_development_key_is_a_sound_rsa_2048_key(index: int) -> None:
    key = development_keys()[index]
    assert key.private_numbers().private_key().key_size == 2048  # this validates; loading skips it
    assert key.public_key().public_numbers().e == 65537


def test_a_key_is_made_of_the_numbers_that_are_written_down() -> None:
    written = json.loads(files("sparring.mocks.engine").joinpath("development_keys.json").read_text())[1]
    p, q, d = (int(written[name], 16) for name in ("p", "q", "d"))
    private = keys._load(written).private_numbers()
    assert (private.p, private.q, private.d) == (p, q, d)
    assert (private.dmp1, private.dmq1, private.iqmp) == (d % (p - 1), d % (q - 1), pow(q, -1, p))
    assert private.public_numbers == rsa.RSAPublicNumbers(e=65537, n=p * q)


def test_development_keys_differ_and_there_is_no_ninth() -> None:
    documents = json.loads(files("sparring.mocks.engine").joinpath("development_keys.json").read_text())
    assert len(documents) == len(development_keys()) == 8
    primes = {document[name] for document in documents for name in ("p", "q")}
    assert len(primes) == 16


def test_development_keys_are_loaded_once() -> None:
    assert development_keys() is development_keys()


def test_a_fresh_key_is_nobody_elses() -> None:
    key = new_key()
    assert key.key_size == 2048
    assert key.private_numbers() not in [known.private_numbers() for known in development_keys()]


def test_the_published_numbers_are_the_keys() -> None:
    n, e = KEY.numbers()
    assert (len(n), e) == (342, "AQAB")  # 256 bytes: RFC 7518 section 6.3.1.1 forbids a leading zero
    assert int.from_bytes(base64.urlsafe_b64decode(n + "==")) == KEY.public.public_numbers().n
    published = jwt.PyJWK({"kty": "RSA", "n": n, "e": e}, algorithm="RS256").key
    assert isinstance(published, rsa.RSAPublicKey)
    assert published.public_numbers() == KEY.public.public_numbers()


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_a_jws_verifies_with_another_library(claims: dict[str, Any]) -> None:
    for reserved in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti"):
        claims.pop(reserved, None)
    signed = KEY.sign({"alg": "RS256", "typ": "JWT"}, claims)
    assert jwt.decode(signed, KEY.public, algorithms=["RS256"]) == claims
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(signed, SigningKey("k2", development_keys()[1]).public, algorithms=["RS256"])


def test_members_stay_in_the_order_given() -> None:
    signed = KEY.sign({"typ": "JWT", "alg": "RS256", "kid": "k"}, {"z": 1, "a": {"y": 2, "b": 3}, "ü": "é"})
    assert _part(signed, 0) == b'{"typ":"JWT","alg":"RS256","kid":"k"}'
    assert _part(signed, 1).decode() == '{"z":1,"a":{"y":2,"b":3},"ü":"é"}'


def test_a_signature_that_is_waited_for_is_the_same() -> None:
    header, claims = {"alg": "RS256", "kid": "k"}, {"z": 1, "a": "é"}
    waited = asyncio.run(KEY.sign_in_turn(header, claims))
    assert waited == KEY.sign(header, claims)
    assert (_part(waited, 0), _part(waited, 1).decode()) == (b'{"alg":"RS256","kid":"k"}', '{"z":1,"a":"é"}')


def test_the_same_input_is_signed_alike() -> None:
    assert KEY.sign({"alg": "RS256"}, {"a": 1}) == KEY.sign({"alg": "RS256"}, {"a": 1})


def test_base64url_has_no_padding() -> None:
    # RFC 7515 appendix C
    assert b64url(bytes([3, 236, 255, 224, 193])) == "A-z_4ME"


async def _in_turn() -> str:
    return await KEY.sign_in_turn({"alg": "RS256"}, {"a": 1})


def test_whoever_waits_for_a_signature_gets_the_same_one() -> None:
    with pytest.raises(StopIteration) as done:
        _in_turn().send(None)
    assert done.value.value == KEY.sign({"alg": "RS256"}, {"a": 1})
    driven = copy_context()
    driven.run(together.set, lambda: True)
    work = _in_turn()
    pending = driven.run(work.send, None)
    pending.make()
    with pytest.raises(StopIteration) as done:
        driven.run(work.send, None)
    assert done.value.value == KEY.sign({"alg": "RS256"}, {"a": 1})
