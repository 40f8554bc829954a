"""Pages from templates. Field names are the provider's own; the marks that a user agent looks for are alike."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.engine.users import User

if TYPE_CHECKING:
    from jinja2 import Environment  # imported with the first page: a token needs none
    from markupsafe import Markup

PACKAGE = "sparring.mocks.pages"
MOST_PEOPLE = 12
"""How many people a sign-in page offers to click; whoever made more accounts knows their names."""

KNOWN_FROM = {
    Mark.DOC: "the provider's own document",
    Mark.ENGINE: "the source of the engine",
    Mark.CLIENT: "a client that talked to the provider",
    Mark.ASSUMED: "analogy: no source says so",
}
_RUNS = frozenset({"javascript", "data", "vbscript"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a provider's pages look. ``username``, ``password`` are its field names, ``more`` its further text fields
    (name and label), ``ticket`` the hidden field that ties a form to its browser. ``choice`` is the name of the boxes
    by which a person leaves out a scope, ``remember`` that of the box that makes the consent last, ``stay`` that of the
    box that makes the sign-in last; empty for none. ``manner`` names its style sheet and the templates of its own.
    ``scope_texts`` says what scopes mean.
    """

    title: str
    accent: str
    username: str
    password: str
    manner: str = "plain"
    more: tuple[tuple[str, str], ...] = ()
    ticket: str = "ticket"
    choice: str = ""
    remember: str = ""
    stay: str = ""
    scope_texts: tuple[tuple[str, str], ...] = ()
    remark: str = "A fake for tests: nothing you type here leaves this machine."

    def text_of(self, scope: str) -> str:
        """What a scope means, in words; empty where the provider has none for it."""
        return dict(self.scope_texts).get(scope, "")


@dataclass(frozen=True, slots=True)
class Style:
    """A style sheet, and the policy under which a page may have that one and nothing else: no script, no other
    source, wherever it came from.
    """

    text: "Markup"
    policy: str


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=PackageLoader(PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _style(manner: str, accent: str) -> Style:
    from markupsafe import Markup  # noqa: PLC0415

    sheets = [files(PACKAGE).joinpath("styles", f"{name}.css").read_text("utf-8") for name in ("base", manner)]
    text = "\n" + "".join(sheets).replace("ACCENT", accent)
    digest = b64encode(sha256(text.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-src 'self'; base-uri 'none'"
    return Style(Markup(text), policy)  # noqa: S704 - our own file


def page(look: Look, name: str, **values: object) -> str:
    """A page of the provider's own template of that name, or else of the one for all."""
    template = _environment().select_template([f"{look.manner}/{name}.html", f"{name}.html"])
    return template.render(look=look, style=_style(look.manner, look.accent), known_from=KNOWN_FROM, **values)


def sign_in_page(
    look: Look, action: str, *, problem: str = "", username: str = "", people: Sequence[User] = (), ticket: str = ""
) -> str:
    """The sign-in form. ``problem`` is the provider's word on the last try; ``people`` can be signed in by a click."""
    offered = {"people": people[:MOST_PEOPLE], "left": max(0, len(people) - MOST_PEOPLE)}
    return page(look, "sign_in", action=action, problem=problem, username=username, ticket=ticket, **offered)


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
    elsewhere: str = "",
) -> str:
    """The consent form: who asks for what, approve or deny. ``required`` are scopes that cannot be left out;
    ``elsewhere`` is where somebody else can sign in.
    """
    asked = {"app": app, "person": person, "scopes": scopes, "required": required, "elsewhere": elsewhere}
    return page(look, "consent", action=action, ticket=ticket, problem=problem, **asked)


def chooser_page(look: Look, action: str, *, field: str, offered: Sequence[tuple[str, str]], problem: str = "") -> str:
    """A choice between accounts or places: one button each, ``offered`` as value and label, sent as ``field``."""
    return page(look, "chooser", action=action, field=field, offered=offered, problem=problem)


def question_page(
    look: Look, action: str, *, heading: str, button: str, kind: str, fields: Sequence[tuple[str, str]]
) -> str:
    """A question with one answer. ``kind`` is the mark of its form, ``fields`` are hidden."""
    return page(look, "question", action=harmless(action), heading=heading, button=button, kind=kind, fields=fields)


def message_page(look: Look, *, heading: str, words: str = "", frame: str = "") -> str:
    """A page that only says something; ``frame`` is the address of a frame that nobody sees."""
    return page(look, "message", heading=heading, words=words, frame=frame)


def error_page(look: Look, *, heading: str, words: str, rule: Rule) -> str:
    """What the provider says and, set apart, what the developer did and how to mend it."""
    return page(look, "error", heading=heading, words=words, rule=rule)


def harmless(address: str) -> str:
    """The address, unless going there would run what it says: then nowhere."""
    bare = "".join(letter for letter in address if letter > " ")  # browsers pass over blanks and control characters
    try:
        scheme = urlsplit(bare).scheme.lower()
    except ValueError:
        scheme = bare.partition(":")[0].lower()
    return "about:blank" if scheme in _RUNS else address
