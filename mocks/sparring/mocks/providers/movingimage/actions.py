"""What a person has to do before the login is over: a new password, where an administrator asked for one [engine:
Keycloak 4.8.3 LoginActionsService.requiredAction, UpdatePassword].
"""

from dataclasses import replace

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import consent, cookies, login, pages, rules, tabs
from sparring.mocks.providers.movingimage.answers import NO_WAY_BACK, error_page, page
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.sessions import LoginTab

MISSING = "Please specify password."
DIFFERENT = "Passwords don't match."
ASKED = "You need to change your password to activate your account."


async def act(desk: Desk, request: Request) -> Answer:
    """GET shows the page, POST sends it."""
    query = request.query_params
    asked = await consent.show(desk, request) if request.method == "GET" else None
    if asked is not None:  # movingimage/login/consent [engine]
        return asked
    tab = await desk.store.get(LoginTab, first(query, "tab_id") or "")
    client = await desk.store.get(Client, first(query, "client_id") or "")
    user = None if tab is None else await by_subject(desk, tab.subject)
    if tab is None or client is None or user is None or tab.root != cookies.root(request):
        # movingimage/login/form-unknown [engine]
        return error_page(Refusal(rules.FORM_UNKNOWN, description=login.LOST_TRACK), NO_WAY_BACK)
    request.facts.client, request.facts.user = tab.client_id, user.subject
    if request.method == "GET":  # movingimage/login/action-page [engine]
        return _page(request, rules.ACTION_PAGE, tab, user, ASKED)
    if first(query, "session_code") != tab.session_code:
        return login.page_expired(desk, request, tab)
    form = request.form_params
    new, again = first(form, "password-new") or "", first(form, "password-confirm") or ""
    if not new or new != again:  # movingimage/login/action-refused [engine]
        tab = await tabs.renewed(desk, tab)
        return _page(request, rules.ACTION_REFUSED, tab, user, DIFFERENT if new else MISSING)
    left = {name: value for name, value in user.attributes.items() if name != "required_action"}
    user = replace(user, password=new, attributes=left)
    await desk.store.put(user.username, user)
    return await login.complete(desk, request, tab, client, user)


def _page(request: Request, rule: Rule, tab: LoginTab, user: User, message: str) -> Answer:
    content = pages.update_password(tabs.action_link(request, tab, to_send=True), user.username, message)
    return page(rule, content, NO_WAY_BACK)
