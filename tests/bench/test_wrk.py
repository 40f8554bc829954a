"""What wrk is told, and what it says."""

import json

import pytest

from bench.wrk import NoLoadError, Task, quoted, read

GOOD = {"count": 30, "seconds": 1.5, "p50": 0.5, "p99": 2.0, "refused": 0, "broken": 0}


def result(**changes: float) -> str:
    """What wrk prints, with those changes."""
    return f"Running 1s test\n\nRESULT {json.dumps(GOOD | changes)}\n"


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ('say "no"', '"say \\034no\\034"'),
        ("back\\slash", '"back\\092slash"'),
        ("line\r\nline", '"line\\013\\010line"'),
    ],
)
def test_strings_are_written_for_lua(text: str, literal: str) -> None:
    """Whatever is no plain letter, by its number."""
    assert quoted(text) == literal


def test_a_task_is_a_table_of_lua() -> None:
    """Under the names that the script knows."""
    task = Task("once", ("POST /token HTTP/1.1", ""), ("code=", "&a=b"), ("one", "two"))
    assert task.lua().splitlines() == [
        'return { mode = "once", turn = 0,',
        '  head = { "POST /token HTTP/1.1", "" },',
        '  body = { "code=", "&a=b" },',
        '  values = { "one", "two" },',
        "}",
    ]


def test_no_two_tasks_share_their_turns() -> None:
    """A bearer of one load is not asked again in the next."""
    task = Task("cycle", ("Authorization: {turn}",), turn=5)
    assert task.lua() != task.lua()
    assert "{turn}" in task.lua()


def test_the_rate_is_of_the_seconds_that_were_measured() -> None:
    """Not of those that wrk ran."""
    load = read(result(), "", 0.25)
    assert (load.count, load.per_second, load.p50, load.p99, load.client_core) == (30, 20.0, 0.5, 2.0, 0.25)


@pytest.mark.parametrize(
    ("stdout", "why"),
    [
        (result(refused=1), "of 30 answers 1 were errors, 0 never came"),
        (result(broken=2), "of 30 answers 0 were errors, 2 never came"),
        (result(count=0), "of 0 answers 0 were errors, 0 never came"),
        ("unable to connect", "wrk said nothing: unable to connect"),
        ("", "wrk said nothing: "),
    ],
)
def test_a_bad_load_is_no_figure(stdout: str, why: str) -> None:
    """One error, and there is none."""
    with pytest.raises(NoLoadError) as raised:
        read(stdout, "", 0.0)
    assert str(raised.value) == why
