"""The providers' pages in a real browser: every way through them, by form and by click, with JavaScript and without."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.e2e.axe import axe_script, findings
from tests.e2e.browsing import PHONE, WIDE, NoBrowserError, Set, Studio, Window, chromium, redirect_uri
from tests.e2e.scenes import ASKS, RELEASE_20, SCENES, SCENES_20, Stroll, stage_for
from tests.sampling import sample

PEOPLES = ("movingimage", "panopto", "ingest")
STATE = 'a state, with <odd> & "ends"'
WRONG = {
    "movingimage": "Invalid username or password.",
    "panopto": "Invalid username or password",
    "ingest": "That login and password do not match.",
}
ERRORS = {
    "movingimage": ("We're sorry...", "Client not found."),
    "panopto": ("Error", "The client application is not known or is not authorized."),
    "ingest": ("Authorization failed", "There is no application with this client_id."),
}
CANARY = "window.__canary=1"
HOSTILE = (
    f"\"' autofocus onfocus={CANARY} ></title></style></textarea></script><script>{CANARY}</script>"
    f"<img src=x onerror={CANARY}><svg onload={CANARY}>"
)
SMALLEST = 44
TOO_SMALL = """return [...document.querySelectorAll("button, input:not([type=hidden]):not([hidden]), summary")]
  .map((control) => control.type === "checkbox" ? control.closest("label") : control)
  .filter((control) => [control.getBoundingClientRect()].some((box) => Math.min(box.width, box.height) < arguments[0]))
  .map((control) => control.outerHTML)"""


@pytest.fixture(scope="module")
def bare_window() -> Iterator[Window]:
    """A browser whose person has forbidden JavaScript."""
    try:
        with chromium(javascript=False) as opened:
            yield opened
    except NoBrowserError as trouble:
        pytest.skip(str(trouble))


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    """The client's redirect URI."""
    with redirect_uri() as address:
        yield address


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    """Where stages are opened."""
    with Studio() as opened:
        yield opened


@pytest.fixture
def stage(studio: Studio, callback: str) -> Iterator[Set]:
    """A stage with personas, for one test."""
    opened = stage_for(studio, callback)
    yield opened
    opened.close()


@pytest.fixture
def desk_window(window: Window) -> Window:
    """The same on a desk, in light colours, with all of its guards."""
    window.resize(WIDE)
    window.prefer("light")
    window.heed_policies(heeded=True)
    return window


@pytest.fixture
def stroll(desk_window: Window, stage: Set, callback: str) -> Stroll:
    """A person at a browser that knows nobody yet."""
    return Stroll(desk_window, stage, callback)


@pytest.fixture
def bare_stroll(bare_window: Window, stage: Set, callback: str) -> Stroll:
    """The same without JavaScript."""
    return Stroll(bare_window, stage, callback)


def decide(stroll: Stroll, decision: str) -> dict[str, str]:
    """Press one of the two buttons; what the client is told."""
    stroll.window.click(f'form[data-sparring="consent"] button[value="{decision}"]')
    return stroll.window.until_at(stroll.callback)


@pytest.mark.parametrize("provider", PEOPLES)
def test_whoever_signs_in_and_agrees_brings_a_code(provider: str, stroll: Stroll) -> None:
    """A wrong password first: the provider's words, the name still there, the cursor where the password goes."""
    username, password = stroll.person(provider)
    stroll.ask(provider, client_id=ASKS.get(provider, "") or stroll.stage.providers[provider]["client_id"])
    stroll.window.until_focused("id", _first_field(provider))
    stroll.window.sign_in(username, "not the password")
    assert stroll.window.text('[role="alert"]') == WRONG[provider]
    field = stroll.window.find('[data-sparring="sign-in"] [autocomplete="username"]')
    assert field.get_attribute("value") == username
    assert (field.get_attribute("aria-invalid"), field.get_attribute("aria-describedby")) == ("true", "problem")
    stroll.window.until_focused("type", "password")
    stroll.window.sign_in(username, password)
    answer = decide(stroll, "approve")
    assert answer["state"] == STATE
    assert answer["code"]
    assert "error" not in answer


def _first_field(provider: str) -> str:
    return {"ingest": "login"}.get(provider, "username")


@pytest.mark.parametrize("provider", PEOPLES)
def test_a_persona_signs_in_by_a_click_and_denies(provider: str, stroll: Stroll) -> None:
    """Everybody on the stage is offered, in order."""
    stroll.ask(provider, client_id=ASKS.get(provider, "") or stroll.stage.providers[provider]["client_id"])
    offered = [button.get_attribute("data-persona") for button in stroll.window.all("#personas button")]
    assert offered == [user["username"] for user in stroll.stage.providers[provider]["users"]]
    stroll.window.click('#personas button[data-persona="denies"]')
    assert decide(stroll, "deny") == {"error": "access_denied", "state": STATE} | (
        {"error_description": "The user rejected your request."} if provider == "ingest" else {}
    )


