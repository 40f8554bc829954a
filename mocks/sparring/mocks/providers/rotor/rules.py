"""What Rotor does, rule by rule. [doc] is Rotor's public developer documentation in its newest text; what it leaves
open is answered as Doorkeeper 5.9.0 and Rails do when nothing is changed in them [engine], or [assumed].
"""

from sparring.mocks.engine.rules import Mark, Rule

_START = 'Rotor developer documentation "Get Started"'
_AUTHENTICATION = 'Rotor developer documentation "Authentication"'
_AUTHORIZE = f'{_AUTHENTICATION}, section "Authorize Application"'
_REGISTER = f'{_AUTHENTICATION}, section "Register/Fetch User"'
_ORDERS = 'Rotor developer documentation "Orders"'
_ERRORS = 'Rotor developer documentation "Errors"'
_DOORKEEPER = "Doorkeeper 5.9.0"
_INVALID_TOKEN = f"{_DOORKEEPER}, oauth/invalid_token_response.rb"
_CLIENT = f"{_DOORKEEPER}, oauth/client_credentials/validator.rb"
_CREDENTIALS = f"{_DOORKEEPER}, oauth/client/credentials.rb"
_FORBIDDEN = f"{_DOORKEEPER}, oauth/forbidden_token_response.rb: a good token that may not do this is 403, empty"
_REVOCATION = f"{_DOORKEEPER}, tokens_controller.rb, revoke"
_INTROSPECTION = f"{_DOORKEEPER}, oauth/token_introspection.rb"
_TOKEN_INFO = f"{_DOORKEEPER}, token_info_controller.rb"
_TRACKS = 'Rotor developer documentation "Tracks"'
_ARTWORK = 'Rotor developer documentation "Artwork"'
_VIDEOS = 'Rotor developer documentation "Final Videos"'


def _rule(name: str, mark: Mark, source: str, mend: str = "") -> Rule:
    return Rule(f"rotor/{name}", mark, source, mend)


# token
TOKEN_METHOD = _rule(
    "token/method",
    Mark.ENGINE,
    f"{_DOORKEEPER}, rails/routes.rb: only POST has a route, so 404 and not 405",
    "Use POST.",
)
TOKEN_CONTENT_TYPE = _rule(
    "token/content-type",
    Mark.ENGINE,
    f"Rails, http/parameters.rb: such a body has no parameters; {_AUTHORIZE}: Content-Type of the sample",
    "Send the parameters as application/x-www-form-urlencoded.",
)
GRANT_TYPE_MISSING = _rule(
    "token/grant-type-missing",
    Mark.ENGINE,
    f"{_DOORKEEPER}, request.rb: looked at before the client",
    "Send grant_type=client_credentials.",
)
GRANT_TYPE_UNKNOWN = _rule(
    "token/grant-type-unknown",
    Mark.ENGINE,
    f"{_DOORKEEPER}, request.rb: looked at before the client; {_AUTHORIZE}: only client_credentials is valid",
    "Send grant_type=client_credentials; there are no refresh tokens, so renew by asking again.",
)
CLIENT_MISSING = _rule(
    "token/client-missing",
    Mark.ENGINE,
    f"{_CLIENT}; {_AUTHORIZE}: Basic header",
    "Send client id and secret in a Basic Authorization header.",
)
CLIENT_UNKNOWN = _rule(
    "token/client-unknown",
    Mark.ENGINE,
    f"{_CLIENT}; {_CREDENTIALS}: base64 is read loosely, so a broken header is an unknown client",
    "Check the client id, and that the header is base64 of id, colon and secret, in one line.",
)
SECRET_WRONG = _rule(
    "token/client-secret-wrong",
    Mark.ENGINE,
    f"{_DOORKEEPER}, models/application_mixin.rb",
    "Check the client secret.",
)
CLIENT_ENCODED = _rule(
    "token/client-form-encoded",
    Mark.ENGINE,
    f"{_CREDENTIALS}: split after base64 and not decoded further",
    "Do not percent-encode id and secret before base64, although RFC 6749 section 2.3.1 asks for it: Rotor does not.",
)
TWO_MECHANISMS = _rule(
    "token/two-mechanisms",
    Mark.ENGINE,
    "Doorkeeper 5.9.6, oauth/client/credentials.rb; earlier than 5.9.5 the header wins",
    "Send the credentials once, in the Authorization header.",
)
GRANT_TYPE_FORBIDDEN = _rule(
    "token/grant-not-allowed",
    Mark.ENGINE,
    f"{_CLIENT}; oauth/error_response.rb: 401",
    "Use an application that may use client_credentials.",
)
SCOPE_INVALID = _rule(
    "token/scope-invalid",
    Mark.ENGINE,
    f"{_DOORKEEPER}, oauth/base_request.rb and oauth/helpers/scope_checker.rb",
    "Leave scope out, as the document does: your application's scopes are granted.",
)
ISSUED = _rule("token/issued", Mark.DOC, _AUTHORIZE)

