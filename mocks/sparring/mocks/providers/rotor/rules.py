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

# everywhere
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

BY_ID = {rule.id: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
