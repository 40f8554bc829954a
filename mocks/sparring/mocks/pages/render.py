"""Pages from templates. Field names are the provider's own; the marks that a user agent looks for are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from sparring.mocks.engine.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a provider's pages look. ``username``, ``password`` are its field names, ``more`` its further text fields
    (name and label), ``ticket`` the hidden field that ties a form to its browser. ``choice`` is the name of the boxes
    by which a person leaves out a scope, ``remember`` that of the box that makes the consent last; empty for none.
    """

    title: str
    accent: str
    username: str
    password: str
    more: tuple[tuple[str, str], ...] = ()
    ticket: str = "ticket"
    choice: str = ""
    remember: str = ""
    remark: str = "A fake for tests: nothing you type here leaves this machine."


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sparring.mocks.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def sign_in_page(
    look: Look, action: str, *, problem: str = "", username: str = "", people: Sequence[str] = (), ticket: str = ""
) -> str:
    """The sign-in form. ``problem`` is the provider's word on the last try; ``people`` are usernames to offer."""
    template = _environment().get_template("sign_in.html")
    return template.render(look=look, action=action, problem=problem, username=username, people=people, ticket=ticket)


def consent_page(
    look: Look,
    action: str,
    *,
    app: str,
    person: str,
    scopes: Sequence[str],
    ticket: str,
    required: Sequence[str] = (),
    problem: str = "",
) -> str:
    """The consent form: who asks for what, approve or deny. ``required`` are scopes that cannot be left out."""
    template = _environment().get_template("consent.html")
    asked = {"app": app, "person": person, "scopes": scopes, "required": required}
    return template.render(look=look, action=action, ticket=ticket, problem=problem, **asked)


def chooser_page(look: Look, action: str, *, field: str, offered: Sequence[tuple[str, str]], problem: str = "") -> str:
    """A choice between accounts or places: one button each, ``offered`` as value and label, sent as ``field``."""
    template = _environment().get_template("chooser.html")
    return template.render(look=look, action=action, field=field, offered=offered, problem=problem)


def error_page(look: Look, *, heading: str, words: str, rule: Rule) -> str:
    """What the provider says and, set apart, what the developer did and how to mend it."""
    return _environment().get_template("error.html").render(look=look, heading=heading, words=words, rule=rule)
