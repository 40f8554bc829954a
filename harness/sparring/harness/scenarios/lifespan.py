"""How long tokens are used, by clocks that move, disagree, or start again."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, PassLifetime, Profile, Restart, Scenario, StageAhead
from sparring.harness.scenarios.reach import ALL, ANY, CLIENT, CODE, EVERY_TIME, WITH_LOGIN, WITHOUT_REFRESH_TOKEN

_LOGIN = (Do("authenticate"), Do("call_api"))
_BEFORE_THE_END = (120, 61, 31, 11, 1, -2)
_SKEWS: Mapping[str, tuple[str, float, str]] = {
    "clock-skew-ahead": ("The provider's clock is 90 seconds ahead", 90, "small-skew-is-tolerated"),
    "clock-skew-behind": ("The provider's clock is 90 seconds behind", -90, "small-skew-is-tolerated"),
    "clock-skew-hour": ("The provider's clock is an hour ahead", 3600, "large-skew-is-no-trap"),
}
_ODD: Mapping[str, tuple[str, Any]] = {
    "fraction": ("a fraction", 3600.5),
    "word": ("a word", "soon"),
    "null": ("null", None),
    "true": ("true", True),
    "list": ("a list", []),
    "object": ("an object", {}),
}


def _stated(
    id: str,  # noqa: A002
    title: str,
    decided_by: str,
    seconds: object,
    profile: Profile,
    providers: frozenset[str],
) -> Scenario:
    """A scenario in which every token answer states that life."""
    return Scenario(
        id=id,
        title=title,
        profile=profile,
        providers=providers,
        grants=ANY,
        severity="robustness",
        plan=(*_LOGIN, Do("call_api")),
        checks=(check(decided_by),),
        faults=(
            {
                "id": id,
                "match": {"endpoint": "token", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "/expires_in", "value": seconds}]},
                "times": EVERY_TIME,
            },
        ),
        budget=Budget(token=8, api=8, jwks=4),
    )


SCENARIOS = (
    Scenario(
        id="early-renewal",
        title="Calls shortly before and after the token's end",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="SHOULD",
        plan=(
            *_LOGIN,
            *(move for left in _BEFORE_THE_END for move in (PassLifetime(beyond=-left), Do("call_api"))),
        ),
        checks=(check("token-is-renewed-before-its-end"),),
        budget=Budget(token=18, api=18, jwks=8, register=10),
    ),
    Scenario(
        id="renew-after-idle",
        title="A pause that is longer than the token's life",
        profile="core",
        providers=ALL,
        grants=ANY,
        severity="SHOULD",
        plan=(*_LOGIN, PassLifetime(beyond=600), Do("call_api")),
        checks=(check("first-call-after-idle-renews"),),
        budget=Budget(token=8, api=8, register=6),
    ),
    _stated(
        "expires-in-zero",
        "The answer says that the token lives for no time at all",
        "spent-lifetime-is-over",
        0,
        "core",
        ALL - {"rotor"},
    ),
    *(
        _stated(
            f"expires-in-negative{name}",
            "The answer says that the token's life is over",
            "spent-lifetime-is-over",
            seconds,
            "robustness",
            ALL - {"rotor"},
        )
        for name, seconds in (("", -5), ("-large", -1586880441))
    ),
    *(
        _stated(
            f"expires-in-not-a-number-{name}",
            f"The token's life is {what}",
            "odd-lifetime-is-no-trap",
            seconds,
            "robustness",
            ALL,
        )
        for name, (what, seconds) in _ODD.items()
    ),
    *(
        Scenario(
            id=name,
            title=title,
            profile="resilience",
            providers=WITH_LOGIN,
            grants=CODE,
            severity="robustness",
            plan=(StageAhead(seconds), *_LOGIN),
            checks=(check(decided_by),),
            budget=Budget(token=4, jwks=4),
        )
        for name, (title, seconds, decided_by) in _SKEWS.items()
    ),
    Scenario(
        id="shared-cache-across-users",
        title="Three users of the application need one token of its own",
        profile="resilience",
        providers=frozenset({"clickview", "rotor"}),
        grants=CLIENT,
        severity="SHOULD",
        plan=(Do("authenticate"), *(Do("call_api", user=user) for user in range(3))),
        checks=(check("one-token-for-all-users"),),
        budget=Budget(token=8, api=8, register=8),
    ),
    Scenario(
        id="concurrent-first-token",
        title="Eight calls at once, and no token yet",
        profile="resilience",
        providers=WITHOUT_REFRESH_TOKEN,
        grants=CLIENT,
        severity="SHOULD",
        plan=(Do("call_api", times=8, parallel=True),),
        checks=(check("one-token-for-first-calls"),),
        faults=(
            {
                "id": "first-token-takes-its-time",
                "match": {"endpoint": "token", "when": "after"},
                "effect": {"kind": "delay", "seconds": 0.2},
                "times": EVERY_TIME,
            },
        ),
        needs=frozenset({"concurrency"}),
        budget=Budget(token=16, api=16, register=16),
    ),
    Scenario(
        id="restart-keeps-refresh-token",
        title="The client is killed after the login, and started again",
        profile="resilience",
        providers=WITH_LOGIN,
        grants=CODE,
        severity="robustness",
        plan=(*_LOGIN, Restart(), Do("call_api")),
        checks=(check("session-survives-a-restart"),),
        needs=frozenset({"persistence"}),
        budget=Budget(token=6, jwks=6),
    ),
)
