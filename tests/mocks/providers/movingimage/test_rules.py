"""Every rule of movingimage names where it comes from; those that no exchange of messages shows are tried here.

What the others answer stands in the contract's table of rules.
"""

import pytest

from sparring.contracts.loading import rules as contract
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.minting import Order
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.movingimage.talk import (
    BASE,
    CONNECT,
    REALM,
    Browser,
    ask,
    calling,
    exchange,
    location,
    movingimage,
    read,
    signed_in,
    token_request,
)
from tests.mocks.stages import in_loop

RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
STEP = f"{BASE}{REALM}/login-actions/authenticate?execution="


def test_rules_have_ids_of_their_own() -> None:
    """They begin with the provider's name."""
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.id.startswith("movingimage/") for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_a_refusal_how_to_mend_it(rule: Rule) -> None:
    """Whoever is refused is told what to do."""
    assert rule.source
    assert isinstance(rule.mark, Mark)
    refusals = {trial.rule.id for trial in contract("movingimage").trials if (trial.expect.status or 0) >= 400}
    if rule.id in refusals:
        assert rule.mend.endswith(".")


async def _forget_person(stage: Stage) -> None:
    """As if the account had gone and its session had not."""
    await stage.houses["movingimage"].desk.store.delete(User, "ada")


@in_loop
async def test_a_code_of_a_person_who_is_gone() -> None:
    """The session is still there."""
    stage = await movingimage()
    code = await Browser(stage).code()
    await _forget_person(stage)
    answer = await ask(stage, token_request(exchange(code)))
    assert (answer.rule, answer.status) == (rules.CODE_USER_GONE, 400)
    assert answer.body == b'{"error":"invalid_grant","error_description":"User not found"}'


@in_loop
async def test_userinfo_of_a_person_who_is_gone() -> None:
    """The token is still good."""
    stage = await movingimage()
    token = (await signed_in(stage))["access_token"]
    await _forget_person(stage)
    answer = await ask(stage, calling(token, f"{CONNECT}/userinfo"))
    assert (answer.rule, answer.status) == (rules.USERINFO_USER_GONE, 400)
    assert answer.body == b'{"error":"invalid_request","error_description":"User not found"}'


async def _forgotten(*, forged: bool) -> Answer:
    """The server was started anew while a sign-in form was open."""
    stage = await movingimage()
    browser = Browser(stage)
    await browser.open()
    await stage.reset()
    if forged:
        browser.cookies["KC_RESTART"] = browser.cookies["KC_RESTART"][:-4] + "AAAA"
    return await browser.sign_in()


@in_loop
async def test_a_login_that_was_forgotten_begins_anew_from_its_cookie() -> None:
    """With the cookie of a new login; the browser is the one that the same seed draws again."""
    answer = await _forgotten(forged=False)
    assert answer.rule is rules.RESTARTED
    assert location(answer).startswith(STEP)
    names = [value.partition("=")[0] for name, value in answer.headers if name == "Set-Cookie"]
    assert names == ["KC_RESTART"]


@in_loop
async def test_a_forged_cookie_does_not_begin_a_login() -> None:
    """The realm signs it."""
    answer = await _forgotten(forged=True)
    assert (answer.rule, answer.status) == (rules.FORM_UNKNOWN, 400)


@in_loop
async def test_a_minted_token_is_good_at_the_login_server_too() -> None:
    """It has a session of its own."""
    stage = await movingimage()
    house = stage.houses["movingimage"]
    assert house.provider.mint is not None
    order = Order(client=house.clients[0], user=house.users[0], scopes=("openid",))
    minted = await house.provider.mint(house.desk, order)
    found = read(await ask(stage, calling(minted.value, f"{CONNECT}/userinfo")))
    assert found["sub"] == house.users[0].subject
