"""Which client a request comes from: IdentityServer3's ClientSecretValidator and its parsers."""

from sparring.mocks.engine.clients import Client, Credentials, parse_basic, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.parameters import LONGEST, present


async def authenticate(desk: Desk, request: Request, params: Params) -> Client:
    """The client; Refusal with ``invalid_client`` where there is none. Header first, then body [engine]."""
    header, body = _from_header(request), _from_body(params)
    found = header or body
    if found is None:  # panopto/token/client-missing [engine]
        raise Refusal(rules.CLIENT_MISSING, "invalid_client")
    if header is not None and body is not None:
        request.facts.notes.append("credentials in header and body; the header's were taken, a stricter server refuses")
    client = await desk.store.get(Client, found.client_id or "")
    if client is None or not client.enabled:  # panopto/token/client-unknown [engine]
        raise Refusal(rules.TOKEN_CLIENT_UNKNOWN, "invalid_client")
    if not secret_matches(client, found.secret):  # panopto/token/client-secret-wrong [engine]
        decoded = parse_basic(request.header("authorization"), form_encoded=True)
        if decoded is not None and secret_matches(client, decoded[1]):
            request.facts.notes.append("the secret was form-encoded before base64; this server takes it as it is")
        raise Refusal(rules.SECRET_WRONG, "invalid_client")
    request.facts.client = client.client_id
    return client


def _from_header(request: Request) -> Credentials | None:
    """Basic, taken raw; one that cannot be used is passed over [engine: BasicAuthenticationSecretParser]."""
    pair = parse_basic(request.header("authorization"), form_encoded=False)
    return None if pair is None else _usable(pair[0], pair[1], "basic")


def _from_body(params: Params) -> Credentials | None:
    """client_id and client_secret, both or nothing [engine: PostBodySecretParser]."""
    return _usable(present(params, "client_id"), present(params, "client_secret"), "body")


def _usable(client_id: str | None, secret: str | None, method: str) -> Credentials | None:
    if client_id is None or secret is None or not client_id.strip() or not secret.strip():
        return None
    return None if max(len(client_id), len(secret)) > LONGEST else Credentials(client_id, secret, method)
