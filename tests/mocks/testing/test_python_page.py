"""Every snippet of docs/python.md is run as it stands there."""

import re
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.testing import Sparring

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "python.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_a_snippet_runs(number: int) -> None:
    """Its assertions are its own."""
    names: dict[str, Any] = {}
    exec(compile(SNIPPETS[number], f"docs/python.md, snippet {number + 1}", "exec"), names)
    assert "assert" in SNIPPETS[number]


def test_every_name_that_the_page_tells_of_is_there() -> None:
    """Words in back-ticks that look like a member of a stage."""
    told = set(re.findall(r"`(?:await )?(?:ingest\.)?([a-z_]+)\(", PAGE)) | set(re.findall(r"`([a-z_]+)`,", PAGE))
    known = {name for name in dir(Sparring) if not name.startswith("_")}
    others = {"fault", "with", "method", "url", "headers", "params", "bearer", "basic", "status", "response_json"}
    others |= {"rule", "why", "source", "error"}
    assert {name for name in told if name not in known | others} == set()
    assert {"expire", "mint", "trial", "assert_requested", "add_user"} <= told
