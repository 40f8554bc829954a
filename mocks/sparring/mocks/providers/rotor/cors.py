"""Browsers: they call with the user's token from the partner's own pages, so only what takes that token is open."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.providers.rotor import rules

OPEN = "api"
"""The one endpoint: the client's secret and the partner's token have no business in a browser [doc]."""


def cors(_desk: Desk, request: Request, endpoint: str) -> tuple[tuple[str, str], ...]:
    """Any origin may read what the user's token opens [assumed]; the document has browsers do so."""
    if request.header("origin") is None or endpoint != OPEN:
        return ()
    return (("Access-Control-Allow-Origin", "*"),)


def preflight(_desk: Desk, request: Request, endpoint: str) -> Answer | None:
    """A preflight of the Fetch standard, section 3.2.2; None for any other request."""
    asked = request.header("access-control-request-method")
    if request.method != "OPTIONS" or asked is None or request.header("origin") is None or endpoint != OPEN:
        return None
    return empty_answer(
        rules.PREFLIGHT,
        200,
        ("Access-Control-Allow-Methods", "GET, POST, OPTIONS, HEAD"),
        ("Access-Control-Allow-Headers", request.header("access-control-request-headers") or "Authorization"),
        ("Access-Control-Max-Age", "7200"),
    )
