"""The faults of a stage, performed on one request where each belongs."""

import asyncio
from dataclasses import replace

from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.faults.authorization_response import AuthorizationResponse
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.delay import Delay
from sparring.mocks.faults.http_effect import HttpEffect
from sparring.mocks.faults.keys_changed import StaleJwks
from sparring.mocks.faults.poison_token import PoisonToken
from sparring.mocks.faults.rate_window import RateWindow
from sparring.mocks.faults.scene import Scene, about_request, family
from sparring.mocks.faults.schema import About, Fault, Place
from sparring.mocks.faults.sent_form import FormEffect
from sparring.mocks.faults.state_effect import StateEffect
from sparring.mocks.faults.wire import WireEffect

Outcome = tuple[Answer | None, WireEffect | None]
"""What goes out: an answer; a wire fault with what it spoils; or nothing yet."""


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

    async def before(self) -> Outcome:
        """An answer where the provider is not to be asked at all."""
        await self._find_family()
        await self._state("before")
        for fault in self._due(Place.ANSWER, "before", FormEffect.point):
            if isinstance(fault.effect, FormEffect):
                read = fault.effect.read(self.request)
                if read is not self.request and self._fired(fault):
                    self.request = read
        for fault in self._due(Place.ANSWER, "before", StaleJwks.point):
            keys = list(self._scene.keys_before)
            if keys and keys != self.desk.keys and self._fired(fault):
                self.desk = replace(self.desk, keys=keys)
        return await self._outermost("before", None)

    async def after(self, answer: Answer) -> Outcome:
        """What becomes of the provider's answer."""
        await self._find_family()
        answer = self._moved(answer)
        for fault in self._due(Place.ANSWER, "after", PoisonToken.point):
            if isinstance(fault.effect, PoisonToken):
                changed = fault.effect.answer(answer, self.desk.keys, self.desk.seconds())
                if changed is not answer and self._fired(fault):
                    answer = changed
        await self._state("after")
        return await self._outermost("after", answer)

    async def _find_family(self) -> None:
        if self._about.family is None and self._book.by_grant:
            self._about = replace(self._about, family=await family(self._scene))

    async def _state(self, when: str) -> None:
        for fault in self._due(Place.ANSWER, when, StateEffect.point):
            if isinstance(fault.effect, StateEffect) and await fault.effect.happen(self._scene):
                self._fired(fault)

    def _moved(self, answer: Answer) -> Answer:
        """An authorization response in the fragment is the redirect's business, not that of its parameters."""
        facts = self._scene.request.facts
        for fault_id in list(facts.faults):
            effect = self._book.effect(fault_id)
            if isinstance(effect, AuthorizationResponse):
                moved = effect.answer(answer)
                if moved is answer and not effect.words:
                    facts.faults.remove(fault_id)
                    self._book.take_back(fault_id)
                answer = moved
        return answer

    async def _outermost(self, when: str, answer: Answer | None) -> Outcome:
        for fault in self._due(Place.HTTP, when):
            if isinstance(fault.effect, Delay):
                if self._fired(fault):
                    await asyncio.sleep(fault.effect.seconds)
            elif isinstance(fault.effect, RateWindow):
                if await fault.effect.full(self._scene, fault.id) and self._fired(fault):
                    answer = fault.effect.answer(answer, self._scene)
            elif isinstance(fault.effect, HttpEffect):
                changed = fault.effect.answer(answer, self._scene)
                if changed is not answer and self._fired(fault):
                    answer = changed
        for fault in self._due(Place.WIRE, when):
            if isinstance(fault.effect, WireEffect) and self._fired(fault):
                return fault.effect.spoil(answer, self._scene), fault.effect
        return answer, None

    def _due(self, place: Place, when: str, point: str | None = None) -> list[Fault]:
        return self._book.due(place, self._about, when=when, point=point)

    def _fired(self, fault: Fault) -> bool:
        if not self._book.count(fault):
            return False
        self._scene.request.facts.faults.append(fault.id)
        return True


class Hook:
    """Faults of place ``answer`` that reach into the answers of one provider while it makes them."""

    def __init__(self, book: FaultBook, provider: str) -> None:
        self._book = book
        self._provider = provider

    def alter(self, request: Request, point: str, params: Params) -> Params:
        """The parameters at that point, changed by the faults that fire on this request."""
        if not self._book:
            return params
        for fault in self._book.due(Place.ANSWER, about_request(self._provider, request), point=point):
            if isinstance(fault.effect, AuthorizationResponse):
                changed = fault.effect.alter(params)
                if (changed != params or fault.effect.in_fragment) and self._book.count(fault):
                    request.facts.faults.append(fault.id)
                    params = changed
        return params
