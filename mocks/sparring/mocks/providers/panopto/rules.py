"""What Panopto does, rule by rule. [doc] is the public integration guide and Panopto's own samples and API reference.
The server behind /Panopto/oauth2 is IdentityServer3, by all that its clients saw of it; what no document says is
answered as version 2.6.3 does when nothing is changed in it [engine], or [assumed].
"""

from sparring.mocks.engine.rules import Mark, Rule

_GUIDE = '"Panopto OAuth2 Integration Guide"'
_CODE = f'{_GUIDE}, section "How to manually recieve code"'
_TOKEN = f'{_GUIDE}, section "How to manually recieve access token"'
_URLS = f'{_GUIDE}, section "Step 2: Configure Allowed URLs and Redirect URI"'
_SAMPLES = "Panopto/panopto-api-python-examples"
_API = "Panopto public API reference"
_IS3 = "IdentityServer3 2.6.3"
_ASKED = f"{_IS3}, AuthorizeRequestValidator.cs"
_INTERACTION = f"{_IS3}, AuthorizeInteractionResponseGenerator.cs"
_AUTHORIZE = f"{_IS3}, AuthorizeEndpointController.cs"
_LOGIN = f"{_IS3}, AuthenticationController.cs"
_FORMS = f"{_IS3}, ValidateAntiForgeryTokenAttribute.cs"
_CLIENT = f"{_IS3}, ClientSecretValidator.cs"
_VALIDATOR = f"{_IS3}, TokenRequestValidator.cs"
_REVOCATION = f"{_IS3}, RevocationEndpointController.cs"
_USERINFO = f"{_IS3}, UserInfoEndpointController.cs"
_VALIDATION = f"{_IS3}, AccessTokenValidationController.cs, IdentityTokenValidationController.cs, TokenValidator.cs"
_END_SESSION = f"{_IS3}, EndSessionController.cs"
_UPLOAD = "Panopto/upload-python-sample, simplest/panopto_uploader.py"
_S3 = "Amazon S3 API reference, multipart upload"
_AGAIN = "Start again at the authorization URL, in one browser that keeps its cookies."


def _rule(name: str, mark: Mark, source: str, mend: str = "") -> Rule:
    return Rule(f"panopto/{name}", mark, source, mend)


def _engine(name: str, source: str, mend: str = "") -> Rule:
    return _rule(name, Mark.ENGINE, source, mend)


# authorize: a page
CLIENT_ID_MISSING = _engine(
    "authorize/client-id-missing", f"{_ASKED}: or longer than 100 characters", "Send the client_id of your API client."
)
REDIRECT_URI_MISSING = _engine(
    "authorize/redirect-uri-missing",
    f"{_ASKED}: or longer than 400 characters",
    "Send redirect_uri; there is no default.",
)
REDIRECT_URI_RELATIVE = _engine(
    "authorize/redirect-uri-relative",
    f"{_ASKED}: not an absolute URI; {_CODE}: has the word port where a number belongs",
    "Send an absolute URI, with a number for its port.",
)
CLIENT_UNKNOWN = _engine("authorize/client-unknown", _ASKED, "Send the client_id that Panopto showed, a GUID.")
REDIRECT_URI_UNKNOWN = _engine(
    "authorize/redirect-uri-unknown",
    f"{_IS3}, DefaultRedirectUriValidator.cs; {_URLS}: set the redirect URI",
    "Send a redirect_uri that is registered for the API client, as a whole: host, port and path.",
)
RESPONSE_TYPE = _engine("authorize/response-type", _ASKED, "Ask for response_type=code.")
RESPONSE_MODE = _engine(
    "authorize/response-mode", _ASKED, "Leave response_mode out, or send query or form_post with response_type=code."
)
FLOW = _engine(
    "authorize/flow",
    f"{_ASKED}: each client has one flow",
    "A server-side web application asks for response_type=code; another type of API client is needed for tokens.",
)
OPENID_MISSING = _engine(
    "authorize/openid-missing",
    f"{_ASKED}: response_type with id_token",
    "With id_token in response_type, ask for openid.",
)
SCOPE_KINDS = _engine(
    "authorize/scope-kinds",
    f"{_IS3}, ScopeValidator.cs: IsResponseTypeValid",
    "With response_type=token ask for api alone; with id_token alone for openid, profile, email; for both, use both.",
)
NONCE_MISSING = _engine(
    "authorize/nonce-missing",
    f"{_ASKED}: implicit flow with openid",
    "Send a fresh nonce, and look for it in the ID token.",
)
SCOPE_NOT_ALLOWED = _engine(
    "authorize/scope-not-allowed", f"{_ASKED}: a page, not a redirect", "Ask only for scopes that the API client has."
)
SELECT_ACCOUNT = _engine(
    "authorize/select-account",
    f"{_INTERACTION}: throws; ErrorPageFilterAttribute.cs: page with status 200",
    "Do not send prompt=select_account; prompt=login makes the person sign in again.",
)

