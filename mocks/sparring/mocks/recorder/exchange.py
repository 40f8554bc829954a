"""One exchange, as it was, and as JSON."""

import base64
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import quote, urlsplit

from sparring.mocks.engine.messages import Answer, Request


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request and what became of it. ``at`` is stage time, ``elapsed`` real seconds since the stage opened, ``took``
    those until it was answered.

    ``answer`` stays None where nothing went out that is an answer (a wire fault); ``spoilt`` is what that works on.
    ``held``: it waits at the barrier; ``ended``: nothing more becomes of it.
    """

    n: int
    provider: str
    endpoint: str
    request: Request
    at: float
    elapsed: float
    connection: int = 0
    answer: Answer | None = None
    spoilt: Answer | None = None
    held: bool = False
    ended: bool = False
    took: float = 0.0
    weighed: int = 0
    """Bytes of it that the recorder has counted."""

    @property
    def size(self) -> int:
        """Bytes of its headers and bodies, about."""
        request, answer = self.request, self.answer or self.spoilt
        size = len(request.path) + len(request.query) + len(request.body)
        size += sum(map(len, chain.from_iterable(request.headers)))
        if answer is not None:
            size += len(answer.body) + sum(map(len, chain.from_iterable(answer.headers)))
        return size

    @property
    def settled(self) -> bool:
        """Whether nothing happens to it by itself: it has ended, or it is held."""
        return self.held or self.ended

    def as_json(self) -> dict[str, Any]:
        """The exchange as the control port gives it: raw, nothing hidden."""
        request, answer = self.request, self.answer
        target = f"{request.path}?{request.query}" if request.query else request.path
        return {
            "n": self.n,
            "provider": self.provider,
            "endpoint": self.endpoint,
            "method": request.method,
            "url": _url(request, target),
            "headers": [list(pair) for pair in request.headers],
            "body": _text(request.body),
            "status": answer.status if answer else None,
            "response_headers": [[name.lower(), value] for name, value in answer.headers] if answer else [],
            "response_body": _text(answer.body) if answer else "",
            "rule": answer.rule.id if answer else "",
            "source": answer.rule.source if answer else "",
            "mend": answer.rule.mend if answer else "",
            "at": round(self.at, 6),
            "elapsed": round(self.elapsed, 6),
            "connection": self.connection,
            "facts": request.facts.as_json(),
        } | ({"held": True} if self.held else {})


def _url(request: Request, target: str) -> str:
    """The address as it was asked for; where that is none, with the host in percent-encoding, for others to read."""
    url = f"{request.scheme}://{request.host}{target}"
    if url.isascii() and "[" not in url and "]" not in url:
        return url
    try:
        urlsplit(url)
    except ValueError:
        return f"{request.scheme}://{quote(request.host, safe=':')}/{target.removeprefix('/')}"
    return url


def _text(data: bytes) -> str | dict[str, str]:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
