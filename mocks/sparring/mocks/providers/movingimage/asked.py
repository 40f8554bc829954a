"""An authorization request as the steps of its check see it."""

from dataclasses import dataclass

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Params, first


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request, good so far. ``uri`` is where the answer goes."""

    params: Params
    client: Client
    uri: str

    def value(self, name: str) -> str | None:
        """A parameter's first value, or None."""
        return first(self.params, name)

    def has(self, name: str, word: str) -> bool:
        """Whether that word stands in a space-separated parameter."""
        return word in (self.value(name) or "").split(" ")
