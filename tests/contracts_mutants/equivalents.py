"""Mutants that no exchange of messages can tell from the provider, by key, with the reason."""

EQUIVALENT: dict[str, str] = {
    "ingest/token:token:swap:if grant_type == 'refresh_token': return await _refresh(desk, request, client, params)": (
        "a request has one grant_type, so the order of the three branches does not show"
    ),
    "ingest/token:_refresh:error:'invalid_grant':3": "a race decides it; it is tried over a store that yields",
    "rotor/answers:<module>:word:'Too Many Requests'": "only faults ask for it, and their own tests do",
    "rotor/answers:<module>:word:'Service Unavailable'": "only faults ask for it, and their own tests do",
    "rotor/answers:api_refusal:swap:if refusal.status == 403: told = refusal.error an"
    "d desk.variant == DOORKEEPER_5_9_6 why = (challenge": ("a refusal has one status, so the order does not show"),
    "rotor/answers:api_refusal:swap:if refusal.status == 406: return rails_error(refusal.rule, request, 406)": (
        "a refusal has one status, so the order does not show"
    ),
    "rotor/bearer:presented:flip:name in dict(request.query_params)": (
        "where a token stood is told by the recording alone"
    ),
    "rotor/managed_users:find_or_create_user:flip:email is None": "no answer tells what was stored of a person",
    "rotor/parameters:_last:word:' came again; its last value was taken, a stricter server would refuse'": (
        "only the recording tells it"
    ),
    "rotor/register:_attributes:flip:name not in ATTRIBUTES": "what was ignored is told by the recording alone",
    "rotor/register:_optional:flip:name not in RECOGNISED": "what was ignored is told by the recording alone",
    "rotor/register:_optional:flip:value is not None": "no answer tells what was stored of a person",
    "clickview/authorize:authorize:swap:if request.method == 'POST' and request.media"
    "_type != FORM: return empty_answer(rules.AUTHORIZE_CONT": ("a request has one method, so the order does not show"),
    "clickview/authorize:_reason:swap:if document is not None: words = 'Invalid reque"
    "st value' if len(document) >= LONGEST_REQUEST else 'I": ("both together were refused before"),
    "clickview/authorize:_reason_of_response:swap:if mode == 'query' and kinds != {'c"
    "ode'}: return (rules.AUTHORIZE_RESPONSE_MODE, 'invalid_request', ": (
        "query is a known mode, so only one of the two can hold"
    ),
    "clickview/bearer:_check_signature:swap:if message.header.get('alg') == 'RS256' a"
    "nd any((_fits(key, message) for key in named or desk.keys))": ("no key fits an empty signature"),
    "clickview/bearer:_check_lifetime:swap:if ends < now - LEEWAY: raise _invalid(rul"
    "es.TOKEN_EXPIRED, f\"The token expired at '{_date(ends)}'\")": (
        "a token that is too early and too late begins after its end, which was refused before"
    ),
    "clickview/token:token:swap:if grant_type in engine.grants: raise Refusal(rules.G"
    "RANT_TYPE_FORBIDDEN, 'unauthorized_client')": ("a request has one grant_type, so the order does not show"),
    "clickview/token:_act_as_client:swap:if len(text) > LONGEST_SCOPE: raise Refusal("
    "rules.SCOPE_TOO_LONG, 'invalid_scope')": ("an empty scope is not too long"),
    "panopto/asked:check_optional:swap:if asked.response_type != 'code' and 'openid' "
    "in asked.scopes and (asked.value('nonce') is None): ra": ("a nonce that is missing is not too long"),
    "panopto/authorize:_must_sign_in:swap:if session is None or await person(desk, se"
    "ssion.subject) is None: if asked.prompt == 'none': raise ": (
        "without a session both lead to the sign-in page, as prompt is login and not none"
    ),
    "panopto/refresh:refresh:error:'invalid_grant':3": "a race decides it; it is tried over a store that yields",
    "panopto/refresh:_find_refresh_token:swap:if standing is Standing.EXPIRED: raise "
    "Refusal(rules.REFRESH_EXPIRED, 'invalid_grant')": ("a token has one standing, so the order does not show"),
    "panopto/sign_in:endpoint:flip:request.method == 'POST'": "the name of an endpoint is told by the recording alone",
    "movingimage/authorize:authorize:swap:if asked.has('prompt', 'none'): return awai"
    "t login.finish(desk, request, asked.client, asked.uri, as": (
        "with prompt=none whoever has something to do was sent back before"
    ),
    "movingimage/authorize:_check_form:swap:if tokens and mode == 'query': words = \"R"
    "esponse_mode 'query' not allowed for implicit or hybrid flo": (
        "query is a known mode, so only one of the two can hold"
    ),
    "movingimage/revocation:_read:flip:claims.get('typ') in REFRESH": "the kind is told by the recording alone",
    "movingimage/sessions:sign_out:flip:kept.subject == subject": (
        "whoever is signed out loses all tokens, and that is noticed first"
    ),
    "movingimage/token:_person:error:'invalid_grant'": (
        "closing an account ends its sessions, and that is noticed first"
    ),
    "movingimage/token:_person:word:'User not found'": (
        "closing an account ends its sessions, and that is noticed first"
    ),
    "movingimage/token:_person:swap:if user.locked: raise Refusal(rules.CODE_USER_DIS"
    "ABLED, 'invalid_grant', 'User disabled')": ("closing an account ends its sessions, and that is noticed first"),
    "movingimage/userinfo:_whose:error:'invalid_request':4": (
        "closing an account withdraws its tokens, and that is noticed first"
    ),
    "movingimage/userinfo:_whose:word:'User not found'": (
        "closing an account withdraws its tokens, and that is noticed first"
    ),
}
