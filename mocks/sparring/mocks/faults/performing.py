"""The faults of a stage, performed on one request where each belongs."""

import asyncio
from dataclasses import replace

from sparring.mocks.engine.messages import Answer, Facts, Params, Request
from sparring.mocks.faults.authorization_response import AuthorizationResponse
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.delay import Delay
from sparring.mocks.faults.hook import reserved
from sparring.mocks.faults.http_effect import HttpEffect
from sparring.mocks.faults.keys_changed import StaleJwks
from sparring.mocks.faults.poison_token import PoisonToken
from sparring.mocks.faults.rate_window import RateWindow
from sparring.mocks.faults.scene import Scene, family
from sparring.mocks.faults.schema import About, Fault, Place
from sparring.mocks.faults.sent_form import FormEffect
from sparring.mocks.faults.state_effect import StateEffect
from sparring.mocks.faults.wire import Outcome, WireEffect


class Performance:
    """One request's faults: ``before`` it is handled, ``after`` it was. What changed nothing did not fire."""

    def __init__(self, book: FaultBook, about: About, scene: Scene) -> None:
        self._book = book
        self._about = about
        self._scene = scene
        self.request = scene.request
        """The request as the provider reads it."""
        self.desk = scene.desk
        """The desk on which it is handled."""
        self._reservation = Reservation(book, replace(about, family=None), scene.request.facts)

    async def before(self) -> Outcome:
        """An answer where the provider is not to be asked at all."""
        await self._find_family()
        await self._state("before")
        for fault in await self._due(Place.ANSWER, "before", FormEffect.point):
            if isinstance(fault.effect, FormEffect):
                read = fault.effect.read(self.request)
                if read is not self.request and await self._fired(fault):
                    self.request = read
        for fault in await self._due(Place.ANSWER, "before", StaleJwks.point):
            keys = list(self._scene.keys_before)
            if keys and keys != self.desk.keys and await self._fired(fault):
                self.desk = replace(self.desk, keys=keys)
        outcome = await self._outermost("before", None)
        if outcome == (None, None):
            await self._reservation.make()
        return outcome

    async def after(self, answer: Answer) -> Outcome:
        """What becomes of the provider's answer."""
        await self._find_family()
        await self._reservation.end()
        answer = await self._moved(answer)
        for fault in await self._due(Place.ANSWER, "after", PoisonToken.point):
            if isinstance(fault.effect, PoisonToken):
                changed = fault.effect.answer(answer, self.desk.keys, self.desk.seconds())
                if changed is not answer and await self._fired(fault):
                    answer = changed
        await self._state("after")
        return await self._outermost("after", answer)

    async def _find_family(self) -> None:
        if self._about.family is None and self._book.by_grant:
            self._about = replace(self._about, family=await family(self._scene))

    async def _state(self, when: str) -> None:
        for fault in await self._due(Place.ANSWER, when, StateEffect.point):
            if isinstance(fault.effect, StateEffect) and await self._book.count(fault):
                if await fault.effect.happen(self._scene):
                    self._scene.request.facts.faults.append(fault.id)
                else:
                    await self._book.take_back(fault.id)

    async def _moved(self, answer: Answer) -> Answer:
        """An authorization response in the fragment is the redirect's business, not that of its parameters."""
        facts = self._scene.request.facts
        for fault_id in list(facts.faults):
            effect = self._book.effect(fault_id)
            if isinstance(effect, AuthorizationResponse):
                moved = effect.answer(answer)
                if moved is answer and not effect.words:
                    facts.faults.remove(fault_id)
                    await self._book.take_back(fault_id)
                answer = moved
        return answer

    async def _outermost(self, when: str, answer: Answer | None) -> Outcome:
        for fault in await self._due(Place.HTTP, when):
            if isinstance(fault.effect, Delay):
                if await self._fired(fault):
                    await asyncio.sleep(fault.effect.seconds)
            elif isinstance(fault.effect, RateWindow):
                asked = await self._book.in_window(fault, self._about, fault.effect.window(self._scene))
                if asked > fault.effect.requests and await self._fired(fault):
                    answer = fault.effect.answer(answer, self._scene)
            elif isinstance(fault.effect, HttpEffect):
                changed = fault.effect.answer(answer, self._scene)
                if changed is not answer and await self._fired(fault):
                    answer = changed
        for fault in await self._due(Place.WIRE, when):
            if isinstance(fault.effect, WireEffect) and await self._fired(fault):
                return fault.effect.spoil(answer, self._scene), fault.effect
        return answer, None

    async def _due(self, place: Place, when: str, point: str | None = None) -> list[Fault]:
        return await self._book.due(place, self._about, when=when, point=point)

    async def _fired(self, fault: Fault) -> bool:
        if not await self._book.count(fault):
            return False
        self._scene.request.facts.faults.append(fault.id)
        return True


class Reservation:
    """The faults that may reach into a provider's answer while it makes it. Nobody waits there, so they are counted
    before, and what did not come to pass is given back.
    """

    def __init__(self, book: FaultBook, about: About, facts: Facts) -> None:
        self._book = book
        self._about = about
        self._facts = facts
        self._covering: list[Fault] = []
        self._ready: list[Fault] = []
        self._reached = False

    async def make(self) -> None:
        """Count them."""
        point = AuthorizationResponse.point
        self._covering = self._book.covering(Place.ANSWER, self._about, point=point)
        if self._covering:
            self._ready = await self._book.fire(Place.ANSWER, self._about, point=point)
        reserved.set(self)

    def alter(self, request: Request, params: Params) -> Params:
        """The parameters as those faults change them."""
        if request.facts is not self._facts:
            return params
        self._reached = True
        for fault in self._ready:
            if isinstance(fault.effect, AuthorizationResponse):
                changed = fault.effect.alter(params)
                if changed != params or fault.effect.in_fragment:
                    request.facts.faults.append(fault.id)
                    params = changed
        return params

    async def end(self) -> None:
        """Give back what did not fire."""
        for fault in self._ready:
            if fault.id not in self._facts.faults:
                await self._book.take_back(fault.id)
        if not self._reached:
            for fault in self._covering:
                await self._book.pass_over(fault, self._about)
