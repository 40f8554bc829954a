"""https://{site}/Panopto/oauth2/connect/authorize and /consent: IdentityServer3's AuthorizeEndpointController."""

import hashlib
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit, urlunsplit

from sparring.mocks.engine import sessions, users
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.keys import b64url
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.scopes import foreign
from sparring.mocks.engine.sessions import Session
from sparring.mocks.pages.render import consent_page
from sparring.mocks.providers.panopto import antiforgery, rules
from sparring.mocks.providers.panopto.addresses import OAUTH2
from sparring.mocks.providers.panopto.answers import LOOK, bare_error, error, page, plain_page, redirect
from sparring.mocks.providers.panopto.asked import Asked, check_optional, check_scopes, read
from sparring.mocks.providers.panopto.handles import handle, new_code
from sparring.mocks.providers.panopto.parameters import as_query, form, present, query
from sparring.mocks.providers.panopto.sign_in import SESSION_COOKIE, SESSION_ID_COOKIE, send_to_sign_in

REQUIRED_SCOPES = ("openid",)  # [engine] StandardScopes.OpenId: cannot be unticked
NONE_CHOSEN = "Must select at least one permission."


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent that the person wants to be remembered; key: subject and client id."""

    scopes: tuple[str, ...]


async def authorize(desk: Desk, request: Request) -> Answer:
    """GET connect/authorize; only the query counts [engine]."""
    return await _process(desk, request, None)


async def consent(desk: Desk, request: Request) -> Answer:
    """POST connect/consent with the query of the request: everything is checked again [engine]."""
    fields = form(request)
    if not antiforgery.is_valid(desk, request, fields):  # panopto/consent/form-refused [engine]
        return bare_error(rules.CONSENT_FORM_REFUSED)
    return await _process(desk, request, fields)


async def _process(desk: Desk, request: Request, fields: Params | None) -> Answer:
    try:
        asked = await read(desk, request.facts, query(request))
    except Refusal as refusal:
        return error(request, refusal.rule, refusal.error)
    try:
        check_scopes(asked)
        check_optional(asked)
        session = await sessions.find_session(desk, request.cookie(SESSION_COOKIE))
        if await _must_sign_in(desk, asked, session) or session is None:
            return await send_to_sign_in(desk, request, asked)
        request.facts.user = session.subject
        if asked.prompt == "select_account":  # panopto/authorize/select-account [engine] throws; the page is a 200
            return bare_error(rules.SELECT_ACCOUNT)
        wanted = await _must_consent(desk, asked, session)
        if not wanted:
            return await _send_code(desk, request, asked, session, asked.scopes)
        if fields is None:  # panopto/authorize/consent [engine]
            return await _show_consent(desk, request, asked, session)
        granted = _decision(request, asked, fields)
        if not granted:  # panopto/consent/nothing-chosen [engine]
            return await _show_consent(desk, request, asked, session, NONE_CHOSEN)
    except Refusal as refusal:
        if refusal.status == 200:
            return error(request, refusal.rule, refusal.error)
        return _send_back(desk, request, asked, refusal.rule, [("error", refusal.error)])
    kept = Consent(scopes=granted if (present(fields, LOOK.remember) or "").lower() == "true" else ())
    await desk.store.put(_consent_key(asked, session), kept)
    return await _send_code(desk, request, asked, session, granted)


async def _must_sign_in(desk: Desk, asked: Asked, session: Session | None) -> bool:
    """[engine: AuthorizeInteractionResponseGenerator.ProcessLoginAsync]."""
    if asked.prompt == "login":
        return True
    if session is None or await person(desk, session.subject) is None:
        if asked.prompt == "none":  # panopto/authorize/login-required [engine]
            raise Refusal(rules.LOGIN_REQUIRED, "login_required", status=302)
        return True
    return asked.max_age is not None and desk.clock.now() > session.signed_in_at + asked.max_age


async def _must_consent(desk: Desk, asked: Asked, session: Session) -> bool:
    """Unless all of it is remembered; offline_access is asked for each time [engine: DefaultConsentService]."""
    remembered = await desk.store.get(Consent, _consent_key(asked, session))
    needed = "offline_access" in asked.scopes or remembered is None or bool(foreign(asked.scopes, remembered.scopes))
    if needed and asked.prompt == "none":  # panopto/authorize/interaction-required [engine]
        raise Refusal(rules.INTERACTION_REQUIRED, "interaction_required", status=302)
    return needed or asked.prompt == "consent"


def _decision(request: Request, asked: Asked, fields: Params) -> tuple[str, ...]:
    """What the person allows. The engine's button is ``button=yes``; ``decision=approve`` is the same here."""
    if present(fields, "button") != "yes" and present(fields, "decision") != "approve":
        # panopto/consent/access-denied [engine]; anything that is not yes is no
        raise Refusal(rules.ACCESS_DENIED, "access_denied", status=302)
    ticked = {value for name, value in request.form_params if name.lower() == LOOK.choice}
    return tuple(name for name in asked.scopes if name in REQUIRED_SCOPES or name in ticked)