@pytest.mark.parametrize("provider", PEOPLES)
def test_without_javascript_it_all_works(provider: str, bare_stroll: Stroll) -> None:
    """The form is sent, the provider's words are shown, a click signs in."""
    bare_stroll.window.open("data:text/html,<noscript><p id=bare>none</p></noscript>")
    assert bare_stroll.window.text("#bare") == "none"
    username, _ = bare_stroll.person(provider)
    bare_stroll.ask(provider, client_id=ASKS.get(provider, "") or bare_stroll.stage.providers[provider]["client_id"])
    bare_stroll.window.sign_in(username, "not the password")
    assert bare_stroll.window.text('[role="alert"]') == WRONG[provider]
    bare_stroll.window.click(f'#personas button[data-persona="{username}"]')
    assert decide(bare_stroll, "approve")["code"]


@pytest.mark.parametrize("provider", PEOPLES)
def test_a_second_login_needs_no_password(provider: str, stroll: Stroll) -> None:
    """Signed in once, the person is asked at most whether the client may."""
    stroll.ask(provider, scope="openid" if provider != "ingest" else "read_videos")
    stroll.window.sign_in(*stroll.person(provider))
    first = stroll.window.until_at(stroll.callback) if provider == "movingimage" else decide(stroll, "approve")
    scope = "read_videos" if provider == "ingest" else "openid"
    stroll.window.open(stroll.stage.asking(provider, stroll.callback, scope=scope))
    second = decide(stroll, "approve") if provider == "ingest" else stroll.window.until_at(stroll.callback)
    assert second["code"] != first["code"]
    assert second["state"] == STATE


def test_the_chooser_of_ingest_asks_whoever_has_several_networks(stroll: Stroll) -> None:
    """One button for each network; the chosen one is in the address."""
    stroll.sign_in("ingest", "several-networks")
    assert stroll.window.text("h1") == "Choose a network of Ingest"
    assert [button.text for button in stroll.window.all('[data-sparring="chooser"] button')] == ["Gym", "Arena"]
    stroll.window.click("#choice-2")
    assert "network_id=" in stroll.window.driver.current_url
    assert decide(stroll, "approve")["code"]


def test_panopto_lets_somebody_else_sign_in(stroll: Stroll) -> None:
    """From the page that asks for consent."""
    stroll.sign_in("panopto")
    assert "You are signed in as Ada." in stroll.window.text("main")
    stroll.window.click("#elsewhere")
    stroll.window.click('#personas button[data-persona="denies"]')
    assert "You are signed in as Dora Denies." in stroll.window.text("main")


def test_what_is_unticked_at_panopto_is_not_granted(stroll: Stroll) -> None:
    """With nothing at all the form comes again; what makes it OpenID Connect cannot be left out."""
    SCENES["panopto-consent-nothing-chosen"](stroll)
    assert stroll.window.text('[role="alert"]') == "Must select at least one permission."
    stroll.sign_in("panopto")
    assert not stroll.window.find('input[value="openid"]').is_enabled()
    stroll.window.find('input[value="api"]').click()
    code = decide(stroll, "approve")["code"]
    assert code


def test_panopto_asks_before_it_signs_out(stroll: Stroll) -> None:
    """The next login asks for the password again."""
    SCENES["panopto-logged-out"](stroll)
    assert stroll.window.text("h1") == "You are now logged out"
    stroll.window.open(stroll.stage.asking("panopto", stroll.callback))
    assert stroll.window.text("h1") == "Sign in to Panopto"


def test_keycloak_20_asks_before_it_signs_out(studio: Studio, window: Window, callback: str) -> None:
    """The next login asks for the password again."""
    stage = stage_for(studio, callback, variants={"movingimage": RELEASE_20})
    stroll = Stroll(window, stage, callback)
    stroll.ask("movingimage")
    stroll.window.sign_in(*stroll.person("movingimage"))
    stroll.window.until_at(callback)
    stroll.window.open(stroll.address("movingimage", "/auth/realms/platform/protocol/openid-connect/logout"))
    stroll.window.click("#kc-logout")
    assert stroll.window.text("h1") == "You are logged out"
    stroll.window.open(stage.asking("movingimage", callback))
    assert stroll.window.text("h1") == "Sign in to your account"
    stage.close()


@pytest.mark.parametrize("provider", PEOPLES)
def test_an_error_page_says_what_the_provider_says_and_how_to_mend_it(provider: str, stroll: Stroll) -> None:
    """The one in the page, the other beside it."""
    stroll.ask(provider, client_id="nobody")
    heading, words = ERRORS[provider]
    assert (stroll.window.text("h1"), stroll.window.text('main [role="alert"]')) == (heading, words)
    assert stroll.window.text("#developer #rule") == f"{provider}/authorize/client-unknown"
    assert stroll.window.text("#developer #wrong") == "authorize: client unknown"
    assert stroll.window.text("#developer #mend").startswith("Send the client_id")
    assert re.search(r"\[(engine|assumed|doc): ", stroll.window.text("#developer #source"))


