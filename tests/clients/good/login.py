"""One login by authorization code: what is asked, and what may come back."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

from tests.clients.good.listener import Params
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Trouble, name_of_error, outcome_of_error


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Login:
    """Holds the state, the nonce and the code verifier of one login: 256 fresh bits each.

    ``pkce``: whether there is a verifier at all; some providers refuse one.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pkce = settings.dialect.pkce
        self.state = _encode(os.urandom(32))
        self.nonce = _encode(os.urandom(32))
        self.verifier = _encode(os.urandom(32))

    def url(self) -> str:
        """Where to send the person."""
        joint = "&" if "?" in self.settings.authorize_url else "?"
        return self.settings.authorize_url + joint + urlencode(self.parameters())

    def parameters(self) -> Params:
        """The authorization request."""
        params = [
            ("response_type", "code"),
            ("client_id", self.settings.client_id),
            ("redirect_uri", self.settings.redirect_uri),
            ("state", self.state),
        ]
        if self.pkce:
            params.append(("code_challenge", _encode(hashlib.sha256(self.verifier.encode()).digest())))
            params.append(("code_challenge_method", "S256"))
        if self.settings.dialect.response_mode:
            params.append(("response_mode", self.settings.dialect.response_mode))
        if self.settings.openid:
            params.append(("nonce", self.nonce))
        if self.settings.scope:
            params.append(("scope", self.settings.scope))
        return params

    def read_callback(self, params: Params) -> str:
        """The code of a callback that is certainly the answer to this login. Raises Trouble for any other."""
        given = dict(params)
        if len(given) != len(params):
            raise Trouble("protocol", "the callback has a parameter twice")
        self.check_state(given.get("state"))
        self.check_issuer(given.get("iss"))
        if "error" in given:
            code = given["error"]
            if "code" in given:
                raise Trouble("protocol", "the callback brings both a code and an error")
            # An unknown error at the sign-in page is still the provider's answer to how we asked.
            outcome = outcome_of_error(code)
            raise Trouble(
                "config" if outcome in {"protocol", "reauth"} else outcome,
                f"the sign-in page says {name_of_error(code)}",
            )
        if not given.get("code"):
            raise Trouble("protocol", "the callback brings no code")
        return given["code"]

    def check_issuer(self, issuer: str | None) -> None:
        """The provider that was asked, letter by letter; it must say so where its document promises it (RFC 9207)."""
        if issuer is None and self.settings.names_itself:
            raise Trouble("protocol", "the callback lacks the issuer that the provider's document promises")
        if issuer is not None and self.settings.issuer and issuer != self.settings.issuer:
            raise Trouble("protocol", "the callback comes from another issuer")

    def check_state(self, state: str | None) -> None:
        """Only the login that this client began may end here."""
        if state is None:
            raise Trouble("protocol", "the callback has no state")
        if not hmac.compare_digest(state.encode(), self.state.encode()):
            raise Trouble("protocol", "the callback's state is not that of this login")
