"""What movingimage does, rule by rule. [doc] is movingimage's public documentation; its login server is a Keycloak of
the 4.x line, so what the documents leave open is [engine] Keycloak 4.8.3. Where a source names a later release too, the
variant of that release answers in its words.
"""

from sparring.mocks.engine.rules import Mark, Rule

DOC, ENGINE, CLIENT, ASSUMED = Mark.DOC, Mark.ENGINE, Mark.CLIENT, Mark.ASSUMED
_GUIDE = 'movingimage "Logged-in Users (server-side)"'
_AUTHORIZE = f'{_GUIDE}, section "Get an Authorization Code"'
_EXCHANGE = f'{_GUIDE}, section "Exchange the Authorization Code for the Access and Refresh Tokens"'
_USE = f'{_GUIDE}, section "Use the Access Token"'
_REFRESH = f'{_GUIDE}, section "Use the Refresh Token"'
_DISCOVERY = 'movingimage "Endpoint Discovery"'
_ANONYMOUS = 'movingimage "Anonymous Users"'
_AUTH = "Keycloak 4.8.3 AuthorizationEndpoint.java"
_CHECKER = "Keycloak 15.0.2 AuthorizationEndpointChecker.java"
_PARSER = "Keycloak 12.0.4 AuthzEndpointQueryStringParser.java"
_BASE = "Keycloak 4.8.3 AuthorizationEndpointBase.java"
_REDIRECT = "Keycloak 4.8.3 RedirectUtils.java"
_CODES = "Keycloak 4.8.3 SessionCodeChecks.java"
_PROTOCOL = "Keycloak 4.8.3 OIDCLoginProtocol.java"
_TOKEN = "Keycloak 4.8.3 TokenEndpoint.java"
_PASSWORD = "Keycloak 4.8.3 ValidateUsername.java"
_SECRET = "Keycloak 4.8.3 ClientIdAndSecretAuthenticator.java"
_SECRET_LATER = "Keycloak 20.0.1 ClientIdAndSecretAuthenticator.java"
_MANAGER = "Keycloak 4.8.3 TokenManager.java"
_MANAGER_LATER = "Keycloak 12.0.4 TokenManager.java"
_NEWER = "Keycloak 15.0.2 TokenManager.java, validateTokenReuseForRefresh; the realm option revokeRefreshToken"
_USERINFO = "Keycloak 4.8.3 UserInfoEndpoint.java"
_USERINFO_LATER = "Keycloak 20.0.1 UserInfoEndpoint.java"
_LOGOUT = "Keycloak 4.8.3 LogoutEndpoint.java"
_LOGOUT_LATER = "Keycloak 20.0.1 LogoutEndpoint.java"
_INTROSPECT = "Keycloak 4.8.3 TokenIntrospectionEndpoint.java"
_REVOKE = "Keycloak 12.0.4 TokenRevocationEndpoint.java"
_ADAPTER = "Keycloak 4.8.3 BearerTokenRequestAuthenticator.java; that the API uses this adapter is inferred"
_VERIFIER = "Keycloak 4.8.3 AdapterTokenVerifier.java and TokenVerifier.java; that the API uses them is inferred"
_AGAIN = "Open the authorization URL again."
_SIGN_IN_AGAIN = "Drop the refresh token and have the person sign in again."
_RENEW = "Renew the access token once, then repeat the call once."
_ONCE = "Send each parameter once."
_ANOTHER = "Use a client that has the code flow."
_OLD_LOGIN = 'movingimage API document, "auth/login" and "auth/refresh"'


def _rule(name: str, mark: Mark, source: str, mend: str = "") -> Rule:
    return Rule(f"movingimage/{name}", mark, source, mend)


