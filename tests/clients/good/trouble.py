"""How things end: the outcome classes of the client protocol, as one exception."""

from collections.abc import Callable
from typing import Any

Visits = Callable[[str], None]
"""Told the URL that a person must visit, once the client listens for the answer."""

CONFIG = frozenset(
    {"invalid_client", "invalid_scope", "unauthorized_client", "unsupported_grant_type", "invalid_request"}
    | {"unsupported_response_type"}
)
TEMPORARY = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


class Trouble(Exception):
    """Any outcome but ``ok``. ``detail`` is for the log: it never holds what a server or a browser sent."""

    def __init__(self, outcome: str, detail: str, *, status: int | None = None, retry_after: int | None = None):
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


def outcome_of_error(code: object) -> str:
    """The outcome class of an ``error`` code, from whichever endpoint."""
    if code == "access_denied":
        return "denied"
    if code == "invalid_grant":
        return "reauth"
    if isinstance(code, str) and code in CONFIG:
        return "config"
    if isinstance(code, str) and code in TEMPORARY:
        return "retry-later"
    return "protocol"


KNOWN_ERRORS = CONFIG | TEMPORARY | {"access_denied", "invalid_grant"}


def name_of_error(code: object) -> str:
    """The code if it is a known one: a stranger's text does not go to the log."""
    return code if isinstance(code, str) and code in KNOWN_ERRORS else "an unknown error"


def report_of(trouble: Trouble) -> dict[str, Any]:
    """What there is to say of a Trouble."""
    report: dict[str, Any] = {"outcome": trouble.outcome, "detail": trouble.detail}
    if trouble.status is not None:
        report["status"] = trouble.status
    if trouble.retry_after is not None:
        report["retry_after"] = trouble.retry_after
    return report
