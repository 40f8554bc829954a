"""A stage: providers, storage, clock, entropy, faults and recorder; one isolated set of running fakes."""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeVar

from sparring.mocks.engine import clients, keys, users
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.dates import http_date
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.engine.provider import Handler, Provider
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.engine.store import Store
from sparring.mocks.faults.barrier import Barrier
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.hook import Hook
from sparring.mocks.faults.scene import Scene, about_request, asker
from sparring.mocks.faults.wire import Outcome, WireEffect
from sparring.mocks.providers import DECOY, load
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.recorder import Recorder
from sparring.mocks.storage.promises import StoreError, promising
from sparring.mocks.storage.shared import LastingStore, SharedStorage

Certificate = Literal["untrusted", "wrong-name", "expired", "not-yet-valid", "none"]
NOWHERE = "http://login.elsewhere.invalid"
"""What stands for a provider's second address where it has none: a name that nobody will ever have (RFC 6761)."""

CRASHED = Rule("sparring/crash", Mark.ASSUMED, "a defect of Sparring", "Please report it.")
AWAY = Rule("sparring/store-away", Mark.ASSUMED, "the store of this server", "Look after the store, and ask again.")
_log = logging.getLogger("sparring.mocks")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSpec:
    """What a stage shall be. ``lifetimes`` are seconds by provider and kind; ``redirect_uris`` are added.

    ``explain``: answers carry the rule that decided them, its source and what to mend, in headers of ours.
    ``seeded_secrets``: client secrets and passwords come from the seed instead of being the documented ones.
    ``certificates``: the providers that listen at a second address besides, and what is wrong with the certificate that
    they show there (``none``: it is plain HTTP). ``personas``: besides the default clients and users there are those
    whose names say what they are for.
    """

    providers: tuple[str, ...]
    seed: int = 0
    variants: Mapping[str, str] = field(default_factory=dict)
    lifetimes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    redirect_uris: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    issuer: str | None = None
    seeded_secrets: bool = False
    fresh_keys: bool = False
    explain: bool = False
    personas: bool = False
    certificates: Mapping[str, Certificate] = field(default_factory=dict)


@dataclass(slots=True)
class SideDoor:
    """A provider's second address, what is wrong with the certificate there, and how often somebody has connected."""

    certificate: Certificate
    url: str = ""
    connections: int = 0


