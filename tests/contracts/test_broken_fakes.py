"""A fake that answers a little differently is caught by every trial that is about that part of the answer."""

# ruff: noqa: D102, D103 - the names are sentences

import json
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from sparring.contracts import ContractError
from sparring.contracts.grammar import Expect
from sparring.contracts.loading import Trial, has_rules, rules
from sparring.contracts.place import Call, Given, Reply
from sparring.contracts.running import Verdict, run_trial
from sparring.mocks.providers import NAMES
from tests.contracts.places import StagePlace, Stages
from tests.mocks.stages import in_loop

Break = Callable[[Reply], Reply]


class Broken(StagePlace):
    """Answers as the fake does, but for the n-th time."""

    nth = 0
    change: Break = staticmethod(lambda reply: reply)
    asked = 0

    async def send(self, call: Call) -> Reply:
        reply = await super().send(call)
        self.asked += 1
        return self.change(reply) if self.asked == self.nth else reply


class BrokenStages(Stages):
    """Stages whose n-th answer is changed."""

    def __init__(self, nth: int, change: Break) -> None:
        super().__init__()
        self.nth, self.change = nth, change

    async def open(self, given: Given) -> StagePlace:
        place = await super().open(given)
        place.__class__ = Broken
        assert isinstance(place, Broken)
        place.nth, place.change, place.asked = self.nth, self.change, 0
        return place


def status(reply: Reply) -> Reply:
    """Another status."""
    return replace(reply, status=reply.status + 1)


def header_more(reply: Reply) -> Reply:
    """A header that the real one does not send."""
    return replace(reply, headers=(*reply.headers, ("X-Powered-By", "nobody")))


def header_less(reply: Reply) -> Reply:
    """Without its first header that counts."""
    first = next(name for name, _ in reply.headers if counts(name))
    return replace(reply, headers=tuple(pair for pair in reply.headers if pair[0] != first))


def header_changed(reply: Reply) -> Reply:
    """With a word more in its first header."""
    first = next(name for name, _ in reply.headers if counts(name))
    changed = ((name, f"{value} changed" if name == first else value) for name, value in reply.headers)
    return replace(reply, headers=tuple(changed))


def counts(name: str) -> bool:
    """Whether a header is the provider's own."""
    return name.lower() not in {"date", "content-length", "location"}


def member_more(reply: Reply) -> Reply:
    """With a member more."""
    return replace(reply, body=json.dumps({**json.loads(reply.body), "more": 1}).encode())


def member_less(reply: Reply) -> Reply:
    """Without its first member."""
    members = json.loads(reply.body)
    return replace(reply, body=json.dumps(dict(list(members.items())[1:])).encode())


def member_order(reply: Reply) -> Reply:
    """With its members the other way round."""
    return replace(reply, body=json.dumps(dict(reversed(json.loads(reply.body).items()))).encode())


def words(reply: Reply) -> Reply:
    """With a body of other words."""
    return replace(reply, body=b"<title>Other</title>Something else")


def parameter(reply: Reply) -> Reply:
    """With a parameter more in the Location."""
    found = ((name, f"{value}&more=1" if name == "Location" else value) for name, value in reply.headers)
    return replace(reply, headers=tuple(found))


def applicable(change: Break, expect: Expect, reply: Reply) -> bool:
    """Whether the trial is about what that changes."""
    own = any(counts(name) for name, _ in reply.headers)
    members = isinstance(expect.json, dict) and isinstance(json.loads(reply.body), dict)
    about: dict[Break, bool] = {
        status: True,
        header_more: expect.headers is not None,
        header_less: expect.headers is not None and own,
        header_changed: expect.headers is not None and own and "<<" not in json.dumps(expect.headers),
        member_more: members,
        member_less: members and bool(expect.json),
        member_order: members and len(expect.json) > 1,
        words: expect.body is not None or expect.page is not None or expect.json is not msgspec.UNSET,
        parameter: expect.location is not None,
    }
    return about[change]


def sample() -> list[Trial]:
    """Every so many trials of every provider, others with every number of them."""
    found: list[Trial] = []
    for name in NAMES:
        try:
            trials = rules(name).trials if has_rules(name) else ()
        except ContractError:
            continue
        found += trials[:: max(1, len(trials) // 8)]
    return found


@pytest.mark.parametrize("trial", sample(), ids=lambda trial: trial.id)
@in_loop
async def test_a_fake_that_answers_differently_is_caught(trial: Trial) -> None:
    contract = rules(trial.rule.id.partition("/")[0])
    whole = await run_trial(contract, trial, Stages())
    if whole.verdict is not Verdict.HOLDS:
        pytest.skip("it does not hold as it is: test_rules tells")
    nth, reply = len(whole.exchanges), whole.exchanges[-1][1]
    tried = 0
    changes = (
        status, header_more, header_less, header_changed, member_more, member_less, member_order, words, parameter,
    )  # fmt: skip
    for change in changes:
        if applicable(change, trial.expect, reply):
            result = await run_trial(contract, trial, BrokenStages(nth, change))
            assert result.verdict is Verdict.DIFFERS, f"{change.__doc__} goes unnoticed"
            tried += 1
    assert tried
