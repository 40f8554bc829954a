"""People with an account at a provider."""

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account. ``attributes`` holds what only one provider knows (a network, say).

    ``locked``: whatever password is given, it is the wrong one; nobody is told that there was a right one.
    """

    subject: str
    username: str
    password: str
    name: str
    email: str
    attributes: dict[str, str] = field(default_factory=dict)
    locked: bool = False


def password_matches(user: User, presented: str) -> bool:
    """Whether the password is the user's, compared in constant time. Nothing opens a locked account."""
    return not user.locked and hmac.compare_digest(user.password.encode(), presented.encode("utf-8", "surrogateescape"))
