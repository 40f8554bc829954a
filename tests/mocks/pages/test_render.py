"""What stands in a page, whoever's words are put there, and what a browser is allowed to do with it."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.contracts.pages import Page, read_page
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.engine.users import User
from sparring.mocks.pages.render import (
    MOST_PEOPLE,
    Look,
    chooser_page,
    consent_page,
    error_page,
    harmless,
    message_page,
    question_page,
    sign_in_page,
)
from sparring.mocks.providers.clickview.answers import LOOK as CLICKVIEW
from sparring.mocks.providers.ingest.answers import LOOK as INGEST
from sparring.mocks.providers.movingimage import pages as keycloak
from sparring.mocks.providers.panopto.answers import LOOK as PANOPTO

RULE = Rule("somebody/authorize/redirect-uri-unknown", Mark.DOC, "A guide, section 3", "Register the redirect URI.")
ADA = User(subject="1", username="ada", password="ada-spars-here", name="Ada", email="ada@example.com")
LOOKS = (INGEST, PANOPTO, CLICKVIEW, keycloak.LOOK)


def everywhere(words: str) -> dict[str, str]:
    """Every page, with these words wherever a page takes any."""
    person = User(subject="1", username=words, password=words, name=words, email=words, locked=True)
    rule = Rule(words, Mark.ASSUMED, words, words)
    pages = {
        f"{look.title} {kind}": page
        for look in (INGEST, PANOPTO, CLICKVIEW)
        for kind, page in {
            "sign-in": sign_in_page(look, words, problem=words, username=words, people=[person], ticket=words),
            "consent": consent_page(
                look, words, app=words, person=words, scopes=[words], ticket=words, problem=words, elsewhere=words
            ),
            "chooser": chooser_page(look, words, field=words, offered=[(words, words)], problem=words),
            "question": question_page(look, words, heading=words, button=words, kind=words, fields=[(words, words)]),
            "message": message_page(look, heading=words, words=words, frame=words),
            "error": error_page(look, heading=words, words=words, rule=rule),
        }.items()
    }
    return pages | {
        "movingimage sign-in": keycloak.sign_in(words, message=words, username=words, people=[person]),
        "movingimage consent": keycloak.consent(words, words, words, ["openid"]),
        "movingimage new password": keycloak.update_password(words, words, words),
        "movingimage logout": keycloak.confirm_logout(words, words),
        "movingimage error": keycloak.error(words, rule),
        "movingimage info": keycloak.info(words),
        "movingimage expired": keycloak.expired(words, words),
        "movingimage form post": keycloak.form_post(words, [(words, words)]),
    }


class Skeleton(HTMLParser):
    """The elements of a page and the names of their attributes, without a value or a word."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.found.append((tag, tuple(name for name, _ in attrs)))


PLAIN = {name: Skeleton(page).found for name, page in everywhere("plain").items()}
ODD = st.text(st.sampled_from("<>\"'&;/=`{}%#! \n\tabonerrscipt:"), min_size=1, max_size=40).filter(str.strip)


@given(ODD)
def test_no_words_make_an_element_or_an_attribute(words: str) -> None:
    """Whatever they are, each page has the elements and attributes that it has with harmless ones."""
    for name, page in everywhere(words).items():
        assert Skeleton(page).found == PLAIN[name], name


def test_no_page_has_a_program_or_goes_elsewhere() -> None:
    """No script, no handler, no style but its one sheet, and no address besides those that were given."""
    for name, page in everywhere("/here").items():
        if name == "movingimage form post":
            continue
        elements = Skeleton(page).found
        assert not {"script", "img", "link", "object"} & {tag for tag, _ in elements}, name
        names = {attribute for _, attributes in elements for attribute in attributes}
        assert not {each for each in names if each.startswith("on")} | ({"style"} & names), name
        assert not re.search(r"https?:|//|url\(|@import", page.partition("</head>")[2]), name
        assert not re.search(r"https?:|url\(|@import", page), name


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.title)
def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else(look: Look) -> None:
    """The digest in the policy is that of the style sheet, to the byte."""
    page = keycloak.info("Hello") if look is keycloak.LOOK else message_page(look, heading="Hello")
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-src 'self'; base-uri 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.replace("'", "&#39;") in page.replace(
        "'", "&#39;"
    )
    assert look.accent in style
    assert "ACCENT" not in style