# discovery
WEBFINGER = _rule("webfinger/found", DOC, _DISCOVERY)
WEBFINGER_MISSING = _rule("webfinger/resource-missing", ASSUMED, "RFC 7033 section 4.2", "Send the parameter resource.")
WEBFINGER_UNKNOWN = _rule(
    "webfinger/resource-unknown", ASSUMED, "RFC 7033 section 4.2", "Ask for the API's base URL, slash included."
)
DOCUMENT = _rule(
    "discovery/document",
    ENGINE,
    "Keycloak 4.8.3 OIDCWellKnownProvider.java; 12.0.4 and 20.0.1 OIDCWellKnownProvider.java",
)
KEYS = _rule("discovery/keys", ENGINE, "Keycloak 4.8.3 OIDCLoginProtocolService.java")
REALM_INFO = _rule("discovery/realm", ENGINE, "Keycloak 4.8.3 PublicRealmResource.java")
CHECK_SESSION_ORIGIN = _rule(
    "discovery/check-session-origin",
    ENGINE,
    "Keycloak 4.8.3 LoginStatusIframeEndpoint.java, preCheck",
    "Ask from a web origin that is on record for the client.",
)
CHECK_SESSION = _rule("discovery/check-session", ENGINE, "Keycloak 4.8.3 LoginStatusIframeEndpoint.java")
REGISTRATION = _rule(
    "registration/refused",
    ENGINE,
    f"Keycloak 4.8.3 TrustedHostClientRegistrationPolicy.java; {_GUIDE}: the client is set up with movingimage",
    "Ask movingimage's Professional Services for a client.",
)

# authorize: pages
CLIENT_ID_MISSING = _rule(
    "authorize/client-id-missing", ENGINE, f"{_AUTH}, checkClient; Keycloak 20.0.5 as it runs", "Send client_id."
)
CLIENT_UNKNOWN = _rule(
    "authorize/client-unknown",
    ENGINE,
    f"{_AUTH}, checkClient; Keycloak 20.0.1 blames the redirect URI",
    "Send the client_id that movingimage gave you.",
)
CLIENT_DISABLED = _rule(
    "authorize/client-disabled", ENGINE, f"{_AUTH}, checkClient", "Ask movingimage why the client is disabled."
)
REQUEST_UNREADABLE = _rule(
    "authorize/request-unreadable",
    ENGINE,
    "Keycloak 4.8.3 AuthorizationEndpointRequestParserProcessor.java",
    "Send max_age as a whole number, and not both request and request_uri.",
)
REDIRECT_URI = _rule(
    "authorize/redirect-uri", DOC, f"{_AUTHORIZE}; {_REDIRECT}", "Send a redirect_uri that movingimage has on record."
)

# authorize: redirects
RESPONSE_TYPE_MISSING = _rule("authorize/response-type-missing", DOC, _AUTHORIZE, "Send response_type=code.")
RESPONSE_TYPE_UNKNOWN = _rule(
    "authorize/response-type-unknown", ENGINE, f"{_AUTH}, checkResponseType", "Send response_type=code."
)
RESPONSE_MODE_UNKNOWN = _rule(
    "authorize/response-mode-unknown", ENGINE, f"{_AUTH}, checkResponseType", "Send response_mode=query."
)
RESPONSE_MODE_QUERY = _rule(
    "authorize/response-mode-query",
    ENGINE,
    f"{_AUTH}, checkResponseType",
    "Tokens never travel in a query: ask for code.",
)
STANDARD_FLOW_OFF = _rule(
    "authorize/standard-flow-off",
    ENGINE,
    f"{_AUTH}, checkResponseType; Keycloak 9.0 and later: unauthorized_client",
    _ANOTHER,
)
IMPLICIT_FLOW_OFF = _rule(
    "authorize/implicit-flow-off",
    ENGINE,
    f"{_AUTH}, checkResponseType; Keycloak 9.0 and later: unauthorized_client",
    "Ask for response_type=code.",
)
PARAMETER_REPEATED = _rule("authorize/parameter-repeated", ENGINE, f"{_PARSER}, checkDuplicated", _ONCE)
SCOPE_UNKNOWN = _rule(
    "authorize/scope-unknown",
    ENGINE,
    f"Keycloak 12.0.4 AuthorizationEndpoint.java: invalid_request; {_CHECKER}, checkValidScope: invalid_scope",
    "Ask for openid and for scopes that the discovery document lists.",
)
CHALLENGE_MISSING = _rule(
    "authorize/challenge-missing", ENGINE, f"{_AUTH}, checkPKCEParams", "Send code_challenge with its method."
)
CHALLENGE_METHOD = _rule("authorize/challenge-method", ENGINE, f"{_AUTH}, checkPKCEParams", "Use S256.")
CHALLENGE_MALFORMED = _rule(
    "authorize/challenge-malformed", ENGINE, f"{_AUTH}, checkPKCEParams", "Send 43 to 128 unreserved characters."
)
LOGIN_REQUIRED = _rule(
    "authorize/login-required", ENGINE, f"{_PROTOCOL}, translateError", "Nobody is signed in: ask without prompt=none."
)
INTERACTION_REQUIRED = _rule(
    "authorize/interaction-required",
    ENGINE,
    f"{_BASE}, handleBrowserAuthenticationRequest; {_PROTOCOL}, translateError",
    "The person has a question to answer: ask without prompt=none.",
)