def test_the_canary_sings(window: Window) -> None:
    """What the next test looks for does happen where nothing is escaped."""
    window.heed_policies(heeded=False)
    for context in (HOSTILE, f'<input value="{HOSTILE}">', f"<title>{HOSTILE}</title>"):
        window.open(f"data:text/html,{quote(context)}")
        assert sings(window)


@pytest.mark.parametrize("provider", PEOPLES)
def test_nothing_that_anybody_wrote_is_run(provider: str, stroll: Stroll) -> None:
    """Not in the names of people and applications, nor in what was asked or typed; and every button still works."""
    window, stage = stroll.window, stroll.stage
    window.heed_policies(heeded=False)
    client = ASKS.get(provider) or stage.providers[provider]["client_id"]
    stage.do("change_client", provider, client, {"name": HOSTILE})
    networks = {"network": f"{HOSTILE},javascript:{CANARY}"} if provider == "ingest" else {}
    person = {"name": HOSTILE, "password": HOSTILE, "email": HOSTILE, "attributes": networks}
    stage.do("change_user", provider, HOSTILE, person)
    stroll.ask(provider, client_id=client, state=HOSTILE, login_hint=HOSTILE[:100], nonce=HOSTILE)
    assert_harmless(window, "sign-in")
    window.sign_in(HOSTILE, HOSTILE[::-1])
    assert_harmless(window, "sign-in")
    if provider != "panopto":  # there a form with so long a name is not even looked at
        assert window.find("[autocomplete=username]").get_attribute("value") == HOSTILE
    persona = next(each for each in window.all("#personas button") if each.get_attribute("data-persona") == HOSTILE)
    if provider != "panopto":
        persona.click()
    else:
        window.sign_in(*stroll.person(provider))
    if provider == "ingest":
        assert_harmless(window, "chooser")
        window.click("#choice-2")
    assert_harmless(window, "consent")
    assert HOSTILE in window.text("h1") if provider != "ingest" else HOSTILE[:20] in window.text("h1")
    assert decide(stroll, "deny")["state"] == HOSTILE
    stroll.ask(provider, client_id=HOSTILE, redirect_uri=f"javascript:{CANARY}", state=HOSTILE)
    assert window.all("#developer")
    assert_harmless(window)


def test_a_form_is_not_sent_to_a_script(stroll: Stroll) -> None:
    """A redirect URI that is a program, and a response mode that would have the browser run it."""
    window, address = stroll.window, f"javascript:{CANARY}//"
    window.heed_policies(heeded=False)
    for provider in ("panopto", "movingimage"):
        client = stroll.stage.providers[provider]["client_id"]
        stroll.stage.do("change_client", provider, client, {"redirect_uris": [address]})
        stroll.ask(provider, response_mode="form_post", redirect_uri=address)
        window.sign_in(*stroll.person(provider))
        if provider == "panopto":
            window.click("#approve")
            assert window.find("form").get_attribute("action") == "about:blank"
            window.find("#form-post").click()
        assert not sings(window)


def assert_harmless(window: Window, kind: str = "") -> None:
    """The page is the expected one, nothing ran, and no element is there that could."""
    if kind:
        window.find(f'form[data-sparring="{kind}"]')
    assert not sings(window)
    assert not window.all(
        "script, img, svg, object, embed, [onerror], [onload], [onfocus], [onclick], a[href^=javascript]"
    )


def sings(window: Window) -> bool:
    """Whether somebody's text was run as a program."""
    return bool(window.driver.execute_script("return window.__canary === 1"))


@pytest.mark.parametrize("name", sample([*SCENES, *SCENES_20], 4))
def test_a_page_is_for_everybody(name: str, studio: Studio, desk_window: Window, callback: str) -> None:
    """No serious finding in light and dark; on a phone nothing is wider than the screen or too small for a thumb."""
    script = axe_script()
    variants = {"movingimage": RELEASE_20} if name in SCENES_20 else {}
    stage, window = stage_for(studio, callback, variants=variants), desk_window
    ({**SCENES, **SCENES_20})[name](Stroll(window, stage, callback))
    assert window.all("html[lang=en]")
    assert len(window.all("h1")) == 1
    found = findings(window.driver, script)
    window.prefer("dark")
    window.resize(PHONE, mobile=True)
    found += findings(window.driver, script)
    assert not found
    width = window.driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    assert window.driver.execute_script(TOO_SMALL, SMALLEST) == []
    sources = window.driver.execute_script("return performance.getEntriesByType('resource').map((each) => each.name)")
    assert [each for each in sources if "endsessioncallback" not in each and "favicon" not in each] == []
    assert "favicon" not in str(stage.do("recording"))  # the page's own policy forbids it
    stage.close()
