"""What a test does to a stage: makes things go wrong, lets time pass, gives out and withdraws tokens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.reading import nearest
from sparring.mocks.testing.accounts import Accounts
from sparring.mocks.testing.clock import StageClock
from sparring.mocks.testing.failures import failure, fault_of
from sparring.mocks.testing.parties import Token
from sparring.mocks.testing.person import visit
from sparring.mocks.testing.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A scenario on stage. ``hint`` says what is left for the test to do; ``faults`` are ids."""

    id: str
    title: str
    hint: str
    faults: tuple[str, ...]


class Fault:
    """A fault on stage, or several that belong together. In a ``with`` block it is taken off at the end."""

    def __init__(self, view: View, *documents: Mapping[str, Any]) -> None:
        self._view = view
        self.ids: tuple[str, ...] = tuple(document["id"] for document in documents)
        self.document = dict(documents[0])

    @property
    def id(self) -> str:
        """The id by which requests name it in their ``faults``; the first where there are several."""
        return self.ids[0]

    @property
    def fired(self) -> int:
        """How often it has happened; 0 once it is off the stage."""
        found = self._view._do(lambda control, stage: control.faults(stage))  # noqa: SLF001  a part of the view
        return sum(int(one["fired"]) for one in found if one["id"] in self.ids)

    def remove(self) -> None:
        """Take it off the stage; once is enough."""
        for name in self.ids:
            self._take_off(name)

    def _take_off(self, name: str) -> None:
        try:
            self._view._do(lambda control, stage: control.remove_faults(stage, name))  # noqa: SLF001
        except ControlError as error:
            if error.status != 404:
                raise

    def __enter__(self) -> "Fault":
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<fault {', '.join(self.ids)}: {self.document['effect']['kind']}>"


