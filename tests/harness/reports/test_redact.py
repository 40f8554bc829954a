"""Redaction: by value, by name of the parameter, and by the looks of it."""

import base64
import json

import pytest

from sparring.harness.checks.traces import fingerprint
from sparring.harness.evidence import Secret
from sparring.harness.reports.redact import Redactor
from tests.harness.checks.builder import ACCESS, CODE, SECRET, SECRETS

REDACTOR = Redactor(SECRETS)


def test_a_known_value_becomes_its_fingerprint() -> None:
    """So that two reports of one token can be matched."""
    assert REDACTOR.text(f"used {SECRET}.") == f"used client_secret:{fingerprint(SECRET)}."


def test_a_basic_header_is_taken_out() -> None:
    """The secret is in it, in Base64."""
    header = base64.b64encode(f"client:{SECRET}".encode()).decode()
    shown = REDACTOR.text(f"Authorization: Basic {header}")
    assert header not in shown
    assert base64.b64encode(SECRET.encode()).decode().rstrip("=")[:-2] not in shown


@pytest.mark.parametrize("text", ["Bearer unknown-opaque-token-value", "got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"])
def test_what_looks_like_a_credential_is_taken_out(text: str) -> None:
    """Also where nobody declared it."""
    assert "token:" in Redactor(()).text(text)
    assert text.split()[1] not in Redactor(()).text(text)


def test_private_parameters_of_a_url_are_taken_out_whatever_their_value() -> None:
    """The others, state too, stay as they were sent."""
    shown = Redactor(()).url("https://x/cb?code=a%2Bb&state=st-1&scope=a,b&client_secret=&x#access_token=t&y=1")
    assert shown == (
        f"https://x/cb?code=code:{fingerprint('a+b')}&state=st-1&scope=a,b&client_secret=&x"
        f"#access_token=access_token:{fingerprint('t')}&y=1"
    )


def test_credentials_in_the_authority_are_taken_out() -> None:
    """``https://id:secret@host``."""
    assert Redactor(()).url("https://id:pw@host/p") == "https://[credentials]@host/p"


def test_a_url_that_cannot_be_read_is_redacted_as_text() -> None:
    """A client may ask for anything."""
    assert CODE not in REDACTOR.url(f"https://[/?code={CODE}")


def test_a_secret_in_a_path_is_taken_out() -> None:
    """Not only parameters carry tokens."""
    assert ACCESS not in REDACTOR.url(f"https://x/{ACCESS}/y")


def test_short_values_stay() -> None:
    """They occur by chance."""
    assert Redactor([Secret(kind="code", value="ada")]).text("adamant") == "adamant"


def test_headers_are_taken_out_by_their_name() -> None:
    """Of a cookie only name and attributes stay, of an address everything but private parameters."""
    header = Redactor(()).header
    assert header("Cookie", "a=1; session=abc") == f"a=cookie:{fingerprint('1')}; session=cookie:{fingerprint('abc')}"
    assert header("set-cookie", "s=abc; Path=/; Secure") == f"s=cookie:{fingerprint('abc')}; Path=/; Secure"
    assert header("location", "https://x/cb?code=a&state=s") == f"https://x/cb?code=code:{fingerprint('a')}&state=s"
    assert header("authorization", "Basic YTpi") == f"Basic credentials:{fingerprint('YTpi')}"
    assert header("authorization", "Bearer abc") == f"Bearer token:{fingerprint('abc')}"
    assert header("authorization", "Bearer access_token:0123456789ab") == "Bearer access_token:0123456789ab"
    assert REDACTOR.header("authorization", f"Bearer {ACCESS}") == f"Bearer access_token:{fingerprint(ACCESS)}"
    assert header("accept", "text/html") == "text/html"


def test_bodies_are_taken_out_by_their_members() -> None:
    """In a form, in JSON however deep, and in what is neither."""
    body = Redactor(()).body
    form = body("application/x-www-form-urlencoded; charset=utf-8", b"grant_type=password&password=a%20b&ticket=t")
    assert form == f"grant_type=password\n&password=password:{fingerprint('a b')}\n&ticket=ticket:{fingerprint('t')}"
    shown = body("application/json", b'{"data":[{"access_token":"abc","code":"not_found","expires_in":1}]}')
    assert json.loads(shown) == {
        "data": [{"access_token": f"access_token:{fingerprint('abc')}", "code": "not_found", "expires_in": 1}]
    }
    broken = body("application/json", b'{"access_token": "abc", "expires_in": 1')
    assert broken == f'{{"access_token": "access_token:{fingerprint("abc")}", "expires_in": 1'
    assert body("text/plain", b"refresh_token=abc and more \xff") == (
        f"refresh_token=refresh_token:{fingerprint('abc')} and more \N{REPLACEMENT CHARACTER}"
    )
    assert body("application/json", b"12") == "12"
