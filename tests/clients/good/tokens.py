"""From the token endpoint's answer to a token, or to the trouble that it is."""

import json
import time
from typing import Any, NamedTuple

from tests.clients.good.trouble import Trouble, name_of_error, outcome_of_error
from tests.clients.good.wire import Answer

MARGIN = 10.0
"""Seconds before its end at which a token counts as old; a short-lived one keeps four fifths of its life."""


def now() -> float:
    """The wall clock: a token's life passes while this machine sleeps, too."""
    return time.time()  # noqa: TID251 - a client under test has no stage whose clock it could ask


class Token(NamedTuple):
    """An access token and what came with it. ``renew_at`` is None where its life is unknown."""

    value: str
    refresh: str | None
    renew_at: float | None
    expires_at: float | None
    scope: str | None
    identity: str | None = None
    """The ID token, as it came."""

    @property
    def old(self) -> bool:
        """Whether it is time for a new one."""
        return self.renew_at is not None and now() >= self.renew_at


def parse(answer: Answer) -> dict[str, Any]:
    """The JSON object of a successful answer; every other answer is Trouble of its class."""
    status = answer.status
    if 300 <= status < 400:
        raise Trouble("protocol", "the token endpoint redirects", status=status)
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        data = None
    if status in {408, 425, 429} or status >= 500:
        raise Trouble("retry-later", f"the token endpoint answers {status}", status=status, retry_after=wait(answer))
    if isinstance(data, dict) and "error" in data:
        code = data["error"]
        outcome = "protocol" if status == 200 else outcome_of_error(code)
        raise Trouble(outcome, f"the token endpoint says {name_of_error(code)}", status=status)
    if status != 200:
        raise Trouble("protocol", f"the token endpoint answers {status}", status=status)
    if not isinstance(data, dict):
        raise Trouble("protocol", "the token endpoint's answer is no JSON object", status=status)
    return data


def wait(answer: Answer) -> int | None:
    """``Retry-After``, where it is a number of seconds."""
    value = answer.headers.get("retry-after", "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else None


def lifetime(value: object) -> float | None:
    """``expires_in`` as seconds: a number, or a numeric string as some providers send it; else unknown.

    A life that is negative is over, as one of no seconds is.
    """
    if isinstance(value, str):
        text = value.strip()
        return float(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return max(float(value), 0.0) if abs(value) < 10**11 else None


def expiry(seconds: float | None) -> tuple[float | None, float | None]:
    """When to renew a token that lives so long from now, and when it ends; None where its life is unknown."""
    if seconds is None:
        return None, None
    end = now() + seconds
    return end - (MARGIN if seconds > 2 * MARGIN else seconds / 5), end


def text_of(data: dict[str, Any], name: str) -> str | None:
    """A member that is a string with something in it."""
    value = data.get(name)
    return value if isinstance(value, str) and value.strip() else None


def usable_in_header(value: str) -> bool:
    """Whether a token can stand in a header: visible ASCII only (RFC 6750, section 2.1)."""
    return all("!" <= character <= "~" for character in value)
