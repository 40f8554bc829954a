"""The judge: total, deterministic, and never green without a stimulus."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.harness import checks, judge
from sparring.harness.evidence import Ending, Evidence, Exchange, LogFile, Secret, Step, Visit
from sparring.harness.scenario import Check, Scenario
from sparring.harness.scenarios import ALL, happy, scenario
from sparring.harness.verdict import Finding, Verdict
from tests.harness.checks.builder import SECRET, api, evidence, good, refused, steps, token

WORDS = st.sampled_from(
    [
        "",
        "ok",
        "config",
        "invalid_client",
        "mac",
        "Bearer x",
        "st-1",
        "read_videos write_videos",
        SECRET,
        "\x00",
        "[",
        "%zz",
    ]
)
PROVIDERS = ("ingest", "clickview", "movingimage", "panopto", "rotor")
TEXTS = WORDS | st.text(max_size=12)
PARAMETERS = ("grant_type", "code", "state", "scope", "client_secret", "redirect_uri", "access_token", "nonce", "x")
NAMES = st.sampled_from([*PARAMETERS, "code_challenge", "code_challenge_method", "code_verifier"])
URLS = st.builds(
    lambda host, pairs: f"https://{host}/p?" + "&".join(f"{name}={value}" for name, value in pairs),
    st.sampled_from(["127.0.0.1", "[", "x:y", ""]),
    st.lists(st.tuples(NAMES, TEXTS), max_size=4),
)
ANSWERS = st.sampled_from(
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b'{"access_token":"a"}',
        b'{"access_token":1,"error":[]}',
        b'{"access_token":"a","id_token":"b","expires_in":1e400}',
        b'{"data":{"attributes":{"access_token":"c","expires_in":"9"}}}',
        b'{"data":[]}',
        b'{"error":"invalid_grant"}',
        b"\xff",
    ]
)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["authorization", "content-type", "referer", "location"]), TEXTS), max_size=3
).map(tuple)
BODIES = (
    b"grant_type=refresh_token&refresh_token=r",
    b"grant_type=authorization_code&code=c&code_verifier=v",
    b"code=c&code=d",
    b'{"data":{"attributes":{"remote_user_id":7}}}',
)
EXCHANGES = st.builds(
    Exchange,
    n=st.integers(1, 9),
    provider=st.sampled_from([*PROVIDERS, "decoy"]),
    endpoint=st.sampled_from(["token", "api", "register", "userinfo", "authorize", "consent", "decoy", "unknown"]),
    method=st.sampled_from(["GET", "POST", "OPTIONS", ""]),
    url=URLS,
    headers=HEADERS,
    body=st.binary(max_size=30) | st.sampled_from(BODIES),
    status=st.none() | st.sampled_from([200, 302, 307, 400, 401, 403, 500]),
    response_body=ANSWERS,
    at=st.floats(0, 1e9),
    facts=st.sampled_from([{}, {"faults": ["anything"]}]),
)
STEPS = st.lists(
    st.builds(
        Step,
        id=st.integers(1, 5),
        do=st.sampled_from(["authenticate", "call_api", "register", "quit"]),
        last=st.integers(0, 9),
        said=st.dictionaries(TEXTS, TEXTS, max_size=2),
        outcome=TEXTS,
        detail=TEXTS,
    ),
    max_size=4,
).map(tuple)
VISITS = st.lists(
    st.builds(Visit, url=URLS, step=st.just(1), callback=st.none() | URLS, callback_body=TEXTS, replayed=st.booleans()),
    max_size=3,
).map(tuple)


def evidences(fired: tuple[str, ...]) -> st.SearchStrategy[Evidence]:
    """Any evidence at all, with these faults fired."""
    return st.builds(
        Evidence,
        scenario=TEXTS,
        provider=st.sampled_from(PROVIDERS),
        grant=st.sampled_from(["authorization_code", "client_credentials"]),
        driver=st.sampled_from(["session", "oneshot"]),
        context=st.dictionaries(
            st.sampled_from(["client_secret", "scope", "redirect_uri", "register_url"]), TEXTS | st.none()
        ),
        exchanges=st.lists(EXCHANGES, max_size=6).map(tuple),
        steps=STEPS,
        visits=VISITS,
        ending=st.builds(Ending, exit_code=st.none() | st.integers(0, 2)),
        logs=st.lists(st.builds(LogFile, name=TEXTS, text=TEXTS, mode=st.none() | st.just(0o600)), max_size=2).map(
            tuple
        ),
        secrets=st.lists(st.builds(Secret, kind=st.just("code"), value=TEXTS), max_size=2).map(tuple),
        fired=st.just(fired),
    )


def _faults(one: Scenario, provider: str) -> list[Mapping[str, Any]]:
    return [fault for fault in one.faults if fault["match"].get("provider", provider) == provider]


@given(st.sampled_from(ALL), evidences(("anything",)))
def test_the_judge_never_raises_and_is_never_green_without_its_fault(one: Scenario, seen: Evidence) -> None:
    """Whatever the evidence; the fault that fired is another one than the scenario's."""
    result = judge.judge(one, seen)
    assert [check.id for check in result.checks] == [check.id for check in one.checks]
    if _faults(one, seen.provider):
        assert all(check.verdict is not Verdict.PASS for check in result.checks)
        assert result.verdict in {Verdict.INCONCLUSIVE, Verdict.FAIL, Verdict.HARNESS_ERROR, Verdict.SKIP}


