"""Where movingimage says that it lives: its documented names, or the origin by which it was asked."""

from urllib.parse import urlsplit

from sparring.mocks.engine.desk import Desk

HOSTS = ("login.movingimage.com", "api.video-cdn.net")
LOGIN = "https://login.movingimage.com"
API = "https://api.video-cdn.net"
REALM = "/auth/realms/platform"
CONNECT = f"{REALM}/protocol/openid-connect"
DISCOVERY = f"{REALM}/.well-known/openid-configuration"
LOGIN_ACTION = f"{REALM}/login-actions/authenticate"
RESTART_ACTION = f"{REALM}/login-actions/restart"
CONSENT_ACTION = f"{REALM}/login-actions/consent"
REQUIRED_ACTION = f"{REALM}/login-actions/required-action"
LOGOUT_CONFIRM = f"{CONNECT}/logout/logout-confirm"
REGISTRATION = f"{REALM}/clients-registrations/openid-connect"


def is_real(origin: str) -> bool:
    """Whether the origin bears one of movingimage's own host names."""
    return urlsplit(origin).hostname in HOSTS


def login(origin: str) -> str:
    """The base of the login server's addresses [doc]; elsewhere the origin asked [engine: base URI]."""
    return LOGIN if is_real(origin) else origin


def api(origin: str) -> str:
    """The base of the API's addresses [doc]; elsewhere the origin asked."""
    return API if is_real(origin) else origin


def issuer(desk: Desk, origin: str) -> str:
    """The realm's URL below the base asked [engine: Urls.realmIssuer]."""
    return desk.issuer or login(origin) + REALM


def issuers(desk: Desk, origin: str) -> set[str]:
    """Every name that this stage has for the realm: the API takes tokens of all of them."""
    return {LOGIN + REALM, issuer(desk, origin), issuer(desk, desk.base_url)}
