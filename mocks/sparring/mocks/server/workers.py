"""Several processes that serve the same sockets: started, looked after and ended by one that serves nothing itself."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, NoReturn

from sparring.mocks.providers import DECOY, ProviderError, load
from sparring.mocks.server.berth import Berth, bind, close
from sparring.mocks.server.serve import ServeError, ServeOptions, ports_of, write_ready
from sparring.mocks.server.theatre import PortTakenError

MOST = 64
SHORT_LIFE = 10.0
"""Seconds: a worker that ends sooner is replaced after a pause, twice as long each time."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
PATIENCE = 10.0
"""Seconds that workers have to end by themselves."""

_SIGNALS = {signal.SIGINT, signal.SIGTERM} | ({signal.SIGCHLD} if hasattr(signal, "SIGCHLD") else set())
Work = Callable[[ServeOptions, Berth], None]
"""Serves until it is told to end; ServeError."""


@dataclass(slots=True)
class _Worker:
    number: int
    began: float = 0.0
    pause: float = FIRST_PAUSE
    due: float | None = None
    """When it is to be started again, by the monotonic clock; None while it is there."""


def serve_many(
    options: ServeOptions, work: Work, ready: Callable[[dict[str, Any]], None], say: Callable[[str], None]
) -> None:
    """Serve with ``options.workers`` processes until SIGINT or SIGTERM. ``work`` is called in each of them, ``ready``
    here, when all accept. ``say`` is told of workers that ended and were replaced. ServeError.
    """
    if options.store is None:
        raise ServeError("--workers needs --store redis://HOST:PORT: without it each would be a server of its own")
    if not hasattr(os, "fork"):
        raise ServeError("--workers needs a system that can fork: start several replicas with the same --store instead")
    try:
        listeners = bind(options.host, ports_of(options, DECOY), options.workers)
    except PortTakenError as error:
        raise ServeError(str(error)) from error
    _prepare(options)
    crew = _Crew(options, work, listeners, say)
    try:
        with _waiting_for_signals():
            crew.start(ready)
            crew.look_after()
    finally:
        crew.end()
        close(listeners)


def _prepare(options: ServeOptions) -> None:
    """Import what every worker needs, once for all of them. What cannot be imported they complain of themselves."""
    with suppress(ImportError):
        for module in ("sparring.mocks.storage.redis", "sparring.mocks.sharing.stage"):
            import_module(module)
    with suppress(ProviderError):
        for name in (*options.providers, DECOY):
            load(name)


class _Crew:
    """The workers. Signals are blocked here, and waited for one by one."""

    def __init__(self, options: ServeOptions, work: Work, listeners: Any, say: Callable[[str], None]) -> None:
        self._options = options
        self._work = work
        self._listeners = listeners
        self._say = say
        self._running: dict[int, _Worker] = {}
        self._lifeline = os.pipe()

    def start(self, ready: Callable[[dict[str, Any]], None]) -> None:
        """Start all, and tell when they accept. ServeError."""
        pipes = [self._fork(_Worker(number)) for number in range(1, self._options.workers + 1)]
        told = [_heard(pipe) for pipe in pipes]
        for document in told:
            if "error" in document:
                raise ServeError(document["error"])
        if self._options.ready_file is not None:
            write_ready(self._options.ready_file, told[0])
        ready(told[0])

    def _fork(self, worker: _Worker) -> int:
        """Start it; where it tells how it went."""
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        worker.began, worker.due = time.monotonic(), None
        process = os.fork()
        if process == 0:
            os.close(reading)
            os.close(self._lifeline[1])
            self._be(worker.number, writing)
        os.close(writing)
        self._running[process] = worker
        return reading

    def _be(self, number: int, writing: int) -> NoReturn:
        """Be that worker."""
        code = 1

        def tell(document: Mapping[str, Any]) -> None:
            with suppress(OSError):
                os.write(writing, json.dumps(document).encode())
                os.close(writing)

        try:
            for each in _SIGNALS:
                signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            close([each for index, each in enumerate(self._listeners, start=1) if index != number])
            own = self._listeners[number - 1]
            berth = Berth(number=number, listeners=own, lifeline=self._lifeline[0], ready=tell)
            options = self._options
            if not berth.first:
                options = replace(options, scenarios=(), save=None)
            self._work(replace(options, ready_file=None), berth)
            code = 0
        except ServeError as error:
            tell({"error": str(error)})
        except KeyboardInterrupt:
            code = 0
        except BaseException as error:  # noqa: BLE001  a child that returned from here would be a second parent
            tell({"error": f"worker {number} failed: {type(error).__name__}: {error}"})
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def look_after(self) -> None:
        """Replace workers that end, until somebody wants all to end."""
        waiting: list[_Worker] = []
        while True:
            pause = min((each.due or 0.0 for each in waiting), default=None)
            found = _next_signal(None if pause is None else max(pause - time.monotonic(), 0.0))
            if found in {signal.SIGINT, signal.SIGTERM}:
                return
            waiting += [self._lost(*ended) for ended in _ended() if ended[0] in self._running]
            for worker in [each for each in waiting if (each.due or 0.0) <= time.monotonic()]:
                waiting.remove(worker)
                os.close(self._fork(worker))

    def _lost(self, process: int, how: str) -> _Worker:
        worker = self._running.pop(process)
        lived = time.monotonic() - worker.began
        worker.pause = FIRST_PAUSE if lived > SHORT_LIFE else min(2 * worker.pause, LONGEST_PAUSE)
        worker.due = time.monotonic() + worker.pause
        self._say(f"worker {worker.number} (process {process}) {how}; another one takes its place")
        return worker

    def end(self) -> None:
        """End them all: they are asked to, and have so much time for it."""
        for process in self._running:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        with _waiting_for_signals():
            while self._running:
                for process, _ in _ended():
                    self._running.pop(process, None)
                left = deadline - time.monotonic()
                if self._running and (left <= 0 or _next_signal(left) is None):
                    for process in self._running:
                        with suppress(ProcessLookupError):
                            os.kill(process, signal.SIGKILL)
                    deadline += PATIENCE
        for end in self._lifeline:
            os.close(end)


@contextmanager
def _waiting_for_signals() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _next_signal(patience: float | None) -> int | None:
    if patience is None:
        return signal.sigwait(_SIGNALS)
    if hasattr(signal, "sigtimedwait"):
        found = signal.sigtimedwait(_SIGNALS, patience)
        return None if found is None else found.si_signo
    deadline = time.monotonic() + patience  # macOS has no such call
    while not signal.sigpending() & _SIGNALS:
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.02)
    return signal.sigwait(_SIGNALS)


def _ended() -> list[tuple[int, str]]:
    """The processes that have ended, and how."""
    found = []
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            code = os.waitstatus_to_exitcode(ended[1])
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
            found.append((ended[0], how))
    return found


def _heard(pipe: int) -> dict[str, Any]:
    """What a worker tells when it is ready, or why it is not."""
    with os.fdopen(pipe, "rb") as reading:
        told = reading.read()
    if not told:
        return {"error": "a worker ended before it was ready"}
    document: dict[str, Any] = json.loads(told)
    return document
