"""One trial as it is played: what was kept, the cookies, the page shown last, and the steps."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from sparring.contracts.cookies import Jar
from sparring.contracts.expecting import Unreadable, as_text, at, location_parts, parameters, read_json
from sparring.contracts.grammar import VERBS, Ask, Fault, Follow, Forge, Keep, Mint, Request, Step, Submit
from sparring.contracts.pages import Form, read_page
from sparring.contracts.place import Call, NotApplicableError, Place, Reply
from sparring.contracts.tokens import TokenError, forge
from sparring.contracts.values import OF_THE_PLACE, UnknownValueError, fill

_NAMED = {"remove_client": "client_id", "remove_user": "username"}
FORM = "application/x-www-form-urlencoded"


class StepFailedError(Exception):
    """A step could not be done, or its answer was not what the next one needs; one sentence."""


def lacking(error: UnknownValueError) -> NotApplicableError | None:
    """What it means where a place has no value for one of its names: nothing can be tried that needs it."""
    return NotApplicableError(f"there is no {error.name} to try it with") if error.name in OF_THE_PLACE else None


class Scene:
    """A place with what happened there. ``endpoints`` are the contract's own, by path."""

    def __init__(self, place: Place, constants: Mapping[str, Any], endpoints: Mapping[str, str]) -> None:
        self.place = place
        self.values: dict[str, Any] = {**place.values}
        self.exchanges: list[tuple[Call, Reply]] = []
        base = str(place.values["base"])
        self.endpoints = {name: base + path for name, path in endpoints.items()} | dict(place.endpoints)
        self._base = base
        self._jar = Jar()
        for name, value in constants.items():
            self.values[name] = fill(value, self.values)

    @property
    def last(self) -> tuple[Call, Reply]:
        """The exchange that ended last. StepFailedError."""
        if not self.exchanges:
            raise StepFailedError("nothing has been asked yet")
        return self.exchanges[-1]

    async def play(self, step: Step) -> Reply | None:
        """Do a step; the answer of one that is answered. StepFailedError, NotApplicableError, ConnectionError."""
        now = await self.place.now()
        try:
            if isinstance(step, Ask):
                return await self._ask(step, now)
            if isinstance(step, Forge):
                order = self._filled(step.forge, now)
                made = forge(order["from"], order.get("header", {}), order.get("claims", {}), step.forge.signature)
                self.values[step.forge.kept_as] = made
            else:
                await self.govern(step)
        except UnknownValueError as error:
            raise (lacking(error) or StepFailedError(str(error))) from error
        except TokenError as error:
            raise StepFailedError(str(error)) from error
        return None

    async def govern(self, step: Step) -> None:
        """Do a step that the provider does not answer but obeys."""
        document = msgspec.to_builtins(step)
        verb = next(name for name, kind in VERBS.items() if isinstance(step, kind))
        arguments = document[verb]
        if verb == "advance":
            arguments = {"seconds": float(fill(arguments, self.values))}
        elif verb in _NAMED:
            arguments = {_NAMED[verb]: arguments}
        filled = arguments if isinstance(step, Fault) else fill(arguments, self.values, await self.place.now())
        try:
            told = await self.place.control(verb, filled)
        except ValueError as error:
            raise StepFailedError(f"{verb}: {error}") from error
        if isinstance(step, Mint):
            self.values[step.kept_as] = told["access_token"]

    def _filled(self, value: Any, now: float) -> Any:
        return fill(msgspec.to_builtins(value), self.values, now)

    async def _ask(self, step: Ask, now: float) -> Reply:
        if isinstance(step, Request):
            call = self._request(step, now)
        elif isinstance(step, Submit):
            call = self._submission(step, now)
        elif isinstance(step, Follow):
            call = self._redirect()
        else:
            raise TypeError(step)
        if not isinstance(step, Request) or step.cookies:
            cookies = self._jar.header(call.url, call.authority, now)
            if cookies is not None:
                call = replace(call, headers=(*call.headers, ("Cookie", cookies)))
        reply = await self.place.send(call)
        self.exchanges.append((call, reply))
        self._jar.take(call, reply, await self.place.now())
        return reply

    def keep(self, step: Step, reply: Reply) -> None:
        """Keep what a step wants of its answer. StepFailedError where it is not there."""
        if isinstance(step, Ask):
            for name, keep in step.keep.items():
                self.values[name] = _kept(name, keep, reply)

    def _request(self, step: Request, now: float) -> Call:
        method, _, target = step.request.partition(" ")
        url = self._url(str(self._filled(target, now)))
        query = _encoded(self._filled(step.query, now))
        if query:
            url += ("&" if "?" in url else "?") + query
        headers = parameters(self._filled(step.headers, now))
        if step.host is not None:
            headers.insert(0, ("Host", as_text(self._filled(step.host, now))))
        if step.basic is not None:
            pair = ":".join(as_text(part) for part in self._filled(step.basic, now))
            headers.append(("Authorization", fill("Basic ${pair|base64}", {"pair": pair})))
        if step.bearer is not None:
            headers.append(("Authorization", f"Bearer {as_text(self._filled(step.bearer, now))}"))
        kind, body = "", b""
        if step.form is not None:
            kind, body = FORM, _encoded(self._filled(step.form, now)).encode()
        elif step.json is not msgspec.UNSET:
            kind, body = "application/json", json.dumps(self._filled(step.json, now), ensure_ascii=False).encode()
        elif step.body is not None:
            body = as_text(self._filled(step.body, now)).encode()
        if kind and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", kind))
        return Call(method=method, url=url, headers=tuple(headers), body=body)

    def _url(self, target: str) -> str:
        if target.startswith("/"):
            return self._base + target
        name, mark, rest = target.partition("?")
        first, slash, path = name.partition("/")
        if first not in self.endpoints:
            raise StepFailedError(f"there is no endpoint `{first}`; there are: {', '.join(sorted(self.endpoints))}")
        return self.endpoints[first] + slash + path + mark + rest

    def _submission(self, step: Submit, now: float) -> Call:
        call, reply = self.last
        page = read_page(reply.text)
        form = page.form_named(step.submit)
        if form is None:
            names = [form.kind or form.id or form.name or "one without a name" for form in page.forms]
            has = f"has the forms {', '.join(names)}" if names else "has no form"
            raise StepFailedError(f"the answer ({reply.status} {page.title!r}) {has}, not `{step.submit}`")
        fields = _filled_in(form, self._filled(step.fill, now))
        url = urljoin(call.url, form.action) if form.action else call.url
        url = self._own(url)
        host = tuple(pair for pair in call.headers if pair[0].lower() == "host")
        if form.method == "POST":
            return Call(
                method="POST", url=url, headers=(*host, ("Content-Type", FORM)), body=urlencode(fields).encode()
            )
        return Call(method="GET", url=f"{url.partition('?')[0]}?{urlencode(fields)}", headers=host)

    def _redirect(self) -> Call:
        call, reply = self.last
        location = reply.header("location")
        if location is None:
            raise StepFailedError(f"the answer ({reply.status}) leads nowhere: it has no Location")
        host = tuple(pair for pair in call.headers if pair[0].lower() == "host")
        return Call(method="GET", url=self._own(urljoin(call.url, location)), headers=host)

    def _own(self, url: str) -> str:
        """The URL, when it is the provider's; one of the host that was asked for is asked at its place."""
        if _origin(url) in {_origin(known) for known in (self._base, *self.endpoints.values())}:
            return url
        call, _ = self.last
        parts = urlsplit(url)
        if parts.netloc == call.authority:
            return _origin(call.url) + url.partition(parts.netloc)[2]
        raise StepFailedError(f"the redirect to {url} is not the provider's own")