# authorize: back to the client
SCOPE_MISSING = _engine(
    "authorize/scope-missing",
    f"{_ASKED}: or longer than 300 characters",
    "Send scope=openid api, with a space between.",
)
SCOPE_UNKNOWN = _engine(
    "authorize/scope-unknown", f"{_ASKED}: upper and lower case differ", "Use openid, api and offline_access."
)
SCOPE_WITHOUT_OPENID = _engine("authorize/scope-without-openid", _ASKED, "With profile or email, ask for openid too.")
NONCE_TOO_LONG = _engine("authorize/nonce-too-long", _ASKED, "Keep nonce within 300 characters.")
MAX_AGE = _engine("authorize/max-age", _ASKED, "Send max_age as a whole number of seconds, not below 0.")
OPTIONAL_TOO_LONG = _engine(
    "authorize/optional-too-long",
    f"{_ASKED}: ui_locales, login_hint 100, acr_values 300",
    "Shorten ui_locales, login_hint or acr_values.",
)
LOGIN_REQUIRED = _engine("authorize/login-required", _INTERACTION, "Ask again without prompt=none.")
INTERACTION_REQUIRED = _engine(
    "authorize/interaction-required",
    f"{_INTERACTION}; DefaultConsentService.cs: offline_access needs consent each time",
    "Ask again without prompt=none.",
)
SIGN_IN_NEEDED = _engine("authorize/sign-in-needed", f"{_AUTHORIZE}: RedirectToLogin")
CONSENT = _engine("authorize/consent", f"{_AUTHORIZE}; {_GUIDE}, Step 3: you will log in and grant access")
CODE_ISSUED = _engine("authorize/code-issued", f"{_IS3}, AuthorizeResponseGenerator.cs, AuthorizeResponseExtensions.cs")
TOKENS_ISSUED = _engine(
    "authorize/tokens-issued", f"{_IS3}, AuthorizeResponseGenerator.cs: CreateImplicitFlowResponseAsync"
)

# consent
CONSENT_FORM_REFUSED = _engine("consent/form-refused", _FORMS, _AGAIN)
NOTHING_CHOSEN = _engine("consent/nothing-chosen", _INTERACTION, "Tick at least one permission, or say no.")
ACCESS_DENIED = _engine(
    "consent/access-denied", _INTERACTION, "The person said no; tell them so, and do not ask again by yourself."
)

