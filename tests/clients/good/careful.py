"""The careful client: what it looks like to get everything right, in nothing but the standard library.

Run it as ``python tests/clients/good/careful.py`` (driver ``session``) or with ``--oneshot``.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.clients.good.driving import drive
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Visits

if TYPE_CHECKING:
    from tests.clients.good.client import CarefulClient


def careful(settings: Settings, visits: Visits) -> "CarefulClient":
    """The client itself, imported only now, so that `ready` is not kept waiting for the TLS library."""
    from tests.clients.good.client import CarefulClient
    from tests.clients.good.partner import PartnerClient

    return (PartnerClient if settings.register_url else CarefulClient)(settings, visits)


if __name__ == "__main__":
    sys.exit(drive(careful, sys.argv[1:]))
