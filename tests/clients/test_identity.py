"""The careful client's own judgment of ID tokens: what it must refuse, it refuses."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from tests.clients.good import identity
from tests.clients.good.identity import Identity, IdTokens
from tests.clients.good.settings import Settings, from_environment
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer

NOW = 1_800_000_000
ISSUER = "https://login.test/realms/ring"
ACCESS = "access-token"
AT_HASH = "Pxa-1wifRlPl7yG_0oJNfw"
KEY = generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = generate_private_key(public_exponent=65537, key_size=2048)
SETTINGS = from_environment(
    {
        "SPARRING_GRANT": "authorization_code",
        "SPARRING_SCOPE": "openid",
        "SPARRING_AUTHORIZE_URL": "https://login.test/auth",
        "SPARRING_TOKEN_URL": "https://login.test/token",
        "SPARRING_JWKS_URL": "https://login.test/certs",
        "SPARRING_API_URL": "https://api.test/",
        "SPARRING_REDIRECT_URI": "http://127.0.0.1:1/callback",
        "SPARRING_CLIENT_ID": "me",
        "SPARRING_CLIENT_SECRET": "secret",
        "SPARRING_ISSUER": ISSUER,
    }
)
CLAIMS: dict[str, Any] = {"iss": ISSUER, "sub": "ada", "aud": "me", "exp": NOW + 300, "iat": NOW, "nonce": "n"}


def jwk(key: RSAPrivateKey, **members: Any) -> dict[str, Any]:
    """The public half as it is published."""
    return {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": "one", "use": "sig", **members}


class Provider:
    """Publishes keys, and counts how often it is asked."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys) or [jwk(KEY)]
        self.asked = 0

    def __call__(self) -> Answer:
        """The answer at the JWKS endpoint."""
        self.asked += 1
        return Answer(200, {}, json.dumps({"keys": self.keys}).encode())


def token(claims: object, key: RSAPrivateKey = KEY, **header: Any) -> str:
    """A signed ID token; the claims are JSON already where they are text."""
    text = claims if isinstance(claims, str) else json.dumps(claims)
    return jwt.api_jws.encode(text.encode(), key, algorithm="RS256", headers={"kid": "one", **header})


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "now", lambda: float(NOW))


def accept(text: str, provider: Provider | None = None, settings: Settings = SETTINGS) -> Identity:
    """Take it as the ID token of a login with the nonce ``n``."""
    return IdTokens(settings, provider or Provider()).of_login(text, ACCESS, "n")


GOOD: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "a list of one": {"aud": ["me"]},
    "several audiences, and by whom": {"aud": ["you", "me"], "azp": "me"},
    "just expired, within the leeway": {"exp": NOW - 119},
    "a clock that is ahead": {"iat": NOW + 119},
    "not before 1970": {"nbf": 0},
    "of this access token": {"at_hash": AT_HASH},
}

BAD: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": ISSUER + "/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "you"},
    "an audience that only begins alike": {"aud": "me2"},
    "no audience": {"aud": []},
    "several audiences, and nobody asked": {"aud": ["you", "me"]},
    "asked for by another": {"azp": "you"},
    "expired": {"exp": NOW - 120},
    "no end": {"exp": None},
    "an end in words": {"exp": str(NOW + 300)},
    "an end beyond reason": {"exp": 10**400},
    "from the future": {"iat": NOW + 121},
    "no beginning": {"iat": None},
    "not valid yet": {"nbf": NOW + 121},
    "another nonce": {"nonce": "m"},
    "no nonce": {"nonce": None},
    "half a character": {"nonce": "\ud800"},
    "nobody": {"sub": ""},
    "a number": {"sub": 7},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


