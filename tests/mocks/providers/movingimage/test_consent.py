"""Consent, given once and asked for by nobody but the client that wants it."""

from sparring.mocks.providers.movingimage import rules
from tests.mocks.providers.movingimage.consent_cases import CONSENT, asked
from tests.mocks.providers.movingimage.talk import Browser, movingimage
from tests.mocks.stages import in_loop


@in_loop
async def test_a_yes_brings_a_code_and_is_remembered() -> None:
    """The next login does not ask, in any browser."""
    stage = await movingimage()
    browser, _, form = await asked(stage)
    assert (await browser.send("POST", CONSENT, form | {"accept": "Yes"})).rule is rules.CODE_ISSUED
    assert (await browser.open()).rule is rules.CODE_ISSUED
    assert (await Browser(stage).come_back()).rule is rules.CODE_ISSUED


@in_loop
async def test_only_the_browser_that_was_asked_can_answer() -> None:
    """A form from elsewhere is refused, and used up."""
    stage = await movingimage()
    browser, _, form = await asked(stage)
    assert (await Browser(stage).send("POST", CONSENT, form)).rule is rules.CONSENT_UNKNOWN
    assert (await browser.send("POST", CONSENT, form)).rule is rules.CONSENT_UNKNOWN
