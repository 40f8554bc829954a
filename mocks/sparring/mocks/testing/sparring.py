"""``Sparring``: fake providers for a test, opened and closed with a block."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.reading import nearest
from sparring.mocks.testing.backstage import arrived, backstage
from sparring.mocks.testing.clock import Moment
from sparring.mocks.testing.directing import Directing
from sparring.mocks.testing.opening import close_stage, dress, open_stage
from sparring.mocks.testing.view import Open
from sparring.mocks.testing.watching import Watching
from sparring.mocks.testing.wishes import Wishes, provider_names


class Sparring(Directing, Watching):
    """Fake providers (the five built-in ones, where none is named) on a stage with its own state, clock and recording.

    ``with Sparring("ingest") as ingest:`` opens it in milliseconds and closes it; ``async with`` does the same, and so
    do ``open()`` and ``close()``. With several providers the stage's clock and recording are shared, and each provider
    is ``stage["ingest"]``; ``ingest, rotor = stage`` unpacks them.

    ``seed``: same seed, same requests in the same order, same bytes. ``tls``: HTTPS under a CA made for this process
    (``ca_file``). ``sockets`` False: nothing listens; ``app`` is an ASGI application to be mounted. ``frozen``: the
    clock stands still at that moment. ``variant``: a named alternative behaviour. ``lifetimes``: seconds by kind.
    ``redirect_uris``, ``origins`` are added to the registered client's and to CORS. ``personas``: besides the default
    clients and users there are those whose names say what they are for. ``faults``: in the one schema of faults.
    ``scenario``: ids of the catalogue. ``users``, ``clients``: mappings with ``username`` or ``client_id``, added or
    changed. Where several providers are on stage, ``variant`` and ``lifetimes`` are by provider, and users and clients
    name their ``provider``. ControlError, when it is opened, with one sentence where that cannot be.
    """

    def __init__(
        self,
        *providers: str,
        seed: int = 0,
        tls: bool = False,
        sockets: bool = True,
        frozen: Moment | None = None,
        variant: str | Mapping[str, str] | None = None,
        lifetimes: Mapping[str, Any] | None = None,
        redirect_uris: Iterable[str] = (),
        origins: Iterable[str] = (),
        issuer: str | None = None,
        personas: bool = False,
        fresh_keys: bool = False,
        seeded_secrets: bool = False,
        certificates: Mapping[str, str] | None = None,
        faults: Iterable[Mapping[str, Any]] = (),
        scenario: str | Iterable[str] | None = None,
        users: Iterable[str | Mapping[str, Any]] = (),
        clients: Iterable[str | Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(provider_names(providers))
        self._wishes = Wishes(
            seed=seed,
            tls=tls,
            sockets=sockets,
            frozen=frozen,
            variant=variant,
            lifetimes=lifetimes or {},
            redirect_uris=redirect_uris,
            origins=origins,
            issuer=issuer,
            personas=personas,
            fresh_keys=fresh_keys,
            seeded_secrets=seeded_secrets,
            certificates=certificates or {},
            faults=tuple(faults),
            scenario=scenario,
            users=tuple(users),
            clients=tuple(clients),
        )

    def open(self) -> Self:
        """Open the stage; what ``with`` does at its beginning. ControlError."""
        self._closed_yet()
        running = backstage()
        self._held.append(running.run(open_stage(running, self._names, self._wishes)))
        return self

    def close(self) -> None:
        """Close the stage, for all that look at it, and forget it; once is enough."""
        if self._held:
            opened = self._held.pop()
            opened.backstage.run(close_stage(opened))

    def reset(self) -> None:
        """Back to how it was opened: no tokens, no recording, the faults, users and clock of the beginning."""
        opened = self._open
        opened.logins.clear()
        opened.queue.clear()

        async def again() -> None:
            await opened.control.reset(opened.id)
            await dress(opened, self._wishes)

        self._work(again())

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return bool(self._held)

    @property
    def app(self) -> Any:
        """The providers as an ASGI application, each at the host of its ``base_url``: for httpx's ``ASGITransport``,
        Starlette's ``TestClient``, or an application that shall contain them. It works with sockets, too.
        """
        from sparring.mocks.testing.mounting import MountedApp  # noqa: PLC0415  few tests ask for it

        opened = self._open
        told = opened.told["providers"]
        return MountedApp(opened.backstage, opened.stage, {name: told[name]["base_url"] for name in self._names})

    def __getitem__(self, provider: str) -> Self:
        """That provider alone, on the same stage. ControlError where it is not there."""
        if provider not in self._names:
            raise ControlError(
                f"there is no provider {provider!r} on this stage; {nearest(provider, self._names)}", 404
            )
        view = type(self).__new__(type(self))
        view.__dict__.update(self.__dict__)
        view._names = (provider,)  # noqa: SLF001  its own kind
        return view

    def __iter__(self) -> Iterator[Self]:
        return (self[name] for name in self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self._closed_yet()
        running = backstage()
        self._held.append(await arrived(running.submit(open_stage(running, self._names, self._wishes))))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._held:
            opened: Open = self._held.pop()
            await arrived(opened.backstage.submit(close_stage(opened)))

    def _closed_yet(self) -> None:
        if self._held:
            raise ControlError("this stage is open already: one `with` block at a time, or another Sparring(...)", 409)

    def __repr__(self) -> str:
        if not self._held:
            return f"<Sparring {', '.join(self._names)}, not open>"
        told = self._open.told["providers"]
        places = ", ".join(f"{name} {told[name]['base_url']}" for name in self._names)
        return f"<Sparring {places}, {self._open.stage.recorder.count} requests>"
