"""One fake, asked in this process through its ASGI application; a browser with its cookies."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from sparring.contracts.cookies import Jar
from sparring.contracts.openapi import document
from sparring.contracts.pages import Form, read_page
from sparring.contracts.place import Call, Headers, Reply
from sparring.mocks.engine.users import User
from sparring.mocks.server.app import ProviderApp, Receive, Scope, Send
from tests.mocks.stages import Wall, open_stage

BASE = "http://127.0.0.1:9401"
ORIGIN = "https://spa.example"
FORM = "application/x-www-form-urlencoded"
Pairs = Mapping[str, Any] | Sequence[tuple[str, str]]
"""Parameters; of one that is repeated, the value is a list."""
Watcher = Callable[[Call, Reply], None]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Fake:
    """A stage with that provider and its personas. Whoever watches is told of every exchange."""

    def __init__(self, provider: str, watch: Watcher, variant: str = "default") -> None:
        self.document = document(provider)
        self._wall = Wall()
        self._runner = asyncio.Runner()
        self._provider = provider
        self._stage = self._runner.run(
            open_stage(provider, wall=self._wall, personas=True, origins=(ORIGIN,), variants={provider: variant})
        )
        self.app: App = ProviderApp(self._stage, provider)
        self._watch = watch

    def close(self) -> None:
        """End its event loop."""
        self._runner.close()

    def add_person(self, username: str, **members: Any) -> None:
        """Open one more account."""
        desk = self._stage.houses[self._provider].desk
        subject = desk.entropy.uuid("person", username)
        given = {"password": f"{username}-spars-here", "name": username, "email": f"{username}@network.example"}
        person = User(subject=subject, username=username, **(given | members))
        self._runner.run(desk.store.put(username, person))

    @property
    def now(self) -> float:
        """The time there, in POSIX seconds."""
        return self._wall.seconds

    def wait(self, seconds: float) -> None:
        """Let that much time pass."""
        self._wall.seconds += seconds

    def send(self, call: Call) -> Reply:
        """The answer to a request."""
        reply = self._runner.run(self._ask(call))
        self._watch(call, reply)
        return reply

    async def _ask(self, call: Call) -> Reply:
        parts = urlsplit(call.url)
        sent: list[MutableMapping[str, Any]] = []
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in call.headers]
        scope: MutableMapping[str, Any] = {
            "type": "http",
            "method": call.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode("latin-1") or b"/",
            "query_string": parts.query.encode("latin-1"),
            "headers": [(b"host", parts.netloc.encode()), *headers],
        }

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": call.body}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start, body = sent
        got = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
        return Reply(status=start["status"], headers=got, body=body["body"])

    def post(self, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The answer to a POST with that body."""
        return self.send(Call(method="POST", url=urljoin(BASE, target), headers=tuple(headers.items()), body=body))

    def ask(
        self, method: str, target: str, *headers: tuple[str, str], query: Pairs = (), form: Pairs | None = None
    ) -> Reply:
        """The answer to a request for that path."""
        return self.send(call_to(method, target, headers, query, form))


def call_to(method: str, target: str, headers: Headers = (), query: Pairs = (), form: Pairs | None = None) -> Call:
    """A request for a path, or for a URL; ``form`` becomes its body."""
    url = urljoin(BASE, target)
    if query:
        url += f"?{urlencode(query, doseq=True)}"
    if form is None:
        return Call(method=method, url=url, headers=headers)
    return Call(
        method=method, url=url, headers=(*headers, ("content-type", FORM)), body=urlencode(form, doseq=True).encode()
    )


class Browser:
    """A browser before which somebody sits."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake
        self._jar = Jar()
        self.shown: tuple[Call, Reply] | None = None

    def cookies(self, target: str) -> dict[str, str]:
        """What it would send there."""
        header = self._jar.header(urljoin(BASE, target), urlsplit(BASE).netloc, self._fake.now)
        return dict(each.split("=", 1) for each in header.split("; ")) if header else {}

    def send(self, call: Call) -> Reply:
        """The answer to a request with its cookies."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies(call.url).items())
        headers = (*call.headers, *((("cookie", jar),) if jar else ()))
        reply = self._fake.send(Call(method=call.method, url=call.url, headers=headers, body=call.body))
        self.took(call, reply)
        return reply

    def took(self, call: Call, reply: Reply) -> None:
        """Remember an answer as the page that is shown."""
        self._jar.take(call, reply, self._fake.now)
        self.shown = call, reply

    def open(self, target: str, query: Pairs = ()) -> Reply:
        """Go there, and on to wherever the provider itself sends the browser."""
        reply = self.send(call_to("GET", target, query=query))
        return self.follow(reply)

    def follow(self, reply: Reply) -> Reply:
        """Follow redirects to the provider itself."""
        while reply.status == 302 and self.shown is not None:
            url = urljoin(self.shown[0].url, reply.header("location") or "")
            if not url.startswith(BASE):
                break
            reply = self.send(call_to("GET", url))
        return reply

    def form(self, name: str) -> Form | None:
        """The form of that mark, id or name on the page that is shown."""
        return None if self.shown is None else read_page(self.shown[1].text).form_named(name)

    def filled(self, name: str, **fill: str) -> tuple[str, dict[str, Any]]:
        """Where that form goes, and what it says once it is filled in and its first button, or a given one, pressed."""
        form = self.form(name)
        assert form is not None, (name, self.shown)
        assert self.shown is not None
        sent: dict[str, Any] = {}
        for label, value in form.fields:
            sent[label] = [*sent[label], value] if label in sent else [value]
        if form.buttons and form.buttons[0].name and not {button.name for button in form.buttons} & set(fill):
            sent[form.buttons[0].name] = form.buttons[0].value
        sent = {label: value[0] if len(value) == 1 else value for label, value in sent.items()}
        return urljoin(self.shown[0].url, form.action), sent | fill

    def submit(self, name: str, **fill: str) -> Reply:
        """Send that form, and follow the way from there."""
        url, sent = self.filled(name, **fill)
        return self.follow(self.send(call_to("POST", url, form=sent)))