# login
SIGN_IN = _rule("login/sign-in", DOC, f"{_AUTHORIZE}, step 2")
FORM_AGAIN = _rule("login/form-again", ENGINE, f"{_CODES}, initialVerify")
FORM_SENT_BEFORE = _rule("login/form-sent-before", ENGINE, f"{_CODES}, initialVerify: the form once more")
PAGE_EXPIRED = _rule("login/page-expired", ENGINE, f"{_CODES}, showPageExpired")
TOOK_TOO_LONG = _rule("login/took-too-long", ENGINE, f"{_CODES}, isActionActive")
START_AGAIN = _rule("login/start-again", ENGINE, "Keycloak 4.8.3 LoginActionsService.java, restartSession")
RESTARTED = _rule("login/restarted", ENGINE, f"{_CODES}, restartAuthenticationSessionFromCookie")
FORM_UNKNOWN = _rule("login/form-unknown", ENGINE, f"{_CODES}, restartAuthenticationSessionFromCookie", _AGAIN)
ALREADY_SIGNED_IN = _rule("login/already-signed-in", ENGINE, f"{_CODES}, initialVerifyAuthSession")
SIGN_IN_WRONG = _rule("login/sign-in-wrong", ENGINE, "Keycloak 4.8.3 AbstractUsernameFormAuthenticator.java")
ACCOUNT_DISABLED = _rule(
    "login/account-disabled",
    ENGINE,
    "Keycloak 4.8.3 AbstractUsernameFormAuthenticator.java, enabledUser: only who knows the password is told",
)
ACTION_ASKED = _rule(
    "login/action-asked", ENGINE, "Keycloak 4.8.3 AuthenticationManager.java, nextActionAfterAuthentication"
)
ACTION_PAGE = _rule("login/action-page", ENGINE, "Keycloak 4.8.3 UpdatePassword.java; login-update-password.ftl")
ACTION_REFUSED = _rule("login/action-refused", ENGINE, "Keycloak 4.8.3 UpdatePassword.java, processAction")
OTHER_PERSON = _rule(
    "login/other-person",
    ENGINE,
    "Keycloak 4.8.3 AuthenticationProcessor.java, attachSession",
    "Sign out at the logout endpoint before another person signs in.",
)
CONSENT_ASKED = _rule(
    "login/consent-asked", ENGINE, "Keycloak 4.8.3 AuthenticationManager.java, redirectToRequiredActions"
)
CONSENT = _rule(
    "login/consent", ENGINE, "Keycloak 4.8.3 AuthenticationManager.java, actionRequired; login-oauth-grant.ftl"
)
CONSENT_DENIED = _rule(
    "login/consent-denied",
    ENGINE,
    "Keycloak 4.8.3 LoginActionsService.java, processConsent; OIDCLoginProtocol.java, translateError",
    "The person said no; tell them so, and do not ask again.",
)
CONSENT_UNKNOWN = _rule(
    "login/consent-unknown",
    ENGINE,
    "Keycloak 4.8.3 LoginActionsService.java, processConsent: the page belongs to no login that is going on",
    "Send the page's own form, once, from the browser in which it was shown.",
)
CODE_ISSUED = _rule("login/code-issued", DOC, f"{_AUTHORIZE}, step 3; {_PROTOCOL}, authenticated")
NO_CODE_ASKED = _rule("login/no-code-asked", ENGINE, f"{_PROTOCOL}, authenticated: response_type=none")

