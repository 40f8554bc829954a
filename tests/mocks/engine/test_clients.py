"""Client authentication: Basic headers as RFC 6749 section 2.3.1 writes them, and as others do."""

# ruff: noqa: D103 - the names are sentences

import base64
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.clients import Client, parse_basic, secret_matches


def _basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize("form_encoded", [True, False])
def test_the_example_of_the_specification(form_encoded: bool) -> None:
    header = "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"
    assert parse_basic(header, form_encoded=form_encoded) == ("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw")


@given(st.text(), st.text())
def test_what_is_form_encoded_comes_back(client_id: str, secret: str) -> None:
    header = _basic(f"{quote_plus(client_id)}:{quote_plus(secret)}")
    assert parse_basic(header, form_encoded=True) == (client_id, secret)


@given(st.text().filter(lambda text: ":" not in text), st.text())
def test_what_is_raw_comes_back(client_id: str, secret: str) -> None:
    assert parse_basic(_basic(f"{client_id}:{secret}"), form_encoded=False) == (client_id, secret)


def test_the_two_readings_differ() -> None:
    header = _basic("a%3Ab:p+q%25")
    assert parse_basic(header, form_encoded=True) == ("a:b", "p q%")
    assert parse_basic(header, form_encoded=False) == ("a%3Ab", "p+q%25")


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "bAsIc"])
def test_the_scheme_is_read_in_any_case(scheme: str) -> None:
    assert parse_basic(f"{scheme}  {base64.b64encode(b'a:b').decode()} ", form_encoded=False) == ("a", "b")


def test_the_first_colon_parts_id_and_secret() -> None:
    assert parse_basic(_basic("a:b:c"), form_encoded=False) == ("a", "b:c")
    assert parse_basic(_basic("a:"), form_encoded=False) == ("a", "")
    assert parse_basic(_basic(":b"), form_encoded=False) == ("", "b")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Bearer YTpi",
        "BasicYTpi",
        "Basic\tYTpi",
        "Basic YTpi!",
        "Basic YTp",
        "Basic YT pi",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic äöü",
        "Basic a-_b",
    ],
)
def test_a_malformed_header_is_none(header: str | None) -> None:
    assert parse_basic(header, form_encoded=True) is None
    assert parse_basic(header, form_encoded=False) is None


@given(st.text(), st.booleans())
def test_no_header_breaks_it(rest: str, form_encoded: bool) -> None:
    for header in (rest, f"Basic {rest}", _basic(rest)):
        found = parse_basic(header, form_encoded=form_encoded)
        assert found is None or len(found) == 2


@given(st.text(min_size=1), st.text())
def test_only_the_secret_itself_matches(secret: str, presented: str) -> None:
    client = Client(client_id="c", secret=secret, name="C")
    assert secret_matches(client, secret)
    assert secret_matches(client, presented) == (secret == presented)
    assert not secret_matches(client, None)


@given(st.none() | st.text())
def test_a_public_client_matches_no_secret(presented: str | None) -> None:
    assert not secret_matches(Client(client_id="c", secret=None, name="C"), presented)


@pytest.mark.parametrize("presented", ["\udcff", "secret\udcff"])
def test_bytes_that_are_no_text_match_no_secret(presented: str) -> None:
    assert not secret_matches(Client(client_id="c", secret="secret", name="C"), presented)
