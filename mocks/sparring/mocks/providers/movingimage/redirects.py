"""Which redirect URIs a client may use [engine: Keycloak 4.8.3 RedirectUtils.java]."""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

INSTALLED_APP = "http://localhost"


def allowed(sent: str, registered: Sequence[str]) -> str | None:
    """The URI to use, or None: dots resolved, then equal to a registered one or below one that ends in ``*``; for
    http://localhost the port does not count. The engine means to put the host in lower case; its search for the path
    starts at the eighth letter, so with https it stops before the host.
    """
    try:
        uri = _normal(sent)
    except ValueError:
        return None
    slash = uri.find("/", 7)
    uri = uri.lower() if slash < 0 else uri[:slash].lower() + uri[slash:]
    if _matches(uri, registered):
        return uri
    if uri.startswith(f"{INSTALLED_APP}:"):
        path = uri.find("/", len(INSTALLED_APP))
        return uri if _matches(INSTALLED_APP + (uri[path:] if path >= 0 else ""), registered) else None
    return None


def single(registered: Sequence[str]) -> str | None:
    """The one registered URI, without a wildcard; None where there is no choice of one."""
    return registered[0].partition("/*")[0] if len(registered) == 1 else None


def _matches(uri: str, registered: Sequence[str]) -> bool:
    for pattern in registered:
        if pattern.endswith("*") and "?" not in pattern:
            bare, start = uri.partition("?")[0], pattern[:-1]
            if bare.startswith(start) or bare == start.removesuffix("/"):
                return True
        elif pattern == uri:
            return True
    return False


def _normal(sent: str) -> str:
    """Dot segments resolved (RFC 3986 section 5.2.4); those that lead above the root stay, as in java.net.URI."""
    parts = urlsplit(sent)
    if any(letter.isspace() for letter in sent):
        raise ValueError(sent)
    kept: list[str] = []
    segments = parts.path.split("/")
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "..":
            if kept and kept[-1] not in {"", ".."}:
                kept.pop()
            else:
                kept.append(segment)
        elif segment != ".":
            kept.append(segment)
        if last and segment in {".", ".."} and kept and kept[-1]:
            kept.append("")
    return sent if kept == segments else urlunsplit(parts._replace(path="/".join(kept)))
