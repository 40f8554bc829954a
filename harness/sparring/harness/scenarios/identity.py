"""ID tokens, keys and discovery documents."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, RotateKeys, Scenario, Setting
from sparring.harness.scenarios.reach import CODE, EVERY_TIME, WITH_ID_TOKEN

_PLAN = (Do("authenticate"), Do("call_api"))
_FROM_THE_DOCUMENT = Setting(context={"authorize_url": "{dead}", "token_url": "{dead}", "jwks_url": "{dead}"})
"""The client is told of endpoints that nobody serves; the good ones stand in the discovery document."""


def _login(id: str, title: str, decided_by: str, effect: Mapping[str, Any], **more: Any) -> Scenario:  # noqa: A002
    """A scenario in which the ID token of every login is another one, or missing."""
    fault = {"id": id, "match": {"endpoint": "token", "when": "after"}, "effect": effect, "times": EVERY_TIME}
    common: dict[str, Any] = {
        "profile": "oidc",
        "providers": WITH_ID_TOKEN,
        "grants": CODE,
        "severity": "MUST",
        "plan": _PLAN,
        "needs": frozenset({"id_token"}),
        "budget": Budget(token=6, jwks=4),
    }
    return Scenario(id=id, title=title, checks=(check(decided_by),), faults=(fault,), **(common | more))


def _token(**poison: Any) -> dict[str, Any]:
    return {"kind": "poison-token", "token": "id_token", **poison}


def _another_issuer(id: str, title: str, **issuers: str) -> Scenario:  # noqa: A002
    """A scenario in which the discovery document names another issuer, at each provider its own."""
    return Scenario(
        id=id,
        title=title,
        profile="oidc",
        providers=WITH_ID_TOKEN,
        grants=CODE,
        severity="MUST",
        plan=_PLAN,
        checks=(check("discovered-issuer-is-compared"),),
        faults=tuple(
            {
                "id": f"{id}-{provider}",
                "match": {"provider": provider, "endpoint": "discovery", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "replace", "path": "/issuer", "value": issuer}]},
                "times": EVERY_TIME,
            }
            for provider, issuer in issuers.items()
        ),
        needs=frozenset({"discovery"}),
        setting=_FROM_THE_DOCUMENT,
    )


_UNSIGNED = {
    "id-token-alg-none": "none",
    "id-token-alg-none-capital": "None",
    "id-token-alg-none-capitals": "NONE",
}

_REFUSED: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "id-token-wrong-iss": (
        "The ID token is by another issuer",
        "issuer-is-checked",
        _token(set={"iss": "https://login.example/"}),
    ),
    "id-token-wrong-iss-missing": ("The ID token has no issuer", "issuer-is-checked", _token(drop=["iss"])),
    "id-token-wrong-iss-slash": (
        "The issuer of the ID token has a slash too many",
        "issuer-is-checked",
        _token(set={"iss": {"claim": "iss", "then": "/"}}),
    ),
    "id-token-wrong-aud-missing": ("The ID token is for nobody", "audience-is-checked", _token(drop=["aud"])),
    "id-token-expired-missing": ("The ID token has no end", "id-token-expiry-is-checked", _token(drop=["exp"])),
    "nonce-mismatch-missing": ("The ID token has no nonce", "nonce-is-compared", _token(drop=["nonce"])),
    "id-token-missing-claims-sub": (
        "The ID token names nobody",
        "required-claims-are-missed",
        _token(drop=["sub"]),
    ),
    "id-token-missing-claims-iat": (
        "The ID token does not say when it was issued",
        "required-claims-are-missed",
        _token(drop=["iat"]),
    ),
}

_STRANGERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "id-token-wrong-aud-extra-untrusted": (
        "The ID token is for a stranger, too",
        _token(set={"aud": [{"claim": "aud"}, "a-stranger"]}, drop=["azp"]),
    ),
    "id-token-wrong-aud-azp": (
        "The ID token was asked for by another client",
        _token(set={"azp": "another-client"}),
    ),
}

_SHARED: Mapping[str, str] = {
    "pkcs1": "its PEM as PKCS #1 has it",
    "der": "its DER",
    "jwk": "the JWK",
    "modulus": "the modulus",
}

_GOOD: Mapping[str, tuple[str, dict[str, Any]]] = {
    "id-token-happy-variants-aud-array": (
        "The audience of the ID token is a list of one",
        _token(set={"aud": [{"claim": "aud"}]}),
    ),
    "id-token-happy-variants-extra-claims": (
        "The ID token has claims that nobody knows",
        _token(set={"groups": ["staff"], "https://login.example/claims/level": {"rank": 3}, "locale": None}),
    ),
    "id-token-happy-variants-no-kid": (
        "The ID token names no key, and there is only one",
        _token(header={"kid": None}),
    ),
}

SCENARIOS: tuple[Scenario, ...] = (
    *(_login(name, title, decided_by, effect) for name, (title, decided_by, effect) in _REFUSED.items()),
    *(
        _login(name, title, "strangers-in-the-audience-are-noticed", effect, severity="SHOULD")
        for name, (title, effect) in _STRANGERS.items()
    ),
    *(
        _login(name, f"The ID token has no signature: alg {alg}", "unsigned-id-token-is-refused", _token(signature=alg))
        for name, alg in _UNSIGNED.items()
    ),
    _login(
        "id-token-hs256-confusion",
        "The ID token is signed by HS256, with the public key as the secret",
        "algorithm-is-the-agreed-one",
        _token(signature="HS256"),
    ),
    *(
        _login(
            f"id-token-hs256-confusion-{form}",
            f"The ID token is signed by HS256, with the public key as the secret: {words}",
            "algorithm-is-the-agreed-one",
            _token(signature="HS256", keyed=form),
        )
        for form, words in _SHARED.items()
    ),
    *(_login(name, title, "valid-id-token-is-accepted", effect) for name, (title, effect) in _GOOD.items()),
    _login(
        "id-token-happy-variants-azp",
        "The ID token says who asked for it, which movingimage's do anyway",
        "valid-id-token-is-accepted",
        _token(set={"azp": {"claim": "aud"}}),
        providers=frozenset({"panopto"}),
    ),
    _login(
        "id-token-absent",
        "A login for openid brings no ID token",
        "missing-id-token-is-noticed",
        {"kind": "json-patch", "ops": [{"op": "remove", "path": "/id_token"}]},
        severity="robustness",
    ),
    Scenario(
        id="nonce-constant",
        title="Two logins, and a guide with 12345 for a nonce",
        profile="oidc",
        providers=frozenset({"panopto"}),
        grants=CODE,
        severity="MUST",
        plan=(Do("authenticate", fresh=True), Do("authenticate", fresh=True)),
        checks=(check("nonce-is-fresh"),),
        needs=frozenset({"id_token"}),
        budget=Budget(token=4, jwks=4),
    ),
    Scenario(
        id="jwks-rotated-kid",
        title="The provider signs with another key at the second login",
        profile="oidc",
        providers=WITH_ID_TOKEN,
        grants=CODE,
        severity="robustness",
        plan=(Do("authenticate"), RotateKeys(keep_old=True), Do("authenticate", fresh=True), Do("call_api")),
        checks=(check("rotated-keys-are-fetched"),),
        needs=frozenset({"id_token"}),
        budget=Budget(token=6, jwks=4),
    ),
    Scenario(
        id="jwks-rotated-kid-just-before-signing",
        title="The provider changes its key after the person signed in, and forgets the old one",
        profile="oidc",
        providers=WITH_ID_TOKEN,
        grants=CODE,
        severity="robustness",
        plan=(Do("authenticate"), Do("authenticate", fresh=True), Do("call_api")),
        checks=(check("rotated-keys-are-fetched"),),
        faults=(
            {
                "id": "jwks-rotated-kid-just-before-signing",
                "match": {"endpoint": "token", "grant": "authorization_code", "attempt": 2, "when": "before"},
                "effect": {"kind": "rotate-keys", "keep_old": False},
                "times": 1,
            },
        ),
        needs=frozenset({"id_token"}),
        budget=Budget(token=6, jwks=4),
        drivers=frozenset({"session", "callable", "webapp"}),
    ),
    Scenario(
        id="discovery-happy",
        title="The endpoints stand in the discovery document, and nowhere else",
        profile="oidc",
        providers=WITH_ID_TOKEN,
        grants=CODE,
        severity="robustness",
        plan=_PLAN,
        checks=(check("endpoints-come-from-discovery"),),
        needs=frozenset({"discovery"}),
        setting=_FROM_THE_DOCUMENT,
    ),
    _another_issuer(
        "discovery-issuer-mismatch",
        "The discovery document is by an issuer elsewhere",
        movingimage="https://login.example/auth/realms/platform",
        panopto="https://login.example/Panopto/oauth2",
    ),
    _another_issuer(
        "discovery-issuer-mismatch-slash",
        "The issuer of the discovery document has a slash too many",
        movingimage="{base}/auth/realms/platform/",
        panopto="{base}/Panopto/oauth2/",
    ),
    _another_issuer(
        "discovery-issuer-mismatch-case",
        "The issuer of the discovery document has another capital",
        movingimage="{base}/auth/realms/Platform",
        panopto="{base}/panopto/oauth2",
    ),
)
