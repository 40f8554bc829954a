"""The sign-in form and what comes after it: Keycloak 4.8.3's login-actions/authenticate, in the order of its checks."""

from dataclasses import replace

from sparring.mocks.engine import codes, users
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Params, Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import consent, cookies, pages, releases, rules, sessions, tabs
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.answers import NO_WAY_BACK, error_page, page
from sparring.mocks.providers.movingimage.people import by_login, granted_scopes, knows_password
from sparring.mocks.providers.movingimage.responses import error_params, send_back
from sparring.mocks.providers.movingimage.sessions import LoginTab, Root, SsoSession
from sparring.mocks.providers.movingimage.variants import step

TOO_LONG = "You took too long to login.  Login process starting from beginning."
SENT_BEFORE = "Action expired. Please continue with login now."
WRONG = "Invalid username or password."
DISABLED = "Account is disabled, contact admin."
ALREADY = "You are already logged in."
LOST_TRACK = "An error occurred, please login again through your application."


async def show(desk: Desk, request: Request, client_id: str, uri: str, params: Params) -> Answer:
    """The form, for a request that is good. ``login_hint`` stands in its first field [engine]."""
    tab = await tabs.open_tab(desk, request, client_id, uri, params)
    return await _form(desk, request, rules.SIGN_IN, tab, *cookies.opened(desk, request, tab))


async def authenticate(desk: Desk, request: Request) -> Answer:
    """The form is sent, or asked for again."""
    query = request.query_params
    client_id, execution, code = first(query, "client_id"), first(query, "execution"), first(query, "session_code")
    tab = await desk.store.get(LoginTab, first(query, "tab_id") or "")
    client = await desk.store.get(Client, client_id or "")
    if tab is None or client is None or tab.root != cookies.root(request) or tab.client_id != client_id:
        return await _without_tab(desk, request, client_id)
    request.facts.client = tab.client_id
    ours = execution == tabs.execution(desk)
    if code is None:
        if execution is not None and not ours:  # movingimage/login/page-expired [engine]
            return page_expired(desk, request, tab)
        await tabs.keep(desk, replace(tab, message=""))
        return await _form(desk, request, rules.FORM_AGAIN, tab)  # movingimage/login/form-again [engine]
    if code != tab.session_code or not ours:
        if ours:  # movingimage/login/form-sent-before [engine]
            return await tabs.once_more(desk, request, rules.FORM_SENT_BEFORE, tab, SENT_BEFORE)
        return page_expired(desk, request, tab)
    if desk.clock.now() > tab.shown_at + desk.lifetimes["login"]:  # movingimage/login/took-too-long [engine]
        return await tabs.from_the_start(desk, request, rules.TOOK_TOO_LONG, tab, TOO_LONG)
    form = request.form_params
    username = first(form, "username") or ""
    user = await by_login(desk, username)
    if user is None or not knows_password(user, first(form, "password") or ""):
        # movingimage/login/sign-in-wrong [engine] the form again, with 200
        return await _refused(desk, request, rules.SIGN_IN_WRONG, tab, WRONG, username)
    if user.locked:  # movingimage/login/account-disabled [engine] after the password
        return await _refused(desk, request, rules.ACCOUNT_DISABLED, tab, DISABLED, username)
    remember = (first(form, "rememberMe") or "").lower() == "on"
    return await _signed_in(desk, request, replace(tab, remember=remember), client, user)


def page_expired(desk: Desk, request: Request, tab: LoginTab) -> Answer:
    """An older page was sent than the one that is due."""
    content = pages.expired(tabs.restart_link(request, tab), tabs.link(desk, request, tab))
    return page(rules.PAGE_EXPIRED, content, NO_WAY_BACK)


