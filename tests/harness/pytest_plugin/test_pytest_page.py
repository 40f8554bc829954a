"""Every snippet of docs/pytest.md is run as it stands there."""

import re
from pathlib import Path

import pytest

from tests.harness.pytest_plugin.runs import ARGUMENTS, EXAMPLES

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "pytest.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_snippets_pass(pytester: pytest.Pytester) -> None:
    """Each in a file of its own; the first is the example that is shipped."""
    assert (EXAMPLES / "test_ingest.py").read_text() == SNIPPETS[0]
    (pytester.path / "videos.py").write_text((EXAMPLES / "videos.py").read_text())
    for number, text in enumerate(SNIPPETS):
        (pytester.path / f"test_snippet_{number}.py").write_text(text)
    pytester.syspathinsert()
    result = pytester.runpytest_inprocess(*ARGUMENTS, "--strict-markers")
    result.assert_outcomes(passed=sum(text.count("def test_") for text in SNIPPETS))
