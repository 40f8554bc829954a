"""What ClickView does, rule by rule. [doc] is ClickView's public Smart Embed documentation; what it leaves open is
answered as IdentityServer4 4.1.2 and ASP.NET Core do when nothing is changed in them [engine], or [assumed].
"""

from sparring.mocks.engine.rules import Mark, Rule

_ACCESS = 'ClickView "Obtaining an Access Token"'
_REQUEST = f'{_ACCESS}, section "Request an Access Token"'
_ERRORS = f'{_ACCESS}, section "Handling Errors"'
_PLAYBACK = 'ClickView "Video Playback"'
_VIEW_KEY = f'{_PLAYBACK}, section "Creating a View Key"'
_VIEW_KEY_DATA = 'ClickView "Data required for creating a View Key"'
_SELECTION = 'ClickView "Video Selection"'
_IS4 = "IdentityServer4 4.1.2"
_ENDPOINT = f"{_IS4}, TokenEndpoint.cs"
_CLIENT = f"{_IS4}, ClientSecretValidator.cs"
_VALIDATOR = f"{_IS4}, TokenRequestValidator.cs"
_AUTHORIZE = f"{_IS4}, AuthorizeRequestValidator.cs"
_USERINFO = f"{_IS4}, UserInfoEndpoint.cs"
_REVOCATION = f"{_IS4}, TokenRevocationEndpoint.cs"
_DEVICE = f"{_IS4}, DeviceAuthorizationEndpoint.cs"
_DUENDE = "Duende IdentityServer 6.3.10"
_CIBA = f"{_DUENDE}, BackchannelAuthenticationEndpoint.cs: in the variant duende"
_BEARER = "ASP.NET Core 6.0, JwtBearerHandler.cs"
_API = "ASP.NET Core 6.0, default of [ApiController]"


def _rule(name: str, mark: Mark, source: str, mend: str = "") -> Rule:
    return Rule(f"clickview/{name}", mark, source, mend)


# token
TOKEN_METHOD = _rule(
    "token/method",
    Mark.ENGINE,
    f"{_ENDPOINT}: invalid_request, not 405; {_REQUEST}: make a POST request",
    "Use POST.",
)
TOKEN_CONTENT_TYPE = _rule(
    "token/content-type",
    Mark.ENGINE,
    f"{_ENDPOINT}: invalid_request, not 415; {_REQUEST}: Content-Type is required",
    "Send the parameters as application/x-www-form-urlencoded.",
)
CLIENT_MISSING = _rule(
    "token/client-missing",
    Mark.ENGINE,
    f"{_CLIENT}: no client id found; body: {_ERRORS}",
    "Send client_id and client_secret in the form body, or in a Basic header; neither may exceed 100 characters.",
)
CLIENT_UNKNOWN = _rule(
    "token/client-unknown",
    Mark.ENGINE,
    f"{_CLIENT}: unknown or disabled client; body: {_ERRORS}",
    "Check client_id; upper and lower case count.",
)
SECRET_MISSING = _rule(
    "token/client-secret-missing",
    Mark.ENGINE,
    f"{_CLIENT}; {_REQUEST}: client_secret is required; body: {_ERRORS}",
    "Send client_secret beside client_id.",
)
SECRET_WRONG = _rule(
    "token/client-secret-wrong",
    Mark.ENGINE,
    f"{_CLIENT}: client secret validation failed; body: {_ERRORS}",
    "Check client_secret; in a Basic header, form-encode id and secret before base64.",
)
GRANT_TYPE_MISSING = _rule(
    "token/grant-type-missing",
    Mark.ENGINE,
    f"{_VALIDATOR}: unsupported_grant_type; {_REQUEST}: grant_type is required",
    "Send grant_type=client_credentials.",
)
GRANT_TYPE_UNKNOWN = _rule(
    "token/grant-type-unknown",
    Mark.ENGINE,
    f"{_VALIDATOR}: unknown, or longer than 100 characters",
    "Send grant_type=client_credentials.",
)
GRANT_TYPE_FORBIDDEN = _rule(
    "token/grant-not-allowed",
    Mark.ENGINE,
    f"{_VALIDATOR}: unauthorized_client",
    "Use a client that has this grant; ClickView documents client_credentials only.",
)
REFRESH_MISSING = _rule(
    "token/refresh-token-missing",
    Mark.ENGINE,
    f"{_VALIDATOR}: refresh token is missing",
    "There are no refresh tokens here: ask for a new access token.",
)
REFRESH_REFUSED = _rule(
    "token/refresh-token-refused",
    Mark.ENGINE,
    f"{_VALIDATOR}: refresh token validation failed",
    "There are no refresh tokens here: ask for a new access token.",
)
DPOP_TWICE = _rule(
    "token/dpop-twice",
    Mark.ENGINE,
    f"{_DUENDE}, TokenEndpoint.cs: in the variant duende",
    "Send no DPoP header; ClickView documents bearer tokens.",
)
RESOURCE_INVALID = _rule(
    "token/resource-invalid",
    Mark.ENGINE,
    f"{_DUENDE}, TokenRequestValidator.cs, DefaultResourceValidator.cs: in the variant duende",
    "Send no resource; ClickView documents scope only.",
)
SCOPE_NONE = _rule(
    "token/scope-none",
    Mark.ENGINE,
    f"{_VALIDATOR}: no allowed scopes configured for client",
    "Give the client a scope.",
)
SCOPE_TOO_LONG = _rule(
    "token/scope-too-long",
    Mark.ENGINE,
    f"{_VALIDATOR}: scope exceeds 300 characters",
    "Ask for smartembed.viewkey only.",
)
SCOPE_INVALID = _rule(
    "token/scope-invalid",
    Mark.ENGINE,
    f"{_VALIDATOR}: unknown, not the client's, or a scope that needs a person (openid, profile, offline_access)",
    "Ask for smartembed.viewkey.",
)
ISSUED = _rule(
    "token/issued", Mark.DOC, f'{_ACCESS}, section "Response"; variant bare: the order of {_IS4}, TokenResult.cs'
)
ISSUED_ALL_SCOPES = _rule(
    "token/issued-without-scope",
    Mark.ENGINE,
    f"{_VALIDATOR}: the client's scopes are taken; {_REQUEST} calls scope required",
    "Send scope=smartembed.viewkey, as the document asks.",
)

