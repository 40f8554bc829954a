"""Defects. ID tokens, keys and discovery documents."""

# ruff: noqa: D102 - the class says what its one changed step does

import json
from collections.abc import Mapping

from tests.clients.broken.switch import Switch, movingimage_code, panopto_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.discovery import discovered
from tests.clients.good.identity import Claims, Identity, IdTokens
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer


class IgnoresIssuer(CarefulClient):
    """Takes an ID token by whomever."""

    class LenientIdTokens(IdTokens):
        """ID tokens by any issuer."""

        def check_issuer(self, issuer: object) -> None:
            return

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class IsContentToBeNamed(CarefulClient):
    """Looks for its own name in the audience, and at nothing else there."""

    class LenientIdTokens(IdTokens):
        """ID tokens for this client and whoever else."""

        def check_audience(self, claims: Claims) -> None:
            named = claims.get("aud")
            if self.settings.client_id not in (named if isinstance(named, list) else [named]):
                super().check_audience(claims)

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class MissesNoTime(CarefulClient):
    """Takes an ID token that does not say when it was issued."""

    class LenientIdTokens(IdTokens):
        """ID tokens of no time."""

        def check_beginning(self, claims: Claims) -> None:
            if "iat" in claims:
                super().check_beginning(claims)

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class TakesUnsigned(CarefulClient):
    """Verifies a signature where the ID token says that it has one."""

    class LenientIdTokens(IdTokens):
        """ID tokens that may choose to have no signature."""

        def check_signature(self, header: Claims, text: bytes, signature: bytes) -> None:
            if str(header.get("alg")).lower() != "none":
                super().check_signature(header, text, signature)

        def check(self, token: str, access_token: str) -> Claims:
            # the library of the other clients knows no empty signature
            return super().check(f"{token}AA" if token.endswith(".") else token, access_token)

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class LetsTokenChoose(CarefulClient):
    """Takes whatever key it has for a shared secret where the ID token says HS256."""

    class LenientIdTokens(IdTokens):
        """ID tokens by an algorithm of their own choice."""

        def check_signature(self, header: Claims, text: bytes, signature: bytes) -> None:
            if header.get("alg") != "HS256" or not self.keys.find(header.get("kid")):
                super().check_signature(header, text, signature)

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class KnowsNoLists(CarefulClient):
    """Compares the audience with its own name, and so refuses a list of it."""

    class StrictIdTokens(IdTokens):
        """ID tokens whose audience is text."""

        def check_audience(self, claims: Claims) -> None:
            if isinstance(claims.get("aud"), list):
                raise Trouble("protocol", "the id_token is for another client")
            super().check_audience(claims)

    def new_id_tokens(self) -> IdTokens:
        return self.StrictIdTokens(self.settings, self.fetch_keys)


class CountsOnIdToken(CarefulClient):
    """Falls over an answer without an ID token."""

    def identify(self, login: Login, token: Token) -> Identity:
        if token.identity is None:
            raise KeyError("id_token")
        return super().identify(login, token)


class HasOneNonce(CarefulClient):
    """Sends the nonce that it found in the guide."""

    def new_login(self) -> Login:
        login = super().new_login()
        login.nonce = "12345"
        return login


class KeepsFirstKeys(CarefulClient):
    """Fetches the provider's keys once in its life."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.keys: Answer | None = None

    def fetch_keys(self) -> Answer:
        if self.keys is None:
            self.keys = super().fetch_keys()
        return self.keys


class KnowsBetter(CarefulClient):
    """Keeps to the endpoints of its settings, whatever the provider publishes."""

    def discover(self) -> None:
        return


class TakesAnyDocument(CarefulClient):
    """Takes the issuer of the discovery document as it comes."""

    def read_discovery(self, answer: Answer) -> Settings:
        named = str(json.loads(answer.body).get("issuer"))
        return discovered(answer, self.settings._replace(issuer=named))._replace(issuer=self.settings.issuer)


SWITCHES: Mapping[str, Switch] = {
    "issuer-is-checked": movingimage_code(IgnoresIssuer),
    "strangers-in-the-audience-are-noticed": movingimage_code(IsContentToBeNamed),
    "required-claims-are-missed": movingimage_code(MissesNoTime),
    "unsigned-id-token-is-refused": movingimage_code(TakesUnsigned, plain_http=True),
    "algorithm-is-the-agreed-one": movingimage_code(LetsTokenChoose, plain_http=True),
    "valid-id-token-is-accepted": panopto_code(KnowsNoLists),
    "missing-id-token-is-noticed": movingimage_code(CountsOnIdToken),
    "nonce-is-fresh": panopto_code(HasOneNonce),
    "rotated-keys-are-fetched": movingimage_code(KeepsFirstKeys),
    "endpoints-come-from-discovery": movingimage_code(KnowsBetter),
    "discovered-issuer-is-compared": movingimage_code(TakesAnyDocument),
}
