"""What a person is told who plays a scenario by hand."""

import pytest

from sparring.harness import byhand
from sparring.harness.scenario import (
    Advance,
    ChangeSecret,
    Do,
    Move,
    PassLifetime,
    Restart,
    Revoke,
    RotateKeys,
    Scenario,
    Setting,
    StageAhead,
)
from sparring.harness.scenarios import ALL

MOVED = "(POST /stages/main/clock/advance; the client's clock as well)"


def scenario(*plan: Move, setting: Setting | None = None, tls: bool = False, scope: str | None = None) -> Scenario:
    """One that panopto alone plays, with a variant."""
    return Scenario(
        id="x",
        title="X",
        profile="core",
        providers=frozenset({"panopto"}),
        grants=frozenset({"authorization_code"}),
        severity="MUST",
        plan=plan,
        checks=(),
        variants={"panopto": "documented"},
        setting=setting or Setting(),
        tls=tls,
        scope=scope,
    )


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        (Do("authenticate"), "Have the client get a token, unless it holds a usable one."),
        (Do("authenticate", fresh=True), "Have the client forget its token and get a new one."),
        (Do("call_api", user=1), "Have the client call the API once for user number 2."),
        (Do("authenticate", provider="ingest"), "Have the client get a token at ingest, unless it holds a usable one."),
        (Do("call_api"), "Have the client call the API once."),
        (Do("call_api", times=2), "Have the client call the API twice."),
        (Do("call_api", times=5, parallel=True), "Have the client call the API 5 times, all at the same time."),
        (Do("register", remote_user_id="007"), "Have the client register the user `007`."),
        (
            PassLifetime(beyond=-5),
            f"Let time pass until 5 seconds before the end of the access token {MOVED}.",
        ),
        (
            PassLifetime("refresh_token"),
            f"Let time pass until 1 second after the end of the refresh token {MOVED}.",
        ),
        (Advance(90), f"Let 90 seconds pass {MOVED}."),
        (StageAhead(90), "Set the provider's clock alone 90 seconds ahead (POST /stages/main/clock/advance)."),
        (Restart(), "Kill the client, and start it again with what it kept."),
        (RotateKeys(), "Have the provider sign with another key (POST /stages/main/keys/rotate)."),
        (
            RotateKeys(keep_old=True),
            "Have the provider sign with another key (POST /stages/main/keys/rotate). The old key stays published.",
        ),
        (Revoke("refresh_token"), "Withdraw every refresh token (POST /stages/main/tokens/revoke)."),
        (ChangeSecret(), "Replace the client's secret, and tell nobody (POST /stages/main/clients)."),
    ],
)  # fmt: skip
def test_each_move_is_a_sentence(move: Move, sentence: str) -> None:
    """In the words of the control port."""
    assert byhand.steps(scenario(move))[0] == sentence


def test_what_the_stage_needs_comes_first_and_the_hint_last_but_one() -> None:
    """Then one looks at the recording."""
    setting = Setting(client={"secret": "a b"}, context={"token_url": "{dead}"}, login_query={"next": "{decoy}"})
    told = byhand.steps(scenario(Do("call_api"), setting=setting, scope="openid"), "Press deny.")
    assert [sentence.split()[0] for sentence in told] == ["Change", "Tell", "Tell", "Open", "Have", "Press", "Look"]
    assert told[0] == 'Change the registered client: {"secret": "a b"} (POST /stages/main/clients).'


def test_the_command_serves_what_is_needed() -> None:
    """A preset knows the variant; without one it is named."""
    one = scenario(tls=True, setting=Setting(others=("ingest",)))
    assert byhand.serve_command(one, "panopto", on_stage=True) == "sparring serve panopto ingest --scenario x --tls"
    assert (
        byhand.serve_command(one, "panopto", on_stage=False)
        == "sparring serve panopto ingest --variant panopto=documented --tls"
    )


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_scenario_can_be_told(one: Scenario) -> None:
    """One sentence for each move, and each a whole one."""
    told = byhand.steps(one)
    assert len(told) > len(one.plan)
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in told)
