"""The sentences behind a verdict, as reports show them."""

from sparring.contracts import Clause, UnknownClauseError, clause


def cited(id: str) -> Clause | None:  # noqa: A002
    """The clause of that id, or None where there is none: a report must not fail over it."""
    try:
        return clause(id)
    except UnknownClauseError:
        return None


def name(id: str) -> str:  # noqa: A002
    """A source in a few words: ``RFC 6749 10.12``."""
    found = cited(id)
    return id if found is None else found.label


def sentence(id: str) -> str:  # noqa: A002
    """A source with what it says, in quotation marks where these are its exact words."""
    found = cited(id)
    if found is None:
        return id
    text = f'"{found.text}"' if found.quoted else found.text
    return f"{found.label}: {text}"
