"""What a test finds out: the requests that came, and whether they are those that it wants."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from sparring.mocks.control import watching
from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.providers import DECOY
from sparring.mocks.testing.backstage import arrived
from sparring.mocks.testing.requests import RecordedRequest, RequestLog
from sparring.mocks.testing.view import View
from sparring.mocks.testing.wanted import Difference, Wanted

_MOST_SHOWN = 10
"""Requests that a failure shows."""

LONGEST_WAIT = watching.LONGEST_WAIT


class Watching(View):
    """The recording of these providers. Every failure is an AssertionError that shows what came, without secrets."""

    @property
    def requests(self) -> RequestLog:
        """The requests so far, in the order of their arrival; a person's browser asks too."""
        mine = {*self._names, *([DECOY] if len(self._names) == len(self._open.told["providers"]) else [])}
        found = self._do(lambda control, stage: control.recording(stage))
        return self._log([one for one in found if one["provider"] in mine])

    @property
    def last_request(self) -> RecordedRequest:
        """The newest. ControlError where there is none."""
        return self.requests.last

    def clear_requests(self) -> None:
        """Forget the requests so far; numbers go on."""
        self._do(lambda control, stage: control.clear_recording(stage))

    def assert_requested(
        self, endpoint: str | None = None, *, times: int | None = None, **wanted: Any
    ) -> RecordedRequest:
        """There was such a request, or were ``times`` of them; the newest comes back. AssertionError.

        ``wanted`` are parameters (query, form or JSON): text, a number, a compiled pattern, a function that says yes,
        ``...`` for any value, None for absence. ``method``, ``status`` and ``headers`` say what else it shall be.
        """
        __tracebackhide__ = True
        criteria = self._wanted(endpoint, wanted)
        if times is not None and times < 1:
            raise ControlError("times is a number from 1 up; assert_not_requested is for none at all")
        requests = self.requests
        fitting = [one for one in requests if criteria.covers(one)]
        if not fitting:
            raise AssertionError(self._missed(criteria, requests))
        if times is not None and len(fitting) != times:
            message = f"there were {len(fitting)}, not {times}: {criteria}\n{self._shown(requests)}"
            raise AssertionError(message)
        return fitting[-1]

    def assert_not_requested(self, endpoint: str | None = None, **wanted: Any) -> None:
        """There was no such request; without anything named: none at all. AssertionError."""
        __tracebackhide__ = True
        criteria = self._wanted(endpoint, wanted)
        fitting = [one for one in self.requests if criteria.covers(one)]
        if fitting:
            raise AssertionError(f"there should be none, and came {len(fitting)}: {criteria}\n{self._shown(fitting)}")

    def wait_for(self, endpoint: str | None = None, *, count: int = 1, timeout: float = 5, **wanted: Any) -> RequestLog:
        """Wait until ``count`` such requests have been answered or are held, those that came before included; all of
        them come back. AssertionError after ``timeout`` real seconds. ``wanted`` as ``assert_requested`` has it.
        """
        __tracebackhide__ = True
        criteria = self._wanted(endpoint, wanted)
        return self._met(criteria, count, timeout, self._awaited(criteria, count, timeout).result())

    async def wait_for_async(
        self,
        endpoint: str | None = None,
        *,
        count: int = 1,
        timeout: float = 5,  # noqa: ASYNC109  as wait_for has it
        **wanted: Any,
    ) -> RequestLog:
        """``wait_for``, for a test whose client runs on the test's own event loop."""
        __tracebackhide__ = True
        criteria = self._wanted(endpoint, wanted)
        return self._met(criteria, count, timeout, await arrived(self._awaited(criteria, count, timeout)))

    def _wanted(self, endpoint: str | None, wanted: dict[str, Any]) -> Wanted:
        self._known_endpoint(endpoint)
        return Wanted.read(endpoint, wanted)

    def _awaited(self, criteria: Wanted, count: int, timeout: float) -> "Future[list[Json]]":
        if count < 1 or not 0 <= timeout <= LONGEST_WAIT:
            raise ControlError(f"count is a number from 1 up, timeout one from 0 to {LONGEST_WAIT}")
        stage, names = self._open.stage, self._names
        news = asyncio.Event()

        def settled() -> list[Json]:
            found = [each.as_json() for each in stage.recorder.select() if each.settled and each.provider in names]
            return [one for one in found if criteria.covers(RecordedRequest(one, list))]

        async def wait() -> list[Json]:
            with stage.recorder.listening(lambda _: news.set()):
                try:
                    async with asyncio.timeout(timeout):
                        while len(settled()) < count and not stage.recorder.closed:
                            news.clear()
                            await news.wait()
                except TimeoutError:
                    pass
            return settled()

        return self._open.backstage.submit(wait())

    def _met(self, criteria: Wanted, count: int, timeout: float, found: list[Json]) -> RequestLog:
        __tracebackhide__ = True
        if len(found) < count:
            came = f"within {timeout:g} s there came {len(found)}, not {count}: {criteria}"
            raise AssertionError(f"{came}\n{self._shown(self.requests)}")
        return self._log(found)

    def _missed(self, criteria: Wanted, requests: RequestLog) -> str:
        said = f"there was no {criteria}"
        there = [one for one in requests if criteria.endpoint in {None, one.endpoint}]
        if not there:
            return f"{said}\n{self._shown(requests)}"
        differences = {one.n: list(criteria.differences(one)) for one in there}
        closest = min(reversed(there), key=lambda one: len(differences[one.n]))
        lines = [said, f"the closest of {len(there)} is #{closest.n}:", *_diff(differences[closest.n])]
        return "\n".join([*lines, self._shown(requests)])

    def _shown(self, requests: Sequence[RecordedRequest]) -> str:
        if not requests:
            return "nothing was requested at all"
        latest = requests[-_MOST_SHOWN:]
        left_out = len(requests) - len(latest)
        head = f"the last {len(latest)} of {len(requests)} requests:" if left_out else "requests:"
        return "\n".join([head, str(RequestLog(latest, self._hide))])

    def _log(self, documents: Sequence[Json]) -> RequestLog:
        return RequestLog([RecordedRequest(one, self._hide) for one in documents], self._hide)

    def _hide(self, documents: Sequence[Json]) -> list[Json]:
        async def work() -> list[Json]:
            stage = self._open.stage
            reader = await watching.redactor(stage, stage.recorder.select())
            return [reader.exchange(document) for document in documents]

        return self._work(work())


def _diff(differences: Sequence[Difference]) -> list[str]:
    width = max((len(one.name) for one in differences), default=0)
    lines = []
    for one in differences:
        lines += [f"  - {one.name:{width}} {one.wanted}", f"  + {'':{width}} {one.was}"]
    return lines
