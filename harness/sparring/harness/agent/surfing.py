"""A person at a web application: follows its links, signs in at the provider where it sends them, and comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from sparring.harness.agent import Person
from sparring.harness.agent.addresses import bare, is_among, is_callback, joined, without_fragment
from sparring.harness.agent.browser import Answer, Browser
from sparring.harness.agent.user_agent import NoWayOnError, UserAgent

_MOST_HOPS = 20
_LARGEST_PAGE = 64 * 1024
ELSEWHERE = 1
"""The user in whose browser a callback arrives that was meant for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Where a walk ended: the application's last page, or in ``problem`` why there is none.

    ``by_provider``: the provider was asked on the way.
    """

    url: str = ""
    status: int | None = None
    text: str = ""
    problem: str = ""
    by_provider: bool = False


class Surfer:
    """Walks through one web application. ``base_url`` is its origin, ``redirect_uri`` where the provider answers."""

    def __init__(self, agent: UserAgent, base_url: str, redirect_uri: str) -> None:
        self._agent = agent
        self._base_url = base_url
        self._redirect_uri = redirect_uri

    async def go(self, path: str, person: Person, *, user: int, step: int) -> Landing:
        """Open a path of the application in that user's browser, and go on until it shows a page."""
        walk = _Walk(self._agent, person, step, self._redirect_uri)
        try:
            answer = await walk.until_page(self._agent.browser_of(user), urljoin(self._base_url, path), self._is_ours)
        except NoWayOnError as end:
            walk.end(str(end))
            return Landing(problem=str(end), by_provider=walk.by_provider)
        return Landing(url=answer.url, status=answer.status, text=answer.text, by_provider=walk.by_provider)

    def _is_ours(self, url: str) -> bool:
        return is_among(url, (self._base_url, self._redirect_uri))


class _Walk:
    """One walk, from the application to the provider and back."""

    def __init__(self, agent: UserAgent, person: Person, step: int, redirect_uri: str) -> None:
        self._agent = agent
        self._person = person
        self._step = step
        self._redirect_uri = redirect_uri
        self._visit: int | None = None
        self._signed_in = False
        self.by_provider = False

    def end(self, problem: str) -> None:
        """Note why a visit to the provider came to nothing."""
        if self._visit is not None:
            self._agent.note(self._visit, problem=problem)

    async def until_page(self, browser: Browser, url: str, is_ours: Callable[[str], bool]) -> Answer:
        """Follow redirects, sign in, deliver the callback; the application's page. NoWayOnError."""
        method, fields = "GET", None
        for _ in range(_MOST_HOPS):
            ours = is_ours(url)
            if not ours and not self._agent.knows(url):
                message = f"the application sent the browser to {bare(url)}, which is neither its own nor a fake"
                raise NoWayOnError(message)
            arrived = ours and self._visit is not None and is_callback(url, (self._redirect_uri,))
            if arrived:
                browser, answer = await self._deliver(browser, url)
            else:
                if not ours and self._visit is None:
                    self._visit = self._agent.begin(url, self._step)
                    self.by_provider = True
                answer = await self._agent.ask(browser, method, without_fragment(url), fields)
            if answer.location is not None:
                url = joined(answer.url, answer.location)
                if answer.status not in {307, 308}:
                    method, fields = "GET", None
                continue
            if ours:
                return answer
            if answer.page.form("sign-in") is not None:
                if self._signed_in:
                    message = f"the provider refused the sign-in of {self._person.username!r}"
                    raise NoWayOnError(message)
                self._signed_in = True
            method, url, fields = await self._agent.act(answer, self._person)
        message = f"the browser was sent round for more than {_MOST_HOPS} pages, last to {bare(url)}"
        raise NoWayOnError(message)

    async def _deliver(self, browser: Browser, callback: str) -> tuple[Browser, Answer]:
        """Bring the callback to the application, in the browser that it is for or, by a fault, in another."""
        visit, self._visit = self._visit or 0, None
        before = {effect.get("kind") for effect in await self._agent.fire("response")}
        if "code-injected" in before:
            begun = self._agent.visits[visit].url
            callback = await self._agent.with_strangers_code(begun, callback, (self._redirect_uri,))
        if "callback-elsewhere" in before:
            browser = self._agent.browser_of(ELSEWHERE)
        self._agent.note(visit, callback=callback)
        sent = without_fragment(callback)
        answer = await self._agent.ask(browser, "GET", sent, None)
        self._agent.note(visit, callback_status=answer.status, callback_body=answer.text[:_LARGEST_PAGE])
        after = {effect.get("kind") for effect in await self._agent.fire("callback")}
        if "callback-replayed" in after:
            again = await self._agent.ask(browser, "GET", sent, None)
            self._agent.note(visit, replayed=True, replay_status=again.status)
        return browser, answer
