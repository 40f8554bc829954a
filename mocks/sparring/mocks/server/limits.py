"""What one connection may ask of a server; beyond it, it is refused by a plain answer and ends."""

import re
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule

REFUSED = Rule("sparring/refused", Mark.ASSUMED, "a limit of Sparring", "Send less, or HTTP.")
PHRASES = {status.value: status.phrase for status in HTTPStatus}
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(:[0-9]*)?")


@lru_cache(maxsize=256)
def names_a_host(value: str) -> bool:
    """Whether that may stand in a Host header (RFC 9112 section 3.2, RFC 3986 section 3.2.2); empty, it may."""
    if _HOST.fullmatch(value) is None:
        return False
    try:
        urlsplit(f"//{value}").port  # noqa: B018  what is in brackets is an address, and a port has an end
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, times in real seconds. The statuses are those of RFC 9110 section 15.5 and RFC 6585 section 5."""

    target: int = 1 << 15
    """Of a request's target; a longer one is 414."""
    head: int = 1 << 16
    """Of a request's header section; a larger one is 431."""
    body: int = 1 << 20
    """Of a request's body; a larger one is 413."""
    parameters: int = 1_000
    """Of a query, and of a form; more are 400."""
    patience: float = 20
    """From a request's first byte to its last; then 408."""
    idle: float = 75
    """Between requests, and before the first; then the connection is closed."""
    linger: float = 2
    """For which what is still being sent is thrown away after a refusal, so that whoever sends gets to read it."""
    look: float = 1
    """Between two looks at what is too old."""


USUAL = Limits()


class RefusedError(Exception):
    """A request that is not served; ``status`` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(PHRASES[status])
        self.status = status

    @property
    def answer(self) -> Answer:
        """What goes out, in nobody's dialect: the provider has not seen the request."""
        body = f"{PHRASES[self.status]}\n".encode()
        headers = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))))
        return Answer(status=self.status, rule=REFUSED, headers=headers, body=body)