async def _show_consent(desk: Desk, request: Request, asked: Asked, session: Session, problem: str = "") -> Answer:
    ticket, cookies = await antiforgery.protect(desk, request)
    someone = await person(desk, session.subject)
    text = consent_page(
        LOOK,
        f"{OAUTH2}/connect/consent?{as_query(asked.params)}",
        app=asked.client.name,
        person=someone.name if someone is not None else "",
        scopes=asked.scopes,
        ticket=ticket,
        required=REQUIRED_SCOPES,
        problem=problem,
    )
    return page(request, rules.NOTHING_CHOSEN if problem else rules.CONSENT, text, *cookies)


async def _send_code(desk: Desk, request: Request, asked: Asked, session: Session, granted: tuple[str, ...]) -> Answer:
    """panopto/authorize/code-issued [engine: AuthorizeResponseGenerator]."""
    sid = request.cookie(SESSION_ID_COOKIE) or ""
    attributes = {"auth_time": str(int(session.signed_in_at)), "sid": sid}
    grant = await open_grant(desk, asked.client.client_id, session.subject, granted, attributes)
    nonce = asked.value("nonce")
    code = await new_code(desk, request.facts, grant, redirect_uri=asked.redirect_uri, nonce=nonce)
    if asked.value("code_challenge"):
        request.facts.notes.append("code_challenge was ignored: a code_verifier would make the exchange fail")
    if asked.value("state") is None:
        request.facts.notes.append("no state was sent")
    params = [("code", code)]
    state = "" if "openid" not in asked.scopes or not sid else await _session_state(desk, asked, sid)
    return _send_back(desk, request, asked, rules.CODE_ISSUED, params, state)


async def _session_state(desk: Desk, asked: Asked, sid: str) -> str:
    """By which the client's page learns whether the person is still signed in [engine: GenerateSessionStateValue]."""
    salt = await handle(desk, "session-state", asked.client.client_id)
    parts = urlsplit(asked.redirect_uri)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    origin = f"{parts.scheme}://{parts.hostname or ''}{port}"
    digest = hashlib.sha256(f"{asked.client.client_id}{origin}{sid}{salt}".encode()).digest()
    return f"{b64url(digest)}.{salt}"


def _send_back(
    desk: Desk, request: Request, asked: Asked, rule: Rule, params: Params, session_state: str = ""
) -> Answer:
    """The result in the query, or in a form that posts itself; a blank state is none [engine]."""
    state = asked.value("state")
    given = params + ([("state", state)] if state is not None else [])
    given += [("session_state", session_state)] if session_state else []
    going = desk.hook.alter(request, "authorization-response", given)
    if asked.response_mode == "form_post":
        return page(request, rule, _form_post(asked.redirect_uri, going), framed=True)
    return redirect(rule, _location(asked.redirect_uri, going))


def _location(uri: str, params: Params) -> str:
    """[engine: AddQueryString, then System.Uri, which writes the host in lower case and a path of its own]."""
    parts = urlsplit(uri)
    if parts.netloc and not parts.path:
        uri = urlunsplit(parts._replace(path="/"))
    joint = "?" if "?" not in uri else "" if uri.endswith("&") else "&"
    return f"{uri}{joint}{as_query(params)}"


def _form_post(uri: str, params: Params) -> str:
    fields = "\n".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in params)
    form_tag = f'<form method="post" action="{escape(uri)}" data-sparring="form-post">'
    return plain_page("Submit this form", f"{form_tag}\n{fields}\n<button>Continue</button>\n</form>")


def _consent_key(asked: Asked, session: Session) -> str:
    return f"{session.subject} {asked.client.client_id}"


async def person(desk: Desk, subject: str) -> users.User | None:
    """The account behind a subject; None where it is no more."""
    return next((user for user in await desk.store.every(users.User) if user.subject == subject), None)
