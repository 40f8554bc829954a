"""A scenario in words for a person with `sparring serve`: what is on stage, what to do, what to look at."""

import json
from collections.abc import Iterator

from sparring.harness.scenario import (
    Advance,
    ChangeSecret,
    Do,
    Move,
    PassLifetime,
    Restart,
    Revoke,
    RotateKeys,
    Scenario,
    StageAhead,
)

STAGE = "/stages/main"


def serve_command(one: Scenario, provider: str, *, on_stage: bool) -> str:
    """The command that serves that provider for it. ``on_stage``: whether `serve --scenario` knows it."""
    words = ["sparring serve", provider, *one.setting.others]
    if on_stage:
        words.append(f"--scenario {one.id}")
    elif provider in one.variants:
        words.append(f"--variant {provider}={one.variants[provider]}")
    if one.tls:
        words.append("--tls")
    return " ".join(words)


def steps(one: Scenario, hint: str = "") -> tuple[str, ...]:
    """What to do then, sentence by sentence. ``hint`` is the preset's own word to the developer."""
    return (*_stage(one), *map(_move, one.plan), *([hint] if hint else ()), _look(one))


def _stage(one: Scenario) -> Iterator[str]:
    setting = one.setting
    if setting.stage:
        yield f"Open a stage of its own, with {json.dumps(dict(setting.stage))} (POST /stages)."
    if setting.client:
        yield f"Change the registered client: {json.dumps(dict(setting.client))} (POST {STAGE}/clients)."
    if one.scope is not None:
        yield f"Tell the client the scope `{one.scope}`."
    if setting.context:
        told = ", ".join(f"{name} = {value}" for name, value in setting.context.items())
        yield f"Tell the client {told}; a word in braces stands for an address: of the provider, of nobody, of another."
    if setting.login_query:
        yield f"Open the login with {json.dumps(dict(setting.login_query))} as its query."


def _move(move: Move) -> str:
    match move:
        case Do():
            return _instruction(move)
        case PassLifetime(kind, beyond):
            when = f"{_seconds(abs(beyond))} {'after' if beyond >= 0 else 'before'}"
            return (
                f"Let time pass until {when} the end of the {kind.replace('_', ' ')} "
                f"(POST {STAGE}/clock/advance; the client's clock as well)."
            )
        case Advance(seconds):
            return f"Let {_seconds(seconds)} pass (POST {STAGE}/clock/advance; the client's clock as well)."
        case StageAhead(seconds):
            return f"Set the provider's clock alone {_seconds(seconds)} ahead (POST {STAGE}/clock/advance)."
        case Restart():
            return "Kill the client, and start it again with what it kept."
        case RotateKeys(keep_old):
            rest = " The old key stays published." if keep_old else ""
            return f"Have the provider sign with another key (POST {STAGE}/keys/rotate).{rest}"
        case Revoke(kind):
            return f"Withdraw every {kind.replace('_', ' ')} (POST {STAGE}/tokens/revoke)."
        case ChangeSecret():
            return f"Replace the client's secret, and tell nobody (POST {STAGE}/clients)."


def _seconds(number: float) -> str:
    return f"{number:g} second{'' if number == 1 else 's'}"


def _instruction(move: Do) -> str:
    for_whom = "" if move.user is None else f" for user number {move.user + 1}"
    where = "" if move.provider is None else f" at {move.provider}"
    if move.do == "register":
        return f"Have the client register the user `{move.remote_user_id}`{where}."
    if move.do == "authenticate":
        if move.fresh:
            return f"Have the client forget its token and get a new one{where}{for_whom}."
        return f"Have the client get a token{where}{for_whom}, unless it holds a usable one."
    often = {1: "once", 2: "twice"}.get(move.times, f"{move.times} times")
    return f"Have the client call the API {often}{', all at the same time' if move.parallel else ''}{where}{for_whom}."


def _look(one: Scenario) -> str:
    most = f"{one.budget.token} requests for tokens and {one.budget.api} of the API"
    return f"Look at what crossed the wire (GET {STAGE}/recording?redacted=true); {most} are the most that it takes."