def _kept(name: str, keep: Keep, reply: Reply) -> Any:
    found: Any = None
    try:
        if keep.json is not None:
            found = at(read_json(reply.body), keep.json)
        elif keep.header is not None:
            found = reply.header(keep.header)
        elif keep.field is not None:
            fields = [pair for form in read_page(reply.text).forms for pair in form.fields]
            found = next((value for label, value in fields if label == keep.field), None)
        elif keep.match is not None:
            match = re.search(keep.match, reply.text)
            found = match[1] if match else None
        else:
            _, query, fragment = location_parts(reply.header("location") or "")
            label, pairs = (keep.query, query) if keep.query is not None else (keep.fragment, fragment)
            found = next((value for key, value in pairs if key == label), None)
    except Unreadable as error:
        raise StepFailedError(f"nothing to keep as `{name}`: {error}") from error
    if found is None:
        where = next(f"{each} {getattr(keep, each)}" for each in keep.__struct_fields__ if getattr(keep, each))
        raise StepFailedError(f"nothing to keep as `{name}`: the answer ({_told(reply)}) has no {where}")
    return found


def _told(reply: Reply) -> str:
    text = " ".join(reply.text.split())
    location = reply.header("location")
    return f"{reply.status} {location or text[:200]}".strip()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _encoded(document: Any) -> str:
    if document is None:
        return ""
    return document if isinstance(document, str) else urlencode(parameters(document))


def _filled_in(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields as they are sent. The first button is pressed, unless an answer names a button."""
    fields = [
        (name, as_text(answers.get(name, value))) for name, value in form.fields if answers.get(name, value) is not None
    ]
    present = {name for name, _ in form.fields}
    named = {button.name for button in form.buttons if button.name}
    added = [(name, as_text(value)) for name, value in answers.items() if name not in present and value is not None]
    if form.buttons and form.buttons[0].name and not named & set(answers):
        added.append((form.buttons[0].name, form.buttons[0].value))
    return [*fields, *added]
