"""Taking secrets, tokens and codes out of whatever a report shows; a short fingerprint stands in their place."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from sparring.harness.checks.traces import encodings, fingerprint
from sparring.harness.evidence import Secret

PRIVATE_PARAMETERS = {
    "access_token": "access_token",
    "assertion": "assertion",
    "client_assertion": "assertion",
    "client_secret": "client_secret",
    "code": "code",
    "code_verifier": "code_verifier",
    "id_token": "id_token",
    "password": "password",
    "refresh_token": "refresh_token",
}
"""Parameters whose value never stands in a report, whoever sent it, and the kind that is named instead."""

_CREDENTIALS = re.compile(r"\b(Bearer|Basic)\s+([A-Za-z0-9._~+/=;-]{16,})", re.IGNORECASE)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,4}")


def label(kind: str, value: str) -> str:
    """What stands in place of a secret: its kind and fingerprint."""
    return f"{kind}:{fingerprint(value)}"


class Redactor:
    """Takes the given values out of texts and URLs, and whatever else looks like a credential."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._labels: dict[str, str] = {}
        for secret in secrets:
            for form in encodings(secret.value):
                self._labels.setdefault(form, label(secret.kind, secret.value))
        forms = sorted(self._labels, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, forms))) if forms else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(lambda match: self._labels[match.group()], text)
        text = _CREDENTIALS.sub(lambda match: f"{match[1]} {label('token', match[2])}", text)
        return _JWT.sub(lambda match: label("token", match.group()), text)

    def url(self, url: str) -> str:
        """The URL without secrets, the other parameters as they were sent."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url)
        _, at, host = parts.netloc.rpartition("@")
        netloc = f"[credentials]@{host}" if at else host
        query, fragment = self._parameters(parts.query), self._parameters(parts.fragment)
        return self.text(urlunsplit((parts.scheme, netloc, parts.path, query, fragment)))

    def _parameters(self, raw: str) -> str:
        pairs = []
        for pair in raw.split("&"):
            name, equals, value = pair.partition("=")
            kind = PRIVATE_PARAMETERS.get(unquote_plus(name).strip())
            pairs.append(f"{name}={label(kind, unquote_plus(value))}" if kind and equals and value else pair)
        return "&".join(pairs)
