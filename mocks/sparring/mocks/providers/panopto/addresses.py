"""Where a Panopto site says that it lives: every customer's site is an issuer of its own."""

from urllib.parse import urlsplit

from sparring.mocks.engine.desk import Desk

HOSTS = ("deakin.au.panopto.com", "demo.hosted.panopto.com")  # [doc] the guide's site; <name>.hosted.panopto.com
OAUTH2 = "/Panopto/oauth2"
API = "/Panopto/api/v1"
UPLOAD_API = "/Panopto/PublicAPI/REST/sessionUpload"
UPLOADS = "/Panopto/Upload"
ROOT_FOLDER = "00000000-0000-0000-0000-000000000000"


def site(origin: str) -> str:
    """The site's own address: https on any host of Panopto's [doc]; elsewhere the origin asked [engine]."""
    host = urlsplit(origin).hostname or ""
    return f"https://{host}" if host.endswith(".panopto.com") else origin.lower()


def base(origin: str) -> str:
    """Where the site's OAuth2 lives, without a slash at the end."""
    return site(origin) + OAUTH2


def issuer(desk: Desk, origin: str) -> str:
    """The base without a slash at the end [engine: GetIdentityServerIssuerUri]."""
    return desk.issuer or base(origin)
