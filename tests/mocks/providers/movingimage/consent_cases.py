"""The question whether an application may act for a person, which only some clients have asked."""

import re
from dataclasses import replace

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.movingimage.cases import FORM, NO_WAY_BACK, Case
from tests.mocks.providers.movingimage.talk import CLIENT, Browser

CONSENT = "/auth/realms/platform/login-actions/consent"
_CODE = re.compile(r'name="code" value="([\w-]{43})"')


async def asked(stage: Stage) -> tuple[Browser, Answer, dict[str, str]]:
    """A browser before the page, the page, and its hidden field."""
    store = stage.houses["movingimage"].desk.store
    client = await store.get(Client, CLIENT["client_id"])
    assert client is not None
    await store.put(client.client_id, replace(client, consent=True))
    browser = Browser(stage)
    page = await browser.come_back()
    code = _CODE.search(page.body.decode())
    assert code is not None
    return browser, page, {"code": code[1]}


async def _page(stage: Stage) -> Answer:
    return (await asked(stage))[1]


async def _denied(stage: Stage) -> Answer:
    browser, _, form = await asked(stage)
    return await browser.send("POST", CONSENT, form | {"cancel": "No"})


async def _twice(stage: Stage) -> Answer:
    browser, _, form = await asked(stage)
    await browser.send("POST", CONSENT, form | {"decision": "deny"})
    return await browser.send("POST", CONSENT, form | {"decision": "approve"})


CASES = (
    Case(
        rule=rules.CONSENT,
        scene=_page,
        status=200,
        headers=FORM,
        body=None,
        words=("Grant Access to Example Client", 'data-sparring="consent"', "<span>openid</span>"),
    ),
    Case(
        rule=rules.CONSENT_DENIED,
        scene=_denied,
        status=302,
        headers=(
            ("Location", "https://redirect.example.com/?error=access_denied&state=7f4jK098p0"),
            *NO_WAY_BACK,
        ),
        body="",
    ),
    Case(
        rule=rules.CONSENT_UNKNOWN,
        scene=_twice,
        status=400,
        headers=FORM,
        body=None,
        words=("An error occurred, please login again through your application.",),
    ),
)
