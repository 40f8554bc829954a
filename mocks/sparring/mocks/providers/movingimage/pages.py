"""The login theme's pages, with the ids of Keycloak's base theme; movingimage's own branding is not copied."""

from collections.abc import Sequence
from html import escape

from sparring.mocks.engine.messages import Params
from sparring.mocks.engine.rules import Rule

TITLE = "Log in to movingimage"  # [engine] loginTitle; the realm's display name is [assumed]
_STYLE = """
:root { color-scheme: light dark; --accent: #005aa0; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; }
#kc-content { width: min(24rem, 100vw - 4rem); padding: 1.5rem; border-top: .35rem solid var(--accent); }
label { display: block; margin-top: .75rem; font-weight: 600; }
input { width: 100%; font: inherit; padding: .5rem; margin-top: .25rem; box-sizing: border-box; }
#kc-login { background: var(--accent); color: #fff; border: 0; border-radius: .25rem; margin-top: 1rem; }
.alert, #kc-error-message { border-left: .25rem solid #b3261e; padding-left: .75rem; }
small, aside { font-size: .85rem; opacity: .8; }
"""
CONSENT_TEXTS = {  # [engine] messages of the default client scopes; openid is none of them
    "profile": "User profile",
    "roles": "User roles",
    "email": "Email address",
    "address": "Address",
    "phone": "Phone number",
    "offline_access": "Offline Access",
}
_REMARK = "A fake for tests: nothing you type here leaves this machine."


def _page(heading: str, content: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{TITLE}</title>
<style>{_STYLE}</style>
</head>
<body>
<div id="kc-content">
<h1 id="kc-page-title">{heading}</h1>
{content}
<p><small>{_REMARK}</small></p>
</div>
</body>
</html>
"""


def sign_in(action: str, *, message: str = "", username: str = "", people: Sequence[str] = ()) -> str:
    """The sign-in form [engine: login.ftl]; ``people`` are usernames to offer, as the real page does not."""
    offered = "".join(f'<option value="{escape(person)}">' for person in people)
    alert = ""
    if message:
        words = f'<span class="kc-feedback-text">{escape(message)}</span>'
        alert = f'<div class="alert alert-error" role="alert">{words}</div>\n'
    form = f"""<form id="kc-form-login" action="{escape(action)}" method="post" data-sparring="sign-in">
<label for="username">Username or email</label>
<input id="username" name="username" value="{escape(username)}" type="text" autocomplete="username" list="people">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password">
<input name="login" id="kc-login" type="submit" value="Log In">
<datalist id="people">{offered}</datalist>
</form>"""
    return _page("Log In", alert + form)


def consent(action: str, code: str, application: str, scopes: Sequence[str]) -> str:
    """Whether an application may [engine: login-oauth-grant.ftl, where the buttons are called accept and cancel]."""
    texts = [CONSENT_TEXTS[scope] for scope in CONSENT_TEXTS if scope in {*scopes, "roles"}]
    asked = "".join(f"<li><span>{text}</span></li>" for text in texts)
    form = f"""<form class="form-actions" action="{escape(action)}" method="post" data-sparring="consent">
<h3>Do you grant these access privileges?</h3>
<ul>{asked}</ul>
<input type="hidden" name="code" value="{escape(code)}">
<button id="kc-login" name="decision" value="approve" type="submit">Yes</button>
<button id="kc-cancel" name="decision" value="deny" type="submit">No</button>
</form>"""
    return _page(f"Grant Access to {escape(application)}", form)


def update_password(action: str, username: str, message: str) -> str:
    """A new password, please [engine: login-update-password.ftl]."""
    words = f'<span class="kc-feedback-text">{escape(message)}</span>'
    form = f"""<div class="alert alert-warning" role="alert">{words}</div>
<form id="kc-passwd-update-form" action="{escape(action)}" method="post" data-sparring="new-password">
<input type="text" id="username" name="username" value="{escape(username)}" autocomplete="username" hidden readonly>
<label for="password-new">New Password</label>
<input type="password" id="password-new" name="password-new" autocomplete="new-password">
<label for="password-confirm">Confirm password</label>
<input type="password" id="password-confirm" name="password-confirm" autocomplete="new-password">
<input type="submit" value="Submit">
</form>"""
    return _page("Update password", form)


def confirm_logout(action: str, code: str) -> str:
    """Whether the person wants to go [engine: Keycloak 20.0.1 logout-confirm.ftl]."""
    form = f"""<div id="kc-logout-confirm">
<p class="instruction">Do you want to logout?</p>
<form class="form-actions" action="{escape(action)}" method="post" data-sparring="logout">
<input type="hidden" name="session_code" value="{escape(code)}">
<input name="confirmLogout" id="kc-logout" type="submit" value="Logout">
</form>
</div>"""
    return _page("Logging out", form)


def error(words: str, rule: Rule) -> str:
    """An error [engine: error.ftl] and, set apart, how the developer mends it."""
    content = f"""<div id="kc-error-message"><p class="instruction">{escape(words)}</p></div>
<aside>
<p><strong>For the developer</strong> (the real page does not say this): {escape(rule.mend)}</p>
<p>Rule <code>{rule.id}</code> [{rule.mark.value}]: {escape(rule.source)}</p>
</aside>"""
    return _page("We're sorry...", content)


def info(words: str) -> str:
    """A page that only says something [engine: info.ftl]."""
    return _page(escape(words), f'<div id="kc-info-message"><p class="instruction">{escape(words)}</p></div>')


def expired(restart: str, on: str) -> str:
    """An old form was sent [engine: login-page-expired.ftl]."""
    content = f"""<p id="instruction1" class="instruction">
To restart the login process <a id="loginRestartLink" href="{escape(restart)}">Click here</a> .<br>
To continue the login process <a id="loginContinueLink" href="{escape(on)}">Click here</a> .
</p>"""
    return _page("Page has expired", content)


def form_post(uri: str, params: Params) -> str:
    """The authorization response as a form that sends itself (OAuth 2.0 Form Post Response Mode)."""
    fields = "".join(f'<INPUT TYPE="HIDDEN" NAME="{escape(name)}" VALUE="{escape(value)}" />' for name, value in params)
    return (
        "<HTML><HEAD><TITLE>OIDC Form_Post Response</TITLE></HEAD>"
        '<BODY Onload="document.forms[0].submit()">'
        f'<FORM METHOD="POST" ACTION="{escape(uri)}">{fields}'
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
