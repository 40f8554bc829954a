"""Results as a developer reads them."""

from sparring.contracts.place import Call, Reply
from sparring.contracts.running import Result

SHOWN = 2
"""So many exchanges, the last ones, are shown in full."""


def told(result: Result) -> str:
    """The verdict, the differences, and what crossed the wire."""
    lines = [f"{result.trial.id}: {result.verdict} {result.reason}".rstrip(), f"  {result.trial.rule.text}"]
    for number, (call, reply) in enumerate(result.exchanges, start=1):
        lines += _exchange(number, call, reply, whole=number > len(result.exchanges) - SHOWN)
    lines += [f"  - {difference}" for difference in result.differences]
    return "\n".join(lines)


def _exchange(number: int, call: Call, reply: Reply, *, whole: bool) -> list[str]:
    if not whole:
        return [f"  [{number}] {call.method} {call.url[:160]} -> {reply.status}"]
    asked = [f"  [{number}] > {call.method} {call.url}", *(f"      > {name}: {value}" for name, value in call.headers)]
    if call.body:
        asked.append(f"      > {call.body.decode('utf-8', 'replace')[:1000]}")
    came = [f"      < {reply.status}", *(f"      < {name}: {value}" for name, value in reply.headers)]
    if reply.body:
        came.append(f"      < {reply.text[:3000]}")
    return [*asked, *came]
