"""A person at a real browser: signs in, approves or denies, and is sent back to the client."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from sparring.mocks.providers import NAMES, load
from sparring.mocks.server.local import local_stages

CODE_FLOW = [name for name in NAMES if "authorization_code" in load(name).grants]


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    """Chromium without a window; skipped where there is none."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("there is no chromium with its chromedriver here")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ):
        options.add_argument(argument)
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield window
    window.quit()


@pytest.fixture
def callback() -> Iterator[str]:
    """A client's redirect URI that answers whatever comes."""

    class Answer(BaseHTTPRequestHandler):
        """Says that the person may close the window."""

        def do_GET(self) -> None:
            """Answer."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>back at the client</title>")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/callback"
    server.shutdown()
    server.server_close()


@pytest.fixture
def stage(callback: str) -> Iterator[dict[str, Any]]:
    """Every provider with a code flow, on an event loop of its own thread."""
    loop = asyncio.new_event_loop()
    opened: dict[str, Any] = {}
    ready, done = threading.Event(), asyncio.Event()

    async def run() -> None:
        async with local_stages() as (control, _):
            opened.update(
                await control.open_stage({"providers": CODE_FLOW, "redirect_uris": [callback], "personas": True})
            )
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    ready.wait(10)
    yield opened
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


def field(browser: WebDriver, kind: str) -> Any:
    """The input that a password manager would fill."""
    return browser.find_element(By.CSS_SELECTOR, f'form[data-sparring="sign-in"] input[autocomplete="{kind}"]')


@pytest.mark.parametrize("decision", ["approve", "deny"])
@pytest.mark.parametrize("provider", CODE_FLOW)
def test_a_person_signs_in_and_is_sent_back(
    provider: str, decision: str, browser: WebDriver, stage: dict[str, Any], callback: str
) -> None:
    """With a code after "approve", with access_denied after "deny"; the state comes back as it went."""
    info = stage["providers"][provider]
    user = info["users"][0]
    ids = {client["client_id"] for client in info["clients"]}
    request = {
        "response_type": "code",
        "client_id": "asks-for-consent" if "asks-for-consent" in ids else info["client_id"],
        "redirect_uri": callback,
        "scope": info["scope"],
        "state": "a state, with <odd> & ends",
        "nonce": "n-0S6_WzA2Mj",
    }
    browser.delete_all_cookies()
    browser.get(f"{info['endpoints']['authorize']}?{urlencode(request)}")
    browser.delete_all_cookies()
    browser.get(f"{info['endpoints']['authorize']}?{urlencode(request)}")
    field(browser, "username").send_keys(user["username"])
    field(browser, "current-password").send_keys("not the password")
    field(browser, "current-password").submit()
    WebDriverWait(browser, 10).until(lambda b: b.find_elements(By.CSS_SELECTOR, '[role="alert"]'))
    field(browser, "username").clear()
    field(browser, "username").send_keys(user["username"])
    field(browser, "current-password").send_keys(user["password"])
    field(browser, "current-password").submit()
    consent = 'form[data-sparring="consent"] button[name="decision"]'
    WebDriverWait(browser, 10).until(lambda b: b.find_elements(By.CSS_SELECTOR, consent))
    browser.find_element(By.CSS_SELECTOR, f'{consent}[value="{decision}"]').click()
    WebDriverWait(browser, 10).until(lambda b: b.current_url.startswith(callback))
    answer = parse_qs(urlsplit(browser.current_url).query)
    assert answer["state"] == [request["state"]]
    assert ("code" in answer) == (decision == "approve")
    assert answer.get("error") == (None if decision == "approve" else ["access_denied"])
