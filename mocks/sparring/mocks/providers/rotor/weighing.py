"""What a token is worth to Doorkeeper, and when its life ends."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.tokens import Standing, Token


def end(token: Token) -> float:
    """A token's last moment: ``created_at`` with its fraction, plus ``expires_in`` [engine: expirable.rb]."""
    return token.issued_at + (token.expires_at or 0) - int(token.issued_at)


async def weigh(desk: Desk, facts: Facts, value: str, where: str) -> tuple[Token | None, Standing]:
    """As the engine's, but for the last moment itself: Doorkeeper's token is expired after it, not in it."""
    token, standing = await tokens.weigh_token(desk, facts, "access_token", value, where)
    if token is not None and standing is Standing.EXPIRED and desk.clock.now() <= end(token):
        facts.presented[-1].update(valid=True, reason="")
        return token, Standing.VALID
    return token, standing
