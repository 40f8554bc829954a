"""The accounts of a site, and what its tokens and user information tell of them."""

from sparring.mocks.engine import users
from sparring.mocks.engine.desk import Desk


async def person(desk: Desk, subject: str) -> users.User | None:
    """The account behind a subject; None where it is no more."""
    return next((user for user in await desk.store.every(users.User) if user.subject == subject), None)


async def person_with(desk: Desk, username: str, password: str) -> users.User | None:
    """The account that these open; blanks around them are for the caller to drop."""
    user = await desk.store.get(users.User, username)
    return user if user is not None and users.password_matches(user, password) else None


def profile(user: users.User, scopes: tuple[str, ...]) -> dict[str, str]:
    """The claims of the identity scopes but for ``sub`` [client]: ``emailaddress`` where OpenID Connect has email."""
    claims: dict[str, str] = {}
    if "profile" in scopes:
        claims |= {"name": user.name, "preferred_username": user.username}
    if "email" in scopes:
        claims |= {"emailaddress": user.email}
    return claims