# sign-in
SIGN_IN = _engine("sign-in/form", _LOGIN)
SIGN_IN_FORM_REFUSED = _engine("sign-in/form-refused", _FORMS, _AGAIN)
SIGN_IN_MESSAGE_TOO_LONG = _engine("sign-in/message-too-long", _LOGIN, _AGAIN)
SIGN_IN_MESSAGE_UNKNOWN = _engine("sign-in/message-unknown", f"{_LOGIN}: HandleNoSignin; MessageCookie.cs", _AGAIN)
SIGN_IN_FIELD = _engine("sign-in/field-missing", _LOGIN, "Fill in both fields.")
SIGN_IN_WRONG = _engine(
    "sign-in/wrong", f"{_LOGIN}, Messages.resx", "Use a username and password from the list that serve prints."
)
SIGN_IN_TOO_LONG = _engine(
    "sign-in/field-too-long",
    f"{_LOGIN}: over 100 characters, the form comes again without a word",
    "Use a username and password from the list that serve prints.",
)
SIGN_IN_PROVIDER = _engine(
    "sign-in/provider-unknown",
    f"{_LOGIN}: LoginExternal",
    "Leave idp: out of acr_values; the site has local accounts only.",
)
FORM_TYPE = _engine(
    "form/content-type",
    f"{_IS3}, PreventUnsupportedRequestMediaTypesAttribute.cs",
    "A page's form is sent as application/x-www-form-urlencoded.",
)
SIGNED_IN = _engine("sign-in/signed-in", f"{_LOGIN}: SignInAndRedirectAsync")

# token
CONTENT_TYPE = _engine(
    "token/content-type",
    f"{_IS3}, PreventUnsupportedRequestMediaTypesAttribute.cs; {_TOKEN}: form-encoded",
    "Send the parameters as application/x-www-form-urlencoded.",
)
CLIENT_MISSING = _engine(
    "token/client-missing",
    f"{_CLIENT}, BasicAuthenticationSecretParser.cs, PostBodySecretParser.cs; {_TOKEN}",
    "Send client_id and client_secret, in the form body or in a Basic header; neither may exceed 100 characters.",
)
TOKEN_CLIENT_UNKNOWN = _engine("token/client-unknown", _CLIENT, "Check client_id.")
SECRET_WRONG = _engine(
    "token/client-secret-wrong",
    f"{_CLIENT}: in a Basic header it is taken as it is",
    "Check client_secret; in a Basic header do not form-encode it, in a form body encode its + and =.",
)
GRANT_TYPE_MISSING = _engine(
    "token/grant-type-missing", f"{_VALIDATOR}: unsupported_grant_type", "Send grant_type=authorization_code."
)
GRANT_TYPE_UNKNOWN = _engine(
    "token/grant-type-unknown",
    f"{_VALIDATOR}; {_TOKEN}: spells it authorisation_code, which no server knows",
    "Send grant_type=authorization_code (with a z) or refresh_token.",
)
GRANT_NOT_ALLOWED = _engine(
    "token/grant-not-allowed",
    f"{_VALIDATOR}: the client has another flow; {_SAMPLES}, auth-user-based-app",
    "A server-side web application redeems codes; for passwords create a user based server application.",
)
SCOPE_INVALID = _engine(
    "token/scope-invalid",
    f"{_VALIDATOR}: ValidateRequestedScopesAsync; missing, over 300 characters, unknown or not the client's",
    "Send scope=api, with openid and offline_access where they are needed, in lower case.",
)
CREDENTIALS_MISSING = _engine(
    "token/credentials-missing",
    f"{_VALIDATOR}: or longer than 100 characters",
    "Send username and password.",
)
ACR_VALUES_TOO_LONG = _engine(
    "token/acr-values-too-long", f"{_VALIDATOR}: over 300 characters", "Shorten acr_values, or leave it out."
)
CREDENTIALS_WRONG = _engine(
    "token/credentials-wrong",
    f"{_VALIDATOR}: a description comes only where the site's user service has one",
    "Check username and password; for people of an ID provider the password is an authentication code.",
)
PASSWORD_GRANTED = _engine(
    "token/password-granted",
    f"{_IS3}, TokenResponseGenerator.cs: never an ID token; {_SAMPLES}, auth-user-based-app, auth-id-provider",
)
SCOPE_FOR_PEOPLE = _engine(
    "token/scope-for-people",
    f"{_VALIDATOR}: client_credentials with an identity scope or offline_access",
    "Without a person ask for api alone.",
)
CLIENT_GRANTED = _engine(
    "token/client-granted", f"{_IS3}, TokenResponseGenerator.cs; that Panopto registers such clients is not known"
)
CODE_MISSING = _engine("token/code-missing", _VALIDATOR, "Send the code from the redirect.")
CODE_UNKNOWN = _engine("token/code-unknown", _VALIDATOR, "Send the code exactly as it came in the redirect.")
CODE_USED = _engine(
    "token/code-used",
    f"{_VALIDATOR}: the code is removed as soon as it is found",
    "Send each code once, even after a refusal; for another try start a new login.",
)
CODE_FOREIGN = _engine("token/code-of-another-client", _VALIDATOR, "Redeem a code with the client it was issued to.")
CODE_VERIFIER = _rule(
    "token/code-verifier",
    Mark.CLIENT,
    f"{_VALIDATOR}: unexpected code_verifier; comppolicylab/pingpong met it on a live site",
    "Do not send code_verifier, although discovery lists PKCE; the code is burnt, so start a new login.",
)
CODE_EXPIRED = _engine("token/code-expired", f"{_VALIDATOR}, Client.cs: 300 seconds", "Redeem the code at once.")
TOKEN_REDIRECT_URI_MISSING = _engine(
    "token/redirect-uri-missing",
    f"{_VALIDATOR}: unauthorized_client",
    "Repeat the redirect_uri of the authorization request; the code is burnt, so start a new login.",
)
REDIRECT_URI_DIFFERS = _engine(
    "token/redirect-uri-differs",
    f"{_VALIDATOR}: unauthorized_client; the guide uses three redirect URIs in one flow",
    "Repeat the redirect_uri of the authorization request byte for byte; the code is burnt, so start a new login.",
)
USER_DISABLED = _engine("token/user-disabled", f"{_VALIDATOR}: invalid_request", "The account is gone: ask the person.")
CODE_REDEEMED = _engine("token/code-redeemed", f"{_IS3}, TokenResponseGenerator.cs, TokenResult.cs; {_TOKEN}")
REFRESH_MISSING = _engine("token/refresh-token-missing", _VALIDATOR, "Send refresh_token.")
REFRESH_UNKNOWN = _engine(
    "token/refresh-token-unknown",
    f"{_VALIDATOR}; {_SAMPLES}, common/panopto_oauth2.py: a failed refresh leads to a new login",
    "Have the person sign in again.",
)
REFRESH_USED = _engine(
    "token/refresh-token-used",
    f"{_IS3}, DefaultRefreshTokenService.cs: one use; {_SAMPLES}, common/panopto_oauth2.py keeps the new one",
    "Replace the stored refresh token by the new one at every refresh.",
)
REFRESH_EXPIRED = _engine(
    "token/refresh-token-expired", f"{_VALIDATOR}, Client.cs: 30 days in all", "Have the person sign in again."
)
REFRESH_FOREIGN = _engine(
    "token/refresh-token-of-another-client", _VALIDATOR, "Refresh with the client that the token was issued to."
)
REFRESH_SCOPE = _engine(
    "token/refresh-scope-withdrawn", _VALIDATOR, "The client lost offline_access or a granted scope; sign in again."
)
REFRESHED = _engine("token/refreshed", f"{_IS3}, TokenResponseGenerator.cs, DefaultRefreshTokenService.cs")

