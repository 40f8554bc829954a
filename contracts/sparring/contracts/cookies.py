"""The cookies of one trial, kept by host and path (RFC 6265 sections 5.3 and 5.4)."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sparring.contracts.place import Call, Reply


@dataclass(slots=True)
class _Cookie:
    name: str
    value: str
    host: str
    path: str
    expires: float | None


class Jar:
    """Takes cookies from answers and gives them to requests. A Secure one is sent without TLS too: fakes may do so."""

    def __init__(self) -> None:
        self._cookies: list[_Cookie] = []

    def take(self, call: Call, reply: Reply, now: float) -> None:
        """Keep what an answer sets, and drop what it ends."""
        for name, value in reply.headers:
            if name.lower() == "set-cookie" and (cookie := _read(value, call, now)) is not None:
                key = (cookie.name, cookie.host, cookie.path)
                self._cookies = [each for each in self._cookies if (each.name, each.host, each.path) != key]
                self._cookies.append(cookie)

    def header(self, url: str, authority: str, now: float) -> str | None:
        """The Cookie header for a request; None where there is nothing to send. Longer paths come first."""
        path, host = urlsplit(url).path or "/", _host(authority)
        fitting = [
            cookie
            for cookie in self._cookies
            if cookie.host == host and _fits(path, cookie.path) and (cookie.expires is None or cookie.expires > now)
        ]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting) or None


def _read(text: str, call: Call, now: float) -> _Cookie | None:
    pair, *rest = text.split(";")
    name, equals, value = pair.strip().partition("=")
    if not equals or not name:
        return None
    attributes = {key.strip().lower(): given.strip() for key, _, given in (each.partition("=") for each in rest)}
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = (urlsplit(call.url).path or "/").rpartition("/")[0] or "/"
    return _Cookie(name, value, _host(call.authority), path, _expiry(attributes, now))


def _expiry(attributes: dict[str, str], now: float) -> float | None:
    if "max-age" in attributes:
        try:
            return now + int(attributes["max-age"])
        except ValueError:
            return None
    try:
        return parsedate_to_datetime(attributes["expires"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return None


def _host(authority: str) -> str:
    return (urlsplit(f"//{authority}").hostname or "").lower()


def _fits(path: str, within: str) -> bool:
    return path == within or path.startswith(within if within.endswith("/") else f"{within}/")