# discovery and what it advertises
DISCOVERY = _rule("discovery/document", Mark.ENGINE, f"{_IS4}, DiscoveryResponseGenerator.cs")
JWKS = _rule("discovery/jwks", Mark.ENGINE, f"{_IS4}, DiscoveryKeyEndpoint.cs")
DISCOVERY_METHOD = _rule("discovery/method", Mark.ENGINE, f"{_IS4}, DiscoveryEndpoint.cs", "Use GET.")
AUTHORIZE_METHOD = _rule("authorize/method", Mark.ENGINE, f"{_IS4}, AuthorizeEndpoint.cs", "Use GET, or POST.")
AUTHORIZE_CONTENT_TYPE = _rule(
    "authorize/content-type", Mark.ENGINE, f"{_IS4}, AuthorizeEndpoint.cs", "Post a form, or use GET."
)
AUTHORIZE_CLIENT_MISSING = _rule(
    "authorize/client-missing", Mark.ENGINE, _AUTHORIZE, "ClickView documents no login flow; use client_credentials."
)
AUTHORIZE_CLIENT_UNKNOWN = _rule(
    "authorize/client-unknown", Mark.ENGINE, _AUTHORIZE, "ClickView documents no login flow; use client_credentials."
)
AUTHORIZE_REQUEST_TWICE = _rule(
    "authorize/request-object-twice", Mark.ENGINE, f"{_AUTHORIZE}: request and request_uri", "Send neither."
)
AUTHORIZE_REQUEST_URI = _rule(
    "authorize/request-uri",
    Mark.ENGINE,
    f"{_AUTHORIZE}; {_IS4}, EndpointOptions.cs: EnableJwtRequestUri is false",
    "Send no request_uri.",
)
AUTHORIZE_REQUEST_OBJECT = _rule(
    "authorize/request-object",
    Mark.ENGINE,
    f"{_AUTHORIZE}; {_IS4}, JwtRequestValidator.cs: the client has no key for it",
    "Send no request object.",
)
AUTHORIZE_REDIRECT_URI = _rule(
    "authorize/redirect-uri-unknown",
    Mark.ENGINE,
    f"{_AUTHORIZE}: checked before response_type; a partner's client has no redirect URI",
    "ClickView documents no login flow; use client_credentials.",
)
AUTHORIZE_RESPONSE_TYPE = _rule(
    "authorize/response-type", Mark.ENGINE, f"{_AUTHORIZE}: missing, or not supported", "Send response_type=code."
)
AUTHORIZE_CHALLENGE = _rule(
    "authorize/code-challenge",
    Mark.ENGINE,
    f"{_AUTHORIZE}; {_IS4}, Client.cs: RequirePkce is true, AllowPlainTextPkce is false",
    "Send code_challenge, of 43 to 128 characters, with code_challenge_method=S256.",
)
AUTHORIZE_RESPONSE_MODE = _rule(
    "authorize/response-mode",
    Mark.ENGINE,
    f"{_AUTHORIZE}: not supported, or not for this response_type",
    "Leave response_mode out.",
)
AUTHORIZE_GRANT = _rule(
    "authorize/grant-not-allowed",
    Mark.ENGINE,
    f"{_AUTHORIZE}: invalid grant type for client",
    "ClickView documents no login flow; use client_credentials.",
)
ERROR_PAGE = _rule(
    "authorize/error-page",
    Mark.ENGINE,
    f"{_IS4}, UserInteractionOptions.cs: /home/error shows the error of errorId",
    "Nothing is known of this errorId; see what /connect/authorize answered.",
)
USERINFO_METHOD = _rule("userinfo/method", Mark.ENGINE, _USERINFO, "Use GET.")
USERINFO_TOKEN = _rule(
    "userinfo/token-refused",
    Mark.ENGINE,
    f"{_USERINFO}: no access token, or one that is not valid",
    "Userinfo needs a token of a person; ClickView documents tokens for servers only.",
)
USERINFO_SCOPE = _rule(
    "userinfo/scope-lacking",
    Mark.ENGINE,
    f"{_IS4}, UserInfoRequestValidator.cs: openid is needed",
    "Userinfo needs a token of a person; ClickView documents tokens for servers only.",
)
USERINFO_TYPE = _rule(
    "userinfo/token-type",
    Mark.ENGINE,
    f"{_IS4}, TokenValidator.cs: typ is not at+jwt, and the error is a sentence",
    "Send an access token; a view key is none.",
)
USERINFO_CLIENT = _rule(
    "userinfo/client-gone",
    Mark.ENGINE,
    f"{_IS4}, TokenValidator.cs: the client of the token is unknown or disabled by now",
    "Ask ClickView whether your access was withdrawn.",
)
USERINFO_SUBJECT = _rule(
    "userinfo/subject-missing",
    Mark.ENGINE,
    f"{_IS4}, UserInfoRequestValidator.cs: the token is nobody's",
    "Userinfo needs a token of a person; ClickView documents tokens for servers only.",
)
END_SESSION_METHOD = _rule("endsession/method", Mark.ENGINE, f"{_IS4}, EndSessionEndpoint.cs", "Use GET, or POST.")
END_SESSION = _rule("endsession/redirect", Mark.ENGINE, f"{_IS4}, EndSessionResult.cs")
SIGNED_OUT = _rule("endsession/page", Mark.ASSUMED, "the page lies outside the engine")
CHECK_SESSION_METHOD = _rule("checksession/method", Mark.ENGINE, f"{_IS4}, CheckSessionEndpoint.cs", "Use GET.")
CHECK_SESSION = _rule("checksession/page", Mark.ENGINE, f"{_IS4}, CheckSessionResult.cs")
REVOCATION_METHOD = _rule("revocation/method", Mark.ENGINE, f"{_REVOCATION}: 405, empty", "Use POST.")
REVOCATION_CONTENT_TYPE = _rule(
    "revocation/content-type", Mark.ENGINE, f"{_REVOCATION}: 415, empty", "Send a form-encoded body."
)
REVOCATION_CLIENT = _rule(
    "revocation/client-refused",
    Mark.ENGINE,
    f"{_REVOCATION}: 400, without description",
    "Send client_id and client_secret as to the token endpoint.",
)
REVOCATION_TOKEN_MISSING = _rule(
    "revocation/token-missing", Mark.ENGINE, f"{_IS4}, TokenRevocationRequestValidator.cs", "Send token."
)
REVOCATION_HINT = _rule(
    "revocation/hint-unknown",
    Mark.ENGINE,
    f"{_IS4}, TokenRevocationRequestValidator.cs",
    "Leave token_type_hint out, or send access_token or refresh_token.",
)
REVOCATION_DONE = _rule(
    "revocation/done",
    Mark.ENGINE,
    f"{_IS4}, TokenRevocationResponseGenerator.cs: 200 whatever the token; a self-contained one lives on",
)
INTROSPECTION_METHOD = _rule(
    "introspection/method", Mark.ENGINE, f"{_IS4}, IntrospectionEndpoint.cs: 405, empty", "Use POST."
)
INTROSPECTION_CONTENT_TYPE = _rule(
    "introspection/content-type",
    Mark.ENGINE,
    f"{_IS4}, IntrospectionEndpoint.cs: 415, empty",
    "Send a form-encoded body.",
)
INTROSPECTION_REFUSED = _rule(
    "introspection/api-refused",
    Mark.ENGINE,
    f"{_IS4}, ApiSecretValidator.cs: only an API may ask, with a secret of its own",
    "A partner's client cannot introspect; treat the token as opaque.",
)
DEVICE_REQUEST = _rule(
    "deviceauthorization/request",
    Mark.ENGINE,
    f"{_DEVICE}: another method or content type is invalid_request",
    "Post a form-encoded body.",
)
DEVICE_CLIENT = _rule(
    "deviceauthorization/client-refused",
    Mark.ENGINE,
    _DEVICE,
    "Send client_id and client_secret as to the token endpoint.",
)
DEVICE_GRANT = _rule(
    "deviceauthorization/grant-not-allowed",
    Mark.ENGINE,
    f"{_IS4}, DeviceAuthorizationRequestValidator.cs",
    "ClickView documents client_credentials only.",
)
CIBA_REQUEST = _rule(
    "ciba/request", Mark.ENGINE, f"{_CIBA}: another method or content type", "Post a form-encoded body."
)
CIBA_CLIENT = _rule(
    "ciba/client-refused",
    Mark.ENGINE,
    f"{_CIBA}: invalid_client is 401 here",
    "Send client_id and client_secret as to the token endpoint.",
)
CIBA_GRANT = _rule(
    "ciba/grant-not-allowed",
    Mark.ENGINE,
    f"{_DUENDE}, BackchannelAuthenticationRequestValidator.cs",
    "ClickView documents client_credentials only.",
)

