"""https://auth.clickviewapp.com/connect/token: "Obtaining an Access Token", in the order in which the engine checks."""

from urllib.parse import unquote_plus

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client, Credentials, parse_basic, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Params, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.answers import ENGINE_JSON, NO_STORE, token_error
from sparring.mocks.providers.clickview.claims import access_token

FORM = "application/x-www-form-urlencoded"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
LONGEST = 100  # [engine] InputLengthRestrictions: client id, client secret, grant type, refresh token
LONGEST_SCOPE = 300
PERSONAL_SCOPES = frozenset({"openid", "profile", "offline_access"})


async def token(desk: Desk, request: Request) -> Answer:
    """Only the form body counts; a parameter in the query is not looked at [engine]."""
    try:
        if request.method != "POST":  # clickview/token/method [engine] 400, not 405
            raise Refusal(rules.TOKEN_METHOD, "invalid_request")
        if request.media_type != FORM:  # clickview/token/content-type [engine] 400, not 415
            raise Refusal(rules.TOKEN_CONTENT_TYPE, "invalid_request")
        params = read_form(request)
        client = await authenticate(desk, request, params)
        grant_type = present(params, "grant_type")
        if grant_type is None:  # clickview/token/grant-type-missing [engine] code, [doc] "required"
            raise Refusal(rules.GRANT_TYPE_MISSING, "unsupported_grant_type")
        request.facts.grant = grant_type
        if grant_type == "refresh_token":  # [engine] before it is asked whether the client may
            return _refresh(params)
        if grant_type in {"authorization_code", "password", DEVICE_CODE}:
            # clickview/token/grant-not-allowed [engine]: known, and no client of ClickView's has it
            raise Refusal(rules.GRANT_TYPE_FORBIDDEN, "unauthorized_client")
        if grant_type != "client_credentials":  # clickview/token/grant-type-unknown [engine], too long ones as well
            raise Refusal(rules.GRANT_TYPE_UNKNOWN, "unsupported_grant_type")
        if grant_type not in client.grants:  # clickview/token/grant-not-allowed [engine]
            raise Refusal(rules.GRANT_TYPE_FORBIDDEN, "unauthorized_client")
        return await _act_as_client(desk, request, client, params)
    except Refusal as refusal:
        return token_error(desk, refusal)


def read_form(request: Request) -> Params:
    """The form as the engine sees it: names in any case, the first value of each [engine: AsNameValueCollection]."""
    params: dict[str, str] = {}
    for name, value in request.form_params:
        if name.lower() in params:
            request.facts.notes.append(f"{name} came again; its first value was taken, a stricter server would refuse")
        elif name != name.lower():
            request.facts.notes.append(f"{name} was read as {name.lower()}; a stricter server would not know it")
        params.setdefault(name.lower(), value)
    return list(params.items())


def present(params: Params, name: str) -> str | None:
    """A parameter's value, None where it is blank [engine: IsMissing]."""
    value = first(params, name)
    return value if value and value.strip() else None


async def authenticate(desk: Desk, request: Request, params: Params) -> Client:
    """The client that the request comes from; Refusal with ``invalid_client`` where there is none."""
    found = [found for found in (_from_header(request), _from_body(params)) if found is not None]
    if not found:  # clickview/token/client-missing [engine]
        raise Refusal(rules.CLIENT_MISSING, "invalid_client")
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


def _from_body(params: Params) -> Credentials | None:
    """client_id and client_secret [doc]; what is too long counts as absent [engine: PostBodySecretParser]."""
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
    """grant_type=client_credentials; members of the answer in the document's order [doc]."""
    asked = present(params, "scope")
    text = " ".join(client.scopes) if asked is None else asked  # [engine] no scope: all that the client may have
    if not text:  # clickview/token/scope-none [engine]
        raise Refusal(rules.SCOPE_NONE, "invalid_scope")
    if len(text) > LONGEST_SCOPE:  # clickview/token/scope-too-long [engine]
        raise Refusal(rules.SCOPE_TOO_LONG, "invalid_scope")
    granted = tuple(sorted(scopes.split(text)))  # [engine] ParseScopesString: each once, sorted
    if scopes.foreign(granted, client.scopes) or PERSONAL_SCOPES & set(granted):  # clickview/token/scope-invalid
        raise Refusal(rules.SCOPE_INVALID, "invalid_scope")
    if asked is None:
        request.facts.notes.append("scope was left out, although the document calls it required")
    grant = await open_grant(desk, client.client_id, None, granted)
    document = {
        "access_token": await access_token(desk, request, grant),
        "token_type": "Bearer",
        "expires_in": desk.lifetimes["access_token"],
        "scope": " ".join(granted),
    }
    rule = rules.ISSUED_ALL_SCOPES if asked is None else rules.ISSUED
    return json_answer(rule, document, *NO_STORE, kind=ENGINE_JSON)
