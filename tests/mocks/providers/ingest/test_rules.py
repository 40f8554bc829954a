"""What the contract cannot say about Ingest's rules: what the developer is told, and what only the store can show."""

# ruff: noqa: D103 - the names are sentences

import json

import pytest

from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers.ingest import rules
from tests.mocks.providers.ingest.talk import Browser, exchange, token_request
from tests.mocks.stages import ask, in_loop, open_stage, request

RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
# Answers with which a client can go on; all others are refusals.
GOOD = {
    "sign-in", "signed-in", "consent", "network-chooser", "network-chosen", "code-issued", "token-issued",
    "code-redeemed", "refreshed", "application-token", "personal/token", "partial", "count", "not-modified", "videos",
    "api/video", "users-me", "revoked", "user-revoked", "authorship-transferred", "roles-set", "networks",
    "api/network", "network-lists", "member-added", "member-removed", "invited", "live-created", "preflight"
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_a_refusal_how_to_mend_it(rule: Rule) -> None:
    assert rule.source
    assert isinstance(rule.mark, Mark)
    good = any(rule.id.endswith(f"/{name}") for name in GOOD)
    assert rule.mend.endswith(".") is not good


def test_rules_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@in_loop
async def test_a_page_tells_the_developer_which_rule_it_was_and_the_recording_too() -> None:
    stage = await open_stage()
    answer = await ask(stage, request("GET", "/authorize?client_id=nobody"))
    for words in (rules.CLIENT_UNKNOWN.id, rules.CLIENT_UNKNOWN.mend, rules.CLIENT_UNKNOWN.source):
        assert words in answer.body.decode()
    recorded = stage.recorder.select()[-1].as_json()
    assert (recorded["rule"], recorded["mend"]) == (rules.CLIENT_UNKNOWN.id, rules.CLIENT_UNKNOWN.mend)


@in_loop
async def test_a_code_whose_grant_is_forgotten_is_unknown() -> None:
    stage = await open_stage()
    store = stage.houses["ingest"].desk.store
    code = await Browser(stage).code()
    (record,) = await store.every(Code)
    await store.delete(Grant, record.grant_id)
    answer = await ask(stage, token_request(exchange(code)))
    assert (answer.status, answer.rule.id) == (400, "ingest/token/code-unknown")
    assert json.loads(answer.body)["error"] == "invalid_grant"