async def start_again(desk: Desk, request: Request) -> Answer:
    """The login from its beginning [engine: LoginActionsService.restartSession]."""
    query = request.query_params
    tab = await desk.store.get(LoginTab, first(query, "tab_id") or "")
    headers: tuple[tuple[str, str], ...] = ()
    if tab is None or tab.root != cookies.root(request):
        begun = cookies.restart(desk, request)
        if begun is None or begun.get("cid") != first(query, "client_id"):  # movingimage/login/form-unknown [engine]
            return error_page(Refusal(rules.FORM_UNKNOWN, description=LOST_TRACK), NO_WAY_BACK)
        tab = await tabs.open_tab(desk, request, begun["cid"], begun["ruri"], list(begun["notes"].items()))
        headers = cookies.named(desk, request, tab.root)
    answer = await tabs.from_the_start(desk, request, rules.START_AGAIN, tab)
    return answer.with_headers(*headers)


async def ask_action(desk: Desk, request: Request, tab: LoginTab, user: users.User) -> Answer:
    """The person has something to do before anything else [engine: nextActionAfterAuthentication]."""
    await tabs.keep(desk, replace(tab, subject=user.subject))
    headers = (("Location", tabs.action_link(request, tab)), NO_WAY_BACK)
    return Answer(status=302, rule=rules.ACTION_ASKED, headers=headers)  # movingimage/login/action-asked [engine]


async def finish(
    desk: Desk,
    request: Request,
    client: Client,
    uri: str,
    params: Params,
    session: SsoSession,
    *,
    again: bool,
    tab: LoginTab | None = None,
) -> Answer:
    """The person is known: cookies, a code, and back to the client. ``again``: by cookie, hence ``acr`` 0 [engine];
    ``tab``: in which the person can still be asked.
    """
    request.facts.user = session.subject
    if tab is not None and await consent.wanted(desk, client, session):  # movingimage/login/consent-asked [engine]
        return await consent.ask(desk, request, tab, session, again=again)
    before = (cookies.watched(request) or "").split("/")
    if len(before) == 3 and before[2] != session.id:
        await sessions.end(desk, before[2])
    await sessions.attach(desk, session, client.client_id)
    state, mode = first(params, "state"), (first(params, "response_mode") or "query").lower()
    going: Params = [("state", state)] if state is not None else []
    going.append(("session_state", session.id))
    going += step(desk, releases.NAME_ISSUER)(desk, request)
    rule = rules.NO_CODE_ASKED  # movingimage/login/no-code-asked [engine]
    if "code" in (first(params, "response_type") or "").split(" "):  # movingimage/login/code-issued [doc]
        rule = rules.CODE_ISSUED
        going.append(("code", await _new_code(desk, request, client, params, session, "0" if again else "1")))
    headers = await cookies.signed_in(desk, request, session)
    return send_back(desk, request, mode, uri, rule, going, NO_WAY_BACK, *headers)


async def decide(desk: Desk, request: Request) -> Answer:
    """The person answers the question whether the application may [engine: LoginActionsService.processConsent]."""
    waiting = await consent.take(desk, request)
    session = None if waiting is None else await sessions.find_active(desk, waiting.session_id)
    client = None if waiting is None else await desk.store.get(Client, waiting.client_id)
    if waiting is None and await consent.answered(desk, request):  # movingimage/login/already-signed-in [engine]
        return page(rules.ALREADY_SIGNED_IN, pages.info(ALREADY), NO_WAY_BACK)
    if waiting is None or session is None or client is None:  # movingimage/login/consent-unknown [engine]
        return error_page(Refusal(rules.CONSENT_UNKNOWN, description=LOST_TRACK), NO_WAY_BACK)
    request.facts.client, request.facts.user = client.client_id, session.subject
    params = list(waiting.params)
    if consent.denied(request):  # movingimage/login/consent-denied [engine] without a description
        refusal = Refusal(rules.CONSENT_DENIED, "access_denied")
        going = error_params(desk, request, refusal, first(params, "state"))
        mode = (first(params, "response_mode") or "query").lower()
        over = cookies.begun_no_more(request)
        return send_back(desk, request, mode, waiting.redirect_uri, rules.CONSENT_DENIED, going, NO_WAY_BACK, over)
    await consent.give(desk, session, client)
    return await finish(desk, request, client, waiting.redirect_uri, params, session, again=waiting.again)


