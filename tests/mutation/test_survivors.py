"""What is read from mutmut, and what the page says of it."""

import json
from pathlib import Path

import pytest

from tests.mutation import survivors
from tests.mutation.page import Module, written
from tests.mutation.survivors import Reason, Survivor, counts, lived, parse, reasons

NAME = "sparring.harness.checks.scopes.x_scope_accepted__mutmut_8"
DIFF = """\
# a comment
--- src/sparring/harness/checks/scopes.py
+++ src/sparring/harness/checks/scopes.py
@@ -8,7 +8,7 @@
     for scope, numbers in asked:
-        if _spaced(scope):
+        if not _spaced(scope):
             return
"""


def test_a_survivor_is_named_after_its_function_and_shows_what_changed() -> None:
    """Methods are named after their class as well."""
    found = parse(NAME, DIFF)
    assert found.where == "harness.checks.scopes.scope_accepted"
    assert found.change == "if _spaced(scope): -> if not _spaced(scope):"
    assert parse("sparring.harness.judge.xǁPlanǁask__mutmut_1", DIFF).where == "harness.judge.Plan.ask"


def test_those_that_no_test_came_by_live_too(tmp_path: Path) -> None:
    """Mutmut's exit codes tell; what was not tried is neither."""
    file = tmp_path / "mutants/src/sparring/a.py.meta"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"exit_code_by_key": {"k": 1, "s": 0, "n": 33, "t": 36, "u": None}}), encoding="utf-8")
    (file.parent / "b.py.meta").write_text(json.dumps({"exit_code_by_key": {}}), encoding="utf-8")
    found = counts(tmp_path)
    assert list(found) == ["src/sparring/a.py"]
    assert lived(found["src/sparring/a.py"]) == ["s", "n"]


@pytest.mark.parametrize(
    ("where", "change", "fits"),
    [
        ("harness.checks.*", r"not _spaced", True),
        ("harness.judge.*", r"not _spaced", False),
        ("harness.checks.*", r"^nothing", False),
    ],
)
def test_a_reason_speaks_of_functions_and_changes(where: str, change: str, fits: bool) -> None:
    """Both have to fit."""
    assert Reason(where, change, "no matter").fits(parse(NAME, DIFF)) is fits


def test_the_page_counts_what_lives_and_names_what_nobody_explains() -> None:
    """Explained ones by their reason."""
    one = Survivor(NAME, "harness.checks.scopes.scope_accepted", "a", "b")
    explained = ((one, Reason("*", "", "Why.")),)
    page = written([Module("src/sparring/harness/checks/scopes.py", 12, 10, explained, (one,))])
    assert "**8 of 10 mutants were noticed (80.0%);** 1 live for a reason that is given here, 1 without." in page
    assert " 2 more were made, and there was no time to try them: of those nothing is known." in page
    assert "| `harness/checks/scopes.py` | 12 | 10 | 8 | 1 | 1 |" in page
    assert "more were made" not in written([Module("src/sparring/harness/checks/scopes.py", 10, 10, (), ())])
    assert "- 1 times: Why." in page
    assert "- `harness.checks.scopes.scope_accepted`: `a` became `b`" in page


def test_every_reason_is_one_sentence() -> None:
    """And can be read."""
    for reason in reasons():
        assert reason.why.endswith("."), reason
        assert reason.where != "*" or reason.change.startswith("^"), reason  # what holds everywhere is said exactly
    assert survivors.EXPLAINED.is_file()
