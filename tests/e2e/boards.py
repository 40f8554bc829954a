"""A control port with its dashboard in a thread, and a person who uses it in a browser."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.http import control_app
from sparring.mocks.server.local import local_stages
from tests.e2e.browsing import PATIENCE, InAThread, Window

SEEN = """return [...document.querySelectorAll(arguments[0])].filter((each) => each.checkVisibility())
  .map((each) => [each, each.innerText])"""


class Board(InAThread):
    """A control port on an event loop of its own thread, and one open stage, ``main``."""

    def __init__(self, *providers: str, token: str | None = None) -> None:
        self._providers = providers
        self._token = token

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """The control port, the stage, and an HTTP client for the test's own requests."""
        async with local_stages() as (self.control, theatre):
            self.url = await theatre.listen("the control port", control_app(self.control, self._token))
            spec = {"id": "main", "providers": list(self._providers), "personas": True}
            self.stage: Mapping[str, Any] = await self.control.open_stage(spec)
            with httpx2.Client(trust_env=False) as self.http:
                yield

    @property
    def page(self) -> str:
        """The dashboard's address."""
        return f"{self.url}/dashboard/main/"

    def do(self, verb: str, *arguments: Any, **named: Any) -> Any:
        """Ask the control port about the stage."""
        control: DirectControl = self.control
        return self.wait_for(getattr(control, verb)("main", *arguments, **named))

    def ask_token(self, provider: str = "ingest", **changes: str) -> httpx2.Response:
        """A client asks for a token with its credentials."""
        info = self.stage["providers"][provider]
        form = {"grant_type": "client_credentials"} | {n: info[n] for n in ("client_id", "client_secret", "scope")}
        return self.http.post(info["endpoints"]["token"], data=form | changes)

    def call_api(self, token: str) -> int:
        """The status of a call of Ingest's API."""
        headers = {"Accept": "application/vnd.ingest.v1+json", "Authorization": f"Bearer {token}"}
        return self.http.get(self.stage["providers"]["ingest"]["endpoints"]["api"], headers=headers).status_code

    def fill(self, count: int) -> None:
        """The recorder keeps so many exchanges more, one like the other."""
        self.ask_token()

        async def run() -> None:
            recorder = self.control.stage("main").recorder
            like = recorder.select()[-1]
            for _ in range(count - 1):
                made = recorder.begin(like.provider, like.endpoint, like.request)
                made.answer = like.answer
                recorder.end(made)

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(60)


class Inspector:
    """A person at the dashboard, with the script at work."""

    def __init__(self, window: Window, address: str) -> None:
        self.window = window
        self._address = address

    def open(self, **query: str) -> None:
        """Open the page, and wait until it hears of what happens."""
        self.window.open(self._address, **query)
        self.window.find("#live.on")

    def shown(self, css: str) -> list[str]:
        """What such elements say, those that can be seen."""
        return [text for _, text in self._seen(css)]

    def _seen(self, css: str) -> list[tuple[WebElement, str]]:
        found: list[tuple[WebElement, str]] = self.window.driver.execute_script(SEEN, css)
        return found

    def until(self, css: str, words: str = "") -> str:
        """The text of the first such element that says that, as soon as there is one."""

        def saying(_: object) -> str:
            return next((text or " " for text in self.shown(css) if words in text), "")

        return WebDriverWait(self.window.driver, PATIENCE, 0.05).until(saying)

    def press(self, css: str, words: str = "") -> None:
        """Press the button that says that."""
        self.until(css, words)
        next(element for element, text in self._seen(css) if words in text).click()

    def choose(self, css: str, words: str) -> None:
        """Choose that in a list."""
        Select(self.window.find(css)).select_by_visible_text(words)

    def tab(self, name: str) -> None:
        """Turn to that part of what stands beside the diagram."""
        self.press(f"#tab-{name}")

    def see(self, n: int) -> str:
        """Open an exchange; what is said of it."""
        self.press(f'.row[data-n="{n}"] > a')
        self.until("#opened", f"#{n} ")
        return self.window.text("#exchange")

    def numbers(self) -> list[int]:
        """The exchanges in the diagram, in their order."""
        script = "return [...document.querySelectorAll('.row')].map((row) => Number(row.dataset.n))"
        found: list[int] = self.window.driver.execute_script(script)
        return found


@contextmanager
def quiet(window: Window) -> Iterator[None]:
    """The console has nothing to complain of: no script that broke, nothing that the policy refused."""
    _console(window)
    yield
    complaints = [entry["message"] for entry in _console(window) if entry["level"] == "SEVERE"]
    assert complaints == []


def _console(window: Window) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = window.driver.get_log("browser")  # type: ignore[no-untyped-call]
    return said
