"""Who may read an answer in a browser [engine: Keycloak 4.8.3 Cors.java]."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.providers.movingimage import rules

METHODS = {"token": "POST, OPTIONS", "discovery": "GET", "jwks": "GET", "userinfo": "GET, HEAD, OPTIONS"}
HEADERS = (
    "Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, Access-Control-Request-Headers, "
    "Authorization"
)
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def for_everybody(request: Request) -> tuple[tuple[str, str], ...]:
    """Discovery document and keys: any origin."""
    origin = request.header("origin")
    return () if origin is None else (("Access-Control-Allow-Origin", origin), CREDENTIALS)


def for_client(desk: Desk, request: Request, *, exposed: bool = True) -> tuple[tuple[str, str], ...]:
    """Once the client is known: its web origins. By default it has none [assumed: the guide is server-side]."""
    origin = request.header("origin")
    if origin is None or request.facts.client is None or origin not in desk.origins:
        return ()
    more = (("Access-Control-Expose-Headers", "Access-Control-Allow-Methods"),) if exposed else ()
    return (("Access-Control-Allow-Origin", origin), *more, CREDENTIALS)


def preflight(_desk: Desk, request: Request, endpoint: str) -> Answer | None:
    """A preflight is answered for any origin; only the answer proper looks at it [engine]."""
    if request.method != "OPTIONS" or endpoint not in METHODS:
        return None
    origin = request.header("origin")
    if origin is None:
        return empty_answer(rules.PREFLIGHT, 200)
    return empty_answer(
        rules.PREFLIGHT,
        200,
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Headers", HEADERS),
        CREDENTIALS,
        ("Access-Control-Allow-Methods", METHODS[endpoint]),
        ("Access-Control-Max-Age", "3600"),
    )
