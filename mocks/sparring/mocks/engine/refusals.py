"""A refusal: raised deep, rendered once per provider in its own words."""

from sparring.mocks.engine.rules import Rule


class Refusal(Exception):
    """The provider says no. ``error`` is the protocol's code, ``description`` the provider's words for the client.

    ``rule`` carries what is kept for the developer: id, source and how to mend it.
    """

    def __init__(self, rule: Rule, error: str = "", description: str | None = None, status: int = 400) -> None:
        super().__init__(f"{rule.id}: {error}")
        self.rule = rule
        self.error = error
        self.description = description
        self.status = status
