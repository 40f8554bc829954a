"""A copy of the tree in the one layout that mutmut reads: every package under ``src``."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "mutation"

MUTATED = (
    "src/sparring/harness/checks/*",
    "src/sparring/harness/judge.py",
    "src/sparring/harness/verdict.py",
    "src/sparring/mocks/engine/*",
)
TESTS = (
    "tests/harness/checks",
    "tests/harness/test_judge.py",
    "tests/harness/test_results.py",
    "tests/harness/test_verdict.py",
    "tests/harness/test_captured.py",
    "tests/mocks/engine",
)
_BESIDE = ("tests", "docs", "examples", "README.md")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "target", "*.pyc")


def stage() -> Path:
    """Write the copy anew; what mutmut knows of an earlier one stays."""
    for name in ("src", *_BESIDE):
        shutil.rmtree(FOLDER / name, ignore_errors=True)
    for package in ("mocks", "contracts", "harness"):
        shutil.copytree(ROOT / package / "sparring", FOLDER / "src/sparring", ignore=_LEFT_OUT, dirs_exist_ok=True)
    for name in _BESIDE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, FOLDER / name, ignore=_LEFT_OUT)
        else:
            shutil.copy2(source, FOLDER / name)
    (FOLDER / "pyproject.toml").write_text(_settings(), encoding="utf-8")
    return FOLDER


def _settings() -> str:
    return f"""\
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:sparring"]
consider_namespace_packages = true
pythonpath = [".", "src"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = {list(MUTATED)}
also_copy = {[*_BESIDE, "pyproject.toml"]}
pytest_add_cli_args_test_selection = {list(TESTS)}
"""
