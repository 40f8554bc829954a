"""Registered clients, and how they prove who they are (RFC 6749 section 2.3)."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered client. ``secret`` None makes it public; ``grants`` are grant_type values it may use.

    ``lifetimes`` are seconds by kind, where they differ from the provider's usual ones. ``consent``: people are asked
    whether it may act for them, at a provider that does not ask anyway.
    """

    client_id: str
    secret: str | None
    name: str
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    grants: frozenset[str] = frozenset()
    enabled: bool = True
    lifetimes: Mapping[str, int] = field(default_factory=dict)
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request presented. ``method`` is basic, body, query or none."""

    client_id: str | None
    secret: str | None
    method: str


def secret_matches(client: Client, presented: str | None) -> bool:
    """Whether the presented secret is the client's, compared in constant time. A public client matches none."""
    if client.secret is None or presented is None:
        return False
    return hmac.compare_digest(client.secret.encode(), presented.encode("utf-8", "surrogateescape"))


def parse_basic(header: str | None, *, form_encoded: bool) -> tuple[str, str] | None:
    """Id and secret of a Basic Authorization header, or None where there is no usable one.

    ``form_encoded``: both are form-decoded after base64, as RFC 6749 section 2.3.1 asks; otherwise they are taken raw.
    """
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    client_id, colon, secret = text.partition(":")
    if not colon:
        return None
    return (unquote_plus(client_id), unquote_plus(secret)) if form_encoded else (client_id, secret)
