"""When something is over for Keycloak: it compares whole seconds, and the end has to be exceeded."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.tokens import Kind, Standing, Token


def over(desk: Desk, end: float) -> bool:
    """Whether that moment has gone by; it itself still counts [engine: JsonWebToken.isExpired, ClientSessionCode]."""
    return desk.seconds() > int(end)


async def weigh(desk: Desk, facts: Facts, kind: Kind, value: str, where: str) -> tuple[Token | None, Standing]:
    """As ``tokens.weigh_token``, but for the last second, in which a token is still good."""
    token, standing = await tokens.weigh_token(desk, facts, kind, value, where)
    if token is not None and standing is Standing.EXPIRED and not over(desk, token.expires_at or 0):
        facts.presented[-1].update(valid=True, reason="")
        return token, Standing.VALID
    return token, standing
