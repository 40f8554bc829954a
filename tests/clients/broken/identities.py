"""Defects in finding out who signed in."""

# ruff: noqa: D102 - the class says what its one changed step does

from tests.clients.good.client import CarefulClient
from tests.clients.good.identity import Claims, IdTokens


class IgnoresNonce(CarefulClient):
    """Takes the ID token of another login for that of its own: the nonce is never compared."""

    class LenientIdTokens(IdTokens):
        """ID tokens of any login."""

        def check_nonce(self, given: object, nonce: str) -> None:
            return

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class IgnoresAudience(CarefulClient):
    """Takes an ID token that was made for another client."""

    class LenientIdTokens(IdTokens):
        """ID tokens for anybody."""

        def check_audience(self, claims: Claims) -> None:
            return

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class IgnoresSignature(CarefulClient):
    """Reads the ID token without a look at its signature."""

    class LenientIdTokens(IdTokens):
        """ID tokens by anybody."""

        def check_signature(self, header: Claims, text: bytes, signature: bytes) -> None:
            return

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class IgnoresExpiryOfIdToken(CarefulClient):
    """Takes an ID token however old it is."""

    class LenientIdTokens(IdTokens):
        """ID tokens of any time."""

        def check_expiry(self, end: object) -> None:
            return

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)
