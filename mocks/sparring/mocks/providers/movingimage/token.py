"""The token endpoint: the guide's requests, in the order of Keycloak 4.8.3's TokenEndpoint.processGrantRequest."""

from sparring.mocks.engine import codes, pkce, tokens, users
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Answer, Params, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import cors, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.answers import NO_STORE, client_error
from sparring.mocks.providers.movingimage.authentication import authenticate
from sparring.mocks.providers.movingimage.claims import token_response
from sparring.mocks.providers.movingimage.people import by_login, by_subject, granted_scopes
from sparring.mocks.providers.movingimage.refresh import refresh
from sparring.mocks.providers.movingimage.sessions import SsoSession

GRANT_TYPES = ("authorization_code", "refresh_token", "password", "client_credentials")


async def token(desk: Desk, request: Request) -> Answer:
    """The form's parameters, never the query's. The grant is looked at before the client [engine]."""
    form = request.form_params
    names = [name for name, _ in form]
    if len(names) != len(set(names)):
        request.facts.notes.append("a parameter is repeated: the first one counts; Keycloak 13 and later refuse that")
    try:
        grant_type = first(form, "grant_type")
        if grant_type is None:  # movingimage/token/grant-type-missing [doc]
            raise Refusal(rules.GRANT_TYPE_MISSING, "invalid_request", "Missing form parameter: grant_type")
        request.facts.grant = grant_type
        if grant_type not in GRANT_TYPES:  # movingimage/token/grant-type-unknown [engine]
            raise Refusal(rules.GRANT_TYPE_UNKNOWN, "invalid_request", "Invalid grant_type")
        client = await authenticate(desk, request)
        if grant_type == "authorization_code":
            rule, grant, session, user = await _redeem(desk, request, client, form)
        elif grant_type == "refresh_token":
            rule, grant, session, user = await refresh(desk, request, client, form)
        elif grant_type == "password":
            rule, grant, session, user = await _sign_in(desk, request, client, form)
        else:
            raise _no_service(client)
        document = await token_response(desk, request.facts, grant, session, user)
        return json_answer(rule, document, *NO_STORE, *cors.for_client(desk, request))
    except Refusal as refusal:
        return client_error(refusal, *NO_STORE, *cors.for_client(desk, request))


async def _redeem(desk: Desk, request: Request, client: Client, form: Params) -> tuple[Rule, Grant, SsoSession, User]:
    """grant_type=authorization_code: the code is gone before anything is compared, so any failure burns it [engine]."""
    value = first(form, "code")
    if value is None:  # movingimage/token/code-missing [doc]
        raise Refusal(rules.CODE_MISSING, "invalid_request", "Missing parameter: code")
    fact: dict[str, object] = {"kind": "code", "fp": tokens.fingerprint(value), "valid": False}
    request.facts.presented.append(fact)
    taken = await codes.use_code(desk, value)
    grant = None if taken is None else await desk.store.get(Grant, taken.record.grant_id)
    session = None if grant is None else await sessions.find(desk, grant.attributes["session"])
    if taken is None or grant is None or session is None:  # movingimage/token/code-unknown [engine]
        raise Refusal(rules.CODE_UNKNOWN, "invalid_grant", "Code not valid")
    code = taken.record
    if not taken.first:  # movingimage/token/code-used [engine]; what came of the first time dies
        await sessions.detach(desk, session.id, code.client_id)
        raise Refusal(rules.CODE_USED, "invalid_grant", "Code not valid")
    if codes.expired(desk, code):  # movingimage/token/code-expired [engine]
        raise Refusal(rules.CODE_EXPIRED, "invalid_grant", "Code is expired")
    user = await by_subject(desk, grant.subject)
    if user is None:  # movingimage/token/code-user-gone [engine]
        raise Refusal(rules.CODE_USER_GONE, "invalid_grant", "User not found")
    if code.redirect_uri is not None and code.redirect_uri != first(form, "redirect_uri"):
        # movingimage/token/redirect-uri-differs [doc]
        raise Refusal(rules.REDIRECT_URI_DIFFERS, "invalid_grant", "Incorrect redirect_uri")
    if code.client_id != client.client_id:  # movingimage/token/code-of-another-client [engine]
        raise Refusal(rules.CODE_FOREIGN, "invalid_grant", "Auth error")
    if "authorization_code" not in client.grants:  # movingimage/token/code-flow-off [engine]
        raise Refusal(rules.CODE_FLOW_OFF, "invalid_grant", "Client not allowed to exchange code")
    if not await sessions.active(desk, session):  # movingimage/token/code-session-ended [engine]
        raise Refusal(rules.CODE_SESSION_ENDED, "invalid_grant", "Session not active")
    _prove(code, first(form, "code_verifier"))
    fact["valid"] = True
    return rules.CODE_REDEEMED, grant, session, user


def _prove(code: codes.Code, verifier: str | None) -> None:
    """PKCE, where the authorization request had a challenge; a verifier without one is ignored [engine]."""
    if code.challenge is None:
        return
    if verifier is None:  # movingimage/token/verifier-missing [engine]
        raise Refusal(rules.VERIFIER_MISSING, "invalid_grant", "PKCE code verifier not specified")
    if not pkce.wellformed(verifier):  # movingimage/token/verifier-malformed [engine]
        raise Refusal(rules.VERIFIER_MALFORMED, "invalid_grant", "PKCE invalid code verifier")
    if not pkce.proves(verifier, code.challenge, code.challenge_method):  # movingimage/token/verifier-wrong [engine]
        raise Refusal(rules.VERIFIER_WRONG, "invalid_grant", "PKCE verification failed")


async def _sign_in(desk: Desk, request: Request, client: Client, form: Params) -> tuple[Rule, Grant, SsoSession, User]:
    """grant_type=password: the document's "Anonymous Users", by the public client ``anonymous`` [doc]."""
    if "password" not in client.grants:  # movingimage/token/password-off [engine]
        raise Refusal(rules.PASSWORD_OFF, "invalid_grant", "Client not allowed for direct access grants")
    username = first(form, "username")
    if username is None:  # movingimage/token/username-missing [engine]
        raise Refusal(rules.USERNAME_MISSING, "invalid_request", "Missing parameter: username", status=401)
    user = await by_login(desk, username)
    if user is None or not users.password_matches(user, first(form, "password") or ""):
        # movingimage/token/password-wrong [engine]
        raise Refusal(rules.PASSWORD_WRONG, "invalid_grant", "Invalid user credentials", status=401)
    request.facts.user, scope = user.subject, first(form, "scope")
    session_id = desk.entropy.uuid(*await desk.serial("root"))
    session = await sessions.start(desk, session_id, user.subject, by_browser=False)
    attributes = {"session": session.id, "issuer": issuer(desk, request.origin), "acr": "1", "scope": scope or ""}
    grant = await open_grant(desk, client.client_id, user.subject, granted_scopes(client, scope), attributes)
    return rules.PASSWORD_ACCEPTED, grant, session, user


def _no_service(client: Client) -> Refusal:
    """grant_type=client_credentials: undocumented, and switched on for no client [engine]."""
    error = "unauthorized_client"
    if client.secret is None:  # movingimage/token/client-credentials-public [engine]
        words = "Public client not allowed to retrieve service account"
        return Refusal(rules.PUBLIC_SERVICE, error, words, status=401)
    words = "Client not enabled to retrieve service account"  # movingimage/token/client-credentials-off [engine]
    return Refusal(rules.NO_SERVICE, error, words, status=401)
