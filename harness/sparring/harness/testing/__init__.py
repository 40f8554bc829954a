"""``Sparring`` for tests that judge: the fakes of ``sparring.mocks``, and a word on the client that used them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sparring.harness.worlds.embedded import Sparring as Fakes

if TYPE_CHECKING:
    from sparring.harness.judge import CheckResult
    from sparring.harness.testing.trial import Trial

__all__ = ["CAPABILITIES", "Sparring"]

CAPABILITIES = frozenset({"refresh", "reactive_refresh", "concurrency", "id_token", "discovery", "pkce"})
"""What a client in a test is taken to be able to do."""


class Sparring(Fakes):
    """``sparring.mocks.Sparring``, with judging: of what was recorded, or of a scenario that the test plays.

    What judging takes is imported when it is first asked for.
    """

    def judge(self) -> "tuple[CheckResult, ...]":
        """What the traffic so far shows of the clients of these providers, check by check (``sparring judge``).

        AssertionError where nothing was recorded that could be judged.
        """
        from sparring.harness.testing.trial import judged  # noqa: PLC0415

        __tracebackhide__ = True
        return judged(self)

    def assert_no_failures(self, *, warnings: bool = False, ignore: Iterable[str] = ()) -> None:
        """What traffic shows is in order. AssertionError with each check that failed, why it matters, its source and
        the exchanges. ``warnings``: they count, too; ``ignore``: ids of checks that do not.
        """
        from sparring.harness.testing.trial import demand_no_failures  # noqa: PLC0415

        __tracebackhide__ = True
        demand_no_failures(self, warnings=warnings, ignore=frozenset(ignore))

    def trial(self, scenario: str, *, supports: Iterable[str] = CAPABILITIES) -> "AbstractContextManager[Trial]":
        """Play a scenario of the catalogue: what goes wrong in it is put on stage, the block is what the client does,
        and at its end the scenario's checks are judged.

        What the client raises in the block is its answer, for it may be right to fail; it is in ``error``.
        AssertionError where a check fails, or where the client never met what was prepared. ControlError where there is
        no such scenario, or none for this provider.
        """
        from sparring.harness.testing.trial import playing  # noqa: PLC0415

        return playing(self, scenario, frozenset(supports), self._open.logins)
