"""Asks PyPI, by pip-audit, for known vulnerabilities of what is installed, and says what came of it.

Exit code 0 where nothing is known, and where nobody could be asked, which it says; 1 where something is known. A mirror
that has packages but no advisories looks to pip-audit as if all were well: so it is asked for one that is known first.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from urllib.request import urlopen

KNOWN = "https://pypi.org/pypi/jinja2/2.4.1/json"  # CVE-2014-1402 among others
TOOL = "pip-audit>=2.9"
PATIENCE = 10


def answers(url: str) -> str:
    """Why advisories cannot be had there; empty where they can."""
    try:
        with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - https, and ours
            told = json.load(answer).get("vulnerabilities")
    except (OSError, ValueError) as error:
        return f"{url}: {error}"
    return "" if told else f"{url} names no vulnerability, and there are some"


def verdict(report: str) -> tuple[int, list[str]]:
    """The exit code that a report of pip-audit (JSON) comes to, and a line for each thing to say."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, LookupError, TypeError):
        return 0, ["audit: skipped; pip-audit gave no report"]
    asked = [each for each in packages if "skip_reason" not in each]
    lines = [
        f"audit: {each['name']} {each['version']}: {found['id']}; mended in {', '.join(found['fix_versions']) or '?'}"
        for each in asked
        for found in each.get("vulns", ())
    ]
    if lines:
        return 1, lines
    if not asked:
        return 0, [f"audit: skipped; none of {len(packages)} packages could be looked up"]
    unasked = len(packages) - len(asked)
    return 0, [f"audit: nothing known of {len(asked)} packages" + (f"; {unasked} not looked up" if unasked else "")]


def audited(python: str) -> tuple[int, list[str]]:
    """The same of what that Python has installed."""
    if why := answers(KNOWN):
        return 0, [f"audit: skipped; {why}"]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        own = f"{folder}/bin/python"
        made = subprocess.run(
            (own, "-m", "pip", "install", "--quiet", TOOL), capture_output=True, text=True, check=False
        )
        if made.returncode:
            return 0, ["audit: skipped; pip-audit could not be installed"]
        listed = subprocess.run((python, "-m", "pip", "freeze", "--exclude-editable"), capture_output=True, check=True)
        (Path(folder) / "all.txt").write_bytes(listed.stdout)
        command = (
            own,
            "-m",
            "pip_audit",
            "--format",
            "json",
            "--no-deps",
            "--disable-pip",
            "--progress-spinner",
            "off",
        )
        done = subprocess.run(
            (*command, "--requirement", f"{folder}/all.txt"), capture_output=True, text=True, check=False
        )
        return verdict(done.stdout)


if __name__ == "__main__":
    code, said = audited(sys.argv[1] if len(sys.argv) > 1 else sys.executable)
    sys.stdout.writelines(f"{line}\n" for line in said)
    sys.exit(code)
