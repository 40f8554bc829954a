"""Who has an account, and which scopes a client gets."""

from dataclasses import replace

from sparring.mocks.engine import scopes, users
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.users import User

DEFAULT_SCOPES = ("profile", "email")
"""[engine] the default client scopes that stand in ``scope``."""


async def by_login(desk: Desk, login: str) -> User | None:
    """The account of that username or e-mail address, in any case [engine: findUserByNameOrEmail]."""
    wanted = login.strip().lower()
    people = await desk.store.every(User)
    return next((user for user in people if wanted in {user.username.lower(), user.email.lower()}), None)


def knows_password(user: User, password: str) -> bool:
    """Whether it is the account's password, were the account disabled or not."""
    return users.password_matches(replace(user, locked=False), password)


async def by_subject(desk: Desk, subject: str | None) -> User | None:
    """The account of that id."""
    return next((user for user in await desk.store.every(User) if user.subject == subject), None)


def granted_scopes(client: Client, asked: str | None) -> tuple[str, ...]:
    """``openid`` if it was asked for, the defaults in any case, then the optional ones that were asked for; unknown
    names are ignored [engine: getRequestedClientScopes, getScopeString].
    """
    names = scopes.split(asked)
    openid = ("openid",) if "openid" in names else ()
    optional = tuple(name for name in names if name in client.scopes and name not in (*openid, *DEFAULT_SCOPES))
    return (*openid, *DEFAULT_SCOPES, *optional)