# API: who calls
BEARER_MISSING = _rule(
    "api/bearer-missing",
    Mark.ENGINE,
    f"{_BEARER}; {_ACCESS}: include the access token in the Authorization header",
    "Send the access token in the header: Authorization: Bearer.",
)
TOKEN_MALFORMED = _rule(
    "api/token-malformed",
    Mark.ENGINE,
    f"{_BEARER}: no validator can read it",
    "Send the access token exactly as it was issued.",
)
SIGNATURE_INVALID = _rule(
    "api/signature-invalid", Mark.ENGINE, _BEARER, "Send the access token exactly as it was issued."
)
KEY_NOT_FOUND = _rule(
    "api/key-not-found", Mark.ENGINE, _BEARER, "Send a token of this server; another one's keys mean nothing here."
)
TOKEN_FOREIGN = _rule(
    "api/token-foreign",
    Mark.ENGINE,
    f"{_BEARER}; Microsoft.IdentityModel.Tokens 6.10, InternalValidators.cs: under an unknown key id, and expired or "
    "another issuer's; SecurityTokenUnableToValidateException has no description",
    "Send a token of this server.",
)
NO_EXPIRY = _rule("api/token-without-expiry", Mark.ENGINE, _BEARER, "Send a token of this server.")
LIFETIME_INVALID = _rule("api/token-lifetime", Mark.ENGINE, _BEARER, "Send a token of this server.")
NOT_YET_VALID = _rule(
    "api/token-not-yet-valid",
    Mark.ENGINE,
    f"{_BEARER}; TokenValidationParameters: 300 s of leeway",
    "Set the clocks right.",
)
TOKEN_EXPIRED = _rule(
    "api/token-expired",
    Mark.ENGINE,
    f"{_BEARER}; TokenValidationParameters: 300 s of leeway",
    "Create a new access token before the old one expires.",
)
AUDIENCE_INVALID = _rule("api/audience-invalid", Mark.ENGINE, _BEARER, "Send a token that was issued for this API.")
ISSUER_INVALID = _rule("api/issuer-invalid", Mark.ENGINE, _BEARER, "Send a token of this server.")
TOKEN_WITHDRAWN = _rule(
    "api/token-withdrawn",
    Mark.ASSUMED,
    f"{_BEARER} knows no withdrawal of a self-contained token; answered as any other token that is refused",
    "Ask for a new access token once, then repeat the call once.",
)
SCOPE_LACKING = _rule(
    "api/scope-lacking",
    Mark.ENGINE,
    "ASP.NET Core 6.0, AuthenticationHandler.cs: forbidden is 403, empty",
    "Ask for the scope smartembed.viewkey.",
)

