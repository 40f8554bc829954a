"""The dashboard in a real browser: what happens appears, what is clicked is felt, and nothing recorded ever runs."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.axe import axe_script, findings
from tests.e2e.boards import Board, Inspector, quiet
from tests.e2e.browsing import PATIENCE, PHONE, NoBrowserError, Window, chromium
from tests.e2e.running import CAREFUL
from tests.e2e.serving import serving

DESK = (1400, 850)
CANARY = "window.__canary=1"
HOSTILE = (
    f"\"' autofocus onfocus={CANARY} ></title></style></textarea></script></template><script>{CANARY}</script>"
    f"<img src=x onerror={CANARY}><svg onload={CANARY}>{{{{7*7}}}}"
)
ANY = ("minor", "moderate", "serious", "critical")
TOKEN = "let me in"
REDIRECT_URI = "http://127.0.0.1:{port}/callback"


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    """A control port whose stage has Ingest and Panopto."""
    with Board("ingest", "panopto") as opened:
        yield opened


@pytest.fixture
def inspector(window: Window, board: Board) -> Inspector:
    """A person at a stage where nothing has happened yet."""
    board.do("reset")
    window.resize(DESK)
    window.prefer("light")
    window.heed_policies(heeded=True)
    return Inspector(window, board.page)


def newest(board: Board) -> int:
    """The number of the last exchange."""
    found: int = board.do("page", limit=1)["last"]
    return found


def test_a_request_appears_without_a_reload(inspector: Inspector, board: Board, window: Window) -> None:
    """Sent by a program, drawn between client and provider, its error in red; the page stays the same one."""
    with quiet(window):
        inspector.open()
        window.driver.execute_script("window.same = true")
        inspector.until("#nothing", "Nothing has crossed the wire")
        board.ask_token()
        assert "POST token" in inspector.until(f'.row.tone-fine[data-n="{newest(board)}"]', "200")
        board.ask_token(client_secret="wrong")
        refused = inspector.until(f'.row.tone-refused[data-n="{newest(board)}"]', "401 invalid_client")
        assert "ingest/token/" in refused
        assert inspector.until("#kept") == "2"
        assert window.driver.execute_script("return window.same") is True


def test_a_fault_set_by_click_is_felt_and_used_up(inspector: Inspector, board: Board) -> None:
    """Of the provider that was chosen, once; then the card says so, and is removed."""
    inspector.open()
    inspector.choose("#pick select[name=provider]", "Ingest")
    inspector.press(".pick", "The token endpoint is down (503)")
    inspector.until("#said", "On stage: The token endpoint is down (503).")
    inspector.until("[data-cards=faults] .card", "1 left")
    assert [board.ask_token().status_code for _ in range(2)] == [503, 200]
    inspector.until("[data-cards=faults] .card", "used up")
    struck = newest(board) - 1
    assert "fault" in inspector.until(f'.row[data-n="{struck}"] .why')
    assert "went wrong on purpose The token endpoint is down (503)" in inspector.see(struck)
    inspector.tab("break")
    inspector.press("[data-cards=faults] button", "Remove")
    inspector.until("#said", "Taken off.")
    assert board.do("faults") == []


def test_the_catalogue_is_searched(inspector: Inspector, board: Board) -> None:
    """By the words of a title or an id; what is nothing for the provider that was chosen is not offered."""
    inspector.open()
    window = inspector.window
    window.find("#find").send_keys("NONCE")
    shown = inspector.shown(".pick")
    assert shown
    assert all("nonce" in text.lower() for text in shown)
    inspector.choose("#pick select[name=provider]", "Ingest")
    assert inspector.shown(".pick") == []
    inspector.until("#unfound", "Nothing of that name.")
    window.find("#find").clear()
    window.find("#find").send_keys("api-5xx-502")
    inspector.press(".pick", "api-5xx-502")
    inspector.until("#said", "On stage:")
    assert board.call_api("whatever") == 502


def test_the_clock_is_advanced_and_a_token_expires(inspector: Inspector, board: Board) -> None:
    """By a button; frozen it stands still, and runs on."""
    token = board.ask_token().json()["access_token"]
    assert board.call_api(token) == 200
    inspector.open()
    inspector.press(".clock button", "+1 d")
    inspector.until("#said", "It is 1 d later")
    assert board.call_api(token) == 401
    inspector.until(f'.row.tone-refused[data-n="{newest(board)}"]', "401")
    inspector.press("#freeze", "Freeze")
    inspector.until("#freeze", "Resume")
    frozen = board.do("clock")
    assert frozen["frozen"] is True
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(frozen["now"]))
    inspector.until("#clock.frozen", stamp)
    inspector.press("#freeze", "Resume")
    inspector.until("#freeze", "Freeze")
    assert board.do("clock")["frozen"] is False


def test_an_exchange_is_opened(inspector: Inspector, board: Board) -> None:
    """By the keyboard too: rule, source, what to mend, the JWT with its validity by the stage's clock, curl."""
    board.ask_token(client_secret="wrong")
    (exchange,) = board.do("recording")
    inspector.open()
    inspector.window.find(".row > a").send_keys("\n")
    inspector.until("#opened", f"#{exchange['n']} POST token")
    text = inspector.window.text("#exchange")
    for part in (exchange["rule"], exchange["source"], exchange["mend"], "client_secret", "wrong", "Copy as curl"):
        assert part in text
    board.do("move_clock", "freeze")
    board.do("move_clock", "set", 1_800_000_000)
    minted = board.do("mint", "panopto", {"expires_in": 299})["access_token"]
    url = board.stage["providers"]["panopto"]["endpoints"]["api"]
    board.http.get(url, headers={"Authorization": f"Bearer {minted}"})
    inspector.until(f'.row[data-n="{newest(board)}"]')
    assert "valid, expires in 4 min 59 s" in inspector.see(newest(board))
    board.do("move_clock", "advance", 359)
    assert "expired 1 min ago" in inspector.see(newest(board))
    for part in ('"alg": "RS256"', '"iss": "', "request header, authorization"):
        assert part in inspector.window.text("#exchange")


