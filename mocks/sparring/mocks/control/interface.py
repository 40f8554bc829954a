"""What can be done to stages. Every shape is JSON, so both transports say the same."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol

Json = dict[str, Any]


class ControlError(Exception):
    """A wish that cannot be granted: ``status`` as HTTP has it (400 bad wish, 404 nothing of that name, 408 it did not
    happen in time, 409 taken).
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Control(Protocol):
    """The control port. Every method raises ControlError with one sentence where it cannot do as asked."""

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """Open a stage. Members of ``spec``, all optional but the first: ``providers`` (names), ``id``, ``seed``,
        ``variants``, ``lifetimes`` (seconds by provider and kind), ``redirect_uris``, ``origins``, ``issuer``,
        ``seeded_secrets``, ``fresh_keys``, ``ports`` and ``urls`` (by provider), ``scenario`` (a saved one). The answer
        has ``id``, ``ca_file``, ``decoy_url`` and, by name, each provider's base URL, credentials, users and endpoints.
        """
        ...

    async def stages(self) -> list[Json]:
        """Every open stage, as ``open_stage`` described it."""
        ...

    async def describe(self, stage: str) -> Json:
        """One stage, as ``open_stage`` described it; a provider's variant and lifetimes as they are now."""
        ...

    async def settle(self, stage: str, provider: str, settings: Mapping[str, Any]) -> Json:
        """Let the provider behave otherwise from now on: ``variant``, ``lifetimes`` (seconds by kind), each as it was
        where it is left out. Tokens that were given out keep their life. The provider, as ``describe`` tells of it.
        """
        ...

    async def close_stage(self, stage: str) -> None:
        """Close its sockets and forget it."""
        ...

    async def reset(self, stage: str) -> None:
        """Back to the beginning: no state, no faults, no recording, clock with the wall clock."""
        ...

    async def clock(self, stage: str) -> Json:
        """``{"now": POSIX seconds, "frozen": bool}``."""
        ...

    async def move_clock(self, stage: str, how: str, seconds: float | None = None) -> Json:
        """``advance`` by seconds, ``set`` to POSIX seconds, ``freeze``, ``resume``; the clock afterwards."""
        ...

    async def faults(self, stage: str) -> list[Json]:
        """The faults on stage, with how often each fired."""
        ...

    async def add_fault(self, stage: str, fault: Mapping[str, Any]) -> Json:
        """Put a fault on stage; it comes back with its id."""
        ...

    async def remove_faults(self, stage: str, fault: str | None = None) -> None:
        """Take one fault off, or all."""
        ...

    async def fire(self, stage: str, provider: str, endpoint: str) -> list[Json]:
        """Faults of place ``agent`` that fire at this moment of the user agent's; each firing counts."""
        ...

    async def put_on(self, stage: str, scenario: str, provider: str | None = None) -> Json:
        """Put what goes wrong in that scenario on stage, at that provider alone if one is named: ``id``, ``title``,
        ``hint`` (what is left to do by hand) and its ``faults``. 404 where there is no preset of that id, 409 where it
        is on stage already.
        """
        ...

    async def saved(self, stage: str) -> Json:
        """The recording as a saved scenario, without secrets: how the stage was opened, what went wrong on purpose, and
        when; what ``open_stage`` takes as ``scenario``.
        """
        ...

    async def recording(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        redacted: bool = False,
    ) -> list[Json]:
        """The exchanges, raw; ``redacted``: with fingerprints instead of secrets, tokens and codes."""
        ...

    async def page(self, stage: str, **wanted: Any) -> Json:
        """A page of the recording, as people read it: at most ``limit`` exchanges, the newest ones, or those numbered
        below ``before``, or the first ones after ``since``; ``provider``, ``endpoint``, ``status`` (``404``, ``4xx``,
        ``none``), ``refused`` (bool) and ``text`` say which. The answer has ``exchanges`` (raw, each with ``mark``,
        ``refused``, ``ended`` and ``took``), ``more``, ``kept`` and ``last``.
        """
        ...

    async def notes(self, stage: str, since: int = 0) -> list[Json]:
        """The remarks on the recording with a number ``n`` beyond ``since``, in their order."""
        ...

    async def note(self, stage: str, note: Mapping[str, Any]) -> Json:
        """Leave a remark: ``text``, and if they are known ``exchange`` (its number), ``verdict`` (FAIL, WARN, NOTE) and
        ``check``. It comes back with its number.
        """
        ...

    async def wait(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        count: int = 1,
        timeout: float = 10,  # noqa: ASYNC109  it is the wish
    ) -> list[Json]:
        """The exchanges, as soon as ``count`` of them have settled: were answered, ended without an answer, or are held
        at the barrier. 408 where that does not come about within ``timeout`` real seconds.
        """
        ...

    def stream(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        redacted: bool = False,
    ) -> AsyncGenerator[Json, None]:
        """The exchanges recorded so far, then each one when it ends, until the stage is closed. A reader who falls
        thousands behind misses the oldest of them.
        """
        ...

    async def har(self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0) -> Json:
        """The exchanges as an HTTP archive (HAR 1.2), always redacted."""
        ...

    async def clear_recording(self, stage: str) -> None:
        """Forget the exchanges."""
        ...

    async def clients(self, stage: str, provider: str) -> list[Json]:
        """The provider's registered clients, secrets included."""
        ...

    async def change_client(self, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]) -> Json:
        """Change ``name``, ``secret``, ``public``, ``redirect_uris``, ``scopes``, ``grants``, ``enabled``, ``consent``,
        ``lifetimes`` (seconds by kind); a new id registers a client. One that stops being public is given a secret.
        """
        ...

    async def remove_client(self, stage: str, provider: str, client_id: str) -> None:
        """Forget a client; the provider no longer knows it."""
        ...

    async def users(self, stage: str, provider: str) -> list[Json]:
        """The people with an account at the provider, passwords included."""
        ...

    async def change_user(self, stage: str, provider: str, username: str, changes: Mapping[str, Any]) -> Json:
        """Change ``password``, ``name``, ``email``, ``attributes``, ``locked``; a new username opens an account."""
        ...

    async def remove_user(self, stage: str, provider: str, username: str) -> None:
        """Close an account; the person's sessions and tokens end with it."""
        ...

    async def tokens(self, stage: str, provider: str) -> list[Json]:
        """The tokens that are good at this moment, the newest first, by fingerprint: ``kind``, ``fp``, ``client_id``,
        ``user`` (a username, or null), ``scope``, ``generation``, ``session``, ``issued_at`` and ``expires_at`` (POSIX
        seconds; null for never). At most some hundreds.
        """
        ...

    async def mint(self, stage: str, provider: str, wish: Mapping[str, Any]) -> Json:
        """An access token out of turn. Members of ``wish``, all optional: ``client_id``, ``user`` (a username),
        ``scope``, ``expires_in`` (seconds; a negative number makes a token that has expired), ``claims`` (over the
        token's own; null leaves one out). The answer has ``access_token``, ``token_type``, ``expires_in``, ``scope``
        and ``session``.
        """
        ...

    async def revoke(
        self,
        stage: str,
        provider: str,
        kind: str | None = None,
        *,
        token: str | None = None,
        user: str | None = None,
        session: str | None = None,
        fingerprint: str | None = None,
    ) -> int:
        """Withdraw every live token that fits; how many. ``kind``: access_token or refresh_token; ``token``: one value;
        ``user``: a username; ``session``: what came of one login or token request, the facts' ``family``;
        ``fingerprint``: the facts' ``fp`` of one token.
        """
        ...

    async def rotate_keys(self, stage: str, provider: str, *, keep_old: bool = True) -> list[Json]:
        """Sign with a new key from now on. ``keep_old``: the one before it stays published. The keys, the signing one
        first, each ``{"kid"}``.
        """
        ...

    async def hold(self, stage: str, match: Mapping[str, Any]) -> None:
        """Let requests that match (provider, endpoint, client, grant) wait, before they are handled, until release."""
        ...

    async def release(self, stage: str) -> int:
        """Let all that wait go on, in the order of their arrival, and hold nothing any more; how many waited."""
        ...
