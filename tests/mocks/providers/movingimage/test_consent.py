"""The question whether an application may act for a person, which only some clients have asked; given once."""

import html
import re
from dataclasses import replace

from sparring.mocks.engine.clients import Client
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.movingimage.talk import CLIENT, Browser, location, movingimage
from tests.mocks.stages import in_loop

_ACTION = re.compile(r'action="([^"]+)" method="post" data-sparring="consent"')
_CODE = re.compile(r'name="code" value="([\w-]{43})"')


async def asked(stage: Stage) -> tuple[Browser, str, dict[str, str]]:
    """A browser before the page, which is an address of its own; where the page is sent to, and its hidden field."""
    store = stage.houses["movingimage"].desk.store
    client = await store.get(Client, CLIENT["client_id"])
    assert client is not None
    await store.put(client.client_id, replace(client, consent=True))
    browser = Browser(stage)
    page = (await browser.send("GET", location(await browser.come_back()))).body.decode()
    action, code = _ACTION.search(page), _CODE.search(page)
    assert action is not None
    assert code is not None
    return browser, html.unescape(action[1]), {"code": code[1]}


@in_loop
async def test_a_yes_brings_a_code_and_is_remembered() -> None:
    """The next login does not ask, in any browser."""
    stage = await movingimage()
    browser, action, form = await asked(stage)
    assert (await browser.send("POST", action, form | {"accept": "Yes"})).rule is rules.CODE_ISSUED
    assert (await browser.open()).rule is rules.CODE_ISSUED
    assert (await Browser(stage).come_back()).rule is rules.CODE_ISSUED


@in_loop
async def test_only_the_browser_that_was_asked_can_answer() -> None:
    """A form from elsewhere is refused, and leaves the question open."""
    stage = await movingimage()
    browser, action, form = await asked(stage)
    assert (await Browser(stage).send("POST", action, form)).rule is rules.CONSENT_UNKNOWN
    assert (await browser.send("POST", action, form)).rule is rules.CODE_ISSUED
    assert (await browser.send("POST", action, form)).rule is rules.ALREADY_SIGNED_IN
