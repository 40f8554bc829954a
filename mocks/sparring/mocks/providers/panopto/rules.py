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

# leaving, and what pages need
END_SESSION = _engine("end-session", f"{_IS3}, EndSessionController.cs, LogoutResult.cs")
LOGOUT_ASKED = _engine("logout/asked", _LOGIN)
LOGOUT_FORM_REFUSED = _engine("logout/form-refused", _FORMS, "Open the log-out page again.")
SIGNED_OUT = _engine("logout/signed-out", _LOGIN)
CHECK_SESSION = _engine("check-session", f"{_IS3}, CheckSessionEndpointController.cs")
POLICY_REPORT = _engine("csp-report", f"{_IS3}, CspReportController.cs")

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
PREFLIGHT = _engine("cors/preflight", f"{_IS3}, CorsPolicyProvider.cs; {_URLS}: set CORS")
LOST = _rule("lost", Mark.ASSUMED, "common practice", "This address is not part of what Panopto documents.")
METHOD = _engine(
    "method", "ASP.NET Web API 5.2, ApiControllerActionSelector: 405", "Use the method that the Allow header names."
)
