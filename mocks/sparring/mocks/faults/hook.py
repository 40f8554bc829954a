"""Where a provider lets faults into its answer while it makes it."""

from contextvars import ContextVar
from typing import Protocol

from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.faults.book import FaultBook


class Altering(Protocol):
    """The faults that were counted for the request that is being handled."""

    def alter(self, request: Request, params: Params) -> Params:
        """The parameters as those faults change them."""
        ...


reserved: ContextVar[Altering | None] = ContextVar("reserved", default=None)


class Hook:
    """Faults of place ``answer`` that reach into the answers of one provider while it makes them."""

    def __init__(self, book: FaultBook) -> None:
        self._book = book

    def alter(self, request: Request, point: str, params: Params) -> Params:  # noqa: ARG002  there is one such point
        """The parameters at that point, changed by the faults that fire on this request."""
        found = reserved.get() if self._book else None
        return params if found is None else found.alter(request, params)
