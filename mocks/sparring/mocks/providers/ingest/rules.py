"""What Ingest does, rule by rule. [doc] is Ingest's public guide "Authentication" and API reference; the service's own
code is not public, so what they leave open is [assumed] by analogy with RFC 6749 and RFC 6750.
"""

from sparring.mocks.engine.rules import Mark, Rule

_GUIDE = 'Ingest guide "Authentication"'
_CODE = f'{_GUIDE}, section "Getting an Authorization Code"'
_TOKEN = f'{_GUIDE}, section "Retrieving a token"'
_REFRESH = f'{_GUIDE}, section "Refreshing your token"'
_APPLICATION = f'{_GUIDE}, section "Acting as an application"'
_REFERENCE = "Ingest API reference"
_RATE = f'{_REFERENCE}, "Rate Limiting"'
_PAGES = f'{_REFERENCE}, "Pagination"'
_JS = "Ingest JS SDK"
_PHP = "Ingest PHP SDK"


def _rule(name: str, mark: Mark, source: str, mend: str = "") -> Rule:
    return Rule(f"ingest/{name}", mark, source, mend)


# authorize
SIGN_IN = _rule("authorize/sign-in", Mark.DOC, _CODE)
SIGN_IN_WRONG = _rule(
    "authorize/sign-in-wrong",
    Mark.ASSUMED,
    "common practice",
    "Use a login and password from the list that serve prints.",
)
SIGNED_IN = _rule("authorize/signed-in", Mark.CLIENT, "Ingest JS SDK, gulp task generate-auth: 302 after the form")
NETWORK_CHOOSER = _rule("authorize/network-chooser", Mark.DOC, f"{_CODE}: network_id makes a shorter login flow")
NETWORK_CHOSEN = _rule("authorize/network-chosen", Mark.ASSUMED, f"{_CODE}: network_id makes a shorter login flow")
NETWORK_UNKNOWN = _rule(
    "authorize/network-unknown", Mark.ASSUMED, "common practice", "Choose one of the networks that the page offers."
)
CONSENT = _rule("authorize/consent", Mark.DOC, _CODE)
FORM_STALE = _rule("authorize/form-stale", Mark.ASSUMED, "common practice", "Open the authorization URL again.")
CODE_ISSUED = _rule("authorize/code-issued", Mark.DOC, f"{_CODE}, response parameters")
TOKEN_ISSUED = _rule(
    "authorize/token-issued", Mark.CLIENT, f"{_JS} of 2015, gulp task generate-auth: access_token first in the fragment"
)
ACCESS_DENIED = _rule(
    "authorize/access-denied",
    Mark.DOC,
    f"{_CODE}, error types",
    "The person said no; tell them so, and do not ask again.",
)
CLIENT_UNKNOWN = _rule(
    "authorize/client-unknown",
    Mark.ASSUMED,
    "RFC 6749 section 4.1.2.1",
    "Send the client_id of a registered application.",
)
REDIRECT_URI_UNKNOWN = _rule(
    "authorize/redirect-uri-unknown",
    Mark.ASSUMED,
    "RFC 6749 section 4.1.2.1; the guide says it validates the stored one",
    "Send a redirect_uri that is registered for the application, byte for byte, or none at all.",
)
REDIRECT_URI_MISSING = _rule(
    "authorize/redirect-uri-missing",
    Mark.ASSUMED,
    "RFC 6749 section 3.1.2.3",
    "Register a redirect URI for the application.",
)
AUTHORIZE_REPEATED = _rule(
    "authorize/parameter-repeated", Mark.ASSUMED, "RFC 6749 section 3.1", "Send each parameter once."
)
AUTHORIZE_MISSING = _rule(
    "authorize/parameter-missing",
    Mark.DOC,
    f"{_CODE}, request parameters",
    "Send response_type, client_id and scope; all three are required.",
)
RESPONSE_TYPE = _rule(
    "authorize/response-type", Mark.DOC, f"{_CODE}, error types", "Ask for response_type=code; there is no other."
)
AUTHORIZE_GRANT = _rule(
    "authorize/grant-not-allowed",
    Mark.DOC,
    f"{_CODE}, error types",
    "Use an application that may act on a user's behalf.",
)
AUTHORIZE_SCOPE = _rule(
    "authorize/scope-invalid",
    Mark.DOC,
    f"{_CODE}: scope is a comma-separated list of scopes",
    "Join scopes with commas, and ask only for scopes that the application has.",
)

