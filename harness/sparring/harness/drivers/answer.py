"""What a client says about itself, read with care."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sparring.harness.drivers import CLIENT_OUTCOMES, Reply

_DEEPEST = 64


def json_object(line: bytes | str) -> dict[str, Any] | None:
    """The JSON object on a line, or None where the line is anything else."""
    try:
        text = line if isinstance(line, str) else line.decode()
        said = json.loads(text) if text.lstrip().startswith("{") and _depth(text) <= _DEEPEST else None
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _depth(text: str) -> int:
    """How deep the brackets of a line go, at most: the parser itself would recurse until the interpreter gives up."""
    if text.count("{") + text.count("[") <= _DEEPEST:
        return 0
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", re.sub(r'"(?:[^"\\]|\\.)*+"?', "", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def reply_from(said: Mapping[str, Any]) -> Reply:
    """Turn a client's object with ``outcome`` into a reply; an outcome outside the protocol is an ``error``,
    which a client may also say itself: an error of no known class.
    """
    outcome, status, detail, calls = (said.get(name) for name in ("outcome", "status", "detail", "calls"))
    known = isinstance(outcome, str) and outcome in CLIENT_OUTCOMES
    words = detail if isinstance(detail, str) else ""
    if not known and outcome != "error":
        words = f"the client answered with the outcome {outcome!r}, which the protocol does not know" + (
            f": {words}" if words else ""
        )
    return Reply(
        outcome=str(outcome) if known else "error",
        status=status if isinstance(status, int) and not isinstance(status, bool) else None,
        detail=words,
        calls=tuple(str(call) for call in calls) if isinstance(calls, list) else (),
        said=said,
    )