@pytest.mark.parametrize(
    "page",
    [
        lambda people: read_page(sign_in_page(INGEST, "/authorize?a=b&c", people=people)),
        lambda people: read_page(sign_in_page(PANOPTO, "/login", people=people, ticket="t")),
        lambda people: read_page(keycloak.sign_in("/login", people=people)),
    ],
    ids=["ingest", "panopto", "movingimage"],
)
def test_personas_stand_behind_the_form_and_confuse_nobody(page: Callable[[list[User]], Page]) -> None:
    """The form comes first, and it alone has what a password manager and a user agent look for."""
    first, *others = page([ADA, ADA]).forms
    assert (first.kind, set(first.hints) - {"off"}) == ("sign-in", {"username", "current-password"})
    assert [form.kind for form in others] == ["persona", "persona"]
    for form in others:
        assert not form.hints
        assert (form.action, form.method) == (first.action, "POST")
        sent = dict(form.fields)
        assert (sent.pop(first.hints["username"]), sent.pop(first.hints["current-password"])) == ("ada", ADA.password)
        assert sent == {name: value for name, value in first.fields if name == PANOPTO.ticket}


def test_of_many_people_some_are_offered() -> None:
    """The rest is counted."""
    page = sign_in_page(INGEST, "/authorize", people=[ADA] * (MOST_PEOPLE + 30))
    assert page.count('data-sparring="persona"') == MOST_PEOPLE
    assert "And 30 more" in page
    assert "more, who" not in sign_in_page(INGEST, "/authorize", people=[ADA] * MOST_PEOPLE)
    assert "personas" not in sign_in_page(INGEST, "/authorize").partition("</style>")[2]


def test_an_error_page_says_what_was_wrong_beside_the_providers_words() -> None:
    """The box is no part of the main content; a rule without advice gives none."""
    page = error_page(INGEST, heading="Sorry", words="It failed.", rule=RULE)
    main, box = page.partition("</main>")[0], page.partition("</main>")[2]
    assert '<div class="problem" id="problem" role="alert"><p>It failed.</p></div>' in main
    assert "redirect-uri-unknown" not in main
    assert '<dd id="wrong">authorize: redirect uri unknown</dd>' in box
    assert '<dd id="mend">Register the redirect URI.</dd>' in box
    assert '<dd id="rule"><code>somebody/authorize/redirect-uri-unknown</code></dd>' in box
    assert "A guide, section 3 <span" in box
    assert "[doc: the provider&#39;s own document]" in box
    silent = Rule(RULE.id, RULE.mark, RULE.source)
    assert "How to mend it" not in error_page(INGEST, heading="Sorry", words="It failed.", rule=silent)


def test_a_problem_is_tied_to_the_fields_that_it_speaks_of() -> None:
    """And only then; the cursor stands in the first field that is empty."""
    bad = keycloak.sign_in("/login", message="Wrong.", username="ada")
    assert bad.count('aria-invalid="true" aria-describedby="problem"') == 2
    assert 'id="problem" role="alert"><span class="kc-feedback-text">Wrong.</span>' in bad
    assert re.search(r'name="password"[^>]* autofocus>', bad)
    good = keycloak.sign_in("/login")
    assert "aria-invalid" not in good.partition("</style>")[2]
    assert re.search(r'name="username"[^>]* autofocus>', good)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://client.example/callback", True),
        ("http://127.0.0.1:9127/redirect?a=javascript:1", True),
        ("com.example.app:/callback", True),
        ("/Panopto/oauth2/logout", True),
        ("", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" \x01java\nscript\t:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("vbscript:x", False),
        ("javascript://[", False),
    ],
)
def test_an_address_that_is_a_program_is_nowhere(address: str, kept: bool) -> None:
    """Wherever a form would be sent by itself."""
    assert harmless(address) == (address if kept else "about:blank")
