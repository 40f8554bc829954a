"""Which application a request comes from, as Doorkeeper finds out wherever it asks for one."""

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from sparring.mocks.engine.clients import Client, Credentials, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.parameters import present, text
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def find_credentials(desk: Desk, request: Request, params: Mapping[str, Any]) -> Credentials | None:
    """What the request presents: the header, then the parameters. Refusal where 5.9.6 finds too much."""
    found = [found for found in (_from_basic(request), _from_params(request, params)) if found is not None]
    return (_only if desk.variant == DOORKEEPER_5_9_6 else _first)(request, found)


async def recognise(desk: Desk, request: Request, presented: Credentials | None) -> Client | Rule:
    """The client that proves who it is, or the rule by which it is none [engine: by_uid_and_secret]."""
    if presented is None:  # rotor/token/client-missing [engine]
        return rules.CLIENT_MISSING
    client = await desk.store.get(Client, presented.client_id or "")
    if client is None and await _once_decoded(desk, presented):
        return rules.CLIENT_ENCODED  # rotor/token/client-form-encoded [engine]: both are taken as they are after base64
    if client is None or not client.enabled:  # rotor/token/client-unknown [engine]
        return rules.CLIENT_UNKNOWN
    public = client.secret is None and not presented.secret
    if not public and not secret_matches(client, presented.secret):
        # rotor/token/client-form-encoded, rotor/token/client-secret-wrong [engine]
        return rules.CLIENT_ENCODED if await _once_decoded(desk, presented) else rules.SECRET_WRONG
    request.facts.client = client.client_id
    if presented.method != "basic":
        request.facts.notes.append(f"the credentials came in the {presented.method}; the document shows a Basic header")
    return client


async def _once_decoded(desk: Desk, presented: Credentials) -> bool:
    """Whether the credentials would be right, had they not been form-encoded before base64."""
    if presented.method != "basic":
        return False
    client = await desk.store.get(Client, unquote_plus(presented.client_id or ""))
    return client is not None and secret_matches(client, unquote_plus(presented.secret or ""))


def _from_basic(request: Request) -> Credentials | None:
    """Base64 read loosely, split at the first colon, nothing decoded after that [engine: from_basic]."""
    given = request.header("authorization")
    header = None if given is None else re.match(r"basic (.*)", given, re.IGNORECASE | re.DOTALL)
    if header is None:
        return None
    client_id, colon, secret = _decode64(header[1]).partition(":")
    return Credentials(client_id, secret if colon else None, "basic") if client_id.strip() else None


def _decode64(encoded: str) -> str:
    """As Ruby's ``Base64.decode64``: other letters are passed over, ``=`` ends it where padding may, odd tails go."""
    letters: list[str] = []
    for letter in encoded:
        if letter in _ALPHABET:
            letters.append(letter)
        elif letter == "=" and len(letters) % 4 > 1:
            break
    del letters[len(letters) - (len(letters) % 4 == 1) :]
    return base64.b64decode("".join(letters) + "=" * (-len(letters) % 4)).decode("utf-8", "replace")


def _from_params(request: Request, params: Mapping[str, Any]) -> Credentials | None:
    """``client_id`` and ``client_secret`` [engine: from_params]."""
    if not present(params, "client_id"):
        return None
    in_query = {"client_id", "client_secret"} & {name for name, _ in request.query_params}
    method = "query" if in_query else "body"
    return Credentials(str(params["client_id"]), text(params, "client_secret"), method)


def _first(request: Request, found: list[Credentials]) -> Credentials | None:
    """The first that there are; the others are not looked at [engine: 5.9.0]."""
    if len(found) > 1:
        request.facts.notes.append("credentials in header and parameters; the header's were taken, 5.9.6 would refuse")
    return found[0] if found else None


def _only(_request: Request, found: list[Credentials]) -> Credentials | None:
    """The only ones that there may be: one secret, one client id [engine: 5.9.5, 5.9.6]."""
    secrets = [credentials for credentials in found if credentials.secret]
    if len(secrets) > 1 or len({credentials.client_id for credentials in found}) > 1:
        # rotor/token/two-mechanisms [engine]
        raise Refusal(
            rules.TWO_MECHANISMS,
            "invalid_request",
            "The request utilizes more than one mechanism for authenticating the client.",
        )
    return found[0] if found else None
