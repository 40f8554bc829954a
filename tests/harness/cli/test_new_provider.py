"""``sparring new-provider``: what it writes works at once, as a package that is installed."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sparring.contracts.loading import rules
from sparring.harness.cli import main
from sparring.harness.verifying.settings import Wish, fulfil
from sparring.mocks import Sparring, providers
from tests.installing import installed, write_package


def run(*words: str) -> Result:
    """The command line, in this process."""
    return CliRunner().invoke(main, words)


@pytest.fixture(params=["ingest", "rotor"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The name of a provider that was just written and is installed, and its package's folder."""
    name = f"our_{request.param}"
    assert run("new-provider", name, "--like", request.param, "--folder", str(tmp_path)).exit_code == 0
    folder = tmp_path / f"sparring-{name.replace('_', '-')}"
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    write_package(tmp_path / "site", project["name"], project["entry-points"], {})
    with installed(tmp_path / "site", folder / "src"):
        yield name, folder


def test_it_is_a_provider_like_any_other(own: tuple[str, Path]) -> None:
    """Its contract holds, it has a port, tokens can be minted, and every rule of it is in the contract and back."""
    name, _ = own
    ((_, findings),) = fulfil(Wish(provider=name))
    assert {(finding.verdict, finding.differences) for finding in findings} == {("holds", ())}
    assert {rule.id: rule.mark for rule in rules(name).rules} == {
        rule.id: rule.mark.value for rule in providers.rules(name).values()
    }
    assert providers.port(name) == 6
    with Sparring(name, scenario="token-html-error-body-503") as fake:
        assert fake.mint().scope == "things.read"


def test_every_command_knows_it(own: tuple[str, Path]) -> None:
    """``providers``, ``scenarios``, ``explain``, ``init``, and errors that name the nearest."""
    name, folder = own
    assert f"\n{name} " in run("providers").output
    assert f"{name}-happy-" in run("scenarios", name).output
    assert "RFC 6749 section 5.2" in run("explain", f"{name}/token/client").output
    assert f"did you mean {name!r}?" in run("verify", f"{name}s").output
    begun = folder / "begun"
    begun.mkdir()
    assert run("init", name, "--folder", str(begun), "--ci", "none").exit_code == 0
    assert f'provider_fixture("{name}")' in (begun / "conftest.py").read_text(encoding="utf-8")
    taken = run("new-provider", name, "--like", "ingest", "--folder", str(folder))
    assert f"there is a provider {name!r} already" in taken.output


def test_the_example_of_a_client_passes(own: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The happy path, and a scenario in which something is wrong, by the manifest that was written."""
    name, folder = own
    monkeypatch.chdir(folder)
    found = run("check", "--plain-http", "--quiet", "--scenario", "token-type-missing")
    assert found.exit_code == 0, found.output
    assert f"{name} " in found.output
    assert "PASS" in found.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["ingest", "--like", "ingest"], "there is a provider 'ingest' already; choose another name"),
        (["all", "--like", "ingest"], "'all' means something else in commands; choose another name"),
        (["My-Own", "--like", "ingest"], "'My-Own' is no provider's name; it begins with a-z, then a-z, 0-9 and _"),
        (["../own", "--like", "ingest"], "'../own' is no provider's name"),
        (["own", "--like", "ingst"], "unknown provider 'ingst'; did you mean 'ingest'?"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(words: list[str], sentence: str, tmp_path: Path) -> None:
    """Exit code 2, and nothing is written."""
    result = run("new-provider", *words, "--folder", str(tmp_path))
    assert result.exit_code == 2
    assert sentence in result.output
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    """A package is never written over another one."""
    assert run("new-provider", "own", "--like", "clickview", "--folder", str(tmp_path)).exit_code == 0
    again = run("new-provider", "own", "--like", "ingest", "--folder", str(tmp_path))
    assert again.exit_code == 2
    assert "sparring-own is there already" in again.output
    assert not (tmp_path / "sparring-own" / "src" / "sparring_own" / "authorize.py").exists()
