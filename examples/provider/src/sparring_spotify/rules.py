"""What Spotify does, rule by rule: how we know it, and what a developer who meets it should do."""

from sparring.mocks.kit import Mark, Rule

FLOW = 'Spotify for Developers, "Authorization Code Flow"'
REFRESHING = 'Spotify for Developers, "Refreshing tokens"'
ERRORS = 'Spotify for Developers, "API calls", Authentication Error Object'
CALLS = 'Spotify for Developers, "API calls", Regular Error Object'
PROFILE = 'Spotify for Developers, Reference, "Get Current User\'s Profile"'


def _rule(name: str, source: str, mend: str = "", mark: Mark = Mark.DOC) -> Rule:
    return Rule(f"spotify/{name}", mark, source, mend)


CLIENT = _rule("authorize/client-unknown", "RFC 6749 4.1.2.1", "Send the client_id of your app.", Mark.ASSUMED)
URI = _rule("authorize/redirect-uri", f"{FLOW}: must exactly match", "Enter the redirect URI in your app's allowlist.")
TYPE = _rule("authorize/response-type", f"{FLOW}: set to code", "Ask for response_type=code.")
SCOPE = _rule("authorize/scope", "RFC 6749 4.1.2.1", "Ask for scopes that Spotify knows.", Mark.ASSUMED)
DENIED = _rule("authorize/denied", f"{FLOW}: error=access_denied, and state", "Tell the person; do not retry.")
CODE = _rule("authorize/code", f"{FLOW}: code, and state as it came")
GRANT_TYPE = _rule("token/grant-type", ERRORS, "Send authorization_code or refresh_token, in a form.", Mark.ASSUMED)
BAD_CLIENT = _rule("token/client", f"{ERRORS}: its sample", "Send id and secret of your app, base64-encoded.")
BAD_CODE = _rule("token/code", "RFC 6749 5.2", "Redeem a code once, within ten minutes.", Mark.ASSUMED)
BAD_URI = _rule("token/redirect-uri", f"{FLOW}: must exactly match", "Repeat the redirect_uri of the login.")
TOKENS = _rule("token/issued", f"{FLOW}: its table of the answer")
BAD_REFRESH = _rule("token/refresh-refused", "Introducing refresh token expiration: invalid_grant", "Sign in again.")
REFRESHED = _rule("token/refreshed", f"{REFRESHING}: a refresh token might not be included")
NO_TOKEN = _rule("api/no-token", f"{CALLS}; 401", "Send Authorization: Bearer and the access token.")
BAD_TOKEN = _rule("api/token-refused", f"{CALLS}; 401", "Renew the access token, or sign in again.")
ME = _rule("api/me", PROFILE)
LOST = _rule("api/lost", f"{CALLS}; 404", "Look at the path.")
