"""What the control port does at one provider: clients, users, tokens, keys."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.control.wishes import (
    MintWish,
    RevokeWish,
    check_text,
    read_changes,
    read_settings,
    read_user_changes,
    read_wish,
)
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.grants import Grant, revoke_grant
from sparring.mocks.engine.minting import Order, Special
from sparring.mocks.engine.reading import nearest
from sparring.mocks.engine.tokens import Token, revoke_tokens
from sparring.mocks.engine.users import User
from sparring.mocks.stage import House, describe_house

SHOWN = 300
"""Live tokens that are told of."""


def client_as_json(client: Client) -> Json:
    """The client, secret included."""
    lists = {"redirect_uris": list(client.redirect_uris), "scopes": list(client.scopes)}
    return asdict(client) | lists | {"grants": sorted(client.grants), "public": client.secret is None}


async def change_client(house: House, client_id: str, changes: Mapping[str, Any]) -> Json:
    """Change a client, or register one. One that stops being public gets a secret, unless it is given one."""
    check_text(client_id, "a client's id")
    desk, wanted = house.desk, read_changes(house.provider, changes)
    client = await desk.store.get(Client, client_id) or Client(client_id=client_id, secret=None, name=client_id)
    public = wanted.pop("public", None)
    client = replace(client, **wanted)
    if public:
        client = replace(client, secret=None)
    elif public is False and client.secret is None:
        client = replace(client, secret=desk.entropy.alnum(40, desk.provider, "control", "secret", client_id))
    await desk.store.put(client_id, client)
    return client_as_json(client)


def settle(house: House, document: Mapping[str, Any]) -> Json:
    """Another variant, other lifetimes, from now on; the provider as the stage describes it."""
    wish, desk = read_settings(house.provider, document), house.desk
    desk.variant = desk.variant if wish.variant is None else wish.variant
    desk.lifetimes = {**desk.lifetimes, **wish.lifetimes}
    return describe_house(house)


async def remove_client(house: House, client_id: str) -> None:
    """Forget a client."""
    await _client(house, client_id)
    await house.desk.store.delete(Client, client_id)


async def change_user(house: House, username: str, changes: Mapping[str, Any]) -> Json:
    """Change an account, or open one: like the provider's first, with a name and a password of its own."""
    if not house.users:
        raise ControlError(f"nobody signs in at {house.provider.name}: there are no users")
    check_text(username, "a user's name")
    desk, wanted = house.desk, read_user_changes(changes)
    user = await desk.store.get(User, username) or replace(
        house.users[0],
        subject=desk.entropy.uuid(desk.provider, "user", username),
        username=username,
        password=desk.entropy.alnum(20, desk.provider, "password", username),
        name=username,
        email=f"{username}@network.example",
        locked=False,
    )
    user = replace(user, **wanted)
    await desk.store.put(username, user)
    return asdict(user)


async def remove_user(house: House, username: str) -> None:
    """Close an account."""
    user = await _user(house, username)
    await house.desk.store.delete(User, username)
    await house.provider.sign_out(house.desk, user.subject)
    await revoke_tokens(house.desk, subject=user.subject)


async def mint(house: House, document: Mapping[str, Any]) -> Json:
    """An access token out of turn."""
    wish, provider = read_wish(MintWish, document, "a token"), house.provider
    if provider.mint is None:
        raise ControlError(f"tokens of {provider.name} cannot be minted: ask its token endpoint")
    if wish.claims and not house.desk.keys:
        raise ControlError(f"tokens of {provider.name} say nothing, so they bear no claims")
    client = await _client(house, house.clients[0].client_id if wish.client_id is None else wish.client_id)
    scopes = _scopes(house, client, wish.scope)
    order = Order(
        client=client,
        user=await _on_behalf(house, wish.user),
        scopes=scopes,
        special=Special(lifetime=wish.expires_in, claims=wish.claims),
    )
    desk = await house.desk_for(client.client_id)
    minted = await provider.mint(desk, order)
    return {
        "access_token": minted.value,
        "token_type": "Bearer",
        "expires_in": order.special.seconds(desk.lifetimes["access_token"]),
        "scope": " ".join(scopes),
        "session": minted.grant.id,
    }


