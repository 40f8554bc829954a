"""Directions to a stage: what goes wrong, what time it is, who has a token."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from sparring.mocks import ControlError, Sparring
from tests.mocks.testing.clients import link, query, token, videos


@pytest.fixture(scope="module")
def opened() -> Iterator[Sparring]:
    """One stage for all of these tests."""
    with Sparring("ingest") as stage:
        yield stage


@pytest.fixture
def ingest(opened: Sparring) -> Sparring:
    """As it was in the beginning."""
    opened.reset()
    return opened


def test_the_next_request_fails_as_oauth_has_it(ingest: Sparring, http: httpx2.Client) -> None:
    """Once, at that endpoint; the provider is not asked, and the one after it is as ever."""
    fault = ingest.fail_next("token", error="invalid_grant", description="It was used before.")
    assert fault.fired == 0
    answer = token(http, ingest)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "invalid_grant", "error_description": "It was used before."},
    )
    assert fault.fired == 1
    assert token(http, ingest).status_code == 200
    assert ingest.requests[0].faults == (fault.id,)
    assert ingest.requests[0].error == "invalid_grant"


@pytest.mark.parametrize(
    ("wish", "status", "headers"),
    [
        ({"error": "invalid_client"}, 401, {}),
        ({"error": "temporarily_unavailable", "retry_after": 9}, 503, {"retry-after": "9"}),
        ({"error": "invalid_grant", "status": 403}, 403, {}),
        ({"status": 429, "retry_after": 7}, 429, {"retry-after": "7"}),
        ({"status": 503}, 503, {"retry-after": "30"}),
        ({"status": 502}, 502, {"content-length": "0"}),
    ],
)
def test_failures_in_a_word(
    ingest: Sparring, http: httpx2.Client, wish: dict[str, object], status: int, headers: dict[str, str]
) -> None:
    """An error of OAuth, or a status with what belongs to it."""
    ingest.fail_next("token", **wish)  # type: ignore[arg-type]  # each its own
    answer = token(http, ingest)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in headers} == headers


def test_failures_come_in_the_order_in_which_they_were_asked_for(ingest: Sparring, http: httpx2.Client) -> None:
    """One after the other, each as often as it was wished for; other endpoints have their own order."""
    ingest.fail_next("token", error="invalid_grant", times=2)
    ingest.fail_next("api", status=500)
    twice = ingest.fail_next("token", status=503, times=2)
    ingest.fail_next("token", status=502)
    assert [token(http, ingest).status_code for _ in range(4)] == [400, 400, 503, 503]
    assert twice.fired == 2
    assert repr(twice).endswith(": unavailable>")
    with ingest.fail_next("token", status=418, times=3):
        assert [token(http, ingest).status_code for _ in range(2)] == [502, 418]
    assert token(http, ingest).status_code == 200


def test_the_api_fails_with_a_challenge(ingest: Sparring, http: httpx2.Client) -> None:
    """RFC 6750 section 3; as often as it was wished for."""
    ingest.fail_next("api", error="invalid_token", times=2)
    minted = ingest.mint()
    answers = [videos(http, ingest, minted) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 200]
    assert answers[0].headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_the_login_fails_with_a_redirect(ingest: Sparring) -> None:
    """RFC 6749 section 4.1.2.1: the code is not there, the state is."""
    ingest.fail_next("authorize", error="server_error")
    ingest.fault("authorization-response", set={"error": "server_error"}, drop=["code"])
    back = query(ingest.login(link(ingest)))
    assert back["error"] == "server_error"
    assert "code" not in back


@pytest.mark.parametrize("connection", ["close", "reset"])
def test_the_connection_fails(ingest: Sparring, http: httpx2.Client, connection: str) -> None:
    """Nothing comes back, and the recording says so."""
    ingest.fail_next("token", connection=connection)
    with pytest.raises(httpx2.TransportError):
        token(http, ingest)
    assert ingest.wait_for("token", timeout=60).last.status is None


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({}, "say how it shall fail"),
        ({"error": "x", "connection": "close"}, "say how it shall fail"),
        ({"connection": "clse"}, "unknown connection='clse'; did you mean 'close'?"),
        ({"status": 99}, "status"),
        ({"endpoint": "tokn", "status": 500}, "there is no endpoint 'tokn' at ingest; did you mean 'token'?"),
    ],
)
def test_a_failure_that_makes_no_sense_is_refused(ingest: Sparring, wish: dict[str, object], sentence: str) -> None:
    """In a sentence, and nothing is put on stage."""
    with pytest.raises(ControlError, match=sentence):
        ingest.fail_next(**wish)  # type: ignore[arg-type]  # as a user may have it
    assert ingest.faults == ()


def test_every_fault_of_the_schema_can_be_put_on_stage(ingest: Sparring, http: httpx2.Client) -> None:
    """With keywords, or as the mapping that the schema has; in a block it goes at its end."""
    with ingest.fault(
        "json-patch", "token", times=None, ops=[{"op": "remove", "path": "/scope"}], id="no-scope"
    ) as one:
        assert repr(one) == "<fault no-scope: json-patch>"
        assert "scope" not in token(http, ingest).json()
        assert [fault.id for fault in ingest.faults] == ["no-scope"]
    assert "scope" in token(http, ingest).json()
    one.remove()
    ingest.fault({"match": {"endpoint": "token", "attempt": 2}, "effect": {"kind": "status", "status": 500}})
    assert [token(http, ingest).status_code for _ in range(3)] == [200, 500, 200]
    with pytest.raises(ControlError, match="either a whole mapping, or a kind with keywords"):
        ingest.fault({"effect": {"kind": "close"}}, "token")
    with pytest.raises(ControlError, match="there is no provider 'rotor' here"):
        ingest.fault({"match": {"provider": "rotor"}, "effect": {"kind": "close"}})


def test_a_fault_of_one_provider_spares_the_others(http: httpx2.Client) -> None:
    """A view puts it on for its own provider; the stage for all."""
    with Sparring("ingest", "clickview") as stage:
        ingest, clickview = stage
        clickview.fail_next("token", status=503)
        assert token(http, ingest).status_code == 200
        assert http.post(clickview.token_url).status_code == 503
        stage.fail_next("token", status=503)
        assert token(http, ingest).status_code == 503


def test_a_scenario_of_the_catalogue_is_put_on_stage(ingest: Sparring) -> None:
    """By its id; what is left to do by hand is told."""
    staged = ingest.scenario("state-mismatch")
    assert (staged.id, staged.faults) == ("state-mismatch", ("state-forged",))
    assert query(ingest.login(link(ingest)))["state"] == "forged"
    assert ingest.scenario("callback-replayed").hint == "In a browser, load the callback's address once more."


def test_the_clock_is_in_the_hands_of_the_test(ingest: Sparring) -> None:
    """It advances, is set, stands still and runs on; moments in any spelling."""
    clock = ingest.clock
    assert clock.freeze("2026-01-01T00:00:00Z") == 1767225600.0
    assert clock.advance(timedelta(hours=1)) == clock.now == 1767229200.0
    assert clock.advance(-3600) == 1767225600.0
    assert clock.set(datetime(2026, 1, 2, tzinfo=UTC)) == 1767312000.0
    assert clock.set("2026-01-02") == 1767312000.0
    assert repr(clock) == "<clock 2026-01-02T00:00:00+00:00 frozen>"
    assert clock.resume() >= 1767312000.0
    assert not clock.frozen
    with pytest.raises(ControlError, match="from 1970 to 9999"):
        clock.set(-1)


def test_tokens_expire_when_their_time_has_passed(ingest: Sparring, http: httpx2.Client) -> None:
    """All that there are, those of a client with lifetimes of its own, too."""
    minted = ingest.mint()
    ingest.change_client(lifetimes={"access_token": 100_000})
    longer = ingest.mint()
    assert ingest.expire() == 100_001.0
    assert [videos(http, ingest, each).status_code for each in (minted, longer)] == [401, 401]
    with pytest.raises(ControlError, match=r"did you mean 'refresh_token'\?"):
        ingest.expire("refresh_tokens")


def test_an_api_that_allows_for_clocks_that_differ_does_not_take_them_either(http: httpx2.Client) -> None:
    """ClickView goes on for five minutes after the end."""
    with Sparring("clickview") as clickview:
        token = clickview.mint()
        assert clickview.expire() == 86_701.0
        assert http.get(clickview.endpoints.api, headers=token.headers).status_code == 401


def test_tokens_are_minted_and_withdrawn(ingest: Sparring, http: httpx2.Client) -> None:
    """One that has expired, one with a scope and a claim of its own; then none is good any more."""
    minted = ingest.mint(scope="read_videos", claims={"x": 1}, expires_in=60)
    assert (minted.scope, minted.expires_in, minted.token_type) == ("read_videos", 60, "Bearer")
    assert minted.headers == {"Authorization": f"Bearer {minted.access_token}"}
    assert str(minted) == minted.access_token
    assert videos(http, ingest, ingest.mint(expires_in=-1)).status_code == 401
    other = ingest.mint()
    assert ingest.revoke(token=minted) == 1
    assert [videos(http, ingest, each).status_code for each in (minted, other)] == [401, 200]
    assert ingest.revoke() >= 1
    assert videos(http, ingest, other).status_code == 401


def test_keys_are_rotated(http: httpx2.Client) -> None:
    """The key set shows both, or the new one alone."""
    with Sparring("panopto") as panopto:
        before = {key["kid"] for key in http.get(panopto.jwks_url).json()["keys"]}
        kids = panopto.rotate_keys()
        assert {key["kid"] for key in http.get(panopto.jwks_url).json()["keys"]} == {*kids} > before
        assert len(panopto.rotate_keys(keep_old=False)) == 1


def test_people_come_and_go(ingest: Sparring) -> None:
    """Added, changed, removed; a slip of the pen is noticed."""
    eve = ingest.add_user("eve", "eve-spars-here", name="Eve")
    assert (eve.password, eve.name) == ("eve-spars-here", "Eve")
    assert ingest.change_user("eve", locked=True).locked
    assert [user.username for user in ingest.users] == ["ada", "eve"]
    ingest.remove_user("eve")
    with pytest.raises(ControlError, match="has a user 'ada' already: change_user changes it"):
        ingest.add_user("ada")
    with pytest.raises(ControlError, match=r"ingest has no user 'adda'; did you mean 'ada'\?"):
        ingest.change_user("adda", locked=True)
    with pytest.raises(ControlError, match="unknown member 'nick'"):
        ingest.change_user("ada", nick="x")


def test_clients_come_and_go(ingest: Sparring, http: httpx2.Client) -> None:
    """A new one may do what the first one may, unless it is said otherwise."""
    made = ingest.add_client("second")
    assert made.client_secret
    assert made.scopes == ingest.clients[0].scopes
    assert token(http, ingest, client_id="second", client_secret=made.client_secret).status_code == 200
    ingest.change_client("second", client_secret="another-secret", enabled=False)
    assert token(http, ingest, client_id="second", client_secret="another-secret").json()["error"] != "invalid_scope"
    ingest.change_client(client_secret="nobody-told-the-client")
    assert token(http, ingest).status_code == 401
    ingest.remove_client("second")
    assert [client.client_id for client in ingest.clients] == [ingest.client_id]
    assert ingest.add_client("public", public=True).client_secret is None
    with pytest.raises(ControlError, match="has a client 'public' already"):
        ingest.add_client("public")
    with pytest.raises(ControlError, match="has no client 'publik'"):
        ingest.change_client("publik", enabled=False)


def test_a_race_is_made_to_happen(ingest: Sparring, http: httpx2.Client) -> None:
    """Both requests wait until the block ends, then go on."""
    statuses: list[int] = []

    def ask() -> None:
        with httpx2.Client(trust_env=False, verify=False) as own:
            statuses.append(token(own, ingest).status_code)

    racers = [threading.Thread(target=ask) for _ in range(2)]
    with ingest.hold("token"):
        for racer in racers:
            racer.start()
        held = ingest.wait_for("token", count=2, timeout=60)
        assert repr(held) == "<2 requests: POST ingest token held, POST ingest token held>"
        assert statuses == []
    for racer in racers:
        racer.join()
    assert statuses == [200, 200]


def test_addresses_are_told_and_missing_ones_named(ingest: Sparring) -> None:
    """By attribute and by name; what is not there is said with what is."""
    assert ingest.endpoints.token == ingest.endpoints["token"] == ingest.token_url == f"{ingest.base_url}/token"
    assert (ingest.api_url, ingest.authorize_url) == (f"{ingest.base_url}/videos", f"{ingest.base_url}/authorize")
    assert dict(ingest.endpoints) == {
        "authorize": ingest.authorize_url,
        "token": ingest.token_url,
        "api": ingest.api_url,
    }
    assert repr(ingest.endpoints) == "<endpoints of ingest: authorize, token, api>"
    assert "jwks" not in ingest.endpoints
    assert not hasattr(ingest.endpoints, "jwks")
    with pytest.raises(ControlError, match="ingest has no endpoint 'jwks'; there are: authorize, token, api"):
        _ = ingest.jwks_url
    with pytest.raises(ControlError, match="ingest has no endpoint 'discovery'"):
        _ = ingest.discovery_url
    with pytest.raises(ControlError, match=r"ingest has no endpoint 'tokn'; did you mean 'token'\?"):
        _ = ingest.endpoints["tokn"]
    assert (ingest.issuer, ingest.scope, ingest.hosts[0]) == (
        "https://login.ingest.io",
        "read_videos,write_videos",
        "login.ingest.io",
    )
    assert ingest.scopes == ("read_videos", "write_videos")
    with pytest.raises(ControlError, match="plain HTTP: open it with tls=True"):
        _ = ingest.ssl_context


def test_what_a_provider_does_not_have_is_said() -> None:
    """No people, no redirect URI; an issuer where discovery names one."""
    with Sparring("rotor", "panopto") as stage:
        rotor, panopto = stage
        with pytest.raises(ControlError, match="has no redirect URI: nobody signs in"):
            _ = rotor.redirect_uri
        assert rotor.issuer is None
        assert panopto.discovery_url.startswith(panopto.base_url)
