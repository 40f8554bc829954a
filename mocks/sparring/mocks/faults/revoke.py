"""Tokens are withdrawn while a request is on its way."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sparring.mocks.engine.tokens import revoke_token, revoke_tokens
from sparring.mocks.faults.scene import Scene, family, presented_tokens
from sparring.mocks.faults.state_effect import StateEffect


@dataclass(frozen=True)
class Revoke(StateEffect):
    """Tokens of that kind (None: of either) are dead from now on. ``of``: those that the request bears, those of its
    ``grant``, those of the ``user`` behind it, whose sessions end too, or ``all`` that this provider gave out.
    """

    kind: ClassVar[str] = "revoke"

    token: Literal["access_token", "refresh_token"] | None = None
    of: Literal["presented", "grant", "user", "all"] = "grant"

    async def happen(self, scene: Scene) -> bool:
        """Withdraw them; whether there were any."""
        desk = scene.desk
        if self.of == "all":
            return await revoke_tokens(desk, self.token) > 0
        presented = await presented_tokens(scene)
        if self.of == "presented":
            meant = [value for value, token in presented if self.token in {None, token.kind} and not token.revoked]
            for value in meant:
                await revoke_token(desk, value)
            return bool(meant)
        if self.of == "user":
            subject = next((token.subject for _, token in presented if token.subject), scene.request.facts.user)
            if subject is None:
                return False
            await scene.sign_out(desk, subject)
            return await revoke_tokens(desk, self.token, subject=subject) > 0
        grant_id = await family(scene)
        return grant_id is not None and await revoke_tokens(desk, self.token, grant_id=grant_id) > 0