@dataclass(slots=True)
class House:
    """One provider on a stage, with its desk. ``first_keys`` are those it opened with, ``keys_before`` those before the
    last rotation. ``side`` is its second address, where it has one.
    """

    provider: Provider
    desk: Desk
    clients: tuple[clients.Client, ...]
    users: tuple[users.User, ...]
    first_keys: tuple[keys.SigningKey, ...] = ()
    rotations: int = 0
    keys_before: tuple[keys.SigningKey, ...] = ()
    side: SideDoor | None = None

    async def desk_for(self, client_id: str | None) -> Desk:
        """The desk as that client finds it: its tokens may have lifetimes of their own."""
        client = None if client_id is None else await self.desk.store.get(clients.Client, client_id)
        if client is None or not client.lifetimes:
            return self.desk
        return replace(self.desk, lifetimes={**self.desk.lifetimes, **client.lifetimes})

    def rotate_keys(self, *, keep_old: bool, fresh: bool) -> None:
        """Sign with another key from now on; the one before it stays published, or nothing is left of it.

        Without ``fresh`` the development keys take turns, but for the last: poisoned tokens are signed with that.
        """
        self.rotations += 1
        self.keys_before = tuple(self.desk.keys)
        index = self.rotations + len(self.first_keys) - 1
        spare = keys.development_keys()[:-1]
        index = index if fresh else index % len(spare)
        key = keys.SigningKey(self.provider.kid(self.desk, index), keys.new_key() if fresh else spare[index])
        self.desk.keys[:] = [key, *self.desk.keys[: int(keep_old)]]

    def restore_keys(self) -> None:
        """The keys of the beginning."""
        self.rotations = 0
        self.keys_before = ()
        self.desk.keys[:] = self.first_keys


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to the stage from outside: the number of requests before it, the provider (None: all), and the
    effect of a fault by which it would happen again.
    """

    after: int
    provider: str | None
    effect: Mapping[str, Any]


class Stage:
    """Opened, reset and dropped in milliseconds; shares nothing with other stages.

    ``wall`` and ``ticks`` are the machine's clock and its monotonic one; ``storage`` makes an empty store, or finds one
    that is shared. ``shared``: other servers answer for the same stage.
    """

    shared: ClassVar[bool] = False
    founded = True
    """Whether it began when it was opened; one that is shared may have been there."""

    def __init__(
        self,
        stage_id: str,
        spec: StageSpec,
        *,
        wall: Callable[[], float],
        ticks: Callable[[], float],
        storage: Callable[[Clock], Store],
    ) -> None:
        self.id = stage_id
        self.spec = spec
        self.clock = Clock(wall)
        self.entropy = Entropy(spec.seed)
        self.faults = FaultBook()
        self.barrier = Barrier()
        opened = ticks()
        self.recorder = Recorder(self.clock.now, lambda: ticks() - opened)
        self.watchers: list[Callable[[Exchange], None]] = [self.recorder.end]
        self.acts: deque[Act] = deque(maxlen=1_000)
        """What was done at the control port between the requests, and would go wrong again if it were done again."""
        self._storage = storage
        self.houses = {name: self._build(load(name)) for name in (*spec.providers, DECOY)}
        houses = reversed(self.houses.values())  # where two have a name, the first one keeps it
        self._by_host = {host: house for house in houses for host in house.provider.hosts}

    def _build(self, provider: Provider) -> House:
        name = provider.name
        desk = Desk(
            provider=name,
            clock=self.clock,
            entropy=self.entropy,
            store=self._store(name),
            keys=[],
            lifetimes=self._lifetimes(provider),
            hook=Hook(self.faults),
            issuer=self.spec.issuer,
            variant=self._variant(provider),
            origins=self.spec.origins,
        )
        for index in range(provider.keys):
            private = keys.new_key() if self.spec.fresh_keys else keys.development_keys()[index]
            desk.keys.append(keys.SigningKey(provider.kid(desk, index), private))
        house = House(provider, desk, self._clients(provider), self._users(provider), tuple(desk.keys))
        if name in self.spec.certificates:
            house.side = SideDoor(self.spec.certificates[name])
        return house

    def _store(self, provider: str) -> Store:
        if isinstance(self._storage, SharedStorage):
            return self._storage.at(self.id, provider, self.clock)
        return self._storage(self.clock)

    def _lifetimes(self, provider: Provider) -> Mapping[str, int]:
        return {**provider.lifetimes, **self.spec.lifetimes.get(provider.name, {})}

    def _variant(self, provider: Provider) -> str:
        return self.spec.variants.get(provider.name, "default")

    def _clients(self, provider: Provider) -> tuple[clients.Client, ...]:
        made = []
        for client in provider.clients + (provider.persona_clients if self.spec.personas else ()):
            secret = client.secret
            if self.spec.seeded_secrets and secret is not None:
                secret = self.entropy.alnum(40, provider.name, "client-secret", client.client_id)
            uris = client.redirect_uris + (self.spec.redirect_uris if client.redirect_uris else ())
            made.append(replace(client, secret=secret, redirect_uris=uris))
        return tuple(made)

    def _users(self, provider: Provider) -> tuple[users.User, ...]:
        people = provider.users + (provider.persona_users if self.spec.personas else ())
        if not self.spec.seeded_secrets:
            return people
        drawn = self.entropy.alnum
        return tuple(replace(user, password=drawn(20, provider.name, "password", user.username)) for user in people)

    async def furnish(self) -> None:
        """Write every provider's clients and users into its store; call once before the first request.

        A shared store in which they were written before keeps what has become of them. StoreError.
        """
        for house in self.houses.values():
            people = ((user.username, user) for user in house.users)
            records = [*((client.client_id, client) for client in house.clients), *people]
            if isinstance(house.desk.store, LastingStore):
                await house.desk.store.furnish(records)
                continue
            for key, record in records:
                await house.desk.store.put(key, record)

    async def reset(self) -> None:
        """Back to the beginning: state, faults and recording are gone, the clock runs with the wall clock again."""
        await self.strike()
        await self.change(self._begin_anew)
        await self.furnish()

    def _begin_anew(self) -> None:
        self.faults.remove()
        self.barrier.lift()
        self.recorder.clear()
        self.acts.clear()
        self.clock.restart()
        for house in self.houses.values():
            house.desk.store = self._store(house.provider.name)
            self.settle_anew(house)
            house.restore_keys()

    def settle_anew(self, house: House) -> None:
        """The variant and the lifetimes with which the stage was opened."""
        house.desk.lifetimes = self._lifetimes(house.provider)
        house.desk.variant = self._variant(house.provider)

    async def strike(self) -> None:
        """Leave nothing in stores that are shared. StoreError."""
        for house in self.houses.values():
            if isinstance(house.desk.store, LastingStore):
                await house.desk.store.clear()

    async def change(self, act: Callable[[], T]) -> T:
        """Do something to the clock, the faults, the settings, the keys or the barrier; say what it said. Where the
        stage is shared it may be done again, for somebody else was quicker.
        """
        return act()

    async def refresh(self, *, recording: bool = False) -> None:
        """Learn what other servers have done to the stage, and what they have recorded if that is asked for."""

    async def close(self) -> None:
        """Nobody looks at it any more."""
        self.recorder.close()

    async def forget_recording(self) -> None:
        """Forget what was recorded; numbers go on. StoreError."""
        self.recorder.clear()

    async def vanish(self) -> None:
        """Leave nothing where others could find it. StoreError."""
        await self.strike()

    async def arrive(self, house: House, exchange: Exchange) -> None:
        """The request begins: only where the stage is ``shared``."""
        raise NotImplementedError

    def leave(self, exchange: Exchange) -> None:
        """It is known what becomes of the request; the answer waits for what is promised: only where it is shared."""
        raise NotImplementedError

    async def waited(self, exchange: Exchange) -> None:  # noqa: ARG002
        """Wait until the barrier is lifted."""
        await self.barrier.lifted()

    async def release(self) -> int:
        """Lift the barrier; how many waited."""
        return self.barrier.lift()

    def note(self, provider: str | None, **effect: Any) -> None:
        """Remember an act; between two requests the clock's moves add up."""
        last = self.acts[-1] if self.acts else None
        count = self.recorder.count
        if last is not None and last.after == count and "time-passes" == effect["kind"] == last.effect["kind"]:
            self.acts.pop()
            effect["seconds"] += last.effect["seconds"]
        if effect.get("seconds", 1):
            self.acts.append(Act(count, provider, effect))

    def house_for(self, name: str, host: str) -> House:
        """The provider that a request at this socket is meant for: a real host name picks among those of the stage."""
        return self._by_host.get(host.partition(":")[0].lower()) or self.houses[name]

    async def respond(self, name: str, request: Request, connection: int = 0) -> tuple[Exchange, WireEffect | None]:
        """Answer a request to that provider's socket; the exchange holds the answer, or a wire fault comes back."""
        house = self.house_for(name, request.host)
        handler: Handler | None = None
        crash: Exception | None = None
        try:
            endpoint, handler, request = house.provider.find(request)
            request.facts.endpoint = endpoint
        except Exception as defect:  # noqa: BLE001  a defect of ours is recorded as ours
            crash = defect
        exchange = self.recorder.begin(house.provider.name, request.facts.endpoint, request, connection)
        answer: Answer | None = None
        wire: WireEffect | None = None
        if handler is not None:
            try:
                if self.shared:
                    answer, wire = await self._answered_among_others(house, handler, exchange)
                else:
                    answer, wire = await self._answered(house, handler, exchange)
            except StoreError as error:
                _log.warning("%s %s was not served: %s", request.method, request.path, error)
                answer, wire = self._dress(request, _without_store(error)), None
                exchange.ended = False
            except Exception as defect:  # noqa: BLE001  a defect of ours is recorded as ours
                crash, wire = defect, None
        if crash is not None:
            _log.error("%s %s broke %s", request.method, request.path, house.provider.name, exc_info=crash)
            answer = self._dress(request, empty_answer(CRASHED, 500))
        _settle(exchange, answer, wire)
        for watch in self.watchers:
            try:
                watch(exchange)
            except Exception:  # noqa: BLE001  whoever watches does not come between the provider and the client
                _log.exception("a watcher broke on %s %s", request.method, request.path)
        return exchange, wire

    async def _answered_among_others(self, house: House, handler: Handler, exchange: Exchange) -> Outcome:
        """The same where the stage is shared: what is promised is kept before it goes out."""
        with promising() as promises:
            await self.arrive(house, exchange)
            answer, wire = await self._answered(house, handler, exchange)
            _settle(exchange, answer, wire)
            self.leave(exchange)
            await promises.kept()
        return answer, wire

    async def _answered(self, house: House, handler: Handler, exchange: Exchange) -> Outcome:
        """What goes out: an answer, or a wire fault and what it spoils."""
        request = exchange.request
        if not self.barrier and not self.faults:
            desk = await house.desk_for(asker(request))
            return self._dress(request, await _handled(house, handler, desk, request, exchange.endpoint)), None
        answer, wire = await self._tried(house, handler, exchange)
        return (None if answer is None else self._dress(request, answer)), wire

    async def _tried(self, house: House, handler: Handler, exchange: Exchange) -> Outcome:
        """What becomes of it under the faults and behind the barrier."""
        request, endpoint = exchange.request, exchange.endpoint
        about = about_request(house.provider.name, request)
        if self.barrier.stops(about):
            self.recorder.hold(exchange)
            await self.waited(exchange)
            exchange.held = False
        desk = await house.desk_for(about.client)
        if not self.faults:
            return await _handled(house, handler, desk, request, endpoint), None
        from sparring.mocks.faults.performing import Performance  # noqa: PLC0415  most stages never see a fault

        performance = Performance(self.faults, about, self._scene(house, desk, request))
        answer, wire = await performance.before()
        if answer is not None or wire is not None:
            return answer, wire
        return await performance.after(await _handled(house, handler, performance.desk, performance.request, endpoint))

    def _scene(self, house: House, desk: Desk, request: Request) -> Scene:
        return Scene(
            desk=desk,
            request=request,
            sign_out=house.provider.sign_out,
            places={
                "decoy": self.houses[DECOY].desk.base_url,
                "base": house.desk.base_url,
                "side": NOWHERE if house.side is None else house.side.url,
            },
            outage=house.provider.outage,
            rotate=lambda keep_old: house.rotate_keys(keep_old=keep_old, fresh=self.spec.fresh_keys),
            change=self.change,
            keys_before=house.keys_before,
        )

    def _dress(self, request: Request, answer: Answer) -> Answer:
        body = answer.body
        size = -1 if answer.status in {204, 304} else len(body)
        headers = _dressed(answer.headers, size, int(self.clock.now()))
        if self.spec.explain:
            told = (("Rule", answer.rule.id), ("Source", answer.rule.source), ("Mend", answer.rule.mend))
            headers += tuple((f"Sparring-{name}", text) for name, text in told if text)
        if request.method == "HEAD":
            body = b""
        return Answer(status=answer.status, rule=answer.rule, headers=headers, body=body)