# bearer
BEARER_MISSING = _rule(
    "bearer/missing",
    Mark.ENGINE,
    f"{_INVALID_TOKEN}: no token and an unknown one are told the same",
    "Send the token in the header: Authorization: Bearer.",
)
BEARER_UNKNOWN = _rule(
    "bearer/unknown", Mark.ENGINE, _INVALID_TOKEN, "Send the token exactly as it was issued by this server."
)
BEARER_REVOKED = _rule(
    "bearer/revoked",
    Mark.ENGINE,
    _INVALID_TOKEN,
    "Ask for a new token once, then repeat the call once.",
)
BEARER_EXPIRED = _rule(
    "bearer/expired",
    Mark.DOC,
    f"{_AUTHENTICATION}: 401 says that a new token is due; words: {_INVALID_TOKEN}",
    "Follow expires_in; when it is over, ask for a partner token again, or register the same user again.",
)

# revocation, introspection, token info
REVOCATION_CLIENT = _rule(
    "revocation/client-refused",
    Mark.ENGINE,
    f"{_REVOCATION}: no client, an unknown one and a wrong secret are told the same, before the token is looked at",
    "Send the client id and secret to which the token was issued, in a Basic Authorization header.",
)
REVOCATION_NOT_OWNER = _rule(
    "revocation/not-owner",
    Mark.ENGINE,
    f"{_REVOCATION}: authorized?",
    "Revoke a token as the client to which it was issued.",
)
REVOCATION_NOTHING = _rule(
    "revocation/nothing-revoked",
    Mark.ENGINE,
    f"{_REVOCATION}; RFC 7009 section 2.2: a token that is none is no error",
)
REVOKED = _rule("revocation/revoked", Mark.ENGINE, _REVOCATION)
INTROSPECTION_CLIENT = _rule(
    "introspection/client-refused",
    Mark.ENGINE,
    f"{_INTROSPECTION}: credentials come before any token",
    "Check client id and secret.",
)
INTROSPECTION_UNAUTHORIZED = _rule(
    "introspection/unauthorized",
    Mark.ENGINE,
    f"{_INTROSPECTION}: 400, and for an unknown bearer token too",
    "Send the client's credentials, or another token of the same client.",
)
INTROSPECTION_TOKEN = _rule(
    "introspection/token-refused",
    Mark.ENGINE,
    f"{_INTROSPECTION}: valid_authorized_token?; config.rb, allow_token_introspection",
    "Ask with a good token about another token of the same client, or with the client's credentials.",
)
INTROSPECTION_INACTIVE = _rule("introspection/inactive", Mark.ENGINE, _INTROSPECTION)
INTROSPECTION_ACTIVE = _rule("introspection/active", Mark.ENGINE, _INTROSPECTION)
TOKEN_INFO_INVALID = _rule(
    "token-info/invalid",
    Mark.ENGINE,
    f"{_TOKEN_INFO}: whatever is wrong with the token, it is told that it is invalid",
    "Send a good token in the header: Authorization: Bearer.",
)
TOKEN_INFO = _rule("token-info/shown", Mark.ENGINE, f"{_TOKEN_INFO}; models/access_token_mixin.rb, as_json")

