"""The login theme's pages, with the ids of Keycloak's base theme; movingimage's own branding is not copied."""

from collections.abc import Sequence
from html import escape

from sparring.mocks.engine.messages import Params
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.users import User
from sparring.mocks.pages.render import Look, harmless, page, sign_in_page

# [engine] loginTitle is "Log in to" and the realm's display name; that name is [assumed]
LOOK = Look(
    title="movingimage", accent="#005aa0", manner="movingimage", username="username", password="password", ticket="code"
)
CONSENT_TEXTS = {  # [engine] messages of the default client scopes; openid is none of them
    "profile": "User profile",
    "roles": "User roles",
    "email": "Email address",
    "address": "Address",
    "phone": "Phone number",
    "offline_access": "Offline Access",
}


def sign_in(action: str, *, message: str = "", username: str = "", people: Sequence[User] = ()) -> str:
    """The sign-in form [engine: login.ftl]; ``people`` can be signed in by a click, as on no real page."""
    return sign_in_page(LOOK, action, problem=message, username=username, people=people)


def consent(action: str, code: str, application: str, scopes: Sequence[str]) -> str:
    """Whether an application may [engine: login-oauth-grant.ftl, where the buttons are called accept and cancel]."""
    texts = [CONSENT_TEXTS[scope] for scope in CONSENT_TEXTS if scope in {*scopes, "roles"}]
    return page(LOOK, "consent", action=action, code=code, app=application, texts=texts)


def update_password(action: str, username: str, message: str) -> str:
    """A new password, please [engine: login-update-password.ftl]."""
    return page(LOOK, "update_password", action=action, username=username, problem=message)


def confirm_logout(action: str, code: str) -> str:
    """Whether the person wants to go [engine: Keycloak 20.0.1 logout-confirm.ftl]."""
    return page(LOOK, "confirm_logout", action=action, code=code)


def error(words: str, rule: Rule) -> str:
    """An error [engine: error.ftl] and, set apart, how the developer mends it."""
    return page(LOOK, "error", words=words, rule=rule)


def info(words: str) -> str:
    """A page that only says something [engine: info.ftl]."""
    return page(LOOK, "info", words=words)


def expired(restart: str, on: str) -> str:
    """An old form was sent [engine: login-page-expired.ftl]."""
    return page(LOOK, "expired", restart=restart, on=on)


def form_post(uri: str, params: Params) -> str:
    """The authorization response as a form that sends itself (OAuth 2.0 Form Post Response Mode)."""
    action = escape(harmless(uri))
    fields = "".join(f'<INPUT TYPE="HIDDEN" NAME="{escape(name)}" VALUE="{escape(value)}" />' for name, value in params)
    return (
        "<HTML><HEAD><TITLE>OIDC Form_Post Response</TITLE></HEAD>"
        '<BODY Onload="document.forms[0].submit()">'
        f'<FORM METHOD="POST" ACTION="{action}">{fields}'
        "<NOSCRIPT><P>JavaScript is disabled. We strongly recommend to enable it. "
        "Click the button below to continue .</P>"
        '<INPUT name="continue" TYPE="SUBMIT" VALUE="CONTINUE" /></NOSCRIPT>'
        "</FORM></BODY></HTML>"
    )


CHECK_SESSION = """<!DOCTYPE html>
<html>
<head><title></title></head>
<body>
<script>
// OpenID Connect Session Management 1.0: asked with "client_id session_state", answers changed, unchanged or error.
addEventListener("message", (event) => {
  const [client, state] = String(event.data).split(" ");
  const cookie = /(?:^|; )KEYCLOAK_SESSION=([^;]*)/.exec(document.cookie);
  const current = cookie ? cookie[1].split("/")[2] : "";
  const answer = !client ? "error" : state === current ? "unchanged" : "changed";
  event.source.postMessage(answer, event.origin);
});
</script>
</body>
</html>
"""
