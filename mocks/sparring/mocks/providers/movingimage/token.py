"""The token endpoint: the guide's requests, in the order of Keycloak 4.8.3's TokenEndpoint.processGrantRequest. What
later releases do otherwise stands in releases.py.
"""

from sparring.mocks.engine import codes, pkce, tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Answer, Params, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import bearer, consent, cookies, cors, releases, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer, issuers
from sparring.mocks.providers.movingimage.answers import NO_STORE, client_error, not_implemented
from sparring.mocks.providers.movingimage.authentication import authenticate
from sparring.mocks.providers.movingimage.claims import token_response
from sparring.mocks.providers.movingimage.people import by_login, by_subject, granted_scopes, knows_password
from sparring.mocks.providers.movingimage.refresh import refresh
from sparring.mocks.providers.movingimage.sessions import SsoSession
from sparring.mocks.providers.movingimage.variants import step
from sparring.mocks.providers.movingimage.weighing import over

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
PERMISSION = "urn:ietf:params:oauth:grant-type:uma-ticket"
GRANT_TYPES = ("authorization_code", "refresh_token", "password", "client_credentials", EXCHANGE, PERMISSION)


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
            raise Refusal(rules.GRANT_TYPE_UNKNOWN, *step(desk, releases.GRANT_UNKNOWN))
        if grant_type == PERMISSION:
            _check_bearer(desk, request)
        client = await authenticate(desk, request)
        step(desk, releases.CHECK_FORM)(form)
        if grant_type == "authorization_code":
            rule, grant, session, user = await _redeem(desk, request, client, form)
        elif grant_type == "refresh_token":
            rule, grant, session, user = await refresh(desk, request, client, form)
        elif grant_type == "password":
            rule, grant, session, user = await _sign_in(desk, request, client, form)
        elif grant_type == EXCHANGE:  # movingimage/token/exchange-off [engine]
            return not_implemented(desk, rules.EXCHANGE_OFF, request, *NO_STORE)
        else:
            raise _no_service(client)
        document = await token_response(desk, request.facts, grant, session, user)
        over = cookies.settled(desk, request) if grant_type == "password" else ()
        return json_answer(rule, document, *NO_STORE, *over, *cors.for_client(desk, request))
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
    if over(desk, code.expires_at):  # movingimage/token/code-expired [engine]
        raise Refusal(rules.CODE_EXPIRED, "invalid_grant", "Code is expired")
    user = await _person(desk, grant.subject)
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
    await consent.check(desk, client, session)  # movingimage/token/consent-withdrawn [engine]
    fact["valid"] = True
    return rules.CODE_REDEEMED, grant, session, user


async def _person(desk: Desk, subject: str | None) -> User:
    """Who signed in, and may still do so."""
    user = await by_subject(desk, subject)
    if user is None:  # movingimage/token/code-user-gone [engine]
        raise Refusal(rules.CODE_USER_GONE, "invalid_grant", "User not found")
    if user.locked:  # movingimage/token/code-user-disabled [engine]
        raise Refusal(rules.CODE_USER_DISABLED, "invalid_grant", "User disabled")
    return user


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
        error = step(desk, releases.PASSWORD_OFF)
        raise Refusal(rules.PASSWORD_OFF, error, "Client not allowed for direct access grants")
    if client.consent:  # movingimage/token/password-consent-wanted [engine]
        raise Refusal(rules.PASSWORD_CONSENT, "invalid_client", "Client requires user consent")
    scope = first(form, "scope")
    step(desk, releases.CHECK_SCOPE)(client, scope)
    username = first(form, "username")
    if username is None:  # movingimage/token/username-missing [engine]
        raise Refusal(rules.USERNAME_MISSING, "invalid_request", "Missing parameter: username", status=401)
    user = await by_login(desk, username)
    if user is not None and user.locked:  # movingimage/token/account-disabled [engine] before the password
        raise Refusal(rules.PASSWORD_DISABLED, "invalid_grant", "Account disabled")
    if user is None or not knows_password(user, first(form, "password") or ""):
        # movingimage/token/password-wrong [engine]
        raise Refusal(rules.PASSWORD_WRONG, "invalid_grant", "Invalid user credentials", status=401)
    if "required_action" in user.attributes:  # movingimage/token/account-not-set-up [engine]
        raise Refusal(rules.NOT_SET_UP, "invalid_grant", "Account is not fully set up")
    request.facts.user = user.subject
    session_id = desk.entropy.uuid(*await desk.serial("root"))
    session = await sessions.start(desk, session_id, user.subject, by_browser=False)
    attributes = {"session": session.id, "issuer": issuer(desk, request.origin), "acr": "1", "scope": scope or ""}
    grant = await open_grant(desk, client.client_id, user.subject, granted_scopes(client, scope), attributes)
    return rules.PASSWORD_ACCEPTED, grant, session, user


def _check_bearer(desk: Desk, request: Request) -> None:
    """grant_type=uma-ticket takes a bearer token in the client's place [engine: permissionGrant]."""
    if not (request.header("authorization") or "").lower().startswith("bearer"):
        return
    try:
        claims = bearer.read(desk, bearer.presented(request) or "", by_the_realm=True)
        bearer.check(desk, claims, issuers(desk, request.origin))
    except Refusal as refusal:  # movingimage/token/permission-bearer-invalid [engine]
        raise Refusal(rules.PERMISSION_BEARER, "invalid_grant", "Invalid bearer token", status=401) from refusal


def _no_service(client: Client) -> Refusal:
    """grant_type=client_credentials, or uma-ticket, which comes to the same without a token: undocumented, and switched
    on for no client [engine].
    """
    error = "unauthorized_client"
    if client.secret is None:  # movingimage/token/client-credentials-public [engine]
        words = "Public client not allowed to retrieve service account"
        return Refusal(rules.PUBLIC_SERVICE, error, words, status=401)
    words = "Client not enabled to retrieve service account"  # movingimage/token/client-credentials-off [engine]
    return Refusal(rules.NO_SERVICE, error, words, status=401)
