"""Poisoned tokens: what they say, who signed them, and what is left alone."""

# ruff: noqa: D103 - the names are sentences

import base64
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sparring.mocks.engine.keys import SigningKey, development_keys
from sparring.mocks.engine.messages import Answer, json_answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.poison_token import PoisonToken
from sparring.mocks.faults.schema import BadFault
from tests.mocks.providers.ingest.talk import APPLICATION, token_request
from tests.mocks.stages import START, ask, in_loop, open_stage

RULE = Rule("trainer/rule", Mark.DOC, "a test")
KEYS = [SigningKey("key-1", development_keys()[0]), SigningKey("key-2", development_keys()[1])]
NOW = int(START)
CLAIMS = {"iss": "https://issuer.example", "aud": "client", "exp": NOW + 300, "nonce": "n"}


def _answer(token: object, **members: object) -> Answer:
    return json_answer(RULE, {"access_token": "opaque", "id_token": token, **members})


def _signed(key: SigningKey = KEYS[0], **claims: object) -> str:
    return key.sign({"alg": "RS256", "typ": "JWT", "kid": key.kid}, CLAIMS | claims)


def _poisoned(token: str, **effect: Any) -> str:
    changed = PoisonToken(**effect).answer(_answer(token, z=1), KEYS, NOW)
    document = json.loads(changed.body)
    assert list(document) == ["access_token", "id_token", "z"]
    found: str = document["id_token"]
    return found


def _claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def _is_signed_by(key: SigningKey, token: str) -> bool:
    text, _, signature = token.rpartition(".")
    octets = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    assert len(octets) == 256
    try:
        key.public.verify(octets, text.encode(), padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def test_claims_are_set_in_their_place_and_dropped_and_the_provider_signs_again() -> None:
    token = _poisoned(_signed(), set={"aud": "someone-else", "azp": "new"}, drop=["nonce"])
    assert list(_claims(token).items()) == [
        ("iss", CLAIMS["iss"]),
        ("aud", "someone-else"),
        ("exp", NOW + 300),
        ("azp", "new"),
    ]
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
    assert _is_signed_by(KEYS[0], token)


def test_the_key_is_the_one_that_the_token_names() -> None:
    assert _is_signed_by(KEYS[1], _poisoned(_signed(KEYS[1]), drop=["exp"]))


def test_a_time_is_counted_from_the_stages_own() -> None:
    assert _claims(_poisoned(_signed(), set={"exp": {"now": -600}, "iat": {"now": 0}}))["exp"] == NOW - 600
    assert _claims(_poisoned(_signed(), set={"address": {"now": 1, "x": 2}}))["address"] == {"now": 1, "x": 2}


def test_a_flipped_signature_is_nobodys() -> None:
    good = _signed()
    token = _poisoned(good, signature="flipped")
    assert token.rpartition(".")[0] == good.rpartition(".")[0]
    assert token != good
    assert not _is_signed_by(KEYS[0], token)


def test_a_stranger_signs_under_the_published_name() -> None:
    token = _poisoned(_signed(), signature="stranger", set={"sub": "mallory"})
    assert jwt.get_unverified_header(token)["kid"] == "key-1"
    assert not any(_is_signed_by(key, token) for key in KEYS)
    assert any(_is_signed_by(SigningKey("", private), token) for private in development_keys())


@pytest.mark.parametrize("spelling", ["none", "None", "NONE"])
def test_no_signature_has_three_spellings(spelling: str) -> None:
    token = _poisoned(_signed(), signature=spelling)
    assert token.endswith(".")
    assert jwt.get_unverified_header(token) == {"alg": spelling, "typ": "JWT", "kid": "key-1"}
    assert _claims(token) == CLAIMS


N, E = KEYS[0].numbers()


@pytest.mark.parametrize(
    ("keyed", "secret"),
    [
        ({}, KEYS[0].public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
        ({"keyed": "pkcs1"}, KEYS[0].public.public_bytes(Encoding.PEM, PublicFormat.PKCS1)),
        ({"keyed": "der"}, KEYS[0].public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        ({"keyed": "jwk"}, f'{{"kty":"RSA","n":"{N}","e":"{E}"}}'.encode()),
        ({"keyed": "modulus"}, KEYS[0].public.public_numbers().n.to_bytes(256)),
    ],
)
def test_hs256_is_keyed_with_the_public_key(keyed: dict[str, str], secret: bytes) -> None:
    token = _poisoned(_signed(), signature="HS256", set={"sub": "mallory"}, **keyed)
    signed, _, signature = token.rpartition(".")
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "key-1"}
    assert base64.urlsafe_b64decode(signature + "=") == hmac.digest(secret, signed.encode(), "sha256")


def test_only_hs256_is_keyed() -> None:
    with pytest.raises(ValueError, match="keyed belongs to the signature HS256"):
        PoisonToken(signature="flipped", keyed="der")


def test_an_embedded_key_verifies_its_own_token() -> None:
    token = _poisoned(_signed(), signature="embedded")
    embedded = jwt.PyJWK(jwt.get_unverified_header(token)["jwk"] | {"alg": "RS256"})
    assert jwt.decode(token, embedded, algorithms=["RS256"], audience="client", options={"verify_exp": False}) == CLAIMS
    assert not any(_is_signed_by(key, token) for key in KEYS)


def test_the_header_names_another_key_or_type_or_none() -> None:
    token = _poisoned(_signed(), header={"kid": "unheard-of", "typ": None, "crit": ["x"]})
    text = token.partition(".")[0]
    assert json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) == {
        "alg": "RS256",
        "kid": "unheard-of",
        "crit": ["x"],
    }
    assert _is_signed_by(KEYS[0], token)


@pytest.mark.parametrize(
    "token",
    [
        None,
        1,
        "",
        "opaque",
        "a.b",
        "a.b.c",
        "é.é.é",
        "W10.W10.x",
        jwt.encode(CLAIMS, "k" * 32, algorithm="HS256"),
        jwt.encode(CLAIMS, "", algorithm="none"),
    ],
)
def test_what_is_no_token_of_the_providers_goes_out_as_it_is(token: object) -> None:
    given = _answer(token)
    assert PoisonToken(drop=["exp"]).answer(given, KEYS, NOW) is given


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b'{"id_token_hint":"x"}'])
def test_what_is_no_token_answer_goes_out_as_it_is(body: bytes) -> None:
    given = Answer(status=200, rule=RULE, body=body)
    assert PoisonToken(drop=["exp"]).answer(given, KEYS, NOW) is given