class Directing(Accounts):
    """Directions to the stage. What concerns one provider needs its name where there are several."""

    @property
    def clock(self) -> StageClock:
        """The clock of the whole stage."""

        def ask(how: str | None, seconds: float | None) -> Json:
            if how is None:
                return self._do(lambda control, stage: control.clock(stage))
            return self._do(lambda control, stage: control.move_clock(stage, how, seconds))

        return StageClock(ask)

    def expire(self, kind: str = "access_token") -> float:
        """Let time pass until no token of that kind that there is now is taken any more, not even by an API that allows
        for clocks that differ; the seconds that passed.
        """
        lifetimes = self._house.desk.lifetimes
        if kind not in lifetimes:
            raise ControlError(f"unknown lifetime {kind!r} of {self.provider}; {nearest(kind, lifetimes)}")
        seconds = max([lifetimes[kind], *(client.lifetimes.get(kind, 0) for client in self.clients)]) + 1.0
        seconds += self._house.provider.leeway if kind == "access_token" else 0
        self.clock.advance(seconds)
        return seconds

    def fault(
        self,
        kind: str | Mapping[str, Any],
        endpoint: str | None = None,
        *,
        times: int | None = 1,
        grant: str | None = None,
        client: str | None = None,
        attempt: int | None = None,
        per: str | None = None,
        when: str | None = None,
        id: str | None = None,  # noqa: A002  the schema's word
        **members: Any,
    ) -> Fault:
        """Make something go wrong: a kind of effect with its members, at the requests that match.

        ``fault("json-patch", "token", ops=[...])``; ``times`` None: whenever it matches. A mapping is a fault in the
        schema of the control port, as it stands. ControlError where it makes no sense.
        """
        match = {"endpoint": endpoint, "grant": grant, "client": client, "attempt": attempt, "per": per, "when": when}
        return self._put_on(fault_of(kind, match, times, id, members))

    def fail_next(
        self,
        endpoint: str | None = None,
        *,
        error: str | None = None,
        description: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        connection: str | None = None,
        times: int = 1,
        grant: str | None = None,
    ) -> Fault:
        """Let the next request (``times``: the next few) to that endpoint fail, without the provider being asked; what
        was said before comes first, so failures happen in the order in which they were asked for.

        ``error``: with that OAuth error, as the endpoint tells errors (a redirect from ``authorize``, a challenge from
        an API). ``status``: with that status; 429 and 503 in the provider's own words. ``connection``: ``close``,
        ``reset``, ``hang`` or ``garbage``. ControlError where none or several of the three are named.
        """
        effect = failure(
            endpoint,
            error=error,
            description=description,
            status=status,
            retry_after=retry_after,
            connection=connection,
        )
        kind = effect.pop("kind")
        when = "before" if kind == "status" else None
        key = (self._names, endpoint, grant)
        waiting = self._waiting(key)
        if not waiting:
            made = self.fault(kind, endpoint, times=times, grant=grant, when=when, **effect)
        else:
            turns = range(waiting + 1, waiting + times + 1)
            each = [self.fault(kind, endpoint, attempt=turn, grant=grant, when=when, **effect) for turn in turns]
            made = Fault(self, *(one.document for one in each))
        self._open.queue += [(key, name) for name in made.ids]
        return made

    def _waiting(self, key: object) -> int:
        """How many requests shall fail that have not come yet."""
        mine = {name for known, name in self._open.queue if known == key}
        found = self._do(lambda control, stage: control.faults(stage))
        return sum(one["times"] - one["fired"] for one in found if one["id"] in mine)

    def _put_on(self, document: Mapping[str, Any]) -> Fault:
        match = dict(document.get("match") or {})
        if len(self._names) == 1:
            match.setdefault("provider", self._names[0])
        if "provider" in match:
            self._provider_or(match["provider"])
        whole = {**document, "match": match}
        added = self._do(lambda control, stage: control.add_fault(stage, whole))
        try:
            if added["effect"]["kind"] not in _AT_THE_BROWSER:
                self._known_endpoint(match.get("endpoint"))
        except ControlError:
            self._do(lambda control, stage: control.remove_faults(stage, added["id"]))
            raise
        return Fault(self, added)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults on stage."""
        return tuple(Fault(self, one) for one in self._do(lambda control, stage: control.faults(stage)))

    def clear_faults(self) -> None:
        """Nothing goes wrong any more."""
        self._do(lambda control, stage: control.remove_faults(stage))

    def scenario(self, id: str) -> Staged:  # noqa: A002  the protocol's word
        """Put on stage what goes wrong in that scenario of the catalogue (``sparring scenarios``). ControlError."""
        put_on = self._do(lambda control, stage: control.put_on(stage, id))
        faults = tuple(fault["id"] for fault in put_on["faults"])
        return Staged(id=put_on["id"], title=put_on["title"], hint=put_on["hint"], faults=faults)

    @contextmanager
    def hold(
        self, endpoint: str | None = None, *, grant: str | None = None, client: str | None = None
    ) -> Iterator[None]:
        """Let requests to that endpoint wait until the block ends: a race, made to happen.

        ``wait_for`` sees them come.
        """
        self._known_endpoint(endpoint)
        wish = {"endpoint": endpoint, "grant": grant, "client": client}
        if len(self._names) == 1:
            wish["provider"] = self._names[0]
        match = {name: value for name, value in wish.items() if value is not None}
        self._do(lambda control, stage: control.hold(stage, match))
        try:
            yield
        finally:
            self._do(lambda control, stage: control.release(stage))

    def mint(
        self,
        *,
        scope: str | None = None,
        user: str | None = None,
        client_id: str | None = None,
        expires_in: int | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> Token:
        """An access token without asking for one. ``expires_in`` negative: it has expired; ``claims`` over its own."""
        named = {"scope": scope, "user": user, "client_id": client_id, "expires_in": expires_in, "claims": claims}
        wish = {name: value for name, value in named.items() if value is not None}
        name = self.provider
        return Token(**self._do(lambda control, stage: control.mint(stage, name, wish)))

    def revoke(
        self,
        kind: str | None = None,
        *,
        token: str | Token | None = None,
        user: str | None = None,
        session: str | None = None,
    ) -> int:
        """Withdraw every live token that fits (all, where nothing is named); how many. ``kind``: ``access_token`` or
        ``refresh_token``.
        """
        name, value = self.provider, None if token is None else str(token)
        return self._do(
            lambda control, stage: control.revoke(stage, name, kind, token=value, user=user, session=session)
        )

    def rotate_keys(self, *, keep_old: bool = True) -> tuple[str, ...]:
        """Sign with another key from now on; ``keep_old``: the one before stays published. Their ids, newest first."""
        name = self.provider
        keys = self._do(lambda control, stage: control.rotate_keys(stage, name, keep_old=keep_old))
        return tuple(key["kid"] for key in keys)

    def login(self, authorize_url: str, *, user: str | None = None, deny: bool = False) -> str:
        """A person follows that link, signs in and consents (or denies): the URL at which the browser comes back.

        Give it to the client, as the browser would. ControlError where the provider shows an error page instead, or
        does not ask whom it would have to ask to deny.
        """
        people = self._users_of_all()
        callback = self._work(visit(self._open.control, self._open.stage, authorize_url, people, user, deny=deny))
        self._open.logins.append((authorize_url, callback))
        return callback

    def _users_of_all(self) -> dict[str, list[Json]]:
        async def ask() -> dict[str, list[Json]]:
            opened = self._open
            return {name: await opened.control.users(opened.id, name) for name in opened.told["providers"]}

        return self._work(ask())


_AT_THE_BROWSER = frozenset(
    {"callback-elsewhere", "callback-replayed", "code-injected", "login-diverted", "person-denies"}
)