# token: grant, then client
GRANT_TYPE_MISSING = _rule(
    "token/grant-type-missing",
    DOC,
    f"{_EXCHANGE}; {_TOKEN}, checkGrantType",
    "Send grant_type, without a line break before it.",
)
GRANT_TYPE_UNKNOWN = _rule(
    "token/grant-type-unknown",
    ENGINE,
    f"{_TOKEN}, checkGrantType; Keycloak 9.0 and later: unsupported_grant_type",
    "Use authorization_code or refresh_token.",
)
TOKEN_REPEATED = _rule(
    "token/parameter-repeated", ENGINE, "Keycloak 15.0.2 TokenEndpoint.java, checkParameterDuplicated", _ONCE
)
HEADER_NOT_BASIC = _rule(
    "token/header-not-basic",
    ENGINE,
    f"{_SECRET}; Keycloak 20.0.5 as it runs",
    "Send client_id and client_secret in the body; no other Authorization.",
)
HEADER_UNREADABLE = _rule(
    "token/header-unreadable",
    ENGINE,
    "Keycloak 4.8.3 AuthenticationProcessor.java, handleClientAuthException; Base64.java; Keycloak 20.0.5 as it runs",
    "Write the Basic header as RFC 7617 section 2 has it, or send client_id and client_secret in the body.",
)
TOKEN_CLIENT_MISSING = _rule(
    "token/client-id-missing",
    ENGINE,
    f"{_SECRET}; Keycloak 20.0.5 as it runs",
    "Send client_id and client_secret in the body.",
)
TOKEN_CLIENT_UNKNOWN = _rule(
    "token/client-unknown",
    ENGINE,
    "Keycloak 4.8.3 and 20.0.1 AuthenticationProcessor.java, handleClientAuthException",
    "Send the client_id that movingimage gave you.",
)
SECRET_MISSING = _rule("token/secret-missing", DOC, f"{_EXCHANGE}; {_SECRET}; {_SECRET_LATER}", "Send client_secret.")
SECRET_WRONG = _rule(
    "token/secret-wrong",
    ENGINE,
    f"{_SECRET}; {_SECRET_LATER}",
    "Check client_secret against the one movingimage gave you.",
)
TOKEN_METHOD = _rule("token/method", DOC, f"{_EXCHANGE}: a POST request", "Use POST.")

