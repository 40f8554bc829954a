"""https://auth.clickviewapp.com/connect/token: "Obtaining an Access Token", in the order in which the engine checks."""

from urllib.parse import unquote_plus

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client, Credentials, parse_basic, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Params, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.answers import ENGINE_JSON, NO_STORE, granted, token_error
from sparring.mocks.providers.clickview.claims import access_token
from sparring.mocks.providers.clickview.versions import version

FORM = "application/x-www-form-urlencoded"
LONGEST = 100  # [engine] InputLengthRestrictions: client id, client secret, grant type, refresh token
LONGEST_SCOPE = 300
PERSONAL_SCOPES = frozenset({"openid", "profile", "offline_access"})


async def token(desk: Desk, request: Request) -> Answer:
    """Only the form body counts; a parameter in the query is not looked at [engine]."""
    engine = version(desk)
    try:
        if request.method != "POST":  # clickview/token/method [engine] 400, not 405
            raise Refusal(rules.TOKEN_METHOD, "invalid_request")
        if request.media_type != FORM:  # clickview/token/content-type [engine] 400, not 415
            raise Refusal(rules.TOKEN_CONTENT_TYPE, "invalid_request")
        client = await authenticate(desk, request)
        params = engine.read(request)
        engine.check_proofs(request)  # clickview/token/dpop-twice [engine] of the variant duende
        grant_type = present(params, "grant_type")
        if grant_type is None:  # clickview/token/grant-type-missing [engine] code, [doc] "required"
            raise Refusal(rules.GRANT_TYPE_MISSING, "unsupported_grant_type")
        request.facts.grant = grant_type
        engine.check_resource(request)  # clickview/token/resource-invalid [engine] of the variant duende
        if grant_type == "refresh_token":  # [engine] before it is asked whether the client may
            return _refresh(params)
        if grant_type in engine.grants:
            # clickview/token/grant-not-allowed [engine]: known, and no client of ClickView's has it
            raise Refusal(rules.GRANT_TYPE_FORBIDDEN, "unauthorized_client")
        if grant_type != "client_credentials":  # clickview/token/grant-type-unknown [engine], too long ones as well
            raise Refusal(rules.GRANT_TYPE_UNKNOWN, "unsupported_grant_type")
        if grant_type not in client.grants:  # clickview/token/grant-not-allowed [engine]
            raise Refusal(rules.GRANT_TYPE_FORBIDDEN, "unauthorized_client")
        return await _act_as_client(desk, request, client, params)
    except Refusal as refusal:
        return token_error(desk, refusal)


def present(params: Params, name: str) -> str | None:
    """A parameter's value, None where it is blank [engine: IsMissing]."""
    value = first(params, name)
    return value if value and value.strip() else None


async def authenticate(desk: Desk, request: Request) -> Client:
    """The client that the request comes from; Refusal with ``invalid_client`` where there is none."""
    found = [found for found in (_from_header(request), _from_body(request)) if found is not None]
    if not found:  # clickview/token/client-missing [engine]
        raise Refusal(rules.CLIENT_MISSING, version(desk).no_client)
    # [engine] SecretParser: the first with a secret, header before body; otherwise the last
    best = next((credentials for credentials in found if credentials.secret is not None), found[-1])
    if len(found) > 1:
        request.facts.notes.append(f"credentials in header and body; those of the {best.method} were taken")
    client = await desk.store.get(Client, best.client_id or "")
    if client is None or not client.enabled:  # clickview/token/client-unknown [engine]
        raise Refusal(rules.CLIENT_UNKNOWN, "invalid_client")
    if client.secret is not None:
        if best.secret is None:  # clickview/token/client-secret-missing [engine]
            raise Refusal(rules.SECRET_MISSING, "invalid_client")
        if not secret_matches(client, best.secret):  # clickview/token/client-secret-wrong [engine]
            raise Refusal(rules.SECRET_WRONG, "invalid_client")
    request.facts.client = client.client_id
    return client


def _from_header(request: Request) -> Credentials | None:
    """Basic: both form-decoded; one that cannot be read is passed over [engine: BasicAuthenticationSecretParser]."""
    pair = parse_basic(request.header("authorization"), form_encoded=False)
    if pair is None or not pair[0].strip() or len(pair[0]) > LONGEST or len(pair[1]) > LONGEST:
        return None
    secret = unquote_plus(pair[1]) if pair[1].strip() else None
    return Credentials(unquote_plus(pair[0]), secret, "header")


def _from_body(request: Request) -> Credentials | None:
    """client_id and client_secret [doc]; what is too long counts as absent [engine: PostBodySecretParser]."""
    params = [(name.lower(), value) for name, value in request.form_params]
    client_id, secret = present(params, "client_id"), present(params, "client_secret")
    if client_id is None or len(client_id) > LONGEST or len(secret or "") > LONGEST:
        return None
    return Credentials(client_id, secret, "body")


def _refresh(params: Params) -> Answer:
    """grant_type=refresh_token: no such token was ever issued [engine]."""
    if present(params, "refresh_token") is None:  # clickview/token/refresh-token-missing [engine]
        raise Refusal(rules.REFRESH_MISSING, "invalid_request")
    raise Refusal(rules.REFRESH_REFUSED, "invalid_grant")  # clickview/token/refresh-token-refused [engine]


async def _act_as_client(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=client_credentials."""
    asked = present(params, "scope")
    # [engine] no scope: all API scopes that the client may have
    text = " ".join(scope for scope in client.scopes if scope not in PERSONAL_SCOPES) if asked is None else asked
    if not text:  # clickview/token/scope-none [engine]
        raise Refusal(rules.SCOPE_NONE, "invalid_scope")
    if len(text) > LONGEST_SCOPE:  # clickview/token/scope-too-long [engine]
        raise Refusal(rules.SCOPE_TOO_LONG, "invalid_scope")
    names = tuple(sorted(scopes.split(text)))  # [engine] ParseScopesString: each once, sorted
    version(desk).refuse_resource(request)  # clickview/token/resource-invalid [engine] of the variant duende
    if scopes.foreign(names, client.scopes) or PERSONAL_SCOPES & set(names):  # clickview/token/scope-invalid
        raise Refusal(rules.SCOPE_INVALID, "invalid_scope")
    if asked is None:
        request.facts.notes.append("scope was left out, although the document calls it required")
    grant = await open_grant(desk, client.client_id, None, names)
    value = await access_token(desk, request, grant)
    document = granted(desk, value, " ".join(names))
    rule = rules.ISSUED_ALL_SCOPES if asked is None else rules.ISSUED
    return json_answer(rule, document, *NO_STORE, kind=ENGINE_JSON)
