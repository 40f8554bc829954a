"""What a test finds out about the requests, and how it is told when they are others than it wants."""

import re
import threading
from collections.abc import Iterator

import httpx2
import pytest

from sparring.mocks import ControlError, Sparring
from tests.mocks.testing.clients import link, token, videos


@pytest.fixture(scope="module")
def opened() -> Iterator[Sparring]:
    """One stage for all of these tests."""
    with Sparring("ingest", frozen="2026-01-01T00:00:00Z") as stage:
        yield stage


@pytest.fixture
def ingest(opened: Sparring) -> Sparring:
    """As it was in the beginning."""
    opened.reset()
    return opened


def _complaint(ingest: Sparring, endpoint: str | None = None, **wanted: object) -> str:
    with pytest.raises(AssertionError) as complaint:
        ingest.assert_requested(endpoint, **wanted)  # type: ignore[arg-type]  # whatever is wanted
    return str(complaint.value)


def test_a_request_is_told_with_its_answer_and_why(ingest: Sparring, http: httpx2.Client) -> None:
    """Parameters, headers, bodies, the rule that decided, what to mend."""
    token(http, ingest)
    bearer = ingest.last_request.response_json["access_token"]
    ingest.expire()
    videos(http, ingest, bearer)
    asked, called = ingest.requests
    assert (asked.method, asked.endpoint, asked.path, asked.status) == ("POST", "token", "/token", 200)
    assert asked.form["grant_type"] == asked.params["grant_type"] == "client_credentials"
    assert (asked.client_id, asked.bearer, asked.basic, asked.error) == (ingest.client_id, None, None, None)
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (called.n, called.bearer, called.json, called.rule) == (2, bearer, None, "ingest/api/bearer-refused")
    assert called.why == "Renew the access token once, then repeat the call once."
    assert called.source.startswith("Ingest guide")
    assert called.response_headers["date"] == "Fri, 02 Jan 2026 00:00:01 GMT"
    assert (called.body, called.response_body, called.response_json) == (b"", b"", None)
    assert called.at == 1767312001.0
    assert repr(called) == "<GET ingest api 401>"
    assert repr(ingest.requests) == "<2 requests: POST ingest token 200, GET ingest api 401>"


def test_parameters_are_found_wherever_they_stand(ingest: Sparring, http: httpx2.Client) -> None:
    """In the query, in a JSON body, in a Basic header."""
    http.post(ingest.token_url, params={"a": "1"}, json={"b": 2}, auth=("me", "my secret"))
    asked = ingest.last_request
    assert asked.params == {"a": "1", "b": 2}
    assert (asked.query, asked.form, asked.basic, asked.client_id) == ({"a": "1"}, {}, ("me", "my secret"), "me")
    http.post(ingest.token_url, content=b"\xff\xfe", headers={"content-type": "text/plain"})
    assert (ingest.last_request.body, ingest.last_request.json) == (b"\xff\xfe", None)


def test_nothing_that_is_told_holds_a_secret(ingest: Sparring, http: httpx2.Client) -> None:
    """Fingerprints stand there: in the text of a request, of a log, of a failure."""
    bearer = token(http, ingest).json()["access_token"]
    videos(http, ingest, bearer)
    told = [str(ingest.requests), str(ingest.requests[0]), repr(ingest.requests[0]), repr(ingest.requests)]
    told += [_complaint(ingest, "token", client_secret="another-secret-of-somebody", grant_type="x")]
    told += [_complaint(ingest, "api", headers={"Authorization": "Bearer something-quite-long"})]
    told += [repr(ingest), str(ingest.requests.documents())]
    for text in told:
        assert ingest.client_secret not in text
        assert bearer not in text
        assert "another-secret-of-somebody" not in text
        assert "something-quite-long" not in text
    assert "client_secret:" in told[0]
    assert re.search(r"authorization: Bearer access_token:[0-9a-f]{12}", told[0])