def test_a_provider_without_keys_signs_nothing() -> None:
    given = _answer(_signed())
    assert PoisonToken(drop=["exp"]).answer(given, [], NOW) is given


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [
        ({}, "nothing is poisoned"),
        ({"set": {"exp": {"now": "soon"}}}, "the time of 'exp' is a number of seconds from now"),
        ({"set": {"exp": {"now": True}}}, "the time of 'exp' is a number of seconds from now"),
        ({"drop": ["exp"], "signature": "nOnE"}, "signature"),
        ({"drop": "exp"}, "drop"),
        ({"drp": ["exp"]}, "did you mean 'drop'?"),
    ],
)
def test_an_effect_that_makes_no_sense_is_refused_in_one_sentence(effect: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadFault) as caught:
        FaultBook().add({"effect": {"kind": "poison-token", **effect}})
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_it_changes_an_answer_so_it_cannot_come_before_it() -> None:
    fault = {"match": {"when": "before"}, "effect": {"kind": "poison-token", "drop": ["exp"]}}
    with pytest.raises(BadFault, match='its "when" is "after"'):
        FaultBook().add(fault)


def test_the_effect_reads_as_it_was_written() -> None:
    effect = {
        "kind": "poison-token",
        "token": "id_token",
        "set": {"aud": "x"},
        "drop": [],
        "header": {"kid": "x"},
        "signature": "kept",
        "keyed": "pem",
    }
    assert FaultBook().add({"id": "f", "effect": effect}).as_json()["effect"] == effect


@in_loop
async def test_on_a_stage_it_is_a_fact_of_the_exchange_and_happens_so_many_times() -> None:
    stage, plain = await open_stage(), await open_stage()
    effect = {"kind": "poison-token", "token": "access_token", "set": {"exp": {"now": -600}}}
    stage.faults.add({"id": "f", "match": {"endpoint": "token"}, "effect": effect})
    poisoned, again = [json.loads((await ask(stage, token_request(APPLICATION))).body) for _ in range(2)]
    good = json.loads((await ask(plain, token_request(APPLICATION))).body)
    assert _claims(poisoned["access_token"])["exp"] == NOW - 600
    assert {**poisoned, "access_token": ""} == {**good, "access_token": ""}
    assert _claims(again["access_token"])["exp"] > NOW
    assert [exchange.request.facts.faults for exchange in stage.recorder.select()] == [["f"], []]


@in_loop
async def test_it_leaves_the_redirect_to_the_client_alone() -> None:
    stage = await open_stage()
    stage.faults.add({"id": "poison", "effect": {"kind": "poison-token", "drop": ["exp"]}, "times": None})
    stage.faults.add({"id": "f", "effect": {"kind": "authorization-response", "drop": ["state"]}, "times": None})
    await ask(stage, token_request(APPLICATION))
    assert [exchange.request.facts.faults for exchange in stage.recorder.select()] == [[]]


@in_loop
async def test_a_claim_can_repeat_another_one_alone_in_a_list_or_with_something_behind_it() -> None:
    stage, plain = await open_stage(), await open_stage()
    wanted = {"aud": [{"claim": "aud"}, "stranger"], "azp": {"claim": "aud"}, "iss": {"claim": "iss", "then": "/"}}
    strange = {"x": {"claim": 1}, "y": {"claim": "nothing"}, "z": [{"now": 1}]}
    effect = {"kind": "poison-token", "token": "access_token", "set": {**wanted, **strange}}
    stage.faults.add({"effect": effect})
    poisoned, good = [
        _claims(json.loads((await ask(one, token_request(APPLICATION))).body)["access_token"]) for one in (stage, plain)
    ]
    assert poisoned["aud"] == [good["aud"], "stranger"]
    assert poisoned["azp"] == good["aud"]
    assert poisoned["iss"] == f"{good['iss']}/"
    assert (poisoned["x"], poisoned["y"], poisoned["z"]) == ({"claim": 1}, None, [{"now": 1}])
