"""Dates in headers."""

# ruff: noqa: D103 - the names are sentences

import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.clock import YEAR_10000
from sparring.mocks.engine.dates import http_date


def test_a_date_is_the_rfcs_own() -> None:
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that is nine hours ahead of GMT."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has one time zone for all its programs")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_a_date_is_gmt_wherever_the_machine_stands() -> None:
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


@given(st.integers(0, YEAR_10000 - 1))
def test_dates_are_those_of_mail_in_gmt(seconds: int) -> None:
    assert http_date(seconds) == formatdate(seconds, usegmt=True)