# token: code
CODE_MISSING = _rule(
    "token/code-missing", DOC, f"{_EXCHANGE}; {_TOKEN}, codeToToken", "Send the code from the redirect."
)
CODE_UNKNOWN = _rule(
    "token/code-unknown", ENGINE, "Keycloak 4.8.3 OAuth2CodeParser.java", "Send the code exactly as it came."
)
CODE_USED = _rule(
    "token/code-used",
    ENGINE,
    f"{_TOKEN}, codeToToken: also when the first try failed",
    "Redeem each code once; after any failure start a new login. A second try ends the tokens of the first.",
)
CODE_EXPIRED = _rule(
    "token/code-expired", ENGINE, f"{_TOKEN}, codeToToken", "Redeem the code at once: it lives a minute."
)
CODE_USER_GONE = _rule("token/code-user-gone", ENGINE, f"{_TOKEN}, codeToToken", "Start a new login.")
CODE_USER_DISABLED = _rule(
    "token/code-user-disabled", ENGINE, f"{_TOKEN}, codeToToken", "Tell the person that the account is disabled."
)
REDIRECT_URI_DIFFERS = _rule(
    "token/redirect-uri-differs",
    DOC,
    f"{_EXCHANGE}: this must match the redirect uri used in the previous step",
    "Repeat the redirect_uri of the authorization request, byte for byte.",
)
CODE_FOREIGN = _rule(
    "token/code-of-another-client", ENGINE, f"{_TOKEN}, codeToToken", "Redeem a code with the client it was issued to."
)
CODE_FLOW_OFF = _rule("token/code-flow-off", ENGINE, f"{_TOKEN}, codeToToken", "Use a client that has the code flow.")
CODE_SESSION_ENDED = _rule("token/code-session-ended", ENGINE, f"{_TOKEN}, codeToToken", "Start a new login.")
VERIFIER_MISSING = _rule("token/verifier-missing", ENGINE, f"{_TOKEN}, codeToToken", "Send code_verifier.")
VERIFIER_MALFORMED = _rule(
    "token/verifier-malformed", ENGINE, f"{_TOKEN}, codeToToken", "Send 43 to 128 unreserved characters."
)
VERIFIER_WRONG = _rule(
    "token/verifier-wrong", ENGINE, f"{_TOKEN}, codeToToken", "Keep the verifier together with the state of its login."
)
CODE_REDEEMED = _rule("token/code-redeemed", DOC, _EXCHANGE)
CONSENT_WITHDRAWN = _rule(
    "token/consent-withdrawn",
    ENGINE,
    f"{_TOKEN}, codeToToken; {_MANAGER}, validateToken",
    "The person took the permission back: start a new login, and let them decide.",
)

# token: refresh
REFRESH_MISSING = _rule("token/refresh-token-missing", DOC, _REFRESH, "Send refresh_token.")
REFRESH_INVALID = _rule(
    "token/refresh-token-invalid", ENGINE, f"{_MANAGER}, verifyRefreshToken", "Send the refresh token, not another one."
)
REFRESH_EXPIRED = _rule(
    "token/refresh-token-expired",
    DOC,
    f"{_REFRESH}: if both tokens expire, authenticate again; {_MANAGER}; {_MANAGER_LATER}",
    _SIGN_IN_AGAIN,
)
REFRESH_STALE = _rule(
    "token/refresh-token-stale", ENGINE, f"{_MANAGER}, verifyRefreshToken; {_MANAGER_LATER}", _SIGN_IN_AGAIN
)
REFRESH_FOREIGN = _rule(
    "token/refresh-token-of-another-client", ENGINE, f"{_MANAGER}, verifyRefreshToken", "Refresh with the same client."
)
REFRESH_SESSION_ENDED = _rule("token/refresh-session-ended", ENGINE, f"{_MANAGER}, validateToken", _SIGN_IN_AGAIN)
REFRESH_DETACHED = _rule(
    "token/refresh-client-detached", ENGINE, f"{_MANAGER}, validateToken: after a code came twice", _SIGN_IN_AGAIN
)
REFRESH_USER_DISABLED = _rule("token/refresh-user-disabled", ENGINE, f"{_MANAGER}, validateToken", _SIGN_IN_AGAIN)
REFRESH_OFFLINE_GONE = _rule("token/refresh-offline-gone", ENGINE, f"{_MANAGER}, validateToken", _SIGN_IN_AGAIN)
REFRESH_OFFLINE_IDLE = _rule(
    "token/refresh-offline-idle", ENGINE, f"{_MANAGER}, validateToken: thirty days without use", _SIGN_IN_AGAIN
)
REFRESH_TOO_OLD = _rule(
    "token/refresh-before-login",
    ENGINE,
    "Keycloak 20.0.1 TokenManager.java, validateToken: the client lost its part of the session and got it anew since",
    "Use the refresh token of the newest login.",
)
REFRESH_REUSED = _rule(
    "token/refresh-token-reused", ENGINE, _NEWER, "Replace the stored refresh token by the new one at every refresh."
)
REFRESH_OUTDATED = _rule(
    "token/refresh-token-outdated", ENGINE, _NEWER, "Replace the stored refresh token by the new one at every refresh."
)
REFRESHED = _rule("token/refreshed", DOC, _REFRESH)