def test_a_request_that_was_made_is_found(ingest: Sparring, http: httpx2.Client) -> None:
    """By text, number, pattern, function, any value, absence; by method, status and header. The newest comes back."""
    token(http, ingest)
    token(http, ingest, scope="write_videos")
    found = ingest.assert_requested(
        "token",
        grant_type="client_credentials",
        client_id=re.compile("^Ingest"),
        client_secret=lambda secret: len(secret) > 10,
        scope=...,
        refresh_token=None,
        method="post",
        status=200,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert found.n == ingest.last_request.n
    assert ingest.assert_requested("token", times=2, scope=re.compile("videos")).params["scope"] == "write_videos"
    assert [one.params["scope"] for one in ingest.requests.to("token")] == ["read_videos", "write_videos"]
    assert len(ingest.requests.to("token", scope="read_videos")) == 1
    assert len(ingest.requests[:1]) == 1
    ingest.assert_not_requested("api")
    ingest.assert_not_requested("token", scope="nothing")
    ingest.clear_requests()
    ingest.assert_not_requested()


def test_the_closest_request_is_shown_with_what_differs(ingest: Sparring, http: httpx2.Client) -> None:
    """Wanted above, actual below; then the requests that there were."""
    token(http, ingest)
    token(http, ingest, scope="write_videos")
    lines = _complaint(ingest, "token", grant_type="refresh_token", scope="read_videos", state=..., status=200).split(
        "\n"
    )
    wanted = "grant_type='refresh_token', scope='read_videos', state=any value, status 200"
    assert lines[:8] == [
        f"there was no request to 'token' with {wanted}",
        f"the closest of 2 is #{ingest.requests[0].n}:",
        "  - grant_type 'refresh_token'",
        "  +            'client_credentials'",
        "  - state      any value",
        "  +            not there",
        "requests:",
        f"#{ingest.requests[0].n} ingest token: POST /token -> 200",
    ]


def test_other_ways_to_miss(ingest: Sparring, http: httpx2.Client) -> None:
    """Nothing at all; elsewhere; too often; though it should not have been."""
    assert _complaint(ingest, "token") == "there was no request to 'token'\nnothing was requested at all"
    token(http, ingest)
    n = ingest.last_request.n
    assert _complaint(ingest, "api").startswith(f"there was no request to 'api'\nrequests:\n#{n} ingest token")
    assert _complaint(ingest, "token", times=2).startswith("there were 1, not 2: request to 'token'\nrequests:\n")
    assert "header accept" in _complaint(ingest, "token", headers={"accept": "text/html"})
    assert "status 400" in _complaint(ingest, status=400)
    assert _complaint(ingest, method="put").startswith("there was no PUT request to any endpoint\nthe closest of 1")
    assert "something like 'x'" in _complaint(ingest, scope=re.compile("x"))
    assert "not there" in _complaint(ingest, scope=None)
    with pytest.raises(AssertionError, match="there should be none, and came 1: request to 'token'"):
        ingest.assert_not_requested("token")
    for _ in range(11):
        videos(http, ingest, "none")
    assert "the last 10 of 12 requests:" in _complaint(ingest, "token", scope="x")


def test_slips_of_the_pen_are_no_passes(ingest: Sparring, http: httpx2.Client) -> None:
    """An endpoint that nobody has would never be requested."""
    with pytest.raises(ControlError, match=r"there is no endpoint 'tokens' at ingest; did you mean 'token'\?"):
        ingest.assert_not_requested("tokens")
    with pytest.raises(ControlError, match="a method is text"):
        ingest.assert_requested("token", method=1)
    with pytest.raises(ControlError, match="a status is a number"):
        ingest.assert_requested("token", status="200")
    with pytest.raises(ControlError, match="assert_not_requested is for none at all"):
        ingest.assert_requested("token", times=0)
    with pytest.raises(ControlError, match="there is no such request"):
        _ = ingest.last_request
    with pytest.raises(IndexError, match=r"there are 0 requests, so there is no \[3\]"):
        _ = ingest.requests[3]
    for endpoint in ("login", "consent", "unknown", "personal-token"):
        ingest.assert_not_requested(endpoint)


def test_waiting_ends_when_the_request_is_there(ingest: Sparring, http: httpx2.Client) -> None:
    """Those that came before count; of others it takes no notice."""
    token(http, ingest)
    assert ingest.wait_for("token", timeout=60).last.status == 200
    client = threading.Thread(target=token, args=(http, ingest), kwargs={"scope": "write_videos"})
    client.start()
    assert ingest.wait_for("token", timeout=60, scope="write_videos").last.params["scope"] == "write_videos"
    client.join()


def test_waiting_ends_in_a_sentence(ingest: Sparring, http: httpx2.Client) -> None:
    """After the time that was given, with what there was instead."""
    token(http, ingest)
    with pytest.raises(AssertionError) as complaint:
        ingest.wait_for("api", count=2, timeout=0.01)
    head, *rest = str(complaint.value).split("\n")
    assert head == "within 0.01 s there came 0, not 2: request to 'api'"
    assert rest[1].endswith("ingest token: POST /token -> 200")
    with pytest.raises(ControlError, match="count is a number from 1 up"):
        ingest.wait_for("token", count=0)


@pytest.mark.anyio
async def test_waiting_lets_a_client_on_the_same_loop_go_on(ingest: Sparring) -> None:
    """The test's loop is not held up."""
    import asyncio

    async with httpx2.AsyncClient(trust_env=False, verify=False) as http:
        asking = asyncio.create_task(http.post(ingest.token_url))
        (request,) = await ingest.wait_for_async("token", timeout=60, status=401)
        assert request.rule == "ingest/token/client-missing"
        assert (await asking).status_code == 401


def test_the_other_origin_is_watched_by_the_stage(ingest: Sparring, http: httpx2.Client) -> None:
    """A client that follows a redirect with its secret is seen there."""
    ingest.fault("redirect", "token", to="{decoy}/elsewhere")
    answer = token(http, ingest)
    http.post(answer.headers["location"])
    assert [request.provider for request in ingest.requests] == ["ingest", "decoy"]


def test_a_persons_browser_is_seen_as_well(ingest: Sparring) -> None:
    """The pages of a login are requests like others."""
    ingest.login(link(ingest))
    assert [request.endpoint for request in ingest.requests] == ["authorize", "login", "authorize", "consent"]
    assert ingest.requests[0].query["state"] == "state-of-this-login"
