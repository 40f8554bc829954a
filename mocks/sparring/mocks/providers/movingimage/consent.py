"""The page that asks whether an application may act for a person: for clients with "Consent Required" only."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import cookies, pages, rules
from sparring.mocks.providers.movingimage.addresses import CONSENT_ACTION
from sparring.mocks.providers.movingimage.answers import NO_WAY_BACK, page
from sparring.mocks.providers.movingimage.people import granted_scopes
from sparring.mocks.providers.movingimage.sessions import SsoSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A person is asked. ``root`` is the browser's, ``again`` says that a cookie signed the person in."""

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


async def show(
    desk: Desk, request: Request, client: Client, uri: str, params: Params, session: SsoSession, *, again: bool
) -> Answer:
    """The page [engine: login-oauth-grant.ftl]."""
    code = desk.entropy.urlsafe(32, *await desk.serial("consent", session.id))
    waiting = Waiting(
        root=cookies.root(request) or "",
        client_id=client.client_id,
        redirect_uri=uri,
        params=tuple(params),
        session_id=session.id,
        again=again,
    )
    await desk.store.put(code, waiting, until=desk.seconds() + desk.lifetimes["login"])
    action = f"{CONSENT_ACTION}?{urlencode({'client_id': client.client_id})}"
    scopes = granted_scopes(client, first(params, "scope"))
    return page(rules.CONSENT, pages.consent(action, code, client.name, scopes), NO_WAY_BACK)


async def take(desk: Desk, request: Request) -> Waiting | None:
    """The question that the form answers: asked in this browser, and answered for the first time."""
    taken = await desk.store.take(Waiting, first(request.form_params, "code") or "")
    if taken is None or not taken.first or taken.record.root != (cookies.root(request) or ""):
        return None
    return taken.record


def denied(request: Request) -> bool:
    """Whether the person pressed No: ``cancel`` is the engine's name for it."""
    form = request.form_params
    return first(form, "cancel") is not None or first(form, "decision") == "deny"


async def give(desk: Desk, session: SsoSession, client: Client) -> None:
    """Remember that the person said yes."""
    given = Given(subject=session.subject, client_id=client.client_id)
    await desk.store.put(f"{session.subject}/{client.client_id}", given)