def changed(claims: dict[str, Any]) -> dict[str, Any]:
    """The good claims with these set, or left out where they are None."""
    return {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_one_names_the_person(name: str) -> None:
    """All that the specification allows."""
    assert accept(token(changed(GOOD[name]))) == Identity("ada", "n")


@pytest.mark.parametrize("name", BAD)
def test_a_bad_one_is_trouble(name: str) -> None:
    """Signed by the provider, and still not for this login."""
    with pytest.raises(Trouble) as caught:
        accept(token(changed(BAD[name])))
    assert caught.value.outcome == "protocol"


def _unsigned() -> str:
    return jwt.api_jws.encode(json.dumps(CLAIMS).encode(), "", algorithm="none")


def _by_public_key() -> str:
    return jwt.encode(CLAIMS, jwk(KEY)["n"], algorithm="HS256", headers={"kid": "one"})


def _flipped() -> str:
    head, claims, signature = token(CLAIMS).split(".")
    raw = jwt.utils.base64url_decode(signature)
    changed_signature = raw[:-1] + bytes([raw[-1] ^ 1])
    return f"{head}.{claims}.{jwt.utils.base64url_encode(changed_signature).decode()}"


def _other_claims() -> str:
    head, _, signature = token(CLAIMS).split(".")
    return f"{head}.{token({**CLAIMS, 'sub': 'eve'}).split('.')[1]}.{signature}"


def _twice() -> str:
    return token(json.dumps(CLAIMS)[:-1] + ', "sub": "eve"}')


def _padded() -> str:
    head, claims, signature = token(CLAIMS).split(".")
    return f"{head}.{claims}.{signature}=="


FORGED: dict[str, Callable[[], str]] = {
    "not signed": _unsigned,
    "signed with the public key as a secret": _by_public_key,
    "one bit of the signature changed": _flipped,
    "the signature of something else": _other_claims,
    "by a stranger under the provider's key id": lambda: token(CLAIMS, STRANGER),
    "an extension that must be understood": lambda: token(CLAIMS, crit=["exp"]),
    "a claim twice": _twice,
    "with padding": _padded,
    "two parts": lambda: token(CLAIMS).rpartition(".")[0],
    "no JWT": lambda: "opaque",
    "no claims": lambda: token([]),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_one_is_trouble(name: str) -> None:
    """Not what the provider said."""
    with pytest.raises(Trouble) as caught:
        accept(FORGED[name]())
    assert caught.value.outcome == "protocol"


def test_keys_are_fetched_once_and_again_for_an_unknown_one() -> None:
    """The provider may change its keys; a token with a made-up key id costs it one request each."""
    provider = Provider()
    tokens = IdTokens(SETTINGS, provider)
    tokens.of_login(token(CLAIMS), ACCESS, "n")
    tokens.of_login(token(CLAIMS), ACCESS, "n")
    assert provider.asked == 1
    provider.keys = [jwk(STRANGER, kid="two")]
    tokens.of_login(token(CLAIMS, STRANGER, kid="two"), ACCESS, "n")
    assert provider.asked == 2
    with pytest.raises(Trouble):
        tokens.of_login(token(CLAIMS, kid="three"), ACCESS, "n")
    assert provider.asked == 3


UNFIT = [
    jwk(KEY, use="enc"),
    jwk(KEY, alg="RS512"),
    jwk(KEY, kty="EC"),
    jwk(generate_private_key(public_exponent=65537, key_size=1024)),
    jwk(KEY, e=urlsafe_b64encode(b"\x01").decode().rstrip("=")),
]


@pytest.mark.parametrize("key", UNFIT)
def test_an_unfit_key_is_no_key(key: dict[str, Any]) -> None:
    """Published for something else, or too weak."""
    with pytest.raises(Trouble):
        accept(token(CLAIMS), Provider(key))


def test_a_renewal_is_about_the_same_person() -> None:
    """The nonce need not be repeated, but is no other."""
    tokens, login = IdTokens(SETTINGS, Provider()), Identity("ada", "n")
    tokens.of_renewal(token(changed({"nonce": None})), ACCESS, login)
    tokens.of_renewal(token(CLAIMS), ACCESS, login)
    tokens.of_renewal(token({**CLAIMS, "iat": NOW - 600}), ACCESS, login)
    for claims in ({"sub": "eve"}, {"nonce": "m"}, {"aud": "you"}, {"iss": "https://evil.test"}, {"iat": NOW - 601}):
        with pytest.raises(Trouble):
            tokens.of_renewal(token({**CLAIMS, **claims}), ACCESS, login)