# token: password, client credentials
PASSWORD_OFF = _rule(
    "token/password-off",
    ENGINE,
    f"{_TOKEN}, resourceOwnerPasswordCredentialsGrant; Keycloak 9.0 and later: unauthorized_client",
    "Use the client anonymous, or the code flow.",
)
PASSWORD_CONSENT = _rule(
    "token/password-consent-wanted",
    ENGINE,
    f"{_TOKEN}, resourceOwnerPasswordCredentialsGrant",
    "A client that has to ask people cannot do so here: use the code flow.",
)
TOKEN_SCOPE_UNKNOWN = _rule(
    "token/scope-unknown",
    ENGINE,
    "Keycloak 12.0.4 TokenEndpoint.java, getRequestedScopes",
    "Ask for openid and for scopes that the discovery document lists.",
)
USERNAME_MISSING = _rule("token/username-missing", ENGINE, _PASSWORD, "Send username.")
PASSWORD_DISABLED = _rule(
    "token/account-disabled", ENGINE, _PASSWORD, "Tell the person that the account is disabled; do not try again."
)
NOT_SET_UP = _rule(
    "token/account-not-set-up",
    ENGINE,
    f"{_TOKEN}, resourceOwnerPasswordCredentialsGrant",
    "Have the person sign in once in a browser, where the question can be asked.",
)
PASSWORD_WRONG = _rule(
    "token/password-wrong", ENGINE, "Keycloak 4.8.3 ValidatePassword.java", "Check username and password."
)
PASSWORD_ACCEPTED = _rule("token/password-accepted", DOC, _ANONYMOUS)
PUBLIC_SERVICE = _rule(
    "token/client-credentials-public",
    ENGINE,
    f"{_TOKEN}, clientCredentialsGrant",
    "movingimage documents no such grant.",
)
NO_SERVICE = _rule(
    "token/client-credentials-off", ENGINE, f"{_TOKEN}, clientCredentialsGrant", "movingimage documents no such grant."
)
EXCHANGE_OFF = _rule(
    "token/exchange-off",
    ENGINE,
    f"{_TOKEN}, tokenExchange: a preview feature that is off by default",
    "movingimage documents no such grant.",
)
PERMISSION_BEARER = _rule(
    "token/permission-bearer-invalid",
    ENGINE,
    f"{_TOKEN}, permissionGrant: a bearer token counts there instead of the client",
    "movingimage documents no such grant.",
)

