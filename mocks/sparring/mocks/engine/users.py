"""People with an account at a provider."""

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account. ``attributes`` holds what only one provider knows (a network, say)."""

    subject: str
    username: str
    password: str
    name: str
    email: str
    attributes: dict[str, str] = field(default_factory=dict)


def password_matches(user: User, presented: str) -> bool:
    """Whether the password is the user's, compared in constant time."""
    return hmac.compare_digest(user.password.encode(), presented.encode("utf-8", "surrogateescape"))
