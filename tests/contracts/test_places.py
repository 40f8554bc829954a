"""Contracts of installed packages: the same files, found by an entry point."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sparring.contracts import ContractError, ProviderFacts, UnknownClauseError, clause, clauses, facts, places
from sparring.contracts.loading import has_rules, rules
from sparring.contracts.openapi import document, has_document
from tests.installing import forget, installed, write_package

FILES = {
    "facts.yaml": "facts:\n  - {fact: like, value: panopto, source: a test}\n",
    "rules.yaml": (
        "provider: ours_2\n"
        "rules:\n"
        "  - {id: ours_2/api/lost, mark: assumed, source: a test, text: Nobody., excluded: It is a test.}\n"
    ),
    "openapi.yaml": "openapi: 3.1.0\ninfo: {title: Ours, version: '1'}\npaths: {}\n",
    "document.yaml": (
        "document: 'Ours: Guide'\n"
        "clauses:\n"
        "  - {id: ours_2/document/bearer, section: One, keyword: '', quoted: false, text: Bearer., checks: [x]}\n"
    ),
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A folder whose packages are installed."""
    with installed(tmp_path):
        yield tmp_path


def package(site: Path, files: dict[str, str]) -> None:
    """A contract in a package of its own."""
    own = {f"their_contract/{name}": text for name, text in {"__init__.py": "", **files}.items()}
    write_package(site, "theirs", {places.GROUP: {"ours_2": "their_contract"}}, own)
    forget()


def test_all_four_files_are_found(site: Path) -> None:
    """Facts, rules, OpenAPI document and clauses, as those of a built-in provider are."""
    package(site, FILES)
    assert facts("ours_2") == ProviderFacts(like="panopto")
    assert has_rules("ours_2")
    assert [rule.id for rule in rules("ours_2").rules] == ["ours_2/api/lost"]
    assert has_document("ours_2")
    assert list(document("ours_2").operations()) == []
    assert clause("ours_2/document/bearer").label == "Ours: Guide, One"
    assert "ours_2/document/bearer" not in {one.id for one in clauses()}


def test_what_is_left_out_is_not_there(site: Path) -> None:
    """Without a file the specifications hold, and there is nothing to verify."""
    package(site, {})
    assert facts("ours_2") == ProviderFacts()
    assert not has_rules("ours_2")
    with pytest.raises(LookupError, match="there is no contract for 'ours_2'"):
        rules("ours_2")
    with pytest.raises(UnknownClauseError, match="no clause `ours_2/document/bearer`"):
        clause("ours_2/document/bearer")


def test_a_package_that_is_broken_is_told_in_a_sentence(site: Path) -> None:
    """An entry point that leads nowhere."""
    write_package(site, "theirs", {places.GROUP: {"ours": "nobody_has_this"}}, {})
    forget()
    with pytest.raises(
        ContractError,
        match=r"^the contract of 'ours': nobody_has_this cannot be imported: ModuleNotFoundError: No module",
    ):
        facts("ours")


def test_nobody_is_like_a_provider_that_is_not_built_in(site: Path) -> None:
    """The catalogue's scenarios are those of the built-in five."""
    package(site, {"facts.yaml": "facts:\n  - {fact: like, value: others, source: a test}\n"})
    with pytest.raises(ContractError, match="`like` cannot be 'others'"):
        facts("ours_2")


def test_a_built_in_contract_costs_no_look_at_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entry points are read where a provider is not built-in."""

    def look() -> None:
        raise AssertionError("somebody looked at what is installed")

    forget()
    monkeypatch.setattr(places, "_installed", look)
    assert facts("panopto").pkce == "refused"
    assert rules("clickview").provider == "clickview"
    with pytest.raises(AssertionError, match="somebody looked"):
        facts("ours")
    monkeypatch.undo()
    forget()
