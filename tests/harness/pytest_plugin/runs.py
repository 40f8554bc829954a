"""pytest runs inside these tests, with the plugin as it is installed."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "pytest"
PLUGIN = "sparring.harness.pytest_plugin"
INSTALLED = any(one.value == PLUGIN for one in entry_points(group="pytest11"))
_LOADED = () if INSTALLED else ("-p", PLUGIN)
_OTHERS = ("schemathesis", "hypothesispytest", "xdist", "cacheprovider")
"""Plugins of this environment that have nothing to do with it, and take their time."""

REWRITTEN = "ignore:Module already imported so cannot be rewritten"
"""Said where a folder of this checkout has the name of a folder in the wheel."""

ARGUMENTS = ("-W", "error", "-W", REWRITTEN, *_LOADED, *(word for one in _OTHERS for word in ("-p", f"no:{one}")))


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run that test file, in this process; a warning fails it."""
    pytester.makepyfile(test)
    return pytester.runpytest_inprocess(*ARGUMENTS, *arguments)
