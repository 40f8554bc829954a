"""What a test that fails leaves behind: its recording, readable, and without secrets."""

from xml.etree import ElementTree as ET

import pytest

from sparring.harness.pytest_plugin import TITLE
from tests.harness.pytest_plugin.runs import run

pytest_plugins = ["pytester"]

FAILING = """
import httpx2, pytest

def ask(ingest):
    form = {"grant_type": "client_credentials", "client_id": ingest.client_id, "client_secret": ingest.client_secret}
    httpx2.post(ingest.token_url, data=form)

def test_passes(sparring_ingest):
    ask(sparring_ingest)

def test_fails(sparring_ingest):
    ask(sparring_ingest)
    assert sparring_ingest.last_request.status == 200

def test_asserts(sparring_ingest):
    ask(sparring_ingest)
    sparring_ingest.assert_requested("token", scope="read_videos")

def test_fails_without(tmp_path):
    assert not tmp_path

def test_skips(sparring_ingest):
    ask(sparring_ingest)
    pytest.skip("not today")

@pytest.fixture
def broken(sparring_ingest):
    ask(sparring_ingest)
    raise ValueError("no client")

def test_has_no_client(broken):
    pass
"""


def test_a_failing_test_shows_its_recording(pytester: pytest.Pytester) -> None:
    """In a section of its report: requests, answers, why; and only there."""
    result = run(pytester, FAILING, "--junitxml", "junit.xml")
    result.assert_outcomes(passed=1, failed=3, skipped=1, errors=1)
    told = result.stdout.str()
    assert told.count(f"- {TITLE} -") == 3
    result.stdout.fnmatch_lines(
        [
            f"*- {TITLE} -*",
            "#1 ingest token: POST /token -> 400",
            "    sent: grant_type=client_credentials&client_id=IngestNetwork123&client_secret=client_secret:*",
            '    answer: {"error": "invalid_scope", *',
            "    rule: ingest/token/scope-missing",
            "    mend: *",
        ]
    )
    assert "jhjed88ydjKJDFU77y7dk" not in told


def test_an_assertion_of_ours_is_shown_without_our_code(pytester: pytest.Pytester) -> None:
    """The line of the test is the last one of the traceback."""
    told = run(pytester, FAILING, "-k", "test_asserts").stdout.str()
    assert "E           AssertionError: there was no request to 'token' with scope='read_videos'" in told.replace(
        "E       Ass", "E           Ass"
    )
    assert "raise AssertionError" not in told


def test_junit_gets_it_as_a_property(pytester: pytest.Pytester) -> None:
    """Once for each test that failed."""
    run(pytester, FAILING, "--junitxml", "junit.xml")
    cases = {case.get("name"): case for case in ET.parse(pytester.path / "junit.xml").iter("testcase")}
    found = {name: case.findall("./properties/property[@name='sparring']") for name, case in cases.items()}
    assert {name: len(each) for name, each in found.items() if each} == {
        "test_fails": 1,
        "test_asserts": 1,
        "test_has_no_client": 1,
    }
    assert "ingest/token/scope-missing" in str(found["test_fails"][0].get("value"))


def test_a_long_recording_is_cut_to_its_end(pytester: pytest.Pytester) -> None:
    """Thirty exchanges are enough for a reader."""
    result = run(
        pytester,
        """
        import httpx2

        def test_it(sparring_ingest):
            with httpx2.Client(verify=False) as http:
                for _ in range(35):
                    http.get(sparring_ingest.token_url)
            assert False
        """,
    )
    result.stdout.fnmatch_lines(["(the last 30 of 35)", "#6 ingest token: GET /token -> *"])
    assert "#5 ingest" not in result.stdout.str()
