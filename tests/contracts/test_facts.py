"""The facts about providers: what is known, what holds where nothing is, and what a broken file is told."""

import re
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from sparring.contracts import ContractError, ProviderFacts, facts
from sparring.contracts.facts import parse_facts

PKCE = "facts: [{fact: pkce, value: verified, source: here}]"


def test_what_is_known() -> None:
    """Three words on PKCE, two on a refused client, two on places for parameters."""
    assert [facts(name).pkce for name in ("movingimage", "ingest", "panopto")] == ["verified", "ignored", "refused"]
    assert facts("ingest").token_parameters == ("body", "query")
    assert facts("movingimage").refused_client == ("invalid_client", "unauthorized_client")
    assert facts("rotor").access_tokens == ("access_token", "user_token")
    assert facts("ingest").accept == "application/vnd.ingest.v1+json"
    assert facts("clickview").grants == facts("rotor").grants == ("client_credentials",)
    assert [facts(name).client_authentication for name in ("rotor", "panopto")] == [("basic",), ("body",)]
    assert [facts(name).basic for name in ("rotor", "ingest", "clickview")] == [("raw",), ("raw", "form"), ("form",)]


def test_where_nothing_is_known_the_specifications_hold() -> None:
    """Also for a provider of somebody's own."""
    assert facts("my-own") == ProviderFacts()
    assert facts("clickview").refused_client == facts("rotor").refused_client == ("invalid_client",)


def test_every_fact_has_a_source() -> None:
    """None of it is taste."""
    for folder in (files("sparring.contracts") / "providers").iterdir():
        file = folder / "facts.yaml"
        if file.is_file():
            for row in yaml.safe_load(file.read_text(encoding="utf-8"))["facts"]:
                assert len(row["source"]) > 20, (folder.name, row["fact"])


def test_a_file_is_read() -> None:
    """The form of a file of facts."""
    assert parse_facts(PKCE, "here") == ProviderFacts(pkce="verified")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "not YAML"),
        ("[]", "exactly the member"),
        ("facts: 1", "exactly the member"),
        ("facts: [1]", "has the members"),
        ("facts: [{fact: pkce, value: verified}]", "has the members"),
        ("facts: [{fact: pkce, value: verified, source: ''}]", "has the members"),
        (PKCE.replace("pkce", "pkec"), "unknown fact `pkec`"),
        (PKCE.replace("verified", "loved"), "cannot be 'loved'"),
        (PKCE.replace("pkce", "accept").replace("verified", "1"), "cannot be 1"),
        (PKCE.replace("pkce", "refused_client"), "list of strings"),
        (PKCE.replace("pkce", "refused_client").replace("verified", "[1]"), "list of strings"),
        (PKCE.replace("]", ", {fact: pkce, value: ignored, source: there}]"), "occurs twice"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(text: str, words: str) -> None:
    """Errors are for the person who edits the file."""
    with pytest.raises(ContractError, match=r"here.*") as caught:
        parse_facts(text, "here")
    assert words in str(caught.value)


def test_every_fact_is_on_the_page() -> None:
    """In the table of ``docs/contracts.md``: none missing, none invented."""
    page = (Path(__file__).resolve().parents[2] / "docs/contracts.md").read_text(encoding="utf-8")
    table = page[page.index("## facts.yaml") : page.index("## document.yaml")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {field.name for field in fields(ProviderFacts)}
