"""What Tab offers, and the lines that teach a shell to ask for it."""

import shutil
import subprocess
from collections.abc import Sequence

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from sparring.harness.cli import main


def _offered(args: Sequence[str], incomplete: str) -> list[str]:
    complete = ShellComplete(main, {}, "sparring", "_SPARRING_COMPLETE")
    return [item.value for item in complete.get_completions(list(args), incomplete)]


@pytest.mark.parametrize(
    ("args", "incomplete", "offered"),
    [
        ([], "comp", ["completion"]),
        (["check"], "in", ["ingest"]),
        (["serve", "rotor"], "cl", ["clickview"]),
        (["scenarios"], "pan", ["panopto"]),
        (["check", "ingest", "--scenario"], "token-json-broken-a", ["token-json-broken-array"]),
        (["check", "rotor", "--scenario"], "panopto-", []),
        (["serve", "--scenario"], "token-hang-s", ["token-hang-stall"]),
        (["verify", "movingimage", "--variant"], "keycloak-15", ["keycloak-15"]),
        (["verify", "nobody", "--variant"], "", []),
        (["explain"], "denial-is", ["denial-is-final"]),
        (["explain"], "ingest/token/client-r", ["ingest/token/client-refused"]),
        (["explain"], "nobody/", []),
    ],
)
def test_what_is_offered(args: Sequence[str], incomplete: str, offered: Sequence[str]) -> None:
    """Names of what there is, narrowed by what stands before them."""
    assert _offered(args, incomplete) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_for_a_shell_are_in_its_language(shell: str) -> None:
    """The shell itself reads them, where it is installed."""
    script = CliRunner().invoke(main, ["completion", shell]).stdout
    assert "_SPARRING_COMPLETE" in script
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n"], input=script, text=True, check=True)
