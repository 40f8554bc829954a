"""A person at a browser, without one: follows a link, signs in, consents, and comes back with the callback."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.reading import nearest
from sparring.mocks.stage import Stage

_MOST_PAGES = 15
_FORM = ("content-type", "application/x-www-form-urlencoded")


@dataclass(slots=True)
class _Form:
    kind: str
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, answers: Mapping[str, str], pressed: tuple[str, str] | None) -> list[tuple[str, str]]:
        """What is sent: the fields, with answers by their ``autocomplete``, and the button."""
        said = {self.hints[hint]: answer for hint, answer in answers.items() if hint in self.hints}
        sent = [(name, said.get(name, value)) for name, value in self.fields]
        return [*sent, pressed] if pressed and pressed[0] else sent


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "form":
            method = given.get("method", "get").upper()
            self.found.append(_Form(given.get("data-sparring", ""), given.get("action", ""), method))
        elif not self.found or "disabled" in given:
            return
        elif tag == "button":
            self.found[-1].buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in given):
            self.found[-1].fields.append((name, given.get("value", "")))
            for hint in given.get("autocomplete", "").split():
                self.found[-1].hints.setdefault(hint, name)


async def visit(
    control: DirectControl,
    stage: Stage,
    url: str,
    people: Mapping[str, list[Json]],
    username: str | None,
    *,
    deny: bool,
) -> str:
    """Where the browser comes back to the client. ControlError where it does not get there."""
    try:
        return await _Visit(control, stage, people, username, deny=deny).go(url)
    except ValueError as error:  # as urllib.parse says it
        raise ControlError(f"the person was sent to what is no address: {error}") from error


class _Visit:
    def __init__(
        self,
        control: DirectControl,
        stage: Stage,
        people: Mapping[str, list[Json]],
        username: str | None,
        *,
        deny: bool,
    ) -> None:
        self._control = control
        self._stage = stage
        self._people = people
        self._username = username
        self._deny = deny
        self._asked = False
        self._cookies: dict[tuple[str, str], str] = {}
        self._places: dict[str, str] = {}
        for name in people:
            house = stage.houses[name]
            self._places[urlsplit(house.desk.base_url).netloc.lower()] = name
            self._places |= dict.fromkeys(house.provider.hosts, name)

    def _provider(self, url: str) -> str | None:
        return self._places.get(urlsplit(url).netloc.lower())

    async def go(self, url: str) -> str:
        method, form, signed_in = "GET", "", False
        provider = self._provider(url)
        if provider is None:
            raise ControlError(f"{_bare(url)} is no address of this stage; there are: {', '.join(self._places)}")
        for _ in range(_MOST_PAGES):
            here = self._provider(url)
            if here is None:
                if self._deny and not self._asked:
                    raise ControlError(
                        f"{provider} let the person in without asking for consent, so nobody could deny it; "
                        f"change_client(consent=True) makes it ask"
                    )
                return url
            answer = await self._ask(here, method, url, form)
            location = answer.header("location")
            if location is not None:
                url = urljoin(url, location)
                method, form = (method, form) if answer.status in {307, 308} else ("GET", "")
                continue
            page = _read(answer)
            if page is None or (page.kind == "sign-in" and signed_in):
                raise ControlError(_said(answer, refused=signed_in))
            signed_in = signed_in or page.kind == "sign-in"
            sent = urlencode(await self._act(here, page))
            target = urljoin(url, page.action)
            method, form = (page.method, sent) if page.method == "POST" else ("GET", "")
            url = target if method == "POST" else urlunsplit(urlsplit(target)._replace(query=sent))
        raise ControlError(f"after {_MOST_PAGES} pages the person was still at {_bare(url)}")

    async def _act(self, provider: str, page: _Form) -> list[tuple[str, str]]:
        first = page.buttons[0] if page.buttons else None
        if page.kind == "sign-in":
            who = self._person(provider)
            return page.filled({"username": who["username"], "current-password": who["password"]}, first)
        if page.kind == "consent":
            self._asked = True
            fired = await self._control.fire(self._stage.id, provider, "consent")
            deny = self._deny or any(fault["effect"]["kind"] == "person-denies" for fault in fired)
            button = ("decision", "deny" if deny else "approve")
            if button not in page.buttons:
                raise ControlError(f"the consent page of {provider} has no button to {button[1]}")
            return page.filled({}, button)
        return page.filled({}, first)

    def _person(self, provider: str) -> Json:
        people = self._people[provider]
        if not people:
            raise ControlError(f"nobody has an account at {provider}")
        known = {one["username"]: one for one in people}
        if self._username is not None and self._username not in known:
            raise ControlError(f"{provider} has no user {self._username!r}; {nearest(self._username, known)}", 404)
        return known[self._username or people[0]["username"]]

    async def _ask(self, provider: str, method: str, url: str, form: str) -> Answer:
        parts = urlsplit(url)
        kept = "; ".join(f"{name}={value}" for (owner, name), value in self._cookies.items() if owner == parts.netloc)
        headers = [("host", parts.netloc), ("accept", "text/html,*/*;q=0.8")]
        if kept:
            headers.append(("cookie", kept))
        if method == "POST":
            headers += [_FORM, ("origin", f"{parts.scheme}://{parts.netloc}"), ("content-length", str(len(form)))]
        request = Request(
            method=method,
            scheme=parts.scheme,
            host=parts.netloc,
            path=parts.path or "/",
            query=parts.query,
            headers=tuple(headers),
            body=form.encode(),
        )
        exchange, _ = await self._stage.respond(provider, request)
        if exchange.answer is None:
            raise ControlError(f"{_bare(url)} did not answer: a fault on the wire was played")
        for name, value in exchange.answer.headers:
            if name.lower() == "set-cookie":
                self._keep(parts.netloc, value)
        return exchange.answer

    def _keep(self, owner: str, cookie: str) -> None:
        pair, _, attributes = cookie.partition(";")
        name, _, value = pair.strip().partition("=")
        if not value or "max-age=0" in attributes.replace(" ", "").lower():
            self._cookies.pop((owner, name), None)
        else:
            self._cookies[owner, name] = value


def _read(answer: Answer) -> _Form | None:
    reader = _Forms()
    reader.feed(answer.body.decode("utf-8", "replace"))
    return next((form for form in reader.found if form.kind), None)


def _said(answer: Answer, *, refused: bool) -> str:
    what = "refused the sign-in" if refused else f"showed no sign-in form, but answered {answer.status}"
    rule = answer.rule
    return f"the provider {what} ({rule.id}). {rule.mend}".rstrip()


def _bare(url: str) -> str:
    return url.partition("?")[0]
