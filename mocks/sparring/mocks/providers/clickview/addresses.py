"""Where ClickView says that it lives: its documented names, or the origin by which it was asked."""

from dataclasses import dataclass

from sparring.mocks.engine.desk import Desk

HOSTS = ("auth.clickviewapp.com", "integrations.clickviewapp.com")
AUTH = "https://auth.clickviewapp.com"
INTEGRATIONS = "https://integrations.clickviewapp.com"


def is_real(origin: str) -> bool:
    """Whether the origin bears one of ClickView's own host names."""
    return origin.lower().partition("://")[2].partition(":")[0] in HOSTS


def auth(origin: str) -> str:
    """The base of the authorization server's addresses [doc]; elsewhere the origin asked [engine: base URL]."""
    return AUTH if is_real(origin) else origin.lower()


def integrations(origin: str) -> str:
    """The base of the API's addresses [doc]; elsewhere the origin asked."""
    return INTEGRATIONS if is_real(origin) else origin.lower()


def issuer(desk: Desk, origin: str) -> str:
    """Scheme and host in lower case, no trailing slash [engine: GetIdentityServerIssuerUri]."""
    return desk.issuer or auth(origin)


@dataclass(frozen=True, slots=True)
class Name:
    """Another name than its own ones under which a server issued a token: a container's, say."""

    issuer: str


async def answer_to(desk: Desk, name: str, until: float) -> None:
    """Take that issuer for one's own until then, POSIX seconds."""
    if name not in {AUTH, desk.base_url, issuer(desk, desk.base_url)}:
        await desk.store.put(name, Name(name), until=until)


async def is_own(desk: Desk, origin: str, name: str) -> bool:
    """Whether the server takes that issuer for itself, when it is asked by that origin."""
    own = {AUTH, desk.base_url, auth(origin), issuer(desk, desk.base_url)}
    return name in own or await desk.store.get(Name, name) is not None
