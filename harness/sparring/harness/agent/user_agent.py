"""The user agent: goes where the client sends it, signs in, consents or denies, and brings the answer back."""

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx2

from sparring.contracts.pages import Button, Form
from sparring.harness.agent import Fire, Hop, Person
from sparring.harness.agent.addresses import bare, is_among, is_callback, joined, without_fragment
from sparring.harness.agent.browser import Answer, Browser
from sparring.harness.agent.wires import Places
from sparring.harness.evidence import Visit

_MOST_HOPS = 10
_PAUSE = 0.05
_LARGEST_PAGE = 64 * 1024
_STRANGER = -1
_STRANGERS = {
    "state": "the-strangers-own-state-0123456789",
    "nonce": "the-strangers-own-nonce-0123456789",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
}
"""What a stranger's own login differs in; the challenge is that of RFC 7636 appendix B."""


class NoWayOnError(Exception):
    """The visit ends here; the text is the sentence for the report."""


async def _nothing_fires(endpoint: str) -> Sequence[dict[str, object]]:  # noqa: ARG001 - as Fire has it
    return ()


class UserAgent:
    """One person at one browser, for as many visits as a scenario needs.

    ``origins`` are the fakes' origins, the only ones that it goes to besides the client's redirect URIs. ``stranger``
    is who attacks, where a fault has that happen. ``patience`` is how long a closed port at the redirect URI is tried
    again, ``timeout`` bounds every single request. ``detour``: where a fault sends a login instead, as an authorization
    endpoint with the parameters that it needs. ``places``: where it finds what, if not where the URLs say.
    """

    def __init__(
        self,
        *,
        person: Person,
        origins: Collection[str],
        stranger: Person | None = None,
        detour: tuple[str, Mapping[str, str]] | None = None,
        ca_file: Path | None = None,
        fire: Fire = _nothing_fires,
        patience: float = 5.0,
        timeout: float = 10.0,
        places: Places | None = None,
    ) -> None:
        self.person = person
        self._places = places
        self._stranger = stranger or person
        self._detour = detour
        self._origins = origins
        self._fire = fire
        self._patience = patience
        self._timeout = timeout
        self._ca_file = ca_file
        self._browsers: dict[int, Browser] = {}
        self.browser = self.browser_of(0)
        self._visits: list[Visit] = []

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every visit so far, in the order in which they began, those that were cut off included."""
        return tuple(self._visits)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Every request so far, in order."""
        return tuple(hop for browser in self._browsers.values() for hop in browser.hops)

    def browser_of(self, user: int) -> Browser:
        """The browser of that user, who is counted from 0: each has cookies of its own."""
        if user not in self._browsers:
            self._browsers[user] = Browser(self._ca_file, self._timeout, self._places)
        return self._browsers[user]

    async def clear(self, user: int) -> None:
        """That user begins with an empty browser."""
        gone = self._browsers.get(user)
        if gone is not None:
            await gone.forget()

    async def visit(
        self,
        url: str,
        redirect_uris: Iterable[str],
        *,
        step: int = 0,
        by_http: bool = True,
        person: Person | None = None,
    ) -> Visit:
        """Visit a URL until the provider sends the browser to a redirect URI, and deliver that callback there.

        With ``by_http`` false it is only returned, in ``callback``, for the client to be told in another way. Trouble
        is never raised: it is the visit's ``problem``.
        """
        place = self.begin(url, step)
        callback: str | None = None
        try:
            uris = tuple(redirect_uris)
            if any(effect.get("kind") == "login-diverted" for effect in await self._fire("visit")):
                url = self._diverted(url)
            callback = await self._until_callback(self.browser, url, uris, person or self.person)
            if any(effect.get("kind") == "code-injected" for effect in await self._fire("response")):
                callback = await self.with_strangers_code(url, callback, uris)
            self._visits[place] = replace(self._visits[place], callback=callback)
            done = Visit(url=url, step=step, callback=callback)
            if by_http:
                done = await self._deliver(done, callback)
                self._visits[place] = done
                effects = await self._fire("callback") if done.callback_status is not None else ()
                if any(effect.get("kind") == "callback-replayed" for effect in effects):
                    done = await self._deliver_again(done, callback)
        except NoWayOnError as end:
            done = Visit(url=url, step=step, problem=str(end))
        self._visits[place] = done
        return done

    def begin(self, url: str, step: int) -> int:
        """Note a visit that begins; its number, by which :meth:`note` knows it."""
        self._visits.append(Visit(url=url, step=step, problem="the visit was cut off when its instruction ended"))
        return len(self._visits) - 1

    def note(self, place: int, **changes: Any) -> None:
        """Note what became of a visit; it has no problem unless one is given."""
        self._visits[place] = replace(self._visits[place], **{"problem": "", **changes})

    async def fire(self, endpoint: str) -> Sequence[Mapping[str, Any]]:
        """The effects of the faults that fire at the user agent there."""
        return await self._fire(endpoint)

    async def close(self) -> None:
        """Close every browser."""
        for browser in self._browsers.values():
            await browser.close()

    async def __aenter__(self) -> "UserAgent":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _diverted(self, url: str) -> str:
        """The same login at the detour's authorization endpoint."""
        if self._detour is None:
            return url
        endpoint, own = self._detour
        asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        return f"{endpoint}?{urlencode(asked | dict(own))}"

    async def with_strangers_code(self, url: str, callback: str, redirect_uris: tuple[str, ...]) -> str:
        """The callback with the code of a login that the stranger has begun, by his own browser. NoWayOnError."""
        asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        own = {name: value for name, value in _STRANGERS.items() if name == "state" or name in asked}
        begun = urlunsplit(urlsplit(url)._replace(query=urlencode(asked | own)))
        back = await self._until_callback(self.browser_of(_STRANGER), begun, redirect_uris, self._stranger)
        code = dict(parse_qsl(urlsplit(back).query)).get("code", "")
        pairs = parse_qsl(urlsplit(callback).query, keep_blank_values=True)
        changed = [(name, code if name == "code" else value) for name, value in pairs]
        return urlunsplit(urlsplit(callback)._replace(query=urlencode(changed)))

    async def _until_callback(self, browser: Browser, url: str, redirect_uris: tuple[str, ...], person: Person) -> str:
        method: str = "GET"
        fields: list[tuple[str, str]] | None = None
        signed_in = False
        for _ in range(_MOST_HOPS):
            if is_callback(url, redirect_uris):
                return url
            if not self.knows(url):
                message = f"the browser was sent to {bare(url)}, which is neither a fake nor the client's redirect URI"
                raise NoWayOnError(message)
            answer = await self.ask(browser, method, url, fields)
            if answer.location is not None:
                url = joined(answer.url, answer.location)
                if answer.status not in {307, 308}:
                    method, fields = "GET", None
                continue
            form = answer.page.form("sign-in")
            if form is not None:
                if signed_in:
                    message = f"the provider refused the sign-in of {person.username!r}: {_shown(answer)}"
                    raise NoWayOnError(message)
                signed_in = True
            method, url, fields = await self.act(answer, person)
        message = f"the provider sent the browser round for more than {_MOST_HOPS} pages, last to {bare(url)}"
        raise NoWayOnError(message)

    def knows(self, url: str) -> bool:
        """Whether that address is one of the fakes'."""
        return is_among(url, self._origins)

    async def ask(self, browser: Browser, method: str, url: str, fields: list[tuple[str, str]] | None) -> Answer:
        """Send one request; NoWayOnError where there is no answer."""
        try:
            return await browser.ask(method, url, fields)
        except httpx2.TimeoutException as trouble:
            message = f"{bare(url)} did not answer within {self._timeout:g} s"
            raise NoWayOnError(message) from trouble
        except (httpx2.HTTPError, httpx2.InvalidURL) as trouble:
            message = f"the browser could not open {bare(url)}: {trouble or type(trouble).__name__}"
            raise NoWayOnError(message) from trouble

    async def act(self, answer: Answer, person: Person) -> tuple[str, str, list[tuple[str, str]] | None]:
        """Do what a person would do on this page of the provider's: the next request. NoWayOnError."""
        page = answer.page
        if form := page.form("sign-in"):
            who = {"username": person.username, "current-password": person.password}
            return _submitted(answer, form, who, form.buttons[0] if form.buttons else None)
        if form := page.form("consent"):
            effects = await self._fire("consent")
            decision = "deny" if any(effect.get("kind") == "person-denies" for effect in effects) else "approve"
            button = form.button("decision", decision)
            if button is None:
                message = f"the provider's consent page has no button to {decision}"
                raise NoWayOnError(message)
            return _submitted(answer, form, {}, button)
        if form := page.form("chooser"):
            return _submitted(answer, form, {}, form.buttons[0] if form.buttons else None)
        what = "an error page" if answer.status >= 400 else "a page without a form"
        message = f"the provider showed {what} instead of a sign-in form: {_shown(answer)}"
        raise NoWayOnError(message)

    async def _deliver(self, visit: Visit, callback: str) -> Visit:
        """Bring the callback to the client, waiting a while for it to listen."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        where = bare(callback)
        while True:
            try:
                answer = await self.browser.ask("GET", without_fragment(callback))
            except httpx2.ConnectError:
                if loop.time() >= until:
                    return replace(visit, problem=f"nobody listened on {where} within {self._patience:g} s")
                with contextlib.suppress(IndexError):
                    self.browser.hops.pop()  # one hop for the whole wait
                await asyncio.sleep(_PAUSE)
            except httpx2.TimeoutException:
                return replace(
                    visit, problem=f"the client did not answer the callback at {where} within {self._timeout:g} s"
                )
            except (httpx2.HTTPError, httpx2.InvalidURL) as trouble:
                return replace(visit, problem=f"the client broke off the callback at {where}: {type(trouble).__name__}")
            else:
                return replace(visit, callback_status=answer.status, callback_body=answer.text[:_LARGEST_PAGE])

    async def _deliver_again(self, visit: Visit, callback: str) -> Visit:
        """Bring the same callback a second time; a closed port, or no answer, is the client's answer to it."""
        try:
            answer = await self.browser.ask("GET", without_fragment(callback))
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return replace(visit, replayed=True)
        return replace(visit, replayed=True, replay_status=answer.status)


def _submitted(
    answer: Answer, form: Form, answers: dict[str, str], pressed: Button | None
) -> tuple[str, str, list[tuple[str, str]] | None]:
    fields = form.filled(answers, pressed)
    target = joined(answer.url, form.action) if form.action else answer.url
    if form.method == "POST":
        return "POST", target, fields
    return "GET", urlunsplit(urlsplit(target)._replace(query=urlencode(fields))), None


def _shown(answer: Answer) -> str:
    return f"{answer.status} {answer.page.title}".strip()