# userinfo, logout, introspection
USERINFO_HEADER = _rule(
    "userinfo/header-not-bearer",
    ENGINE,
    "Keycloak 4.8.3 AppAuthManager.java, extractAuthorizationHeaderToken",
    "Send Authorization: Bearer and the access token.",
)
USERINFO_TOKEN_MISSING = _rule(
    "userinfo/token-missing", ENGINE, f"{_USERINFO}; {_USERINFO_LATER}", "Send the access token in the header."
)
USERINFO_TOKEN_INVALID = _rule("userinfo/token-invalid", ENGINE, _USERINFO, _RENEW)
USERINFO_SCOPE = _rule("userinfo/scope-missing", ENGINE, _USERINFO_LATER, "Ask for the scope openid.")
USERINFO_CLIENT_GONE = _rule("userinfo/client-gone", ENGINE, _USERINFO, "Ask movingimage what became of the client.")
USERINFO_CLIENT_DISABLED = _rule(
    "userinfo/client-disabled", ENGINE, _USERINFO, "Ask movingimage why the client is disabled."
)
USERINFO_SESSION_GONE = _rule("userinfo/session-gone", ENGINE, f"{_USERINFO}, findValidSession", _SIGN_IN_AGAIN)
USERINFO_SESSION_EXPIRED = _rule("userinfo/session-expired", ENGINE, f"{_USERINFO}, findValidSession", _SIGN_IN_AGAIN)
USERINFO_USER_GONE = _rule("userinfo/user-gone", ENGINE, _USERINFO, _SIGN_IN_AGAIN)
USERINFO_USER_DISABLED = _rule("userinfo/user-disabled", ENGINE, _USERINFO_LATER, _SIGN_IN_AGAIN)
USERINFO = _rule("userinfo/claims", ENGINE, _USERINFO)
LOGOUT_REDIRECT_URI = _rule(
    "logout/redirect-uri", ENGINE, f"{_LOGOUT}; {_REDIRECT}", "Send an address that is on record for a client."
)
LOGOUT_HINT = _rule("logout/hint-unreadable", ENGINE, _LOGOUT, "Send the id_token as id_token_hint, or none.")
LOGOUT_OLD_PARAMETER = _rule(
    "logout/redirect-uri-no-more", ENGINE, _LOGOUT_LATER, "Send post_logout_redirect_uri and id_token_hint."
)
LOGOUT_HINT_MISSING = _rule(
    "logout/hint-missing", ENGINE, _LOGOUT_LATER, "Send id_token_hint with post_logout_redirect_uri."
)
LOGOUT_CONFIRM = _rule("logout/confirmation", ENGINE, f"{_LOGOUT_LATER}; logout-confirm.ftl")
LOGOUT_UNCONFIRMED = _rule(
    "logout/confirmation-unknown",
    ENGINE,
    f"{_LOGOUT_LATER}, logoutConfirmAction",
    "Send the page's own form, once, from the browser in which it was shown.",
)
SIGNED_OUT = _rule("logout/signed-out", ENGINE, f"{_LOGOUT}; {_LOGOUT_LATER}, doBrowserLogout")
LOGOUT_TOKEN_MISSING = _rule("logout/refresh-token-missing", ENGINE, _LOGOUT, "Send refresh_token.")
LOGOUT_TOKEN_INVALID = _rule("logout/refresh-token-invalid", ENGINE, _LOGOUT, "Send this client's refresh token.")
LOGGED_OUT = _rule("logout/session-ended", ENGINE, _LOGOUT)
INTROSPECT_REFUSED = _rule("introspection/client-refused", ENGINE, _INTROSPECT, "Send client_id and client_secret.")
INTROSPECT_PUBLIC = _rule("introspection/client-public", ENGINE, _INTROSPECT, "Use a client that has a secret.")
INTROSPECT_MISSING = _rule("introspection/token-missing", ENGINE, _INTROSPECT, "Send token.")
INTROSPECT_REPEATED = _rule(
    "introspection/parameter-repeated", ENGINE, "Keycloak 15.0.2 TokenIntrospectionEndpoint.java", _ONCE
)
INTROSPECT_HINT = _rule(
    "introspection/hint-unknown",
    ENGINE,
    f"{_INTROSPECT}; Keycloak 20.0.5 as it runs knows refresh_token too",
    "Leave token_type_hint out.",
)
INTROSPECT_INACTIVE = _rule("introspection/inactive", ENGINE, "Keycloak 4.8.3 AccessTokenIntrospectionProvider.java")
INTROSPECT_ACTIVE = _rule("introspection/active", ENGINE, "Keycloak 4.8.3 AccessTokenIntrospectionProvider.java")

