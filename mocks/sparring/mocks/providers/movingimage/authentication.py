"""How a client proves who it is: Keycloak 4.8.3's ClientIdAndSecretAuthenticator, top to bottom."""

from urllib.parse import unquote_plus

from sparring.mocks.engine.clients import Client, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_15, KEYCLOAK_20, step

FORM = "application/x-www-form-urlencoded"
WORDS = {
    rules.TOKEN_CLIENT_MISSING: "Missing client_id parameter",
    rules.TOKEN_CLIENT_UNKNOWN: "Invalid client credentials",
    rules.SECRET_MISSING: "Client secret not provided in request",
    rules.SECRET_WRONG: "Invalid client secret",
}


def _plainly(rule: Rule) -> Refusal:
    """400, and what is wrong; a bare challenge where the header has another scheme."""
    if rule is rules.HEADER_NOT_BASIC:
        return Refusal(rule, status=401)
    return Refusal(rule, "invalid_client" if rule is rules.TOKEN_CLIENT_MISSING else "unauthorized_client", WORDS[rule])


def _darkly(rule: Rule) -> Refusal:
    """401, and nothing to learn who exists [engine: Keycloak 20.0.1]."""
    error = "unauthorized_client" if rule in {rules.SECRET_MISSING, rules.SECRET_WRONG} else "invalid_client"
    return Refusal(rule, error, "Invalid client or Invalid client credentials", 401)


def _as_invalid(rule: Rule) -> Refusal:
    """An unknown client in another word [engine: Keycloak 15.0.2 as it runs]."""
    if rule is rules.TOKEN_CLIENT_UNKNOWN:
        return Refusal(rule, "invalid_client", WORDS[rule])
    return _plainly(rule)


REFUSE = {DEFAULT: _plainly, KEYCLOAK_15: _as_invalid, KEYCLOAK_20: _darkly}
FORM_ENCODED = {DEFAULT: False, KEYCLOAK_20: True}  # [engine] BasicAuthHelper.RFC6749 in Keycloak 20.0.1
UNREADABLE = {
    DEFAULT: "Unexpected error when authenticating client: {}",
    KEYCLOAK_20: "Unexpected error when authenticating client",
}
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SPACE = b"\t\n\r "


async def authenticate(desk: Desk, request: Request) -> Client:
    """Credentials in the form [doc] or in a Basic header [engine]; the form's overwrite the header's."""
    form, refuse = request.form_params, step(desk, REFUSE)
    client_id = secret = None
    header = request.header("authorization")
    if header is not None:
        basic = _basic(desk, header)
        if basic is not None:
            client_id, secret = basic
        elif request.media_type == FORM and first(form, "client_id") is None:
            # movingimage/token/header-not-basic [engine]
            raise refuse(rules.HEADER_NOT_BASIC)
    if client_id is not None and first(form, "client_id") is not None:
        request.facts.notes.append("two ways of client authentication: the form's counts; RFC 6749 2.3 forbids that")
    client_id = client_id if first(form, "client_id") is None else first(form, "client_id")
    secret = secret if first(form, "client_secret") is None else first(form, "client_secret")
    if client_id is None:  # movingimage/token/client-id-missing [engine]
        raise refuse(rules.TOKEN_CLIENT_MISSING)
    client = await desk.store.get(Client, client_id)
    if client is None or not client.enabled:  # movingimage/token/client-unknown [engine]
        raise refuse(rules.TOKEN_CLIENT_UNKNOWN)
    if client.secret is not None:  # a public client's secret is not looked at [engine]
        if secret is None:  # movingimage/token/secret-missing [doc]
            raise refuse(rules.SECRET_MISSING)
        if not secret_matches(client, secret):  # movingimage/token/secret-wrong [engine]
            raise refuse(rules.SECRET_WRONG)
    request.facts.client = client.client_id
    return client


def _basic(desk: Desk, header: str) -> tuple[str, str] | None:
    """Id and secret; None where the scheme is another one or there is no colon [engine: BasicAuthHelper]."""
    if len(header) < 6 or header[:5].lower() != "basic":
        return None
    try:
        text = _decode64(header[6:].encode("utf-8", "surrogateescape")).decode("utf-8", "replace")
    except ValueError as error:  # movingimage/token/header-unreadable [engine]
        words = step(desk, UNREADABLE).format(error)
        raise Refusal(rules.HEADER_UNREADABLE, "unauthorized_client", words) from error
    client_id, colon, secret = text.partition(":")
    if not colon:
        return None
    return (unquote_plus(client_id), unquote_plus(secret)) if step(desk, FORM_ENCODED) else (client_id, secret)


def _decode64(encoded: bytes) -> bytes:
    """White space is passed over, the first padded four end it, and what comes short of four is left out; ValueError,
    in the engine's words, for any other letter [engine: Base64.java].
    """
    if 0 < len(encoded) < 4:
        raise ValueError(
            f"Base64-encoded string must have at least four characters, but length specified was {len(encoded)}"
        )
    four, decoded = b"", b""
    for at, letter in enumerate(encoded):
        if letter not in _ALPHABET + b"=" + _SPACE:
            raise ValueError(f"java.io.IOException: Bad Base64 input character decimal {letter} in array position {at}")
        four += bytes([letter]) if letter not in _SPACE else b""
        if len(four) == 4:
            bits = sum(max(_ALPHABET.find(each), 0) << 6 * (3 - i) for i, each in enumerate(four))
            decoded += bits.to_bytes(3)[: 3 if four[3] != 61 else 2 if four[2] != 61 else 1]
            if four[3] == 61:
                break
            four = b""
    return decoded