# API: what is called
EXAMPLE = _rule("api/example", Mark.DOC, f'{_ACCESS}, section "Making Authenticated Requests"')
BODY_TYPE = _rule(
    "api/view-key-content-type",
    Mark.ASSUMED,
    f"{_API}; {_VIEW_KEY}: Content-Type is required",
    "Send Content-Type: application/json.",
)
BODY_UNREADABLE = _rule(
    "api/view-key-body-unreadable",
    Mark.ASSUMED,
    _API,
    "Send a JSON object whose members have the documented types.",
)
MEDIA_MISSING = _rule("api/view-key-media-missing", Mark.DOC, f"{_VIEW_KEY}: mediaId is required", "Send mediaId.")
DATA_MISSING = _rule("api/view-key-data-missing", Mark.DOC, f"{_VIEW_KEY}: data is required", "Send data.")
STUDENT_MISSING = _rule(
    "api/view-key-student-missing", Mark.DOC, f"{_VIEW_KEY_DATA}: student is required", "Send data.student."
)
STUDENT_PERSONAL = _rule(
    "api/view-key-student-personal",
    Mark.DOC,
    f'{_VIEW_KEY_DATA}, section "Restrictions"',
    "Leave out firstName, surname and email for students.",
)
FIELD_MISSING = _rule(
    "api/view-key-field-missing",
    Mark.DOC,
    f'{_VIEW_KEY_DATA}, section "Schema"',
    "Send every member that the table requires for a teacher or for a student.",
)
MEDIA_UNKNOWN = _rule(
    "api/view-key-media-unknown",
    Mark.ASSUMED,
    "RFC 9110 section 15.5.5; ids made of digits are taken to exist, as those of the documents' samples",
    "Send the mediaId that the selection gave you.",
)
VIEW_KEY = _rule("api/view-key", Mark.DOC, f'{_PLAYBACK}, section "View Key response"')
PLAY = _rule("play/page", Mark.DOC, f'{_PLAYBACK}, section "Using your View Key to play a video"')
PLAY_UNKNOWN = _rule(
    "play/view-key-unknown", Mark.ASSUMED, "common practice", "Use the embedUrl of the answer, unchanged."
)
PLAY_EXPIRED = _rule(
    "play/view-key-expired",
    Mark.DOC,
    f"{_PLAYBACK}: a view key has a lifetime of 8 hours",
    "Create a new view key every time a person watches a video.",
)
SELECT = _rule("select/page", Mark.DOC, f'{_SELECTION}, section "Prompt a user to select a video"')
SELECT_CLIENT = _rule(
    "select/client-unknown",
    Mark.ASSUMED,
    f"{_SELECTION}: the address bears your client id",
    "Put your client id in clientId.",
)

# everywhere
PREFLIGHT = _rule("cors/preflight", Mark.ENGINE, f"{_IS4}, CorsPolicyProvider.cs: for origins that are allowed")
LOST = _rule("lost", Mark.ENGINE, "ASP.NET Core 6.0: 404, empty", "This address is not part of ClickView's surface.")
METHOD = _rule("method", Mark.ENGINE, "ASP.NET Core 6.0, HttpMethodMatcherPolicy.cs", "Use the documented method.")

BY_ID = {rule.id: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
