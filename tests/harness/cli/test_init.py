"""What `sparring init` writes works at once, whatever the provider."""

# ruff: noqa: D103 - the names are sentences

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from sparring.harness.beginning import Wish, documents
from sparring.harness.cli import main
from sparring.harness.worlds.local import describe_providers
from tests.sampling import sample

BEGINNINGS = [(each["name"], grant) for each in describe_providers() for grant in each["grants"]]


def begun(folder: Path, *words: str) -> Result:
    """The command in that folder."""
    return CliRunner().invoke(main, ["init", "--folder", str(folder), *words])


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in the folder, with an empty home."""
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(("provider", "grant"), sample(BEGINNINGS, 4))
def test_what_it_wrote_works_at_once(tmp_path: Path, provider: str, grant: str) -> None:
    assert begun(tmp_path, provider, "--grant", grant).exit_code == 0
    tested = run(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert tested.returncode == 0, tested.stdout
    checked = run(tmp_path, str(Path(sys.executable).parent / "sparring"), "check", "--scenario", f"{provider}-happy*")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(("provider", "grant"), BEGINNINGS)
def test_the_manifest_is_read_and_the_example_compiles(provider: str, grant: str) -> None:
    made = documents(Wish(provider=provider, grant=grant, service="gitlab"))
    manifest = tomllib.loads(made["sparring.toml"])["client"]
    assert (manifest["provider"], manifest["grant"]) == (provider, grant)
    for name in ("oauth_client.py", "test_oauth_client.py"):
        compile(made[name], name, "exec")
    assert "script" in yaml.safe_load(made[".gitlab/sparring.yml"])["sparring"]


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "sparring.toml").write_text("# mine\n")
    result = begun(tmp_path, "ingest")
    assert (tmp_path / "sparring.toml").read_text() == "# mine\n"
    assert "kept  sparring.toml, which was there" in result.stderr
    assert (tmp_path / ".github/workflows/sparring.yml").exists()


def test_a_client_of_ones_own_needs_no_example(tmp_path: Path) -> None:
    assert begun(tmp_path, "clickview", "--command", "node 'my client.js'", "--ci", "none").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["sparring.toml"]
    assert tomllib.loads((tmp_path / "sparring.toml").read_text())["client"]["command"] == ["node", "my client.js"]


def test_the_ci_service_is_the_repositorys(tmp_path: Path) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text("")
    result = begun(tmp_path)
    assert (tmp_path / ".gitlab/sparring.yml").exists()
    assert "include" in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ingets",), "unknown provider 'ingets'; did you mean 'ingest'?"),
        (("rotor", "--grant", "authorization_code"), "rotor has no grant 'authorization_code'"),
        (("rotor", "--command", "'"), "--command cannot be read"),
        (("rotor", "--command", ""), "--command is empty"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_a_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    result = begun(tmp_path, *words)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []
