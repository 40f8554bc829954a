"""What several checks read from the evidence."""

# ruff: noqa: D103 - the names are sentences

import base64

import pytest

from sparring.harness.checks.provider_metadata import _kid
from sparring.harness.checks.renewals import _step_of
from sparring.harness.checks.secrets_kept import _visited
from sparring.harness.checks.traces import _within_base64, secrets_of
from sparring.harness.evidence import Secret, Step
from tests.harness.checks.builder import BASE, api, evidence, visit


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
