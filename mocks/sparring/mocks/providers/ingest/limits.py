"""Rate limiting, as the API reference has it; how many calls in how many seconds it does not say."""

from dataclasses import dataclass

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request

LIMIT, WINDOW = 100, 10  # [assumed] calls, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A caller's interval, by whole seconds of the stage; it began with a call."""

    started_at: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has ``used`` of the interval, this call included, and for how many seconds it still runs."""

    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        """Whether this call is one too many."""
        return self.used > LIMIT

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The three headers of each API response [doc: Rate Limiting]."""
        return limit_headers(max(LIMIT - self.used, 0), self.reset)


def limit_headers(left: int, reset: int) -> tuple[tuple[str, str], ...]:
    """So many calls are left, for so many seconds."""
    return (
        ("X-RateLimit-Limit", str(LIMIT)),
        ("X-RateLimit-Remaining", str(left)),
        ("X-RateLimit-Reset", str(reset)),
    )


def bearer(request: Request) -> str | None:
    """The token of the Authorization header, None without one."""
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None


async def spend(desk: Desk, request: Request) -> Allowance:
    """Count a call: for the application whose token it bears, or among those of nobody [assumed]."""
    value = bearer(request)
    token = None if value is None else await tokens.find_token(desk, value)
    caller = "-" if token is None else token.client_id
    now = desk.seconds()
    window = await desk.store.get(Window, caller)
    if window is None or not 0 <= now - window.started_at < WINDOW:
        window = Window(started_at=now)
        await desk.store.put(caller, window, until=now + WINDOW)
    used = await desk.store.count(f"calls/{caller}/{window.started_at}")
    return Allowance(used, window.started_at + WINDOW - now)
