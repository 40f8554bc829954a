"""https://{site}/Panopto/oauth2/connect/token: IdentityServer3's TokenRequestValidator, in its own order."""

from collections.abc import Awaitable, Callable

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import token_error, unsupported_type
from sparring.mocks.providers.panopto.client import authenticate
from sparring.mocks.providers.panopto.code_grant import redeem
from sparring.mocks.providers.panopto.direct_grants import grant_client, grant_password
from sparring.mocks.providers.panopto.parameters import FORM, form, present
from sparring.mocks.providers.panopto.refresh import refresh

GRANTS: dict[str, Callable[[Desk, Request, Client, Params], Awaitable[Answer]]] = {
    "authorization_code": redeem,
    "client_credentials": grant_client,
    "password": grant_password,
    "refresh_token": refresh,
}


async def token(desk: Desk, request: Request) -> Answer:
    """Only the form body counts; parameters in the query are not looked at [engine]."""
    if request.media_type not in {"", FORM}:  # panopto/token/content-type [engine]
        return unsupported_type(rules.CONTENT_TYPE)
    params = form(request)
    try:
        client = await authenticate(desk, request, params)
        grant_type = present(params, "grant_type")
        if grant_type is None:  # panopto/token/grant-type-missing [engine]
            raise Refusal(rules.GRANT_TYPE_MISSING, "unsupported_grant_type")
        request.facts.grant = grant_type
        if grant_type not in GRANTS:
            # panopto/token/grant-type-unknown [engine], also where it is too long; the guide's "authorisation_code" too
            raise Refusal(rules.GRANT_TYPE_UNKNOWN, "unsupported_grant_type")
        if grant_type != "refresh_token" and grant_type not in client.grants:
            # panopto/token/grant-not-allowed [engine] known, but a client has one flow, and this one's is another
            raise Refusal(rules.GRANT_NOT_ALLOWED, "unauthorized_client")
        return await GRANTS[grant_type](desk, request, client, params)
    except Refusal as refusal:
        return token_error(refusal)