async def _without_tab(desk: Desk, request: Request, client_id: str | None) -> Answer:
    """The form belongs to no login that is going on [engine: initialVerifyAuthSession]."""
    if await sessions.find_active(desk, cookies.root(request) or ""):
        # movingimage/login/already-signed-in [engine]
        return page(rules.ALREADY_SIGNED_IN, pages.info(ALREADY), NO_WAY_BACK)
    begun = cookies.restart(desk, request)
    if begun is None or begun.get("cid") != client_id:  # movingimage/login/form-unknown [engine]
        return error_page(Refusal(rules.FORM_UNKNOWN, description=LOST_TRACK), NO_WAY_BACK)
    known = await desk.store.get(Root, cookies.root(request) or "")
    tab = await tabs.open_tab(desk, request, begun["cid"], begun["ruri"], list(begun["notes"].items()))
    if known is not None:  # another login of this browser is going on
        return await tabs.from_the_start(desk, request, rules.RESTARTED, tab, TOO_LONG)
    answer = await tabs.once_more(desk, request, rules.RESTARTED, tab, TOO_LONG)  # movingimage/login/restarted [engine]
    return answer.with_headers(*cookies.opened(desk, request, tab))


async def _signed_in(desk: Desk, request: Request, tab: LoginTab, client: Client, user: users.User) -> Answer:
    if "required_action" in user.attributes:
        return await ask_action(desk, request, tab, user)
    return await complete(desk, request, tab, client, user)


async def complete(desk: Desk, request: Request, tab: LoginTab, client: Client, user: users.User) -> Answer:
    """The person has done all that was asked [engine: AuthenticationProcessor.attachSession]."""
    session = await sessions.find_active(desk, tab.root)
    if session is None:
        session = await sessions.start(desk, tab.root, user.subject, by_browser=True, remember=tab.remember)
    elif session.subject != user.subject:  # movingimage/login/other-person [engine]
        other = next(each for each in await desk.store.every(users.User) if each.subject == session.subject)
        words = (
            f"You are already authenticated as different user '{other.username}' in this session. Please logout first."
        )
        return error_page(Refusal(rules.OTHER_PERSON, description=words, status=500), NO_WAY_BACK)
    else:
        session = replace(session, authenticated_at=desk.seconds())
        await desk.store.put(session.id, session)
    await desk.store.delete(LoginTab, tab.id)
    return await finish(desk, request, client, tab.redirect_uri, list(tab.params), session, again=False, tab=tab)


async def _new_code(desk: Desk, request: Request, client: Client, params: Params, session: SsoSession, acr: str) -> str:
    """``<uuid>.<session>.<client>``; alive for a minute [engine: OAuth2CodeParser.persistCode]."""
    scope, nonce = first(params, "scope"), first(params, "nonce")
    attributes = {"session": session.id, "issuer": issuer(desk, request.origin), "acr": acr, "scope": scope or ""}
    if nonce is not None:
        attributes["nonce"] = nonce
    grant = await open_grant(desk, client.client_id, session.subject, granted_scopes(client, scope), attributes)
    code = desk.entropy.uuid(*await desk.serial("code", grant.id))
    return await codes.issue_code(
        desk,
        request.facts,
        grant,
        value=f"{code}.{session.id}.{desk.entropy.uuid(desk.provider, 'client', client.client_id)}",
        redirect_uri=first(params, "redirect_uri"),
        challenge=first(params, "code_challenge"),
        challenge_method=first(params, "code_challenge_method") or "plain",
        nonce=nonce,
    )


async def _refused(desk: Desk, request: Request, rule: Rule, tab: LoginTab, message: str, username: str) -> Answer:
    tab = await tabs.renewed(desk, tab)
    return await _form(desk, request, rule, replace(tab, message=message), username=username)


async def _form(
    desk: Desk, request: Request, rule: Rule, tab: LoginTab, *headers: tuple[str, str], username: str | None = None
) -> Answer:
    action = tabs.link(desk, request, tab, to_send=True)
    hint = first(list(tab.params), "login_hint") or ""
    people = await desk.store.every(users.User)
    shown = hint if username is None else username
    content = pages.sign_in(action, message=tab.message, username=shown, people=people)
    return page(rule, content, NO_WAY_BACK, *headers)