@lru_cache(maxsize=256)
def _dressed(headers: tuple[tuple[str, str], ...], size: int, now: int) -> tuple[tuple[str, str], ...]:
    """The headers with those that every answer has; ``size`` in octets, -1 where none is told. Many answers of a second
    have the same.
    """
    present = {name.lower() for name, _ in headers}
    date = () if "date" in present else (("Date", _http_date(now)),)
    length = () if "content-length" in present or size < 0 else (("Content-Length", str(size)),)
    return (*headers, *date, *length)


def _settle(exchange: Exchange, answer: Answer | None, wire: WireEffect | None) -> None:
    """What goes out of it, and what a wire fault spoils."""
    exchange.spoilt = None if wire is None else answer
    exchange.answer = answer if wire is None or wire.complete else None


_http_date = lru_cache(maxsize=8)(http_date)


def _without_store(error: StoreError) -> Answer:
    """What every request gets while the store is away: nothing of it happened that anybody was promised."""
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Retry-After", "1"))
    return Answer(status=503, rule=AWAY, headers=headers, body=f"{error}\n".encode())


async def _handled(house: House, handler: Handler, desk: Desk, request: Request, endpoint: str) -> Answer:
    """The provider's own answer; a defect of ours is recorded as ours."""
    try:
        answer = house.provider.preflight(desk, request, endpoint) or await handler(desk, request)
    except StoreError:
        raise
    except Exception:  # noqa: BLE001
        _log.exception("%s %s broke %s", request.method, request.path, house.provider.name)
        answer = empty_answer(CRASHED, 500)
    return answer.with_headers(*house.provider.cors(house.desk, request, endpoint))


