"""The question whether an application may act for a person, which only some clients have asked; given once."""

import re
from dataclasses import replace

from sparring.mocks.engine.clients import Client
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.movingimage.talk import CLIENT, Browser, movingimage
from tests.mocks.stages import in_loop

CONSENT = "/auth/realms/platform/login-actions/consent"
_CODE = re.compile(r'name="code" value="([\w-]{43})"')


async def asked(stage: Stage) -> tuple[Browser, dict[str, str]]:
    """A browser before the page, and its hidden field."""
    store = stage.houses["movingimage"].desk.store
    client = await store.get(Client, CLIENT["client_id"])
    assert client is not None
    await store.put(client.client_id, replace(client, consent=True))
    browser = Browser(stage)
    page = await browser.come_back()
    code = _CODE.search(page.body.decode())
    assert code is not None
    return browser, {"code": code[1]}


@in_loop
async def test_a_yes_brings_a_code_and_is_remembered() -> None:
    """The next login does not ask, in any browser."""
    stage = await movingimage()
    browser, form = await asked(stage)
    assert (await browser.send("POST", CONSENT, form | {"accept": "Yes"})).rule is rules.CODE_ISSUED
    assert (await browser.open()).rule is rules.CODE_ISSUED
    assert (await Browser(stage).come_back()).rule is rules.CODE_ISSUED


@in_loop
async def test_only_the_browser_that_was_asked_can_answer() -> None:
    """A form from elsewhere is refused, and used up."""
    stage = await movingimage()
    browser, form = await asked(stage)
    assert (await Browser(stage).send("POST", CONSENT, form)).rule is rules.CONSENT_UNKNOWN
    assert (await browser.send("POST", CONSENT, form)).rule is rules.CONSENT_UNKNOWN
