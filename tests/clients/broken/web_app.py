"""A web application with exactly one defect: ``python tests/clients/broken/web_app.py --switch NAME``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.clients.good.web_app import main

if __name__ == "__main__":
    from tests.clients.broken.switches import SWITCHES

    sys.exit(main(app=SWITCHES[sys.argv[2]].app))
