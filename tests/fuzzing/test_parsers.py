"""A sample for every parser, and what went wrong once; ``make fuzz-long`` tries a million. What is broken is found."""

# ruff: noqa: D103 - the names are sentences

import json

import pytest
from hypothesis import strategies as st

from tests.fuzzing.mutants import mutants
from tests.fuzzing.parser import Parser, blow_up, smallest, steepness, trouble
from tests.fuzzing.parsers import PARSERS
from tests.fuzzing.running import CORPUS, again, kept, run
from tests.fuzzing.trying import PORTS, WIRE
from tests.sampling import THOROUGH

CASES = 2_000 if THOROUGH else 48


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_a_parser_reads_or_refuses(parser: Parser) -> None:
    assert run(parser, CASES, seed=2, blow_ups=THOROUGH).wrong == []


@pytest.mark.parametrize("parser", [one for one in PARSERS if kept(one.name)], ids=lambda parser: parser.name)
def test_what_went_wrong_once_goes_well(parser: Parser) -> None:
    assert [case for case in kept(parser.name) if again(parser, case)] == []


def test_every_parser_and_every_regression_has_its_name() -> None:
    names = [one.name for one in PARSERS]
    assert len(names) == len(set(names))
    assert {file.stem for file in CORPUS.glob("*.txt")} <= {*names, *(f"{WIRE}{name}" for name in PORTS)}


def parser_of(read: object, *own: type[Exception]) -> Parser:
    assert callable(read)
    return Parser(name="broken", cases=st.just(b'{"a": [1, 2]}'), read=read, own=own)


def test_an_error_that_is_not_its_own_is_found_and_made_small() -> None:
    broken = parser_of(json.loads, json.JSONDecodeError)  # bytes that are no UTF-8 are another error
    tally = run(broken, 400, seed=1, blow_ups=False)
    ((case, told),) = tally.wrong
    assert isinstance(case, bytes)
    assert len(case) < 5
    assert "UnicodeDecodeError" in told
    assert run(parser_of(json.loads, ValueError), 400, seed=1, blow_ups=False).wrong == []


def test_time_that_grows_with_the_square_is_found() -> None:
    slow = parser_of(lambda data: sum(1 for at in range(len(data)) for _ in range(at)))
    assert "bytes took" in steepness(slow, b"xay", 1, 1)
    assert steepness(parser_of(lambda data: sum(1 for _ in data)), b"xay", 1, 1) == ""


def test_what_is_blown_up_is_as_long_as_it_should_be() -> None:
    assert blow_up(b"abc", 1, 1, 10) == b"abbbbbbbc"
    assert len(blow_up(b"", 0, 3, 4_096)) == 4_096


def test_mutants_are_the_same_for_the_same_seed() -> None:
    assert list(mutants(b"grant_type=a", 5, 9)) == list(mutants(b"grant_type=a", 5, 9))
    assert len({*mutants(b"grant_type=a", 5, 9)}) > 5


def test_the_smallest_input_is_what_it_takes() -> None:
    assert smallest(parser_of(lambda data: data.index(b"{") if b"!" in data else 0), b"abc!def") == b"!"
    assert trouble(parser_of(lambda _: None), b"anything") == ""