@given(st.lists(st.tuples(st.sampled_from(ALL), evidences(("state-forged",))), max_size=3))
def test_the_always_on_checks_never_raise_and_each_has_one_result(runs: list[tuple[Scenario, Evidence]]) -> None:
    """Over any run, an empty one too."""
    result = judge.judge_always(runs)
    assert result == judge.judge_always(runs)
    assert [check.id for check in result.checks] == [check.id for check in checks.ALWAYS]
    numbers = [exchange.n for exchange in result.exchanges]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(n in numbers for check in result.checks for n in check.exchanges)


def test_an_exception_in_a_check_is_a_fault_of_the_harness() -> None:
    """It says so in a sentence, and the run goes on."""

    def trips(_: Evidence) -> Finding:
        raise KeyError("x")

    broken = Check(id="trips", title="", why="", mend="", sources=(), judge=trips)
    one = replace(scenario("clickview-happy"), id="x", checks=(broken,))
    result = judge.judge(one, evidence())
    assert result.verdict is Verdict.HARNESS_ERROR
    assert "KeyError" in result.checks[0].message


def test_a_fault_that_never_fired_makes_a_pass_inconclusive() -> None:
    """Also where the check itself does not look at it: ClickView never sends a string by itself."""
    answer = good(expires_in="86400")
    later = 1_800_000_000.0 + 86401
    seen = evidence(
        token(1, answer=answer, provider="clickview"),
        token(2, answer={**answer, "access_token": "another-token"}, at=later, provider="clickview"),
        api(3, "another-token", at=later, provider="clickview"),
        provider="clickview",
    )
    assert judge.judge(scenario("expires-in-string"), seen).verdict is Verdict.INCONCLUSIVE
    assert (
        judge.judge(scenario("expires-in-string"), replace(seen, fired=("lifetime-as-string-clickview",))).verdict
        is Verdict.PASS
    )


def test_sources_of_another_provider_are_left_out() -> None:
    """A user of ClickView need not read Ingest's document."""
    result = judge.judge(scenario("token-error-invalid-client"), evidence(provider="clickview"))
    assert result.checks[0].sources == ("rfc6749/5.2/invalid-client", "clickview/document/error-payload")


def test_blocked_skipped_and_broken_scenarios_say_why() -> None:
    """A scenario that was not run has a result too."""
    one = scenario("state-missing")
    assert judge.blocked(one, "client-starts").blocked_by == "client-starts"
    assert judge.blocked(one, "client-starts").checks[0].message == "blocked by client-starts"
    assert judge.skipped(one, "needs pkce").verdict is Verdict.SKIP
    assert judge.skipped(one, "needs pkce").checks[0].message == "needs pkce"
    assert judge.broken(one, "The stage did not open.").verdict is Verdict.HARNESS_ERROR


def test_always_takes_the_worst_of_the_run_and_names_where_it_was() -> None:
    """The proof is numbered anew, and says from which scenario it is."""
    fine = evidence(token(1), api(2))
    wrong = evidence(token(1), token(7, method="GET", status=405))
    first, second = happy("ingest", "client_credentials"), scenario("cache-until-expiry")
    result = judge.judge_always([(first, fine), (second, wrong), (scenario("token-type-mac"), wrong)])
    post = next(check for check in result.checks if check.id == "token-request-is-post")
    assert post.verdict is Verdict.FAIL
    assert (
        post.message == "In cache-until-expiry: The token endpoint was asked with GET. The same in 1 more scenario(s)."
    )
    assert [(e.facts["scenario"], e.facts["n"]) for e in result.exchanges if e.n in post.exchanges] == [
        ("cache-until-expiry", 7)
    ]
    others = {check.verdict for check in result.checks if check is not post}
    assert others <= {Verdict.PASS, Verdict.SKIP}


def test_the_scenario_that_owns_the_decoy_leaves_the_always_on_check_alone() -> None:
    """One leak, one finding."""
    leak = replace(token(1, body=SECRET.encode()), provider="decoy", endpoint="decoy")
    result = judge.judge_always([(scenario("token-endpoint-redirect-307"), evidence(leak))])
    other_host = next(check for check in result.checks if check.id == "token-never-to-other-host")
    assert other_host.verdict is Verdict.SKIP


@pytest.mark.parametrize("outcome", ["config", "error"])
def test_duration_and_secrets_are_handed_on(outcome: str) -> None:
    """A report needs the secrets, to leave them out."""
    seen = evidence(token(1, status=401, answer=refused("invalid_client")), steps=steps(outcome))
    result = judge.judge(scenario("token-error-invalid-client"), seen, 1.5)
    assert result.duration_s == 1.5
    assert SECRET in {secret.value for secret in result.secrets}
    assert SECRET not in repr(result.checks)
