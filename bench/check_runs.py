"""How long a whole ``sparring check`` takes: the core profile, a careful client that stays alive, every provider."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.subjects.ours import SPARRING

CLIENT = Path(__file__).parent.parent / "tests/clients/good/careful.py"
GRANTS = {
    "rotor": "client_credentials",
    "clickview": "client_credentials",
    "movingimage": "authorization_code",
    "panopto": "authorization_code",
    "ingest": "authorization_code",
}
TIMEOUT_SECONDS = 300


def check_run(provider: str) -> tuple[str, float, int]:
    """Provider and grant, seconds, and how many scenarios were played.

    Raises:
        OSError: there is no report.
        SubprocessError: it took too long.
    """
    grant = GRANTS[provider]
    with tempfile.TemporaryDirectory(prefix="sparring-bench-") as folder:
        report = Path(folder) / "report.json"
        options = ["--grant", grant, "--driver", "session", "--quiet", "--json", str(report)]
        start = time.perf_counter()
        subprocess.run(
            [SPARRING, "check", provider, *options, "--", sys.executable, str(CLIENT)],
            capture_output=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
        took = time.perf_counter() - start
        return f"{provider}, {grant}", took, len(json.loads(report.read_text())["results"])