# discovery, userinfo, revocation, introspection
DISCOVERY = _engine("discovery", f"{_IS3}, DiscoveryEndpointController.cs; {_API}: names the address")
JWKS = _engine("jwks", f"{_IS3}, DiscoveryEndpointController.cs: GetKeyData")
USERINFO = _rule("userinfo/claims", Mark.CLIENT, "University of Auckland crowdcaptions: sub, name, emailaddress")
USERINFO_TOKEN_MISSING = _engine(
    "userinfo/token-missing",
    f"{_USERINFO}, BearerTokenUsageValidator.cs",
    "Send Authorization: Bearer with the access token.",
)
USERINFO_TOKEN_REFUSED = _engine(
    "userinfo/token-refused", _USERINFO, "Renew the access token once, then ask again once."
)
USERINFO_SCOPE = _engine(
    "userinfo/scope-lacking", f"{_USERINFO}, ProtectedResourceErrorResult.cs", "Ask for the scope openid at the login."
)
REVOKED = _engine("revocation/done", f"{_REVOCATION}; RFC 7009 section 2.2")
REVOCATION_TOKEN_MISSING = _engine(
    "revocation/token-missing", f"{_IS3}, TokenRevocationRequestValidator.cs", "Send token."
)
REVOCATION_HINT = _engine(
    "revocation/hint-unknown",
    f"{_IS3}, TokenRevocationRequestValidator.cs",
    "Send token_type_hint=refresh_token or access_token, or none.",
)
INTROSPECTION_REFUSED = _engine(
    "introspection/refused",
    f"{_IS3}, IntrospectionEndpointController.cs: asks for a scope's secret, not a client's",
    "A client cannot introspect here; look at expires_in, and at what the API answers.",
)
VALIDATION_TOKEN_MISSING = _engine("validation/token-missing", f"{_VALIDATION}, Messages.resx", "Send token.")
VALIDATION_CLIENT_MISSING = _engine(
    "validation/client-missing", f"{_VALIDATION}, Messages.resx", "Send client_id, whom the ID token is for."
)
VALIDATION_REFUSED = _engine(
    "validation/refused",
    f"{_VALIDATION}, DefaultCustomTokenValidator.cs: 300 seconds past its end a token is still good",
    "Renew the token; for an ID token start a new login.",
)
VALIDATION_SCOPE = _engine(
    "validation/scope-lacking", _VALIDATION, "Ask for the expected scope at the login, or expect another one."
)
VALIDATED = _engine("validation/claims", f"{_VALIDATION}, ClaimListExtensions.cs")