# register
USER_TOKEN = _rule(
    "register/user-token",
    Mark.ASSUMED,
    f"{_FORBIDDEN}; {_START}: registration is authorized with the Partner's access token",
    "Register with the partner's token; the user's token is for everything after that.",
)
REGISTER_CONTENT_TYPE = _rule(
    "register/content-type",
    Mark.ASSUMED,
    f"{_REGISTER}: Content-Type of the sample; Rails, http/parameters.rb: another body has no such parameters",
    "Send Content-Type: application/json, not application/vnd.api+json.",
)
REMOTE_USER_ID_MISSING = _rule(
    "register/remote-user-id-missing",
    Mark.ASSUMED,
    f"{_REGISTER}: the one attribute that every sample has; status: {_ERRORS}",
    "Send data.attributes.remote_user_id.",
)
USER_UID_OUTDATED = _rule(
    "register/user-uid-outdated",
    Mark.ASSUMED,
    f"{_REGISTER}: user_uid became remote_user_id in August 2024",
    "Rename user_uid to remote_user_id.",
)
ATTRIBUTE_TYPE = _rule(
    "register/attribute-type",
    Mark.ASSUMED,
    f"{_REGISTER}, table of attributes; status: {_ERRORS}",
    "Send remote_user_id and remote_email as strings, optional_attributes as an object of strings.",
)
QUOTA_EXCEEDED = _rule(
    "register/quota-exceeded",
    Mark.ASSUMED,
    f"status and words: {_ERRORS}; that registering is what a quota limits, and the form",
    "Do not repeat the call: ask Rotor for a larger quota.",
)
USER_CREATED = _rule("register/user-created", Mark.DOC, _REGISTER)
USER_FOUND = _rule("register/user-found", Mark.DOC, f"{_REGISTER}: never a second account, always a fresh token")

# API
PARTNER_TOKEN = _rule(
    "api/partner-token",
    Mark.ASSUMED,
    f"{_FORBIDDEN}; {_ORDERS}: user access token",
    "Register the user with the partner's token, and call with the token that comes back.",
)
ORDERS = _rule("api/orders", Mark.DOC, f'{_ORDERS}, section "Get All Orders"')
ORDER = _rule("api/order", Mark.DOC, f'{_ORDERS}, section "Get Order"')
ORDER_UNKNOWN = _rule(
    "api/order-unknown", Mark.ASSUMED, f"status: {_ERRORS}", "Use the id of an order of the same user."
)
ORDER_UUIDS_MISSING = _rule(
    "api/order-uuids-missing",
    Mark.ASSUMED,
    f'{_ORDERS}, section "Finalize Multiple Orders"; status: {_ERRORS}',
    "Send data.attributes.order_uuids, a list of ids, as application/json.",
)
FINALIZED = _rule("api/order-finalized", Mark.DOC, f'{_ORDERS}, section "Finalize Single Order"')
FINALIZED_MANY = _rule("api/orders-finalized", Mark.DOC, f'{_ORDERS}, section "Finalize Multiple Orders"')

