"""The page that asks whether an application may act for a person: for clients with "Consent Required" only."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import cookies, pages, rules
from sparring.mocks.providers.movingimage.addresses import CONSENT_ACTION, REQUIRED_ACTION, login
from sparring.mocks.providers.movingimage.answers import NO_WAY_BACK, page
from sparring.mocks.providers.movingimage.cookies import session_by_cookie
from sparring.mocks.providers.movingimage.people import granted_scopes
from sparring.mocks.providers.movingimage.sessions import LoginTab, SsoSession

EXECUTION = "OAUTH_GRANT"
"""The name of this step in addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A person is asked, in the login of that ``tab``, by a form with that ``code``. ``root`` is the browser's,
    ``again`` says that a cookie signed the person in.
    """

    tab: str
    code: str
    root: str
    client_id: str
    redirect_uri: str
    params: tuple[tuple[str, str], ...]
    session_id: str
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A person said yes to that client; it is not asked again [engine: UserConsentModel]."""

    subject: str
    client_id: str


async def wanted(desk: Desk, client: Client, session: SsoSession) -> bool:
    """Whether the person has to be asked."""
    return client.consent and await desk.store.get(Given, f"{session.subject}/{client.client_id}") is None


async def check(desk: Desk, client: Client, session: SsoSession) -> None:
    """A Refusal where the person has taken the permission back [engine: TokenManager.verifyConsentStillAvailable]."""
    if await wanted(desk, client, session):
        words = "Client no longer has requested consent from user"
        raise Refusal(rules.CONSENT_WITHDRAWN, "invalid_scope", words)


async def withdraw(desk: Desk, subject: str, client_id: str) -> None:
    """Forget that the person said yes."""
    await desk.store.delete(Given, f"{subject}/{client_id}")


async def ask(desk: Desk, request: Request, tab: LoginTab, session: SsoSession, *, again: bool) -> Answer:
    """To the page, which is an address of its own [engine: AuthenticationManager.redirectToRequiredActions]."""
    waiting = Waiting(
        tab=tab.id,
        code=desk.entropy.urlsafe(32, *await desk.serial("consent", session.id)),
        root=tab.root,
        client_id=tab.client_id,
        redirect_uri=tab.redirect_uri,
        params=tab.params,
        session_id=session.id,
        again=again,
    )
    await desk.store.put(tab.id, waiting, until=desk.seconds() + desk.lifetimes["login"])
    query = {"execution": EXECUTION, "client_id": tab.client_id, "tab_id": tab.id}
    location = f"{login(request.origin)}{REQUIRED_ACTION}?{urlencode(query)}"
    return Answer(status=302, rule=rules.CONSENT_ASKED, headers=(("Location", location), NO_WAY_BACK))


async def show(desk: Desk, request: Request) -> Answer | None:
    """The page [engine: login-oauth-grant.ftl]; None where nobody is asked in this tab of this browser."""
    waiting = await _waiting(desk, request)
    client = None if waiting is None else await desk.store.get(Client, waiting.client_id)
    if waiting is None or client is None:
        return None
    request.facts.client = client.client_id
    action = f"{CONSENT_ACTION}?{urlencode({'client_id': client.client_id, 'tab_id': waiting.tab})}"
    scopes = granted_scopes(client, first(list(waiting.params), "scope"))
    return page(rules.CONSENT, pages.consent(action, waiting.code, client.name, scopes), NO_WAY_BACK)


async def take(desk: Desk, request: Request) -> Waiting | None:
    """The question that the form answers: asked in this browser, and answered for the first time."""
    waiting = await _waiting(desk, request)
    if waiting is None or waiting.code != first(request.form_params, "code"):
        return None
    taken = await desk.store.take(Waiting, waiting.tab)
    if taken is None or not taken.first:
        return None
    await desk.store.delete(Waiting, waiting.tab)
    return waiting


async def answered(desk: Desk, request: Request) -> bool:
    """Whether this browser is signed in, and nobody is asked in it any more."""
    return await _waiting(desk, request) is None and await session_by_cookie(desk, request) is not None


async def _waiting(desk: Desk, request: Request) -> Waiting | None:
    waiting = await desk.store.get(Waiting, first(request.query_params, "tab_id") or "")
    return waiting if waiting is not None and waiting.root == cookies.root(request) else None


def denied(request: Request) -> bool:
    """Whether the person pressed No: ``cancel`` is the engine's name for it."""
    form = request.form_params
    return first(form, "cancel") is not None or first(form, "decision") == "deny"


async def give(desk: Desk, session: SsoSession, client: Client) -> None:
    """Remember that the person said yes."""
    given = Given(subject=session.subject, client_id=client.client_id)
    await desk.store.put(f"{session.subject}/{client.client_id}", given)