# leaving, and what pages need
END_SESSION = _engine("end-session", f"{_END_SESSION}, EndSessionRequestValidator.cs, LogoutResult.cs")
END_SESSION_IGNORED = _engine(
    "end-session/parameters-ignored",
    f"{_END_SESSION}: if anything went wrong, ignore the params the RP sent",
    "Send an ID token of the person who is signed in as id_token_hint; API clients have no post_logout_redirect_uri.",
)
END_SESSION_CALLBACK = _engine("end-session/callback", f"{_END_SESSION}: LogoutCallback")
END_SESSION_CALLBACK_REFUSED = _engine(
    "end-session/callback-refused", f"{_END_SESSION}: ValidateSid", "Send the value of the cookie idsvr.session as sid."
)
LOGOUT_ASKED = _engine("logout/asked", _LOGIN)
LOGOUT_FORM_REFUSED = _engine("logout/form-refused", _FORMS, "Open the log-out page again.")
LOGOUT_MESSAGE_TOO_LONG = _engine("logout/message-too-long", _LOGIN, "Start at the address of endsession.")
SIGNED_OUT = _engine("logout/signed-out", _LOGIN)
CHECK_SESSION = _engine("check-session", f"{_IS3}, CheckSessionEndpointController.cs")
POLICY_REPORT = _engine("csp-report", f"{_IS3}, CspReportController.cs")
POLICY_REPORT_TOO_LONG = _engine(
    "csp-report/too-long", f"{_IS3}, CspReportController.cs: over 2000 characters", "Send a shorter report."
)