def test_the_filter_leaves_what_was_asked_for(inspector: Inspector, board: Board) -> None:
    """What comes later as well."""
    for secret in ("wrong", None, "wrong"):
        board.ask_token(**({"client_secret": secret} if secret else {}))
    first = newest(board) - 2
    inspector.open()
    assert inspector.numbers() == [first, first + 1, first + 2]
    inspector.press("input[name=refused]")
    WebDriverWait(inspector.window.driver, PATIENCE).until(lambda _: inspector.numbers() == [first, first + 2])
    board.ask_token()
    board.ask_token(client_secret="wrong again")
    inspector.until(f'.row[data-n="{first + 4}"]')
    assert inspector.numbers() == [first, first + 2, first + 4]
    inspector.window.find("input[name=text]").send_keys("wrong+again")
    WebDriverWait(inspector.window.driver, PATIENCE).until(lambda _: inspector.numbers() == [first + 4])
    assert inspector.window.driver.current_url.endswith("?text=wrong%2Bagain&refused=true")


def test_a_token_is_revoked_and_the_stage_reset(inspector: Inspector, board: Board) -> None:
    """The card of a live token has the button; after a reset nothing is left, and the archive is there to be had."""
    token = board.ask_token().json()["access_token"]
    inspector.open()
    inspector.tab("tokens")
    inspector.until("[data-cards=tokens] .card", "Ingest access token")
    inspector.press("[data-cards=tokens] button", "Revoke")
    inspector.until("#said", "1 token revoked.")
    assert board.call_api(token) == 401
    inspector.until("[data-empty=tokens]", "No token is good")
    link = inspector.window.find("a[download]").get_attribute("href")
    assert link is not None
    assert len(board.http.get(link).json()["log"]["entries"]) == 2
    inspector.press(".tools button", "Reset")
    inspector.window.driver.switch_to.alert.accept()
    inspector.until("#said", "Everything is as it was in the beginning.")
    inspector.until("#nothing", "Nothing has crossed the wire")
    assert board.do("recording") == []


def test_a_remark_stands_beside_its_exchange(inspector: Inspector, board: Board) -> None:
    """It comes after the exchange, and the line bears it without a reload."""
    inspector.open()
    board.ask_token()
    number = newest(board)
    inspector.until(f'.row[data-n="{number}"]')
    note = {"exchange": number, "text": "Twice the same code.", "verdict": "FAIL", "check": "code-single-use"}
    board.do("note", note)
    inspector.until(f'.row[data-n="{number}"] .lint', "lint FAIL")
    inspector.tab("lint")
    inspector.until("[data-cards=lint] .card", "Twice the same code.")
    inspector.press("[data-cards=lint] a.open")
    inspector.until("#exchange", "lint FAIL code-single-use Twice the same code.")


