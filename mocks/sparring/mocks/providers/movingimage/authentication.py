"""How a client proves who it is: Keycloak 4.8.3's ClientIdAndSecretAuthenticator, top to bottom."""

from sparring.mocks.engine.clients import Client, parse_basic, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import rules

FORM = "application/x-www-form-urlencoded"


async def authenticate(desk: Desk, request: Request) -> Client:
    """Credentials in the form [doc] or in a Basic header [engine]; the form's overwrite the header's."""
    form = request.form_params
    client_id = secret = None
    header = request.header("authorization")
    if header is not None:
        basic = parse_basic(header, form_encoded=False)
        if basic is not None:
            client_id, secret = basic
        elif request.media_type == FORM and first(form, "client_id") is None:
            # movingimage/token/header-not-basic [engine]
            raise Refusal(rules.HEADER_NOT_BASIC, status=401)
    if client_id is not None and first(form, "client_id") is not None:
        request.facts.notes.append("two ways of client authentication: the form's counts; RFC 6749 2.3 forbids that")
    client_id = client_id if first(form, "client_id") is None else first(form, "client_id")
    secret = secret if first(form, "client_secret") is None else first(form, "client_secret")
    if client_id is None:  # movingimage/token/client-id-missing [engine]
        raise Refusal(rules.TOKEN_CLIENT_MISSING, "invalid_client", "Missing client_id parameter")
    client = await desk.store.get(Client, client_id)
    if client is None or not client.enabled:  # movingimage/token/client-unknown [engine]
        raise Refusal(rules.TOKEN_CLIENT_UNKNOWN, "unauthorized_client", "Invalid client credentials")
    if client.secret is not None:  # a public client's secret is not looked at [engine]
        if secret is None:  # movingimage/token/secret-missing [doc]
            raise Refusal(rules.SECRET_MISSING, "unauthorized_client", "Client secret not provided in request")
        if not secret_matches(client, secret):  # movingimage/token/secret-wrong [engine]
            raise Refusal(rules.SECRET_WRONG, "unauthorized_client", "Invalid client secret")
    request.facts.client = client.client_id
    return client