# API
BEARER_MISSING = _rule("api/bearer-missing", Mark.DOC, f"{_API}: 401 without a body", "Send Authorization: Bearer.")
BEARER_REFUSED = _rule(
    "api/bearer-refused",
    Mark.DOC,
    f"{_API}: 401 without a body; {_SAMPLES}: gets a new token and repeats the call",
    "Renew the access token once, then repeat the call once.",
)
SCOPE_LACKING = _rule("api/scope-lacking", Mark.ASSUMED, f"{_API}: 403 without a body", "Ask for the scope api.")
PAGE_MALFORMED = _rule("api/page-malformed", Mark.DOC, f"{_API}: 400 with an error object", "Count pages from 0.")
FOLDER_MALFORMED = _rule("api/folder-malformed", Mark.DOC, f"{_API}: 400 with an error object", "Send a GUID.")
FOLDER_UNKNOWN = _rule("api/folder-unknown", Mark.DOC, f"{_API}: 404 with an error object", "Use an Id of a list.")
FOLDERS = _rule("api/folders", Mark.DOC, f"{_API}; {_SAMPLES}, folders-cli")
FOLDER = _rule("api/folder", Mark.DOC, f"{_API}; {_SAMPLES}, folders-cli")
FOLDER_SEARCH = _rule("api/folder-search", Mark.DOC, f"{_API}; {_SAMPLES}, folders-cli")
FOLDER_SESSIONS = _rule("api/folder-sessions", Mark.DOC, f"{_API}; {_SAMPLES}, folders-cli")
SESSION = _rule("api/session", Mark.DOC, f"{_API}; {_SAMPLES}, sessions-cli")
SESSION_SEARCH = _rule("api/session-search", Mark.DOC, f"{_API}; {_SAMPLES}, sessions-cli")
SESSION_MALFORMED = _rule("api/session-malformed", Mark.DOC, f"{_API}: 400 with an error object", "Send a GUID.")
SESSION_UNKNOWN = _rule("api/session-unknown", Mark.DOC, f"{_API}: 404 with an error object", "Use an Id of a list.")
USER = _rule("api/user", Mark.DOC, f"{_API}: names the call; its members are assumed")
USER_MALFORMED = _rule("api/user-malformed", Mark.DOC, f"{_API}: 400 with an error object", "Send a GUID.")
USER_UNKNOWN = _rule("api/user-unknown", Mark.DOC, f"{_API}: 404 with an error object", "Use the sub of a token.")
LEGACY_LOGIN = _rule("api/legacy-login", Mark.DOC, f"{_API}: auth/legacyLogin; the cookie .ASPXAUTH")

# upload
UPLOAD_REFUSED = _rule(
    "upload/bearer-refused",
    Mark.DOC,
    f"{_UPLOAD}: 403, where the API says 401; without a token or with a bogus one it is [assumed]",
    "Take 403 here as you take 401 at the API: renew the access token once, then repeat the call once.",
)
UPLOAD_MALFORMED = _rule(
    "upload/malformed",
    Mark.ASSUMED,
    f"{_API}: 400 with an error object",
    "Send a JSON object with FolderId, a GUID; to finish, with State 1.",
)
UPLOAD_FOLDER = _rule(
    "upload/folder-unknown", Mark.ASSUMED, f"{_API}: 404 with an error object", "Use the Id of a folder of the site."
)
UPLOAD_UNKNOWN = _rule(
    "upload/unknown", Mark.ASSUMED, f"{_API}: 404 with an error object", "Use the ID that the first call answered."
)
UPLOAD_STARTED = _rule("upload/started", Mark.DOC, f"{_UPLOAD}: __create_session; the status is assumed")
UPLOAD_FINISHED = _rule("upload/finished", Mark.DOC, f"{_UPLOAD}: __finish_upload")
UPLOAD_PROGRESS = _rule(
    "upload/progress", Mark.DOC, f"{_UPLOAD}: __monitor_progress, until State is 4; State 3 before that is assumed"
)
STORE_STARTED = _rule("upload/storage-started", Mark.DOC, f"{_UPLOAD}: create_multipart_upload; {_S3}")
STORE_PART = _rule("upload/storage-part", Mark.DOC, f"{_UPLOAD}: upload_part; {_S3}")
STORE_FINISHED = _rule("upload/storage-finished", Mark.DOC, f"{_UPLOAD}: complete_multipart_upload; {_S3}")
STORE_UNKNOWN = _rule(
    "upload/storage-unknown",
    Mark.ASSUMED,
    f"{_S3}: NoSuchUpload",
    "Upload to the UploadTarget of an upload that was started, with the UploadId that it answered.",
)
PREFLIGHT = _engine("cors/preflight", f"{_IS3}, CorsPolicyProvider.cs; {_URLS}: set CORS")
LOST = _rule("lost", Mark.ASSUMED, "common practice", "This address is not part of what Panopto documents.")
METHOD = _engine(
    "method", "ASP.NET Web API 5.2, ApiControllerActionSelector: 405", "Use the method that the Allow header names."
)