def _scopes(house: House, client: Client, asked: str | None) -> tuple[str, ...]:
    """Separated by commas or spaces; left out, what the provider shows as usual, else all of the client's."""
    usual = [name for name in house.provider.scopes if name in client.scopes] or list(client.scopes)
    wanted = usual if asked is None else asked.replace(",", " ").split()
    for name in wanted:
        if name not in client.scopes:
            hint = nearest(name, client.scopes) if client.scopes else "it has none"
            raise ControlError(f"the client {client.client_id!r} has no scope {name!r}; {hint}")
    return tuple(dict.fromkeys(wanted))


async def _on_behalf(house: House, username: str | None) -> User | None:
    """Whom the token is for: where only people get tokens, the first of them unless another one is named."""
    if username is not None:
        return await _user(house, username)
    if "client_credentials" in house.provider.grants:
        return None
    people = await house.desk.store.every(User)
    if not people:
        raise ControlError(f"there is nobody at {house.provider.name} whom the token could be for")
    return people[0]


async def revoke(house: House, document: Mapping[str, Any]) -> int:
    """Withdraw tokens."""
    if document.get("kind") not in (None, "access_token", "refresh_token"):
        raise ControlError('"kind" is access_token, refresh_token, or left out for both')
    wish = read_wish(RevokeWish, document, "a revocation")
    if wish.fingerprint is not None:
        return await _revoke_one(house, wish)
    subject = None if wish.user is None else (await _user(house, wish.user)).subject
    if wish.session is not None and not (wish.kind or wish.token or wish.user):
        await revoke_grant(house.desk, wish.session)  # what has not become a token yet shall never be one
    return await revoke_tokens(house.desk, wish.kind, value=wish.token, subject=subject, grant_id=wish.session)


async def _revoke_one(house: House, wish: RevokeWish) -> int:
    """Withdraw the live token of that fingerprint: those who look at a recording know no more of it."""
    if wish.kind or wish.token or wish.user or wish.session:
        raise ControlError('"fingerprint" names one token by itself')
    found = [
        token
        for token in await house.desk.store.every(Token)
        if fingerprint_of(token) == wish.fingerprint and not token.revoked
    ]
    for token in found:
        await house.desk.store.put(token.digest, replace(token, revoked=True), until=token.expires_at)
    return len(found)


def fingerprint_of(token: Token) -> str:
    """What the facts call ``fp``: the beginning of the digest."""
    return token.digest[:12]


async def live_tokens(house: House) -> list[Json]:
    """The tokens that are good now, the newest first."""
    desk = house.desk
    grants = {grant.id: grant for grant in await desk.store.every(Grant)}
    names = {user.subject: user.username for user in await desk.store.every(User)}
    now, found = desk.clock.now(), []
    for token in reversed(await desk.store.every(Token)):
        grant = grants.get(token.grant_id)
        if token.consumed or token.revoked or grant is None or grant.revoked:
            continue
        if token.expires_at is not None and now >= token.expires_at:
            continue
        found.append(
            {
                "kind": token.kind,
                "fp": fingerprint_of(token),
                "client_id": token.client_id,
                "user": None if token.subject is None else names.get(token.subject, token.subject),
                "scope": " ".join(token.scopes),
                "generation": token.generation,
                "session": token.grant_id,
                "issued_at": token.issued_at,
                "expires_at": token.expires_at,
            }
        )
        if len(found) == SHOWN:
            break
    return found


def rotate_keys(house: House, *, keep_old: bool, fresh: bool) -> list[Json]:
    """Sign with another key."""
    if not house.desk.keys:
        raise ControlError(f"{house.provider.name} has no keys: its tokens are not signed")
    house.rotate_keys(keep_old=keep_old, fresh=fresh)
    return [{"kid": key.kid} for key in house.desk.keys]


async def _client(house: House, client_id: str) -> Client:
    client = await house.desk.store.get(Client, client_id)
    if client is None:
        raise ControlError(f"{house.provider.name} has no client {client_id!r}", 404)
    return client


async def _user(house: House, username: str) -> User:
    user = await house.desk.store.get(User, username)
    if user is None:
        raise ControlError(f"{house.provider.name} has no user {username!r}", 404)
    return user
