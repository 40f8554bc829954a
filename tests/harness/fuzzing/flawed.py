"""A client with flaws that only odd answers show: ``python tests/harness/fuzzing/flawed.py FLAW...`` (session)."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.clients.good.driving import drive
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Visits

if TYPE_CHECKING:
    from tests.clients.good.client import CarefulClient

FLAWS = frozenset({"counts-lists", "takes-numbers", "waits-for-more"})


def flawed(flaws: frozenset[str]) -> Any:
    """The careful client, with these flaws."""

    def factory(settings: Settings, visits: Visits) -> "CarefulClient":
        from tests.clients.good.client import CarefulClient
        from tests.clients.good.tokens import Token, parse
        from tests.clients.good.wire import Answer

        class Flawed(CarefulClient):
            def lifetime(self, expires_in: object) -> float | None:
                if "counts-lists" in flaws and isinstance(expires_in, list):
                    return float(expires_in)  # type: ignore[arg-type]
                return super().lifetime(expires_in)

            def read_token(self, answer: Answer) -> Token:
                if "waits-for-more" in flaws and answer.status == 200 and not answer.body:
                    time.sleep(60)
                if "takes-numbers" in flaws:
                    value = parse(answer).get("access_token")
                    if isinstance(value, int) and not isinstance(value, bool):
                        return Token(str(value), None, None, None, None)
                return super().read_token(answer)

        return Flawed(settings, visits)

    return factory


if __name__ == "__main__":
    sys.exit(drive(flawed(frozenset(sys.argv[1:])), []))
