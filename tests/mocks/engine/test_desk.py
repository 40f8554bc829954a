"""What a desk adds to its clock and its store."""

# ruff: noqa: D103 - the names are sentences

from sparring.mocks.engine.desk import NoFaults
from tests.mocks.engine.desks import make_desk
from tests.mocks.stages import START, in_loop, request


def test_its_seconds_are_whole_and_never_ahead() -> None:
    desk = make_desk()
    desk.clock.advance(0.9)
    assert (desk.seconds(), type(desk.seconds())) == (int(START), int)


@in_loop
async def test_a_label_has_a_number_of_its_own() -> None:
    desk = make_desk()
    assert await desk.serial("code", 7) == ("trainer", "code", 7, 1)
    assert await desk.serial("code", 7) == ("trainer", "code", 7, 2)
    assert await desk.serial("code", 8) == ("trainer", "code", 8, 1)
    assert await desk.store.number("code/7") == 3


def test_without_faults_parameters_stay_as_they_are() -> None:
    params = [("code", "c")]
    assert NoFaults().alter(request("GET", "/"), "authorization-response", params) == [("code", "c")]
