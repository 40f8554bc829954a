"""Opaque tokens, whose record is with the provider; codes that are good once; and whose they are."""

from sparring.mocks.engine import codes
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.minting import Minted, Order, request_at
from sparring.mocks.engine.tokens import Kind, Standing, Token, fingerprint, keep_token, weigh_token
from sparring.mocks.engine.users import User


async def opaque_token(
    desk: Desk, request: Request, kind: Kind, grant: Grant, *, lifetime: int | None = None, size: int = 32
) -> str:
    """A new token of ``size`` random bytes in base64url. ``lifetime`` in seconds; None: the stage's for its kind."""
    value = desk.entropy.urlsafe(size, *await desk.serial(kind, grant.id))
    life = desk.lifetimes[kind] if lifetime is None else lifetime
    await keep_token(desk, request.facts, kind, value, grant, scopes=grant.scopes, lifetime=life)
    return value


async def mint_opaque(desk: Desk, order: Order) -> Minted:
    """An access token out of turn, for ``Provider.mint``. There are no claims in it."""
    subject = None if order.user is None else order.user.subject
    grant = await open_grant(desk, order.client.client_id, subject, order.scopes)
    life = order.special.seconds(desk.lifetimes["access_token"])
    value = await opaque_token(desk, request_at(desk), "access_token", grant, lifetime=life)
    return Minted(value=value, grant=grant)


async def redeem_code(desk: Desk, request: Request, client: Client, value: str) -> tuple[Code, Grant] | None:
    """The record of a code and its grant: once, in the code's life, for the client that it was issued to; else None.

    Whatever comes of it, the code is used up.
    """
    taken = await codes.use_code(desk, value)
    code = None if taken is None or not taken.first or codes.expired(desk, taken.record) else taken.record
    grant = None if code is None else await desk.store.get(Grant, code.grant_id)
    good = code is not None and grant is not None and not grant.revoked and code.client_id == client.client_id
    request.facts.presented.append({"kind": "code", "fp": fingerprint(value), "valid": good})
    return (code, grant) if good and code is not None and grant is not None else None


async def accept_refresh(desk: Desk, request: Request, client: Client, value: str) -> Grant | None:
    """The grant of a refresh token that is good, and the client's; else None. The token stays good."""
    token, standing = await weigh_token(desk, request.facts, "refresh_token", value, "body")
    if token is None or standing is not Standing.VALID or token.client_id != client.client_id:
        return None
    return await desk.store.get(Grant, token.grant_id)


async def accept_bearer(desk: Desk, request: Request) -> tuple[Token | None, Standing | None]:
    """The access token of the Authorization header, and what it is worth; both None where there is none."""
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        return None, None
    token, standing = await weigh_token(desk, request.facts, "access_token", value.strip(), "header")
    if token is not None and standing is Standing.VALID:
        request.facts.client, request.facts.user = token.client_id, token.subject
    return token, standing


async def person_of(desk: Desk, token: Token | None) -> User | None:
    """The account that a token acts for; None where it acts for nobody, or the account is gone."""
    subject = None if token is None else token.subject
    return next((user for user in await desk.store.every(User) if user.subject == subject), None)


async def find_client(desk: Desk, client_id: str | None) -> Client | None:
    """The registered client of that id; None where there is none, or it was disabled."""
    client = await desk.store.get(Client, client_id or "")
    return client if client is not None and client.enabled else None
