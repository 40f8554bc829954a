"""An account is locked while its person signs in."""

from dataclasses import dataclass, replace
from typing import ClassVar

from sparring.mocks.engine.users import User
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.state_effect import StateEffect


@dataclass(frozen=True)
class AccountLocked(StateEffect):
    """The account that is named in the sign-in form is locked from now on: ``before`` this sign-in is looked at, or
    ``after`` it. Whoever signs in later is refused as well; sessions and tokens that there are stay.
    """

    kind: ClassVar[str] = "account-locked"

    async def happen(self, scene: Scene) -> bool:
        """Lock it, where the form names one that is open."""
        sent = {value for _, value in scene.request.form_params}
        for user in await scene.desk.store.every(User):
            if user.username in sent and not user.locked:
                await scene.desk.store.put(user.username, replace(user, locked=True))
                return True
        return False
