"""https://{site}/Panopto/oauth2/connect/authorize and /consent: IdentityServer3's AuthorizeEndpointController."""

from dataclasses import dataclass

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.scopes import foreign
from sparring.mocks.engine.sessions import Session
from sparring.mocks.pages.render import consent_page
from sparring.mocks.providers.panopto import antiforgery, rules, signed_in
from sparring.mocks.providers.panopto.addresses import OAUTH2
from sparring.mocks.providers.panopto.answers import LOOK, bare_error, error, page, unsupported_type
from sparring.mocks.providers.panopto.asked import Asked, check_optional, check_scopes, read
from sparring.mocks.providers.panopto.parameters import FORM, as_query, form, present, query
from sparring.mocks.providers.panopto.people import person
from sparring.mocks.providers.panopto.responses import send_back, send_success
from sparring.mocks.providers.panopto.sign_in import send_to_sign_in

REQUIRED_SCOPES = ("openid",)  # [engine] StandardScopes.OpenId: cannot be unticked
LOCAL = "idsrv"  # [engine] the identity provider of local accounts
NONE_CHOSEN = "Must select at least one permission."


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent that the person wants to be remembered; key: subject and client id."""

    scopes: tuple[str, ...]


async def authorize(desk: Desk, request: Request) -> Answer:
    """GET connect/authorize; only the query counts [engine]."""
    return await _process(desk, request, query(request), None)


async def switch(desk: Desk, request: Request) -> Answer:
    """GET connect/switch: the same for another person [engine: LoginAsDifferentUser]."""
    params = query(request)
    if present(params, "prompt") is None:
        params.append(("prompt", "login"))
    again = [(name, "login" if name.lower() == "prompt" else value) for name, value in params]
    return await _process(desk, request, again, None)


async def consent(desk: Desk, request: Request) -> Answer:
    """POST connect/consent with the query of the request: everything is checked again [engine]."""
    if request.media_type not in {"", FORM}:  # panopto/form/content-type [engine]
        return unsupported_type(rules.FORM_TYPE)
    fields = form(request)
    if not antiforgery.is_valid(desk, request, fields):  # panopto/consent/form-refused [engine]
        return bare_error(rules.CONSENT_FORM_REFUSED)
    return await _process(desk, request, query(request), fields)


async def _process(desk: Desk, request: Request, params: Params, fields: Params | None) -> Answer:
    try:
        asked = await read(desk, request.facts, params)
    except Refusal as refusal:
        return error(request, refusal.rule, refusal.error)
    try:
        check_scopes(asked)
        check_optional(asked)
        session = await signed_in.find(desk, request)
        if await _must_sign_in(desk, asked, session) or session is None:
            return await send_to_sign_in(desk, request, asked)
        request.facts.user = session.subject
        if asked.prompt == "select_account":  # panopto/authorize/select-account [engine] throws; the page is a 200
            return bare_error(rules.SELECT_ACCOUNT)
        wanted = await _must_consent(desk, asked, session)
        if not wanted:
            return await send_success(desk, request, asked, session, asked.scopes)
        if fields is None:  # panopto/authorize/consent [engine]
            return await _show_consent(desk, request, asked, session)
        granted = _decision(request, asked, fields)
        if not granted:  # panopto/consent/nothing-chosen [engine]
            return await _show_consent(desk, request, asked, session, NONE_CHOSEN)
    except Refusal as refusal:
        if refusal.status == 200:
            return error(request, refusal.rule, refusal.error)
        return send_back(desk, request, asked, refusal.rule, [("error", refusal.error)])
    kept = Consent(scopes=granted if (present(fields, LOOK.remember) or "").lower() == "true" else ())
    await desk.store.put(_consent_key(asked, session), kept)
    return await send_success(desk, request, asked, session, granted)


async def _must_sign_in(desk: Desk, asked: Asked, session: Session | None) -> bool:
    """[engine: AuthorizeInteractionResponseGenerator.ProcessLoginAsync]."""
    if asked.prompt == "login":
        return True
    if session is None or await person(desk, session.subject) is None:
        if asked.prompt == "none":  # panopto/authorize/login-required [engine]
            raise Refusal(rules.LOGIN_REQUIRED, "login_required", status=302)
        return True
    if asked.idp not in {None, LOCAL}:  # [engine] the person signed in somewhere else
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
        elsewhere=f"{OAUTH2}/connect/switch?{as_query(asked.params)}",
    )
    return page(request, rules.NOTHING_CHOSEN if problem else rules.CONSENT, text, *cookies)


def _consent_key(asked: Asked, session: Session) -> str:
    return f"{session.subject} {asked.client.client_id}"
