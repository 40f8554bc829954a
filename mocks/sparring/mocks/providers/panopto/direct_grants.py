"""Grants without a browser: password, for user based server applications, and client_credentials."""

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.claims import access_token
from sparring.mocks.providers.panopto.granted import token_answer
from sparring.mocks.providers.panopto.handles import refresh_token
from sparring.mocks.providers.panopto.parameters import LONGEST, LONGEST_TEXT, present
from sparring.mocks.providers.panopto.people import person_with
from sparring.mocks.providers.panopto.registrations import IDENTITY_SCOPES, SCOPES


async def grant_password(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=password: scopes before the person [engine: ValidateResourceOwnerCredentialRequestAsync]."""
    asked = _scopes(client, params)
    username, password = present(params, "username"), present(params, "password")
    if username is None or password is None or max(len(username), len(password)) > LONGEST:
        raise Refusal(rules.CREDENTIALS_MISSING, "invalid_grant")  # panopto/token/credentials-missing [engine]
    if len(present(params, "acr_values") or "") > LONGEST_TEXT:  # panopto/token/acr-values-too-long [engine]
        raise Refusal(rules.ACR_VALUES_TOO_LONG, "invalid_request")
    user = await person_with(desk, username, password)
    if user is None:  # panopto/token/credentials-wrong [engine]
        raise Refusal(rules.CREDENTIALS_WRONG, "invalid_grant")
    request.facts.user = user.subject
    grant = await open_grant(desk, client.client_id, user.subject, asked, {"auth_time": str(desk.seconds())})
    members = {"access_token": await access_token(desk, request, grant)}
    if "offline_access" in asked:
        members["refresh_token"] = await refresh_token(desk, request.facts, grant)
    return token_answer(desk, rules.PASSWORD_GRANTED, members)  # panopto/token/password-granted [engine]


async def grant_client(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=client_credentials: nobody's scopes [engine: ValidateClientCredentialsRequestAsync]."""
    asked = _scopes(client, params)
    if {*IDENTITY_SCOPES, "offline_access"} & set(asked):  # panopto/token/scope-for-people [engine]
        raise Refusal(rules.SCOPE_FOR_PEOPLE, "invalid_scope")
    grant = await open_grant(desk, client.client_id, None, asked)
    members = {"access_token": await access_token(desk, request, grant)}
    return token_answer(desk, rules.CLIENT_GRANTED, members)  # panopto/token/client-granted [engine]


def _scopes(client: Client, params: Params) -> tuple[str, ...]:
    """The scopes asked for, which the engine puts in alphabetical order [engine: ParseScopesString]."""
    text = present(params, "scope")
    asked = () if text is None or len(text) > LONGEST_TEXT else tuple(sorted(scopes.split(text)))
    if not asked or scopes.foreign(asked, SCOPES) or scopes.foreign(asked, client.scopes):
        raise Refusal(rules.SCOPE_INVALID, "invalid_scope")  # panopto/token/scope-invalid [engine]
    return asked
