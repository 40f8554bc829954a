"""The stage's clock against a wall clock that is moved by hand."""

# ruff: noqa: D103 - the names are sentences

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.clock import Clock
from tests.mocks.stages import START, Wall

# Binary fractions, so that sums are exact.
SECONDS = st.integers(-(2**40), 2**40).map(lambda sixteenths: sixteenths / 16)
MOVES = st.lists(
    st.tuples(st.sampled_from(["advance", "set", "freeze", "freeze at", "resume", "wall"]), SECONDS), max_size=20
)


def test_it_runs_with_the_wall() -> None:
    wall = Wall()
    clock = Clock(wall)
    assert (clock.now(), clock.frozen) == (START, False)
    wall.seconds += 2.5
    assert clock.now() == START + 2.5


def test_frozen_it_stands_still_and_runs_on_from_there() -> None:
    wall = Wall()
    clock = Clock(wall)
    clock.freeze()
    wall.seconds += 100
    assert (clock.now(), clock.frozen) == (START, True)
    clock.resume()
    assert (clock.now(), clock.frozen) == (START, False)
    wall.seconds += 1
    assert clock.now() == START + 1


def test_it_can_be_frozen_at_a_time() -> None:
    clock = Clock(Wall())
    clock.freeze(at=5.0)
    assert clock.now() == 5.0
    clock.freeze()
    assert clock.now() == 5.0


@pytest.mark.parametrize("frozen", [False, True])
def test_set_and_advance_leave_it_frozen_or_running(frozen: bool) -> None:
    wall = Wall()
    clock = Clock(wall)
    if frozen:
        clock.freeze()
    clock.set(1000.0)
    clock.advance(60)
    clock.advance(-10)
    assert (clock.now(), clock.frozen) == (1050.0, frozen)
    wall.seconds += 1
    assert clock.now() == (1050.0 if frozen else 1051.0)


def test_resuming_a_running_clock_changes_nothing() -> None:
    clock = Clock(Wall())
    clock.advance(10)
    clock.resume()
    assert clock.now() == START + 10


def test_restart_goes_back_to_the_wall() -> None:
    wall = Wall()
    clock = Clock(wall)
    clock.freeze(at=7.0)
    clock.restart()
    wall.seconds += 3
    assert (clock.now(), clock.frozen) == (START + 3, False)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_clock_can_go_as_another_one_goes(frozen: bool) -> None:
    wall = Wall()
    one, other = Clock(wall), Clock(wall)
    one.advance(60)
    if frozen:
        one.freeze()
    assert one.setting == (60.0, START + 60 if frozen else None)
    other.adopt(*one.setting)
    wall.seconds += 1
    assert (other.now(), other.frozen) == (one.now(), frozen) == (START + (60 if frozen else 61), frozen)
    other.resume()
    assert other.now() == START + (60 if frozen else 61)


@given(MOVES)
def test_only_the_wall_and_the_hand_move_it(moves: list[tuple[str, float]]) -> None:
    wall = Wall()
    clock = Clock(wall)
    shown, frozen = START, False
    for move, seconds in moves:
        if move == "wall":
            wall.seconds += seconds
            shown += 0 if frozen else seconds
        elif move == "advance":
            clock.advance(seconds)
            shown += seconds
        elif move == "set":
            clock.set(seconds)
            shown = seconds
        elif move == "resume":
            clock.resume()
            frozen = False
        else:
            at = seconds if move == "freeze at" else None
            clock.freeze(at)
            shown, frozen = shown if at is None else at, True
        assert (clock.now(), clock.frozen) == (shown, frozen)