@pytest.mark.parametrize("heeded", [True, False], ids=["policy", "no policy"])
def test_nothing_that_was_recorded_runs(inspector: Inspector, board: Board, window: Window, heeded: bool) -> None:
    """Names, states, errors, headers and bodies are text; without the policy too, so it does not depend on that."""
    board.do("change_user", "ingest", HOSTILE, {"name": HOSTILE, "password": HOSTILE})
    board.do("change_client", "ingest", HOSTILE, {"name": HOSTILE, "redirect_uris": [f"http://a/{HOSTILE}"]})
    body = {"error": HOSTILE, "error_description": HOSTILE}
    headers = {"x-canary": HOSTILE, "location": f"http://app/cb?state={HOSTILE}", "content-type": "text/html"}
    effects = (
        {"kind": "replace", "status": 400, "body": body, "headers": headers},
        {"kind": "replace", "status": 302, "body": HOSTILE, "headers": headers},
    )
    for number, effect in enumerate(effects):
        board.do("add_fault", {"id": f"{number}{HOSTILE}", "effect": effect})
    base = board.stage["providers"]["ingest"]["base_url"]
    address = f"{base}/{urlencode({'state': HOSTILE})}"
    inspector.window.heed_policies(heeded=heeded)
    inspector.open()
    for method, path in (("POST", "token"), ("GET", "authorize")):
        sent = {"x-canary": HOSTILE, "authorization": f"Bearer {HOSTILE}", "content-type": "text/html"}
        board.http.request(method, f"{base}/{path}?{urlencode({'state': HOSTILE})}", headers=sent, content=HOSTILE)
    board.http.get(address, headers={"authorization": f"Bearer {HOSTILE}"})
    last = newest(board)
    board.do("note", {"exchange": last, "text": HOSTILE, "check": HOSTILE})
    inspector.until(f'.row[data-n="{last}"]')
    for number in (last - 2, last - 1, last):
        assert HOSTILE[:30] in inspector.see(number)
    for tab in ("break", "lint", "tokens", "accounts"):
        inspector.tab(tab)
    inspector.until("[data-cards=accounts] .card", HOSTILE[:30])
    for path in (f"?{urlencode({'text': HOSTILE})}", f"exchanges/{last}", f"exchanges/{last - 2}"):
        window.open(board.page + path)
        assert window.driver.execute_script("return window.__canary") is None
        assert not window.all("img, svg, main script")
    inspector.open()
    for fragment in ("img", "svg", "body script"):
        assert not window.all(fragment)
    assert window.driver.execute_script("return window.__canary") is None


def test_the_page_is_accessible(inspector: Inspector, board: Board, window: Window) -> None:
    """On a desk and on a phone, in light and in dark, whatever stands beside the diagram."""
    script = axe_script()
    board.ask_token()
    board.ask_token(client_secret="wrong")
    board.do("add_fault", {"effect": {"kind": "hang"}, "match": {"endpoint": "jwks"}})
    board.do("note", {"exchange": newest(board), "text": "Tsk.", "verdict": "WARN"})
    minted = board.do("mint", "panopto", {})["access_token"]
    url = board.stage["providers"]["panopto"]["endpoints"]["api"]
    board.http.get(url, headers={"Authorization": f"Bearer {minted}"})
    for size, scheme, tabs in ((DESK, "light", ("break", "accounts")), (PHONE, "dark", ("lint", "tokens"))):
        window.resize(size, mobile=size == PHONE)
        window.prefer(scheme)
        inspector.open()
        for tab in tabs:
            inspector.tab(tab)
            assert findings(window.driver, script, least=ANY) == []
        inspector.see(newest(board))
        assert findings(window.driver, script, least=ANY) == []
        wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert window.driver.execute_script(wider) <= 0
    window.open(f"{board.page}exchanges/{newest(board)}")
    assert findings(window.driver, script, least=ANY) == []


def test_ten_thousand_exchanges_are_no_burden(inspector: Inspector, board: Board, window: Window) -> None:
    """The page holds the newest few hundred, older ones come page by page, and new ones still appear."""
    board.fill(10_000)
    last = newest(board)
    inspector.open()
    assert inspector.numbers() == list(range(last - 199, last + 1))
    assert inspector.until("#kept") == "10000"
    for _ in range(3):
        above = inspector.numbers()[0] - 200
        window.driver.execute_script("document.getElementById('earlier').click()")
        WebDriverWait(window.driver, PATIENCE, 0.05).until(lambda _: inspector.numbers()[0] == above)  # noqa: B023
        assert len(inspector.numbers()) <= 400
    inspector.press("#follow")
    WebDriverWait(window.driver, PATIENCE, 0.05).until(lambda _: inspector.numbers()[-1] == last)
    board.fill(300)
    inspector.until(f'.row[data-n="{last + 300}"]')
    assert len(inspector.numbers()) <= 400
    assert inspector.until("#kept") == "10000"


def test_without_a_script_everything_is_a_form_or_a_link(board: Board) -> None:
    """A fault is put on and taken off, an exchange opened, the list filtered: real forms, real links."""
    board.do("reset")
    board.ask_token(client_secret="wrong")
    board.ask_token()
    try:
        with chromium(javascript=False) as bare:
            bare.resize(DESK)
            bare.open(board.page)
            bare.click('button[value="token-unavailable"]')
            assert "The token endpoint is down (503) 1 left" in bare.text("[data-cards=faults]")
            assert bare.driver.current_url == board.page
            bare.click('[data-cards="faults"] button')
            assert board.do("faults") == []
            bare.find("input[name=refused]").click()
            bare.click(".apply")
            assert len(bare.all(".row")) == 1
            bare.click(".row > a")
            assert "401 invalid_client" in bare.text("main")
    except NoBrowserError as trouble:
        pytest.skip(str(trouble))


