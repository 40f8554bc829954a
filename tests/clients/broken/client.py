"""A client with exactly one defect: ``python tests/clients/broken/client.py --switch NAME [--oneshot]``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.clients.good.driving import Factory, drive
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Trouble, Visits

if TYPE_CHECKING:
    from tests.clients.good.client import CarefulClient


def with_defect(name: str) -> Factory:
    """The careful client but for that one defect."""

    def factory(settings: Settings, visits: Visits) -> "CarefulClient":
        from tests.clients.broken.switches import SWITCHES

        if name not in SWITCHES:
            raise Trouble("config", "there is no such switch")
        return SWITCHES[name].client(settings, visits)

    return factory


def main(arguments: list[str]) -> int:
    """Run as the arguments say; without a known switch there is nothing to run."""
    if arguments[:1] != ["--switch"] or len(arguments) < 2:
        sys.stderr.write("usage: client.py --switch NAME [--oneshot]\n")
        return 2
    return drive(with_defect(arguments[1]), arguments[2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
