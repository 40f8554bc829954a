"""Open sign-in forms: Keycloak 4.8.3's authentication sessions, of which a browser may have several."""

from dataclasses import replace
from urllib.parse import urlencode

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import addresses, cookies
from sparring.mocks.providers.movingimage.addresses import LOGIN_ACTION, REQUIRED_ACTION, RESTART_ACTION
from sparring.mocks.providers.movingimage.answers import NO_WAY_BACK
from sparring.mocks.providers.movingimage.sessions import LoginTab, Root

UPDATE_PASSWORD = "UPDATE_PASSWORD"


async def open_tab(
    desk: Desk, request: Request, client_id: str, uri: str, params: Params, *, subject: str = ""
) -> LoginTab:
    """A new tab in this browser, or in one that was not seen before."""
    root = await browser(desk, request)
    tab = LoginTab(
        id=desk.entropy.urlsafe(8, *await desk.serial("tab")),
        root=root,
        client_id=client_id,
        redirect_uri=uri,
        params=tuple(params),
        session_code=desk.entropy.urlsafe(32, *await desk.serial("session-code")),
        shown_at=desk.seconds(),
        subject=subject,
    )
    await keep(desk, tab)
    return tab


async def browser(desk: Desk, request: Request) -> str:
    """This browser, or a new one where it was not seen before."""
    root = cookies.root(request) or ""
    if await desk.store.get(Root, root) is None:
        root = desk.entropy.uuid(*await desk.serial("root"))
        await desk.store.put(root, Root(id=root))
    return root


async def keep(desk: Desk, tab: LoginTab) -> None:
    """Write the tab back."""
    await desk.store.put(tab.id, tab, until=tab.shown_at + 2 * desk.lifetimes["login"])


async def renewed(desk: Desk, tab: LoginTab, message: str = "") -> LoginTab:
    """The tab with a form that was not sent yet."""
    code = desk.entropy.urlsafe(32, *await desk.serial("session-code"))
    tab = replace(tab, session_code=code, shown_at=desk.seconds(), message=message)
    await keep(desk, tab)
    return tab


async def once_more(desk: Desk, request: Request, rule: Rule, tab: LoginTab, message: str) -> Answer:
    """302 to the form, which says why."""
    tab = await renewed(desk, tab, message)
    return Answer(status=302, rule=rule, headers=(("Location", link(desk, request, tab)), NO_WAY_BACK))


async def from_the_start(desk: Desk, request: Request, rule: Rule, tab: LoginTab, message: str = "") -> Answer:
    """302 to the login's beginning, whichever step that is."""
    tab = await renewed(desk, tab, message)
    return Answer(status=302, rule=rule, headers=(("Location", short_link(request, LOGIN_ACTION, tab)), NO_WAY_BACK))


def execution(desk: Desk) -> str:
    """The id of the step that asks for a password."""
    return desk.entropy.uuid(desk.provider, "execution")


def short_link(request: Request, path: str, tab: LoginTab) -> str:
    """An address that names the tab and no step of it."""
    return f"{addresses.login(request.origin)}{path}?{urlencode({'client_id': tab.client_id, 'tab_id': tab.id})}"


def restart_link(request: Request, tab: LoginTab) -> str:
    """Where the login begins anew."""
    return short_link(request, RESTART_ACTION, tab)


def _address(request: Request, path: str, tab: LoginTab, execution_id: str, *, to_send: bool) -> str:
    params = {"session_code": tab.session_code} if to_send else {}
    params |= {"execution": execution_id, "client_id": tab.client_id, "tab_id": tab.id}
    return f"{addresses.login(request.origin)}{path}?{urlencode(params)}"


def link(desk: Desk, request: Request, tab: LoginTab, *, to_send: bool = False) -> str:
    """Where the sign-in form of the tab is, or where it is sent to."""
    return _address(request, LOGIN_ACTION, tab, execution(desk), to_send=to_send)


def action_link(request: Request, tab: LoginTab, *, to_send: bool = False) -> str:
    """Where the page is on which the person has something to do first, or where it is sent to."""
    return _address(request, REQUIRED_ACTION, tab, UPDATE_PASSWORD, to_send=to_send)