def test_the_token_is_asked_for_once(window: Window) -> None:
    """A form takes it; then everything works, forms and events too."""
    with Board("ingest", token=TOKEN) as board:
        window.forget()
        window.resize(DESK)
        window.open(board.url)
        assert "Show the control token" not in window.text("main")
        window.find("#token").send_keys(TOKEN)
        window.click("button.primary")
        inspector = Inspector(window, board.page)
        window.find("#live.on")
        board.ask_token()
        inspector.until(".row", "POST token")
        inspector.press("#freeze", "Freeze")
        inspector.until("#freeze", "Resume")
        assert board.do("clock")["frozen"] is True


def test_what_lint_says_is_left_as_a_remark(tmp_path: Path) -> None:
    """Beside the exchange that it speaks of, with the check by its id; the log has the same sentence."""
    with serving(tmp_path, "ingest", "--lint") as server, httpx2.Client(trust_env=False) as http:
        url = server.provider("ingest")["endpoints"]["token"]
        http.get(url)
        log = server.log(until="lint: ")
        (note,) = http.get(f"{server.document['control_url']}/stages/main/notes").json()["notes"]
    assert (note["exchange"], note["verdict"], note["check"]) == (1, "FAIL", "token-request-is-post")
    assert f"lint: FAIL token-request-is-post: {note['text'].partition(' (')[0]}" in log


def app(info: dict[str, Any], folder: Path, redirect_uri: str) -> subprocess.Popen[str]:
    """Somebody's application, which has a person sign in at Panopto and calls the API."""
    env = {
        "SPARRING_PROVIDER": "panopto",
        "SPARRING_GRANT": "authorization_code",
        "SPARRING_ISSUER": info["issuer"],
        "SPARRING_AUTHORIZE_URL": info["endpoints"]["authorize"],
        "SPARRING_TOKEN_URL": info["endpoints"]["token"],
        "SPARRING_JWKS_URL": info["endpoints"]["jwks"],
        "SPARRING_API_URL": info["endpoints"]["api"],
        "SPARRING_CLIENT_ID": info["client_id"],
        "SPARRING_CLIENT_SECRET": info["client_secret"],
        "SPARRING_SCOPE": info["scope"],
        "SPARRING_REDIRECT_URI": redirect_uri,
        "SPARRING_STATE_DIR": str(folder),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    return subprocess.Popen([*CAREFUL, "--oneshot"], env=env, stdout=subprocess.PIPE, text=True)


def test_in_the_browser_alone_a_case_is_reproduced(window: Window, tmp_path: Path) -> None:
    """Serve, open the dashboard, let the code expire at Panopto, run an app: the refused exchange says why."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        redirect_uri = REDIRECT_URI.format(port=probe.getsockname()[1])
    with serving(tmp_path, "panopto", "ingest", "--lint", "--redirect-uri", redirect_uri) as server:
        assert f"dashboard     {server.document['control_url']}/" in server.log()
        window.resize(DESK)
        window.heed_policies(heeded=True)
        window.open(server.document["control_url"])
        inspector = Inspector(window, window.driver.current_url)
        inspector.open()
        inspector.choose("#pick select[name=provider]", "Panopto")
        inspector.press(".pick", "The code expires before it is exchanged")
        inspector.until("#said", "On stage: The code expires before it is exchanged.")
        info = server.provider("panopto")
        client = app(info, tmp_path, redirect_uri)
        try:
            assert client.stdout is not None
            visit = json.loads(client.stdout.readline())
            dashboard = window.driver.current_window_handle
            window.driver.switch_to.new_window("tab")
            window.open(visit["url"])
            user = info["users"][0]
            window.sign_in(user["username"], user["password"])
            window.find('button[name="decision"][value="approve"], button[value="yes"]').click()
            window.until_at(redirect_uri)
            output, _ = client.communicate(timeout=PATIENCE)
        finally:
            client.kill()
            client.wait()
        assert json.loads(output.splitlines()[-1])["outcome"] != "ok"
        window.driver.close()
        window.driver.switch_to.window(dashboard)
        inspector.until(".row.tone-refused", "400 invalid_grant")
        inspector.press(".row.tone-refused > a")
        text = inspector.until("#exchange", "invalid_grant")
        for part in (
            "panopto/token/code-expired",
            "Redeem the code at once.",
            "IdentityServer3",
            "went wrong on purpose",
        ):
            assert part in text
        inspector.tab("break")
        inspector.until("[data-cards=faults] .card", "used up")