# token
TOKEN_METHOD = _rule("token/method", Mark.ASSUMED, "RFC 6749 section 3.2", "Use POST.")
TOKEN_REPEATED = _rule("token/parameter-repeated", Mark.ASSUMED, "RFC 6749 section 3.2", "Send each parameter once.")
TOKEN_TWO_METHODS = _rule(
    "token/two-authentication-methods",
    Mark.ASSUMED,
    "RFC 6749 section 2.3",
    "Send the credentials once: in the Authorization header or as parameters.",
)
CLIENT_MISSING = _rule(
    "token/client-missing", Mark.ASSUMED, "RFC 6749 section 5.2", "Send client_id and client_secret."
)
CLIENT_REFUSED = _rule(
    "token/client-refused",
    Mark.ASSUMED,
    f"RFC 6749 section 5.2; {_TOKEN}: client_secret is there to prove it's you",
    "Check client_id and client_secret against the ones of your application.",
)
GRANT_TYPE_MISSING = _rule(
    "token/grant-type-missing", Mark.DOC, f"{_TOKEN}: grant_type is required", "Send grant_type."
)
GRANT_TYPE_UNKNOWN = _rule(
    "token/grant-type-unknown",
    Mark.ASSUMED,
    "RFC 6749 section 5.2",
    "Use authorization_code, refresh_token or client_credentials.",
)
GRANT_TYPE_FORBIDDEN = _rule(
    "token/grant-not-allowed", Mark.ASSUMED, "RFC 6749 section 5.2", "Use an application that has this grant."
)
CODE_MISSING = _rule(
    "token/code-missing",
    Mark.ASSUMED,
    "RFC 6749 section 4.1.3; the guide's table names code, its sample request leaves it out",
    "Send the code from the redirect.",
)
CODE_UNKNOWN = _rule(
    "token/code-unknown", Mark.ASSUMED, "RFC 6749 section 5.2", "Send the code exactly as it came in the redirect."
)
CODE_FOREIGN = _rule(
    "token/code-of-another-client",
    Mark.ASSUMED,
    "RFC 6749 section 5.2",
    "Redeem a code with the client it was issued to.",
)
CODE_USED = _rule(
    "token/code-used",
    Mark.DOC,
    f"{_CODE}: the code is one-time",
    "Redeem each code once; for another token start a new login.",
)
CODE_EXPIRED = _rule(
    "token/code-expired", Mark.ASSUMED, "RFC 6749 section 4.1.2", "Redeem the code at once; it lives ten minutes."
)
REDIRECT_URI_DIFFERS = _rule(
    "token/redirect-uri-differs",
    Mark.DOC,
    f"{_TOKEN}: redirect_uri must be included if it was included in the authorizing request",
    "Repeat the redirect_uri of the authorization request, byte for byte.",
)
SCOPE_WIDER = _rule(
    "token/scope-wider",
    Mark.DOC,
    f"{_TOKEN} and {_REFRESH}: not more than was granted",
    "Leave scope out, or ask for a part of what was granted.",
)
CODE_REDEEMED = _rule("token/code-redeemed", Mark.DOC, _TOKEN)
REFRESH_MISSING = _rule("token/refresh-token-missing", Mark.DOC, f"{_REFRESH}: refresh_token is required", "Send it.")
REFRESH_REFUSED = _rule(
    "token/refresh-token-refused",
    Mark.ASSUMED,
    "RFC 6749 section 5.2",
    "Keep the refresh token of the newest answer; when it is refused, have the person sign in again.",
)
REFRESH_USED = _rule(
    "token/refresh-token-used",
    Mark.ASSUMED,
    f"{_REFRESH}: each exchange gives a new refresh token for the one you were given last time",
    "Replace the stored refresh token by the new one at every refresh.",
)
REFRESHED = _rule("token/refreshed", Mark.DOC, _REFRESH)
SCOPE_MISSING = _rule(
    "token/scope-missing",
    Mark.DOC,
    f"{_APPLICATION}: scope is required, although the sample request leaves it out",
    "Send the scopes, joined with commas.",
)
SCOPE_INVALID = _rule(
    "token/scope-invalid",
    Mark.DOC,
    f"{_APPLICATION}: a comma-separated string of scopes",
    "Join scopes with commas, and ask only for scopes that the application has.",
)
REDIRECT_URI_CHANGED = _rule(
    "token/redirect-uri-changed",
    Mark.DOC,
    f"{_APPLICATION}: redirect_uri can be sent to verify that it hasn't changed",
    "Send a registered redirect_uri, or none.",
)
APPLICATION_TOKEN = _rule("token/application-token", Mark.DOC, _APPLICATION)

# personal tokens
PERSONAL_BEARER = _rule(
    "personal/bearer-refused",
    Mark.ASSUMED,
    f"{_PHP}, refreshTokenGenerator: the call carries a person's token",
    "Send the access token of a person who is signed in.",
)
PERSONAL_USER = _rule(
    "personal/user-context",
    Mark.ASSUMED,
    f"{_PHP}, refreshTokenGenerator: the call carries a person's token",
    "Use a token of the code flow; an application cannot make personal tokens.",
)
PERSONAL_BODY = _rule(
    "personal/body-malformed",
    Mark.ASSUMED,
    f"{_PHP}, refreshTokenGenerator: a JSON object",
    'Send {"client_secret": "...", "scopes": ["..."]}.',
)
PERSONAL_CLIENT = _rule(
    "personal/client-refused",
    Mark.ASSUMED,
    "RFC 6749 section 5.2",
    "Name the application in the path, and send its client_secret.",
)
PERSONAL_SCOPE = _rule(
    "personal/scope-invalid", Mark.ASSUMED, "RFC 6749 section 5.2", "Ask only for scopes that the application has."
)
PERSONAL_TOKEN = _rule("personal/token", Mark.DOC, f"{_PHP}, refreshTokenGenerator; {_GUIDE}: Developer Center")

