"""Many tests with a stage each, on several workers; and what the plugin costs those who do not ask for it."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.harness.pytest_plugin.runs import ARGUMENTS, EXAMPLES
from tests.sampling import THOROUGH

pytest_plugins = ["pytester"]

TESTS = 500 if THOROUGH else 100
CONFTEST = """
import json, os, pathlib, threading

def descriptors():
    place = pathlib.Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.exists() else 0

def pytest_sessionstart(session):
    session.config.before = descriptors()

def pytest_sessionfinish(session):
    if hasattr(session.config, "workerinput"):
        left = [thread.name for thread in threading.enumerate() if thread.name == "sparring"]
        told = {"threads": left, "descriptors": descriptors() - session.config.before}
        name = session.config.workerinput["workerid"]
        pathlib.Path(os.environ["LEFT"], f"{name}.json").write_text(json.dumps(told))
"""
MANY = """
import http.client, pytest
from urllib.parse import urlencode

HEADERS = {{"Content-Type": "application/x-www-form-urlencoded"}}

@pytest.mark.parametrize("number", range({tests}))
def test_it(number, sparring_ingest):
    assert len(sparring_ingest.requests) == 0
    form = {{"grant_type": "client_credentials", "scope": "read_videos"}}
    form |= {{"client_id": sparring_ingest.client_id, "client_secret": sparring_ingest.client_secret}}
    connection = http.client.HTTPConnection(sparring_ingest.base_url.removeprefix("http://"))
    connection.request("POST", "/token", urlencode(form), HEADERS)
    assert connection.getresponse().status == 200
    if number % 3:
        connection.close()  # others go on holding theirs; the stage ends all the same
    else:
        sparring_ingest.open_connection = connection
    assert sparring_ingest.assert_requested("token", times=1).n == 1
"""


def test_many_stages_on_two_workers_leave_nothing(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test finds a fresh stage; at the end there is no thread, and no descriptor more than in the beginning."""
    monkeypatch.setenv("LEFT", str(pytester.path))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(MANY.format(tests=TESTS))
    arguments = [
        one for pair in zip(ARGUMENTS[::2], ARGUMENTS[1::2], strict=True) for one in pair if "xdist" not in pair[1]
    ]
    result = pytester.runpytest_subprocess(*arguments, "-n", "2", "-W", "ignore::ResourceWarning")
    result.assert_outcomes(passed=TESTS)
    left = [json.loads(path.read_text()) for path in pytester.path.glob("gw*.json")]
    assert len(left) == 2
    assert [one["threads"] for one in left] == [[], []]
    assert max(one["descriptors"] for one in left) <= 3


def test_the_example_of_the_documentation_passes(pytester: pytest.Pytester) -> None:
    """Eight lines, an expired token among them."""
    for name in ("videos.py", "test_ingest.py"):
        (pytester.path / name).write_text((EXAMPLES / name).read_text())
    lines = [line for line in (EXAMPLES / "test_ingest.py").read_text().splitlines() if line.strip()]
    assert len(lines) <= 8
    pytester.syspathinsert()
    began = time.process_time()
    result = pytester.runpytest_inprocess(*ARGUMENTS)
    result.assert_outcomes(passed=1)
    assert time.process_time() - began < 1


def test_nothing_is_imported_before_a_test_asks(tmp_path: Path) -> None:
    """The plugin itself imports pytest, and of the project only its own module."""
    program = """
import sys, pytest
before = set(sys.modules)
import sparring.harness.pytest_plugin
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    new = json.loads(done.stdout.replace("'", '"'))
    assert [name for name in new if name.startswith("sparring")] == [
        "sparring",
        "sparring.harness",
        "sparring.harness.pytest_plugin",
    ]
    assert not {"asyncio", "httpx2", "uvicorn", "hypothesis", "cryptography", "msgspec"} & set(new)


def test_collecting_imports_no_fake(pytester: pytest.Pytester) -> None:
    """Fixtures that are asked for are not made yet."""
    pytester.makeconftest(
        """
        import sys

        def pytest_collection_finish(session):
            assert "sparring.mocks" not in sys.modules
        """
    )
    pytester.makepyfile("def test_it(sparring_ingest): pass")
    result = pytester.runpytest_subprocess(*ARGUMENTS, "--collect-only", "-q")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*::test_it"])
