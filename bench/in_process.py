"""A server of its own for a test: ours as stages, the peers as they can be embedded."""

import json
import subprocess

from bench.installing import UnavailableError, fetched, node
from bench.stages import stage_costs

EMBEDDED = {
    "emulate": "in_process.mjs",
    "oauth2-mock-server": "in_process.mjs",
    "oidc-provider-mock": "in_process.py",
}
TIMEOUT_SECONDS = 120


def openings() -> list[tuple[str, float, float]]:
    """What was opened, milliseconds to open and to close."""
    found = [(f"a stage with {name}", 1000 * opening, 1000 * closing) for name, opening, closing in stage_costs()]
    for peer, script in EMBEDDED.items():
        try:
            found.append((f"{peer} (peer)", *embedded(peer, script)))
        except UnavailableError:
            continue
    return found


def embedded(peer: str, script: str) -> tuple[float, float]:
    """Milliseconds to open and to close a server of that peer in a process that has loaded it.

    Raises:
        UnavailableError: the peer is not to be had, or its script failed.
    """
    home = fetched(peer)
    runtime = node() if script.endswith(".mjs") else str(home / "venv/bin/python")
    ran = subprocess.run(
        [runtime, script], cwd=home, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
    )
    if ran.returncode:
        raise UnavailableError(f"{script} of {peer} failed: {ran.stderr.strip()[-200:]}")
    opening, closing = json.loads(ran.stdout)
    return opening, closing
