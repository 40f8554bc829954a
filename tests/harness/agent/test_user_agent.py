"""The user agent against a small provider, and against a client that listens, listens late, or does not."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import socket
from collections.abc import Coroutine
from typing import Any

import pytest

from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent
from sparring.harness.evidence import Visit
from tests.harness.agent.provider import Handler, Request, page, provider, redirect, serving

ADA = Person("ada", "pw")


def listening(request: Request) -> bytes:
    """A client that takes the callback."""
    return page("<h1>Thank you</h1>")


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def visit(
    handler: Handler, target: str = "/authorize?redirect_uri={cb}", client: Handler | None = listening, **settings: Any
) -> tuple[Visit, list[Request], list[Request], UserAgent]:
    """One visit to a provider, with a client that listens (or not) at its redirect URI."""
    going = {name: settings.pop(name) for name in ("by_http", "person") if name in settings}

    async def go(base: str, home: str) -> tuple[Visit, UserAgent]:
        told: dict[str, Any] = {"person": ADA, "origins": [base], "patience": 0.2, "timeout": 5.0, **settings}
        async with UserAgent(**told) as agent:
            cb = f"{home}/cb"
            return await agent.visit(base + target.format(cb=cb, home=home), [cb], step=3, **going), agent

    async def run() -> tuple[Visit, list[Request], list[Request], UserAgent]:
        async with serving(handler) as (base, asked), serving(client or listening) as (home, got):
            seen, agent = await go(base, home if client is not None else f"http://127.0.0.1:{closed_port()}")
            return seen, asked, got, agent

    return asyncio.run(run())


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(coroutine)


def test_a_person_signs_in_consents_and_arrives() -> None:
    seen, asked, got, agent = visit(provider)
    assert (seen.step, seen.callback_status, seen.problem) == (3, 200, "")
    assert "Thank you" in seen.callback_body
    assert seen.callback is not None
    assert seen.callback.endswith("/cb?code=c1&state=s#_=_")
    assert (got[0].method, got[0].query) == ("GET", {"code": "c1", "state": "s"})
    assert [(hop.method, hop.status) for hop in agent.hops] == [
        ("GET", 200), ("POST", 303), ("GET", 200), ("POST", 302), ("GET", 200),
    ]  # fmt: skip
    assert agent.hops[0].title == "Sign in"
    assert agent.visits == (seen,)
    assert asked[2].headers["cookie"] == "sid=s1"


def test_forms_are_filled_by_their_marks_and_hidden_fields_kept() -> None:
    _, asked, _, _ = visit(provider)
    assert asked[1].form == [
        ("csrf", "c&1"),
        ("network", "demo"),
        ("login", "ada"),
        ("password", "pw"),
        ("terms", "on"),
    ]
    assert asked[3].form == [("ticket", "t1"), ("decision", "approve")]


def test_a_chooser_is_answered_with_its_first_button() -> None:
    seen, asked, _, _ = visit(provider, "/choose?redirect_uri={cb}")
    assert asked[1].query["account"] == "ada"
    assert seen.callback_status == 200


def test_a_fault_makes_the_person_deny() -> None:
    places: list[str] = []

    async def fire(endpoint: str) -> list[dict[str, str]]:
        places.append(endpoint)
        return [{"kind": "person-denies"}]

    seen, asked, got, _ = visit(provider, fire=fire)
    assert places == ["visit", "consent", "response", "callback"]
    assert asked[3].form[-1] == ("decision", "deny")
    assert got[0].query["error"] == "access_denied"
    assert seen.callback_status == 200


def test_a_fault_makes_the_browser_deliver_the_callback_twice() -> None:
    async def fire(endpoint: str) -> list[dict[str, str]]:
        return [{"kind": "callback-replayed"}] if endpoint == "callback" else []

    answers = [page("<h1>Thank you</h1>"), page("<h1>Again?</h1>", "409 Conflict")]
    seen, _, got, _ = visit(provider, client=lambda _: answers.pop(0), fire=fire)
    assert [request.query["code"] for request in got] == ["c1", "c1"]
    assert (seen.callback_status, seen.replayed, seen.replay_status) == (200, True, 409)
    assert "Thank you" in seen.callback_body


def test_a_second_callback_that_nobody_takes_counts_as_refused() -> None:
    async def fire(endpoint: str) -> list[dict[str, str]]:
        return [{"kind": "callback-replayed"}] if endpoint == "callback" else []

    answers = [page("<h1>Thank you</h1>"), b""]
    seen, *_ = visit(provider, client=lambda _: answers.pop(0), fire=fire)
    assert (seen.callback_status, seen.replayed, seen.replay_status, seen.problem) == (200, True, None, "")


def test_a_callback_that_never_arrived_is_not_repeated() -> None:
    places: list[str] = []

    async def fire(endpoint: str) -> list[dict[str, str]]:
        places.append(endpoint)
        return []

    seen, *_ = visit(provider, client=None, fire=fire)
    assert (places, seen.replayed) == (["visit", "consent", "response"], False)


def test_the_callback_is_only_returned_for_stdin() -> None:
    seen, _, got, _ = visit(provider, by_http=False)
    assert seen.callback is not None
    assert (seen.callback_status, seen.problem, got) == (None, "", [])


def test_an_error_page_instead_of_a_form() -> None:
    seen, _, got, _ = visit(provider, "/nowhere")
    assert seen.problem == (
        "the provider showed an error page instead of a sign-in form: 400 invalid_client: no such client"
    )
    assert (seen.callback, got) == (None, [])


def test_a_page_without_a_form() -> None:
    seen, *_ = visit(lambda _: page("<title>Hello"))
    assert seen.problem == "the provider showed a page without a form instead of a sign-in form: 200 Hello"


def test_a_wrong_password() -> None:
    seen, *_ = visit(provider, person=Person("bob", "no"))
    assert seen.problem == "the provider refused the sign-in of 'bob': 200 Wrong password"


def test_a_consent_page_that_cannot_be_denied() -> None:
    async def fire(endpoint: str) -> list[dict[str, str]]:
        return [{"kind": "person-denies"}]

    seen, *_ = visit(lambda _: page("<form data-sparring=consent><button>Yes</button></form>"), fire=fire)
    assert seen.problem == "the provider's consent page has no button to deny"


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:9/cb?code=secret", "{home}/cb2?code=secret", "https://example.com/"]
)
def test_it_goes_nowhere_else(location: str) -> None:
    def handler(request: Request) -> bytes:
        return redirect(location.format(home=request.query["home"]))

    seen, _, got, _ = visit(handler, "/?home={home}")
    assert "neither a fake nor the client's redirect URI" in seen.problem
    assert "secret" not in seen.problem
    assert (seen.callback, got) == (None, [])


def test_a_url_of_the_client_that_leads_elsewhere_is_not_opened() -> None:
    async def scenario() -> None:
        async with UserAgent(person=ADA, origins=["https://127.0.0.1:9"]) as agent:
            for url in ("https://example.com/authorize", "https://[broken/", "nonsense"):
                assert "neither a fake" in (await agent.visit(url, [])).problem
            assert agent.hops == ()

    run(scenario())


def test_going_round_in_circles_ends() -> None:
    seen, asked, _, _ = visit(lambda _: redirect("/again"))
    assert "for more than 10 pages, last to http://" in seen.problem
    assert len(asked) == 10


@pytest.mark.parametrize("location", ["https://[broken/", "//[x", "http://127.0.0.1:99999/"])
def test_a_broken_redirect(location: str) -> None:
    seen, *_ = visit(lambda _: redirect(location))
    assert "neither a fake" in seen.problem


def test_a_provider_that_does_not_answer() -> None:
    async def hang(request: Request) -> bytes:
        await asyncio.sleep(0.5)
        return b""

    seen, *_ = visit(hang, timeout=0.1)
    assert seen.problem.startswith("http://127.0.0.1:")
    assert seen.problem.endswith("/authorize did not answer within 0.1 s")


def test_a_provider_that_cuts_the_line() -> None:
    seen, _, _, agent = visit(lambda _: b"")
    assert seen.problem.startswith("the browser could not open http://127.0.0.1:")
    assert agent.hops[0].status is None


def test_nobody_listens() -> None:
    seen, _, _, agent = visit(provider, client=None)
    assert seen.problem.startswith("nobody listened on http://127.0.0.1:")
    assert seen.problem.endswith("/cb within 0.2 s")
    assert seen.callback is not None
    assert seen.callback_status is None
    assert len(agent.hops) == 5


def test_a_client_that_listens_late() -> None:
    port = closed_port()

    async def scenario() -> None:
        cb = f"http://127.0.0.1:{port}/cb"
        async with serving(provider) as (base, _), UserAgent(person=ADA, origins=[base]) as agent:
            going = asyncio.create_task(agent.visit(f"{base}/authorize?redirect_uri={cb}", [cb]))
            async with asyncio.timeout(5):
                while len(agent.hops) < 4:  # noqa: ASYNC110 - the agent has no event for this
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            async with serving(listening, port) as (_, got):
                seen = await going
            assert (seen.callback_status, seen.problem, len(got)) == (200, "", 1)

    run(scenario())


def test_a_client_that_does_not_answer_the_callback() -> None:
    async def hang(request: Request) -> bytes:
        await asyncio.sleep(0.8)
        return b""

    seen, _, got, _ = visit(provider, client=hang, timeout=0.3)
    assert seen.problem.startswith("the client did not answer the callback at http://127.0.0.1:")
    assert (len(got), seen.callback_status, seen.callback is None) == (1, None, False)


def test_a_client_that_breaks_the_callback_off() -> None:
    seen, *_ = visit(provider, client=lambda _: b"")
    assert seen.problem.startswith("the client broke off the callback at http://127.0.0.1:")


def test_an_endless_page_is_cut() -> None:
    seen, *_ = visit(provider, client=lambda _: page("x" * 3_000_000))
    assert seen.callback_status == 200
    assert len(seen.callback_body) == 64 * 1024


def test_a_visit_that_is_cut_off_is_still_known() -> None:
    port = closed_port()

    async def scenario() -> None:
        cb = f"http://127.0.0.1:{port}/cb"
        async with serving(provider) as (base, _), UserAgent(person=ADA, origins=[base]) as agent:
            going = asyncio.create_task(agent.visit(f"{base}/authorize?redirect_uri={cb}", [cb], step=7))
            async with asyncio.timeout(5):
                while agent.visits == () or agent.visits[0].callback is None:  # noqa: ASYNC110 - no event for this
                    await asyncio.sleep(0.01)
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
            assert (agent.visits[0].step, agent.visits[0].callback) == (7, f"{cb}?code=c1&state=s#_=_")
            assert "cut off" in agent.visits[0].problem

    run(scenario())


def test_a_second_visit_brings_the_session_cookie() -> None:
    async def scenario() -> None:
        async with serving(provider) as (base, asked), serving(listening) as (home, _):
            async with UserAgent(person=ADA, origins=[base]) as agent:
                for _ in range(2):
                    await agent.visit(f"{base}/authorize?redirect_uri={home}/cb", [f"{home}/cb"])
            assert asked[4].headers["cookie"] == "sid=s1"

    run(scenario())


def test_308_keeps_the_form() -> None:
    def handler(request: Request) -> bytes:
        if request.path == "/authorize" and request.method == "POST":
            return redirect("/moved", status="308 Permanent Redirect")
        return page("<title>end") if request.path == "/moved" else provider(request)

    _, asked, _, _ = visit(handler)
    assert (asked[2].method, dict(asked[2].form)["login"]) == ("POST", "ada")
