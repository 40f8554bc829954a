"""Rules as a reader wants them: what was there before, what is done, what comes back."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from sparring.contracts.grammar import VERBS, Expect, Step
from sparring.contracts.loading import FRESH, Contract, Trial


def state_line(contract: Contract, name: str) -> str:
    """What has happened in a state, its parents' summaries first."""
    return (
        " ".join(state.summary for _, state in contract.chain(name)) if name != FRESH else "Nothing has happened yet."
    )


def step_line(step: Step) -> str:
    """A step in a line, as the table has it."""
    members = msgspec.to_builtins(step)
    verb = next(name for name, kind in VERBS.items() if isinstance(step, kind))
    rest = ", ".join(f"{name} {_compact(value)}" for name, value in members.items() if name != verb)
    value = members[verb] if isinstance(members[verb], str) else _compact(members[verb])
    head = value if verb == "request" else f"{verb.replace('_', ' ')} {value}"
    return f"{head} ({rest})" if rest else head


def expect_lines(expect: Expect) -> Iterator[str]:
    """An expectation, a line for each part."""
    for name, value in msgspec.to_builtins(expect).items():
        yield f"{name.replace('_', ' ')}: {value if isinstance(value, (str, int)) else _compact(value)}"


def trial_lines(contract: Contract, trial: Trial) -> Iterator[str]:
    """A trial: given, when, then."""
    yield f"given: {state_line(contract, trial.given)}"
    for step in trial.steps:
        yield f"when: {step_line(step)}"
    for line in expect_lines(trial.expect):
        yield f"then: {line}"


def _compact(value: Any) -> str:
    if isinstance(value, (dict, list)):
        text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**9)
        return text.strip()
    return json.dumps(value, ensure_ascii=False)