NOT_ACCEPTABLE = _rule(
    "api/not-acceptable",
    Mark.ASSUMED,
    f"status: {_ERRORS}; Rails, exception_wrapper.rb: a format that is not there is 406",
    "Send Accept: application/json, or none.",
)
ATTRIBUTE_MISSING = _rule(
    "api/attribute-missing",
    Mark.ASSUMED,
    f'{_TRACKS}, {_ARTWORK}, "Previews", "Final Videos", tables of attributes; status: {_ERRORS}',
    "Send every attribute of the table in data.attributes, as application/json.",
)
TRACK_CREATED = _rule("api/track-created", Mark.DOC, f'{_TRACKS}, section "Create Track"')
TRACK = _rule("api/track", Mark.DOC, f'{_TRACKS}, section "Get Track"')
TRACK_UNKNOWN = _rule(
    "api/track-unknown", Mark.ASSUMED, f"status: {_ERRORS}", "Create the track first, with a token of the same user."
)
ARTWORK_CREATED = _rule("api/artwork-created", Mark.DOC, f'{_ARTWORK}, section "Create Artwork"')
ARTWORK = _rule("api/artwork", Mark.DOC, f'{_ARTWORK}, section "Get Artwork"')
ARTWORK_UNKNOWN = _rule(
    "api/artwork-unknown", Mark.ASSUMED, f"status: {_ERRORS}", "Create artwork for the track first."
)
STYLES = _rule("api/styles", Mark.DOC, 'Rotor developer documentation "Styles", section "Get Styles"')
STYLE_UNKNOWN = _rule("api/style-unknown", Mark.ASSUMED, f"status: {_ERRORS}", "Use the id of a style of the list.")
VARIANT_UNKNOWN = _rule(
    "api/variant-unknown", Mark.ASSUMED, f"status: {_ERRORS}", "Use the id of a variant of that style."
)
TRAILERS_CREATED = _rule(
    "api/trailers-created", Mark.DOC, 'Rotor developer documentation "Trailers", section "Create Trailers"'
)
TRAILERS = _rule("api/trailers", Mark.DOC, 'Rotor developer documentation "Trailers", section "Get Trailers"')
PREVIEWS_CREATED = _rule(
    "api/previews-created", Mark.DOC, 'Rotor developer documentation "Previews", section "Create Previews"'
)
PREVIEWS = _rule("api/previews", Mark.DOC, 'Rotor developer documentation "Previews", section "Get Previews"')
VIDEO_CREATED = _rule("api/video-created", Mark.DOC, f'{_VIDEOS}, section "Create Final Video"')
VIDEO = _rule("api/video", Mark.DOC, f'{_VIDEOS}, section "Get A Final Video"')
VIDEOS = _rule("api/videos", Mark.DOC, f'{_VIDEOS}, section "Get All Final Videos"')
RENDER_UNKNOWN = _rule(
    "api/render-unknown", Mark.ASSUMED, f"status: {_ERRORS}", "Create trailers, previews or the video first."
)

# everywhere
PARAMETERS_MALFORMED = _rule(
    "parameters-malformed",
    Mark.ENGINE,
    "Rails, http/request.rb: 400 for a query or a form that cannot be decoded, whoever asks",
    "Percent-encode as RFC 3986 section 2.1 has it, in UTF-8.",
)
BODY_UNREADABLE = _rule(
    "body-unreadable",
    Mark.ASSUMED,
    f"Rails, http/parameters.rb: 400 where a body says JSON and is none; status: {_ERRORS}",
    "Send valid JSON; the documents' samples with a comma before a closing brace are none.",
)
PREFLIGHT = _rule(
    "cors/preflight",
    Mark.ASSUMED,
    f"{_START}: the user's token is used from the browser; form of the answer: rack-cors",
)
LOST = _rule(
    "lost",
    Mark.ENGINE,
    "Rails, middleware/public_exceptions.rb",
    "This address is not part of Rotor's surface that is played here.",
)
METHOD = _rule(
    "method", Mark.ENGINE, "Rails, routing: no route for this method, so 404 and not 405", "Use the documented method."
)
METHOD_UNKNOWN = _rule(
    "method-unknown",
    Mark.ENGINE,
    f"Rails, http/request.rb: 405 for a method that is none of those it lists; status: {_ERRORS}",
    "Use the documented method.",
)

BY_ID = {rule.id: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