# revocation, from Keycloak 10 on
REVOKE_REPEATED = _rule("revocation/parameter-repeated", ENGINE, "Keycloak 15.0.2 TokenRevocationEndpoint.java", _ONCE)
REVOKE_MISSING = _rule("revocation/token-missing", ENGINE, f"{_REVOKE}, checkToken", "Send token.")
REVOKE_INVALID = _rule(
    "revocation/token-invalid", ENGINE, f"{_REVOKE}, checkToken: with status 200", "Send a live token."
)
REVOKE_KIND = _rule("revocation/token-kind", ENGINE, f"{_REVOKE}, checkToken", "Revoke access and refresh tokens only.")
REVOKE_FOREIGN = _rule(
    "revocation/token-of-another-client", ENGINE, f"{_REVOKE}, checkIssuedFor", "Revoke with the client of the token."
)
REVOKED = _rule("revocation/revoked", ENGINE, _REVOKE)

# API
BEARER_MISSING = _rule(
    "api/bearer-missing", DOC, f"{_USE}; {_ADAPTER}", "Send Authorization: Bearer and the access token."
)
TOKEN_MALFORMED = _rule("api/token-malformed", ASSUMED, _VERIFIER, "Send the access token as it came.")
KEY_UNKNOWN = _rule(
    "api/key-unknown", ASSUMED, _VERIFIER, "Send the access token of this realm, not the refresh token."
)
SIGNATURE_INVALID = _rule("api/signature-invalid", ASSUMED, _VERIFIER, "Send the access token as it came.")
ISSUER_DIFFERS = _rule("api/issuer-differs", ASSUMED, _VERIFIER, "Send a token of this realm.")
TOKEN_KIND = _rule("api/token-kind", ASSUMED, _VERIFIER, "Send the access token, not the id_token.")
TOKEN_EXPIRED = _rule("api/token-expired", ASSUMED, f"{_REFRESH}; {_VERIFIER}", _RENEW)
TOKEN_STALE = _rule("api/token-stale", ASSUMED, _ADAPTER, _RENEW)
VMS = _rule("api/vms", CLIENT, f"{_USE}; movingimage's VMProApiClient, getVideoManagers")

# the API's own login, from before OAuth
OLD_LOGIN = _rule("api/login", DOC, f"{_OLD_LOGIN}; the Moodle plugin repository_movingimage")
OLD_LOGIN_UNREADABLE = _rule(
    "api/login-unreadable", ASSUMED, _OLD_LOGIN, "Send a JSON object with username and password."
)
OLD_LOGIN_WRONG = _rule("api/login-wrong", ASSUMED, _OLD_LOGIN, "Check username and password.")
OLD_REFRESHED = _rule("api/login-refreshed", DOC, _OLD_LOGIN)
OLD_REFRESH_INVALID = _rule("api/login-refresh-invalid", ASSUMED, _OLD_LOGIN, "Log in again.")
OLD_MANAGER = _rule(
    "api/video-manager-forbidden",
    DOC,
    'movingimage support, "Authentication": 403 without rights on the VideoManager',
    "Name one of the VideoManagers that the login listed.",
)
USER_INFO = _rule("api/user-info", CLIENT, "movingimage's VMProApiClient, getUserInfo")
USER_INFO_INVALID = _rule(
    "api/user-info-invalid", ASSUMED, "movingimage's VMProApiClient, getUserInfo", "Send a live id_token."
)

PREFLIGHT = _rule("cors/preflight", ENGINE, "Keycloak 4.8.3 Cors.java")
LOST = _rule(
    "lost", ENGINE, "Keycloak 4.8.3 and 12.0.4 KeycloakErrorHandler.java", "Take addresses from the discovery document."
)
METHOD = _rule(
    "method", ENGINE, "Keycloak 4.8.3 and 12.0.4 KeycloakErrorHandler.java", "Use the method that the document names."
)
