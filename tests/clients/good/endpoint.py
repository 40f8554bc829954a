"""The token endpoint: a form goes there, a token that may be used comes back, or trouble."""

from base64 import b64encode
from urllib.parse import urlencode

from tests.clients.good.listener import Params
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token, expiry, lifetime, parse, text_of, usable_in_header
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer, Wire


class TokenEndpoint:
    """Token requests and their answers. ``until`` is when the present instruction must have ended."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.wire = Wire(settings.ca_file, min(settings.patience / 2, 10.0))
        self.until = 0.0

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        """One request within the time that the instruction has left."""
        return self.wire.send(method, url, headers, body, until=self.until)

    def obtain(self, form: Params) -> Token:
        """One token request, and what comes of it."""
        return self.read_token(self.request_token(form))

    def request_token(self, form: Params) -> Answer:
        """POST the form with the client's authentication: by one method only, the documented one."""
        headers = {"Accept": self.settings.dialect.accept}
        if self.settings.dialect.secret == "basic":
            headers["Authorization"] = self.basic()
        else:
            form = [*form, *self.credentials()]
        return self.post_token(form, headers)

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        """POST a form to the token endpoint."""
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", self.settings.token_url, headers, urlencode(form).encode())

    def credentials(self) -> Params:
        """The client's name and secret as parameters."""
        return [("client_id", self.settings.client_id), ("client_secret", self.settings.client_secret)]

    def basic(self) -> str:
        """The same as a Basic header, as they are: where RFC 6749 (section 2.3.1) form-encodes them, Rotor does not."""
        pair = f"{self.settings.client_id}:{self.settings.client_secret}"
        return "Basic " + b64encode(pair.encode()).decode()

    def read_token(self, answer: Answer) -> Token:
        """A token that may be used, or Trouble."""
        data = parse(answer)
        value = text_of(data, "access_token")
        if value is None or not usable_in_header(value):
            raise Trouble("protocol", "the token endpoint sent no usable access_token", status=answer.status)
        self.check_type(data.get("token_type"))
        renew_at, expires_at = expiry(self.lifetime(data.get("expires_in")))
        identity = text_of(data, "id_token")
        return Token(value, text_of(data, "refresh_token"), renew_at, expires_at, text_of(data, "scope"), identity)

    def check_type(self, token_type: object) -> None:
        """A token of a type that one does not know must not be used (RFC 6749, section 7.1)."""
        if not isinstance(token_type, str) or token_type.lower() != "bearer":
            raise Trouble("protocol", "the token is of a type that this client does not know")

    def lifetime(self, expires_in: object) -> float | None:
        """``expires_in`` in seconds, or None where it says nothing useful."""
        return lifetime(expires_in)
