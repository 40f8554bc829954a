"""Which addresses the user agent may go to, and which is the client's own."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL, the port filled in. Raises ValueError where the URL is none."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme.lower())


def is_callback(url: str, redirect_uris: Iterable[str]) -> bool:
    """Whether a URL is one of the client's redirect URIs, whatever its query and fragment."""
    try:
        here = (origin(url), urlsplit(url).path)
        return any((origin(uri), urlsplit(uri).path) == here for uri in redirect_uris)
    except ValueError:
        return False


def is_among(url: str, origins: Iterable[str]) -> bool:
    """Whether a URL belongs to one of those origins."""
    try:
        return origin(url) in {origin(each) for each in origins}
    except ValueError:
        return False


def without_fragment(url: str) -> str:
    """The URL as a browser sends it: the fragment stays at home."""
    return urlunsplit(urlsplit(url)._replace(fragment=""))


def bare(url: str) -> str:
    """The URL without query and fragment, to be named in a sentence."""
    return url.partition("?")[0].partition("#")[0]


def joined(base: str, target: str) -> str:
    """Where a link or a redirect leads; a target that is no URL at all stays as it is, and leads nowhere."""
    try:
        return urljoin(base, target)
    except ValueError:
        return target