# API
RATE_LIMITED = _rule("api/rate-limited", Mark.DOC, _RATE, "Wait for the seconds of Retry-After before the next call.")
ACCEPT = _rule("api/accept", Mark.DOC, f'{_REFERENCE}, "Versioning"', "Send Accept: application/vnd.ingest.v1+json.")
BEARER_MISSING = _rule(
    "api/bearer-missing",
    Mark.DOC,
    f'{_GUIDE}: calls carry "Authorization: Bearer"',
    "Send the access token in the header.",
)
BEARER_REFUSED = _rule(
    "api/bearer-refused",
    Mark.ASSUMED,
    f"{_REFRESH}: an Unauthorized call says that a new access token is due",
    "Renew the access token once, then repeat the call once.",
)
SCOPE_LACKING = _rule(
    "api/scope-lacking", Mark.ASSUMED, "RFC 6750 section 3.1", "Ask for the scope that the call's reference names."
)
USER_CONTEXT = _rule(
    "api/user-context",
    Mark.ASSUMED,
    f"{_GUIDE}: some calls require a user context; the status is RFC 6750's",
    "Use a token of the code flow.",
)
BODY = _rule(
    "api/body-malformed",
    Mark.ASSUMED,
    "RFC 9110 section 15.5.1; the reference says which members are required",
    "Send a JSON object with the members that the reference requires.",
)
PARTIAL = _rule("api/partial", Mark.DOC, _PAGES)
RANGE = _rule(
    "api/range-unsatisfiable", Mark.ASSUMED, "RFC 9110 section 15.5.17", "Send the Next-Range of the answer before."
)
COUNT = _rule("api/count", Mark.DOC, f'{_REFERENCE}, "Count Videos"')
NOT_MODIFIED = _rule("api/not-modified", Mark.DOC, f'{_REFERENCE}, "Caching"')
VIDEOS = _rule("api/videos", Mark.DOC, f'{_REFERENCE}, "Retrieve Videos"')
VIDEOS_PRIVATE = _rule(
    "api/private-malformed",
    Mark.ASSUMED,
    f'{_REFERENCE}, "Retrieve Videos": the only acceptable value is true',
    "Send private=true, or leave it out.",
)
VIDEO = _rule("api/video", Mark.DOC, f'{_REFERENCE}, "Retrieve A Video"')
VIDEO_UNKNOWN = _rule("api/video-unknown", Mark.DOC, f'{_REFERENCE}, "Retrieve A Video"', "Use an id of the list.")
ME = _rule("api/users-me", Mark.CLIENT, f"{_JS}, Users.getCurrentUserInfo")
REVOKED = _rule("api/revoked", Mark.CLIENT, f"{_JS}, Users.revokeCurrentUser")
USER_REVOKED = _rule("api/user-revoked", Mark.CLIENT, f"{_PHP}, User.revokeUser")
TRANSFERRED = _rule("api/authorship-transferred", Mark.CLIENT, f"{_JS}, Users.transferUserAuthorship")
ROLES_SET = _rule("api/roles-set", Mark.CLIENT, f"{_JS}, Users.updateUserRoles")
USER_UNKNOWN = _rule("api/user-unknown", Mark.ASSUMED, "RFC 9110 section 15.5.5", "Use the id of a member.")
NETWORKS = _rule("api/networks", Mark.DOC, f'{_REFERENCE}, "Retrieve Networks"')
NETWORK = _rule("api/network", Mark.DOC, f'{_REFERENCE}, "Retrieve A Network"')
NO_NETWORK = _rule(
    "api/network-unknown", Mark.DOC, f'{_REFERENCE}, "Retrieve A Network"', "Use a network_id of GET /networks."
)
NETWORK_LISTS = _rule("api/network-lists", Mark.CLIENT, f"{_JS}, Networks: keys, invoices, customers")
MEMBER_ADDED = _rule("api/member-added", Mark.DOC, f'{_REFERENCE}, "Add a User to a Network"')
MEMBER_REMOVED = _rule("api/member-removed", Mark.DOC, f'{_REFERENCE}, "Remove a User from a Network"')
MEMBER_UNKNOWN = _rule(
    "api/member-unknown",
    Mark.DOC,
    f'{_REFERENCE}, "Remove a User from a Network"',
    "Remove only members that GET /networks/{id} lists.",
)
INVITED = _rule("api/invited", Mark.DOC, f'{_REFERENCE}, "Invite a User to a Network"')
LIVE = _rule("api/live-created", Mark.DOC, f'{_REFERENCE}, "Create a Live Stream"')
PREFLIGHT = _rule("cors/preflight", Mark.CLIENT, "Ingest starter-js: token request by XMLHttpRequest from a browser")
LOST = _rule("lost", Mark.ASSUMED, "common practice", "This address is not part of Ingest's documented surface.")
METHOD = _rule("method", Mark.ASSUMED, "RFC 9110 section 15.5.6", "Use the method that the reference names.")
