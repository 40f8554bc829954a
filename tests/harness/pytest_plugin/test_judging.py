"""A client is judged inside a test: by its traffic, and in a scenario that the test plays."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from sparring.harness.testing import Sparring
from sparring.harness.verdict import Verdict
from sparring.mocks import ControlError

STATE = "q7Lk2VhXo9RtYbE4sWm1ZpNc8DjUaGf5KxTi3HrQvB0"


class App:
    """A client that signs people in at Ingest; a careless one does not compare the state."""

    def __init__(self, fake: Sparring, http: httpx2.Client, *, careful: bool = True) -> None:
        self.fake = fake
        self.http = http
        self.careful = careful
        self.token = ""
        self.refresh_token = ""

    def link(self) -> str:
        """Where a person shall sign in."""
        fake = self.fake
        asked = {"response_type": "code", "client_id": fake.client_id, "redirect_uri": fake.redirect_uri}
        return f"{fake.authorize_url}?{urlencode({**asked, 'state': STATE, 'scope': fake.scope})}"

    def finish(self, callback: str) -> None:
        """The browser has come back."""
        said = dict(parse_qsl(urlsplit(callback).query))
        if self.careful and said.get("state") != STATE:
            raise ValueError("the state is not mine")
        self.ask({"grant_type": "authorization_code", "code": said["code"], "redirect_uri": self.fake.redirect_uri})

    def call(self) -> None:
        """Call the API; renew once."""
        for _ in range(2):
            headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/vnd.ingest.v1+json"}
            answer = self.http.get(self.fake.api_url, headers=headers)
            if answer.status_code != 401:
                break
            self.ask({"grant_type": "refresh_token", "refresh_token": self.refresh_token})
        answer.raise_for_status()

    def ask(self, form: Mapping[str, str]) -> None:
        """Ask for a token."""
        credentials = {"client_id": self.fake.client_id, "client_secret": self.fake.client_secret}
        answer = self.http.post(self.fake.token_url, data={**form, **credentials}).raise_for_status().json()
        self.token, self.refresh_token = answer["access_token"], answer.get("refresh_token", "")


@pytest.fixture(scope="module")
def http() -> Iterator[httpx2.Client]:
    """What all of these clients speak with."""
    with httpx2.Client(trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def ingest() -> Iterator[Sparring]:
    """Ingest alone."""
    with Sparring("ingest") as stage:
        yield stage


def test_traffic_that_is_in_order_passes(ingest: Sparring, http: httpx2.Client) -> None:
    """A login, judged; that there is no PKCE is worth a warning."""
    app = App(ingest, http)
    app.finish(ingest.login(app.link()))
    app.call()
    ingest.assert_no_failures()
    verdicts = {result.id: result.verdict for result in ingest.judge()}
    assert verdicts["secret-never-in-url"] is Verdict.PASS
    assert verdicts["code-single-use"] is Verdict.PASS
    with pytest.raises(AssertionError, match="WARN pkce-with-s256"):
        ingest.assert_no_failures(warnings=True)
    ingest.assert_no_failures(warnings=True, ignore=["pkce-with-s256"])


def test_a_failure_tells_check_reason_source_and_exchange(ingest: Sparring, http: httpx2.Client) -> None:
    """And not the secret that went astray."""
    http.post(f"{ingest.token_url}?client_secret={ingest.client_secret}", data={"grant_type": "client_credentials"})
    with pytest.raises(AssertionError) as complaint:
        ingest.assert_no_failures()
    told = str(complaint.value)
    assert told.startswith("1 check failed by traffic:\n\nFAIL secret-never-in-url: The request line carries")
    assert "\n  why: Servers, proxies and monitoring log request lines" in told
    assert "\n  mend: Send the parameters in the body" in told
    assert "\n  source: RFC 6749 2.3.1: " in told
    assert "\n  #1 ingest token: POST /token?client_secret=client_secret:" in told
    assert ingest.client_secret not in told
    ingest.assert_no_failures(ignore=["secret-never-in-url"])
    with pytest.raises(ControlError, match=r"unknown check 'secret-in-url'; did you mean 'secret-never-in-url'\?"):
        ingest.assert_no_failures(ignore=["secret-in-url"])


def test_nobody_is_not_innocent(ingest: Sparring) -> None:
    """A client that was never pointed at the fake has passed nothing."""
    with pytest.raises(AssertionError, match="there is nothing to judge: no client has asked ingest for anything"):
        ingest.assert_no_failures()


def test_several_providers_are_judged_together(http: httpx2.Client) -> None:
    """Each by its own checks."""
    with Sparring("ingest", "clickview") as stage:
        for one in stage:
            form = {"grant_type": "client_credentials", "scope": one.scope}
            http.post(one.token_url, data={**form, "client_id": one.client_id, "client_secret": one.client_secret})
        assert {"scope-is-comma-separated", "token-request-is-post"} <= {result.id for result in stage.judge()}
        stage.assert_no_failures()


def test_a_careful_client_comes_through_a_trial(ingest: Sparring, http: httpx2.Client) -> None:
    """It is right to fail: what it raised is kept, and the faults are gone."""
    app = App(ingest, http)
    with ingest.trial("state-mismatch") as trial:
        app.finish(ingest.login(app.link()))
    assert isinstance(trial.error, ValueError)
    assert [(result.id, result.verdict) for result in trial.results] == [
        ("no-token-request-after-forged-state", Verdict.PASS)
    ]
    assert ingest.faults == ()
    app.finish(ingest.login(app.link()))


def test_a_careless_one_does_not(ingest: Sparring, http: httpx2.Client) -> None:
    """The check that failed, with the exchange that proves it."""
    app = App(ingest, http, careful=False)
    with pytest.raises(AssertionError) as complaint, ingest.trial("state-mismatch"):
        app.finish(ingest.login(app.link()))
    told = str(complaint.value)
    assert told.startswith(
        "1 check failed in the scenario 'state-mismatch':\n\nFAIL no-token-request-after-forged-state"
    )
    assert "\n  source: RFC 6749 10.12: " in told
    assert "ingest token: POST /token -> 200" in told


def test_a_client_that_fails_for_another_reason_is_told_of(ingest: Sparring, http: httpx2.Client) -> None:
    """Its own error is the cause in the traceback."""
    with pytest.raises(AssertionError) as complaint, ingest.trial("ingest-happy-client-credentials"):
        raise ZeroDivisionError
    assert isinstance(complaint.value.__cause__, ZeroDivisionError)


def test_a_trial_that_never_happened_proves_nothing(ingest: Sparring) -> None:
    """Inconclusive is not green."""
    with (
        pytest.raises(AssertionError, match="INCONCLUSIVE no-token-request-after-forged-state"),
        ingest.trial("state-mismatch"),
    ):
        pass


def test_a_trial_in_several_steps(ingest: Sparring, http: httpx2.Client) -> None:
    """A token is renewed when it has expired; each step ends in its own way."""
    app = App(ingest, http)
    with ingest.trial("refresh-happy") as trial:
        with trial.step("authenticate"):
            app.finish(ingest.login(app.link()))
        ingest.expire()
        with trial.step("call_api"):
            app.call()
    assert [(step.do, step.outcome) for step in trial.steps] == [("authenticate", "ok"), ("call_api", "ok")]
    assert any(result.verdict is Verdict.PASS for result in trial.results)


def test_the_tests_own_assertions_end_it(ingest: Sparring) -> None:
    """They are not the client's answer."""
    with pytest.raises(AssertionError, match="mine"), ingest.trial("state-mismatch") as trial, trial.step():
        raise AssertionError("mine")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("state-mismach", r"unknown scenario 'state-mismach'; did you mean 'state-mismatch'\?"),
        ("code-in-fragment", "the scenario 'code-in-fragment' is not one of ingest's"),
    ],
)
def test_a_scenario_that_is_not_there_is_told(ingest: Sparring, name: str, sentence: str) -> None:
    """Before the client does anything."""
    with pytest.raises(ControlError, match=sentence), ingest.trial(name):
        raise AssertionError("not reached")