def describe(stage: Stage) -> dict[str, Any]:
    """The stage as the control port tells of it: base URLs, credentials, endpoints by name."""
    return {
        "id": stage.id,
        "seed": stage.spec.seed,
        "decoy_url": stage.houses[DECOY].desk.base_url,
        "providers": {name: describe_house(house) for name, house in stage.houses.items() if name != DECOY},
    }


def describe_house(house: House) -> dict[str, Any]:
    """One provider on a stage, as the control port tells of it."""
    provider, desk, client = house.provider, house.desk, house.clients[0]
    info: dict[str, Any] = {
        "title": provider.title,
        "base_url": desk.base_url,
        "hosts": list(provider.hosts),
        "client_id": client.client_id,
        "client_secret": client.secret,
        "redirect_uris": list(client.redirect_uris),
        "clients": [{"client_id": c.client_id, "client_secret": c.secret, "name": c.name} for c in house.clients],
        "users": [{"username": u.username, "password": u.password, "name": u.name} for u in house.users],
        "endpoints": {name: desk.base_url + path for name, path in provider.endpoints.items()},
        "scope": provider.scope,
        "scopes": list(provider.scopes),
        "grants": list(provider.grants),
        "variants": list(provider.variants),
        "variant": desk.variant,
        "lifetimes": dict(desk.lifetimes),
        "docs": list(provider.docs),
    }
    if provider.issuer is not None:
        info["issuer"] = provider.issuer(desk, desk.base_url)
    if house.side is not None:
        info["side"] = asdict(house.side)
    return info
