"""What several checks read from the evidence."""

# ruff: noqa: D103 - the names are sentences

import base64
import json
import math

import pytest

from sparring.harness.checks.provider_metadata import _kid
from sparring.harness.checks.renewals import _step_of
from sparring.harness.checks.secrets_kept import _visited
from sparring.harness.checks.traces import _within_base64, carries, encodings, secrets_of
from sparring.harness.checks.wire import Issued, credential, seconds_of, succeeded
from sparring.harness.evidence import Secret, Step
from tests.harness.checks.builder import ACCESS, BASE, START, api, evidence, visit


def test_an_exchange_belongs_to_the_step_in_which_it_was_made() -> None:
    told = (
        Step(id=1, do="authenticate", outcome="ok", first=1, last=3),
        Step(id=2, do="call_api", outcome="ok", first=3, last=5),
    )
    seen = evidence(steps=told)
    assert [_step_of(seen, api(n)) for n in range(6)] == [0, 1, 1, 2, 2, 0]
    assert _step_of(evidence(steps=()), api(1)) == 0


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("after", range(4))
def test_what_shows_in_base64_does_so_whatever_is_around_it(before: int, after: int) -> None:
    secret = b"s3cret+/canary"
    text = base64.b64encode(b"x" * before + secret + b"y" * after).decode()
    shown = _within_base64(secret)
    assert len(shown) == 3
    assert shown[before % 3] in text
    assert min(map(len, shown)) >= len(secret) * 8 // 6 - 1


@pytest.mark.parametrize("kid", ["", "a", "ab", "abc", "abcd"])
def test_a_key_is_named_by_the_header_of_its_token(kid: str) -> None:
    header = base64.urlsafe_b64encode(f'{{"kid":"{kid}"}}'.encode()).rstrip(b"=").decode()
    assert _kid(f"{header}.e30.") == kid


def test_the_request_of_a_visit_is_found_among_others() -> None:
    urls = (BASE, visit().url, BASE)
    seen = evidence(*(api(n, None, endpoint="authorize", url=url) for n, url in enumerate(urls, start=1)))
    assert _visited(seen, visit().url) == [2]


def test_a_code_that_only_a_person_saw_is_a_secret_too() -> None:
    seen = evidence(visits=(visit("another-code-9"),), secrets=())
    assert Secret(kind="code", value="another-code-9") in secrets_of(seen)


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        (3600, 3600.0),
        (0.5, 0.5),
        (10**400, math.inf),
        (-(10**400), -math.inf),
        ("86400", 86400.0),
        ("9" * 17, 1e17),
        ("9" * 18, None),
        ("-1", None),
        ("\u00b2", None),
        ("", None),
        (True, None),
        (None, None),
    ],
)
def test_a_life_is_a_number_or_not_too_many_digits(stated: object, meant: float | None) -> None:
    assert seconds_of(Issued(n=1, at=START, access_token=ACCESS, expires_in=stated)) == meant


@pytest.mark.parametrize(
    ("status", "good"), [(None, False), (199, False), (200, True), (299, True), (300, False), (401, False)]
)
def test_a_good_status_is_one_of_a_hundred(status: int | None, good: bool) -> None:
    assert succeeded(api(1, status=status)) is good


@pytest.mark.parametrize(
    ("header", "token"), [("Bearer abc", "abc"), ("Bearer  abc ", "abc"), ("Bearer None abc", "None abc"), ("abc", "")]
)
def test_the_credential_is_what_follows_the_scheme(header: str, token: str) -> None:
    assert credential(api(1, headers=(("authorization", header),))) == token


@pytest.mark.parametrize(
    "written",
    [
        r"a+/b=\u00e9&<>'`\"\\c",  # Python, json.dumps
        r"a+/b=é&<>'`\"\\c",  # JavaScript, JSON.stringify
        r"a+\/b=\u00e9&<>'`\"\\c",  # PHP 8, json_encode
        r"a\u002B/b=\u00E9\u0026\u003C\u003E\u0027\u0060\u0022\\c",  # .NET, System.Text.Json
        r"a+/b=é\u0026\u003c\u003e'`\"\\c",  # Go, encoding/json
        r"a+/b\u003dé\u0026\u003c\u003e\u0027`\"\\c",  # Java, Gson
    ],
)
def test_a_secret_is_found_in_the_json_of_every_encoder(written: str) -> None:
    secret = "a+/b=é&<>'`\"\\c"
    assert json.loads(f'"{written}"') == secret
    encodings.cache_clear()
    assert carries(written, secret)
    assert not [each for each in (written[1:], written[:-1], written.replace("b", "B")) if carries(each, secret)]
