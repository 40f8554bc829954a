"""A real browser, stages for it to visit, and a client's redirect URI that answers whatever comes."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.server.local import local_stages

PATIENCE = 10
WIDE, PHONE = (1000, 700), (390, 780)
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=en",
)


class NoBrowserError(Exception):
    """Why there is no browser on this machine, in a sentence."""


@contextmanager
def chromium(*, javascript: bool = True) -> Iterator["Window"]:
    """Chromium without a window of its own; ``javascript`` as the person has set it. NoBrowserError."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        message = "there is no chromium with its chromedriver here"
        raise NoBrowserError(message)
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in ARGUMENTS:
        options.add_argument(argument)
    if not javascript:
        forbidden = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", forbidden)
    window = Window(webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)))
    try:
        yield window
    finally:
        window.driver.quit()


class Window:
    """A browser's window, and what a person does there."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def forget(self) -> None:
        """No cookies any more, whatever their path."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def resize(self, size: tuple[int, int], *, mobile: bool = False) -> None:
        """The viewport, in CSS pixels."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        """The colours that the person prefers: ``light`` or ``dark``."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def heed_policies(self, *, heeded: bool) -> None:
        """Whether a Content-Security-Policy counts."""
        self.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": not heeded})

    def open(self, url: str, **query: str) -> None:
        """Go there."""
        self.driver.get(f"{url}?{urlencode(query)}" if query else url)

    def find(self, css: str) -> WebElement:
        """The element, as soon as there is one."""
        found: list[WebElement] = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(
            lambda _: self.all(css)
        )
        return found[0]

    def all(self, css: str) -> list[WebElement]:
        """Every such element that is there now."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        """What the element says."""
        return self.find(css).text

    def click(self, css: str) -> None:
        """Press it, and wait until the page is left."""
        element = self.find(css)
        before = self.driver.find_element(By.CSS_SELECTOR, "html").id
        element.click()
        self._until_left(before)

    def fill(self, **fields: str) -> None:
        """Type into the fields that a password manager would find by these hints, ``_`` being ``-``."""
        for hint, value in fields.items():
            element = self.find(f'form[data-sparring="sign-in"] input[autocomplete="{hint.replace("_", "-")}"]')
            element.clear()
            element.send_keys(value)

    def sign_in(self, username: str, password: str) -> None:
        """Fill in the form and send it."""
        self.fill(username=username, current_password=password)
        self.click('form[data-sparring="sign-in"] [type="submit"]')

    def until_at(self, address: str) -> dict[str, str]:
        """Wait until the browser is there; the query or fragment with which it came."""
        waiting = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05)
        waiting.until(lambda driver: driver.current_url.startswith(address))
        parts = urlsplit(self.driver.current_url)
        return dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True))

    def until_focused(self, attribute: str, value: str) -> None:
        """Wait until the cursor is in a field with that attribute: it gets there a moment after the page."""
        WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(
            lambda driver: driver.switch_to.active_element.get_attribute(attribute) == value
        )

    def _until_left(self, before: str) -> None:
        def left(driver: webdriver.Chrome) -> bool:
            return [root.id for root in driver.find_elements(By.CSS_SELECTOR, "html")] not in ([before], [])

        WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(left)


class InAThread:
    """Something asynchronous on an event loop of its own thread, for a test that waits for a browser in this one."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._done, self._ready = asyncio.Event(), threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self._thread.start()
        if not self._ready.wait(PATIENCE):
            message = "it did not open"
            raise TimeoutError(message)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()
        self._loop.close()

    def opened(self) -> AbstractAsyncContextManager[None]:
        """What is open there until the end."""
        raise NotImplementedError

    def wait_for(self, asked: Coroutine[Any, Any, Any]) -> Any:
        """What comes of it there."""
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(PATIENCE)

    async def _run(self) -> None:
        async with self.opened():
            self._ready.set()
            await self._done.wait()


class Studio(InAThread):
    """Stages on an event loop of their own thread."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """A control port's stages."""
        async with local_stages() as (self._control, _):
            yield

    def open(self, **spec: Any) -> "Set":
        """Open a stage."""
        return Set(self, self.do("open_stage", spec))

    def do(self, verb: str, *arguments: Any) -> Any:
        """Ask the control port."""
        control: DirectControl = self._control
        return self.wait_for(getattr(control, verb)(*arguments))


class Set:
    """An open stage, as a browser meets it."""

    def __init__(self, studio: Studio, info: Mapping[str, Any]) -> None:
        self._studio = studio
        self._id = info["id"]
        self.providers: Mapping[str, Any] = info["providers"]

    def do(self, verb: str, *arguments: Any) -> Any:
        """Ask the control port about this stage."""
        return self._studio.do(verb, self._id, *arguments)

    def close(self) -> None:
        """The stage is no more."""
        self.do("close_stage")

    def asking(self, provider: str, callback: str, **changes: str) -> str:
        """The address of an authorization request; an empty change leaves that parameter out."""
        info = self.providers[provider]
        request = {
            "response_type": "code",
            "client_id": info["client_id"],
            "redirect_uri": callback,
            "scope": info["scope"],
            "state": 'a state, with <odd> & "ends"',
            "nonce": "n-0S6_WzA2Mj",
        } | changes
        return (
            f"{info['endpoints']['authorize']}?{urlencode({name: value for name, value in request.items() if value})}"
        )


@contextmanager
def redirect_uri() -> Iterator[str]:
    """The redirect URI of a client that answers whatever comes, on this machine."""

    class Answering(BaseHTTPRequestHandler):
        """Says that the person may close the window."""

        def do_GET(self) -> None:
            """Answer."""
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>back at the client</title>")

        def do_POST(self) -> None:
            """Answer alike."""
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/callback"
    finally:
        server.shutdown()
        server.server_close()
