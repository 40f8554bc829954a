"""``python -m bench.pytest_cost``: what the pytest plugin costs a test that asks for a fake, and one that does not."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = 500
TIMES = 3
PLAIN = "import pytest\n\n@pytest.mark.parametrize('n', range({tests}))\ndef test_it(n): pass\n"
STAGED = "import pytest\n\n@pytest.mark.parametrize('n', range({tests}))\ndef test_it(n, {fixture}): pass\n"
PLUGIN = ("-p", "sparring.harness.pytest_plugin")


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Run pytest there with no other plugin: seconds, and seconds of processor time."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, busy


def median(folder: Path, *arguments: str) -> tuple[float, float]:
    """The medians of several runs, the first of which only fills caches."""
    run(folder, *arguments)
    runs = [run(folder, *arguments) for _ in range(TIMES)]
    return statistics.median(each[0] for each in runs), statistics.median(each[1] for each in runs)


def per_test(fixture: str, plain: tuple[float, float]) -> tuple[float, float]:
    """What a fresh stage adds to a test that costs ``plain``: seconds, and seconds of processor time."""
    took, busy = each(STAGED, fixture)
    return took - plain[0], busy - plain[1]


def each(text: str, fixture: str = "") -> tuple[float, float]:
    """What one more of those tests costs, so that starting up is not in it."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        for tests in (10, TESTS):
            (Path(name) / "test_it.py").write_text(text.format(tests=tests, fixture=fixture))
            found.append(median(Path(name), *PLUGIN))
    few, many = found
    return (many[0] - few[0]) / (TESTS - 10), (many[1] - few[1]) / (TESTS - 10)


def collecting() -> tuple[tuple[float, float], tuple[float, float]]:
    """``pytest --collect-only`` without the plugin and with it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_it.py").write_text(PLAIN.format(tests=10))
        return median(folder, "--collect-only"), median(folder, "--collect-only", *PLUGIN)


def costs() -> list[tuple[str, float, float]]:
    """What was done, milliseconds elapsed and of processor time."""
    without, with_it = collecting()
    plain = each(PLAIN)
    return [
        (label, 1000 * took, 1000 * busy)
        for label, (took, busy) in (
            ("`pytest --collect-only` of ten tests, without the plugin", without),
            ("the same with it", with_it),
            ("a fresh stage with one provider, per test", per_test("sparring_ingest", plain)),
            ("a fresh stage with all five, per test", per_test("sparring", plain)),
        )
    ]


if __name__ == "__main__":
    for label, took, busy in costs():
        print(f"{took:8.2f} ms elapsed, {busy:8.2f} ms of processor time: {label}")
