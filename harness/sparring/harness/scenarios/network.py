"""What happens below OAuth: answers that are slow, that never come, or that are lost on their way."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario
from sparring.harness.scenarios.reach import ALL, ANY, CODE, EVERY_TIME, WITH_LOGIN

_TOKEN = (Do("authenticate"),)
_BUDGET = Budget(token=12, jwks=4)
_A_FIFTH = 0.2


def _token(
    id: str,  # noqa: A002
    title: str,
    decided_by: str,
    effect: Mapping[str, Any],
    *,
    when: str,
    times: int = EVERY_TIME,
    **more: Any,
) -> Scenario:
    """A scenario in which something happens to the connection to the token endpoint."""
    fault = {"id": id, "match": {"endpoint": "token", "when": when}, "effect": effect, "times": times}
    common: dict[str, Any] = {
        "profile": "resilience",
        "providers": ALL,
        "grants": ANY,
        "severity": "robustness",
        "plan": _TOKEN,
        "budget": _BUDGET,
        "checks": (check(decided_by),),
        "faults": (fault,),
    }
    return Scenario(id=id, title=title, **(common | more))


_SILENT: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "token-hang": ("The token endpoint never answers", "before", {"kind": "hang"}),
    "token-hang-stall": ("After the head of the answer, silence", "after", {"kind": "stall"}),
    "token-hang-drip": ("A byte of the answer every half second", "after", {"kind": "drip", "interval": 0.5}),
}

SCENARIOS = (
    _token(
        "token-slow",
        "The token endpoint takes two seconds",
        "slow-answers-are-awaited",
        {"kind": "delay", "seconds": 2},
        when="before",
        times=1,
    ),
    *(
        _token(
            name,
            title,
            "silence-has-an-end",
            effect,
            when=when,
            pace=_A_FIFTH,
            owns=frozenset({"client-terminates"}),
        )
        for name, (title, when, effect) in _SILENT.items()
    ),
    _token(
        "token-connection-refused",
        "No connection to the token endpoint holds",
        "lost-connections-are-not-hammered",
        {"kind": "reset"},
        when="before",
        owns=frozenset({"code-single-use"}),
    ),
    _token(
        "token-reset-no-replay-of-code",
        "The connection is lost when the code was used up",
        "code-is-not-sent-after-a-reset",
        {"kind": "reset"},
        when="after",
        times=1,
        providers=WITH_LOGIN,
        grants=CODE,
        severity="MUST",
        owns=frozenset({"code-single-use"}),
    ),
)
