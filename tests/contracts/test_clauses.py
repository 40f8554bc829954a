"""The table of clauses, and the tie between what is cited and what cites it."""

import pytest

from sparring.contracts import ContractError, UnknownClauseError, clause, clauses
from sparring.contracts.clauses import parse
from sparring.harness import checks

ROW = """
document: "RFC 1: A Title"
clauses:
  - {id: rfc1/2, section: "2", keyword: MUST, quoted: true, text: Do., checks: [a-check]}
"""


def test_every_source_of_a_check_exists_and_knows_the_check() -> None:
    """From the check to the clause."""
    for check in checks.ALL:
        for source in check.sources:
            assert check.id in clause(source).checks, (check.id, source)


def test_every_clause_is_decided_by_checks_that_cite_it_or_says_why_not() -> None:
    """From the clause to the check."""
    sources = {check.id: check.sources for check in checks.ALL}
    for one in clauses():
        assert bool(one.checks) != bool(one.excluded), one.id
        for check in one.checks:
            assert one.id in sources[check], (one.id, check)


def test_clauses_are_whole_sentences_with_a_place() -> None:
    """What a report shows."""
    for one in clauses():
        assert one.text, one.id
        assert one.text == " ".join(one.text.split()), one.id
        assert one.section, one.id
        assert one.document.split(":")[0] in one.label


def test_labels_and_owners() -> None:
    """How a report names a source."""
    assert clause("rfc6749/10.12").label == "RFC 6749 10.12"
    assert clause("rfc6749/10.12").provider is None
    assert clause("ingest/document/state").provider == "ingest"
    assert clause("clickview/document/cache-one-token").label.startswith("ClickView: Obtaining an Access Token, ")


def test_an_unknown_clause_names_the_nearest_one() -> None:
    """A typing error is an error, with help."""
    with pytest.raises(UnknownClauseError, match=r"did you mean `rfc6749/10\.12`"):
        clause("rfc6749/10.112")


def test_a_file_is_read() -> None:
    """The form of a contract file."""
    (one,) = parse(ROW, "rfc1", "here")
    assert (one.id, one.section, one.keyword, one.quoted, one.checks) == ("rfc1/2", "2", "MUST", True, ("a-check",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "not YAML"),
        ("[]", "exactly the members"),
        ("document: x\nclauses: 1", "must be a list"),
        ("document: x\nclauses: [1]", "must be a mapping"),
        ("document: 1\nclauses: []", "`document` must be a string"),
        (ROW.replace("keyword", "keywrod"), "unknown member `keywrod`"),
        (ROW.replace("quoted: true", "quoted: 1"), "`quoted` must be true or false"),
        (ROW.replace("[a-check]", "a-check"), "`checks` must be a list"),
        (ROW.replace("[a-check]", "[]"), "give either"),
        (ROW.replace("rfc1/2", "rfc2/2"), "starts with `rfc1/`"),
        (ROW.replace('section: "2"', "section: 2"), "`section` must be a string"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(text: str, words: str) -> None:
    """Errors are for the person who edits the file."""
    with pytest.raises(ContractError, match=r"here.*") as caught:
        parse(text, "rfc1", "here")
    assert words in str(caught.value)
