"""A stage in a test: opened with a block, as it was wished for, and gone after it."""

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from sparring.mocks import ControlError, Sparring
from sparring.mocks.testing.backstage import backstage, session, shut_down
from tests.mocks.testing.clients import token, videos


def test_a_block_opens_a_stage_and_closes_it(http: httpx2.Client) -> None:
    """Inside it the fake answers; after it nobody listens there."""
    with Sparring("ingest") as ingest:
        assert token(http, ingest).status_code == 200
        url = ingest.token_url
        assert ingest.is_open
    assert not ingest.is_open
    with pytest.raises(httpx2.ConnectError):
        http.get(url)


def test_a_stage_is_opened_and_closed_by_hand(http: httpx2.Client) -> None:
    """For fixtures of unittest; it may be opened again, and closed twice."""
    ingest = Sparring("ingest")
    for _ in range(2):
        assert token(http, ingest.open()).status_code == 200
        ingest.close()
        ingest.close()


@pytest.mark.anyio
async def test_a_block_may_be_an_async_one() -> None:
    """The same stage, opened without holding up the test's loop."""
    async with Sparring("ingest") as ingest, httpx2.AsyncClient(trust_env=False, verify=False) as http:
        answer = await http.post(ingest.token_url, data={"grant_type": "client_credentials"})
        assert answer.status_code == 401
        assert ingest.last_request.rule == "ingest/token/client-missing"
    assert not ingest.is_open


def test_trio_opens_it_too() -> None:
    """What waits for the stage does not need asyncio's loop."""
    trio = pytest.importorskip("trio")

    async def main() -> str:
        async with Sparring("ingest", sockets=False) as ingest:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=ingest.app)) as http:
                await http.post(ingest.token_url, data={"grant_type": "client_credentials"})
            (request,) = await ingest.wait_for_async("token", timeout=60)
            return request.rule

    assert trio.run(main) == "ingest/token/client-missing"


def test_several_providers_share_a_clock_and_a_recording(http: httpx2.Client) -> None:
    """Each of them is a view of the same stage."""
    with Sparring("ingest", "clickview") as stage:
        ingest, clickview = stage
        assert (ingest.provider, clickview.provider, len(stage)) == ("ingest", "clickview", 2)
        token(http, ingest)
        http.post(clickview.token_url, data={"grant_type": "client_credentials"})
        ingest.clock.freeze("2026-01-01T00:00:00Z")
        assert clickview.clock.now == 1767225600.0
        assert [request.provider for request in stage.requests] == ["ingest", "clickview"]
        assert [request.provider for request in stage["clickview"].requests] == ["clickview"]
        assert ingest.base_url != clickview.base_url


def test_no_name_means_all_of_them() -> None:
    """The five, each on a socket of its own."""
    with Sparring() as stage:
        assert stage.providers == ("rotor", "clickview", "movingimage", "panopto", "ingest")
        assert len({one.base_url for one in stage}) == 5


def test_stages_know_nothing_of_each_other(http: httpx2.Client) -> None:
    """Neither of tokens, nor of faults, time and requests."""
    with Sparring("ingest") as one, Sparring("ingest") as other:
        other.fail_next("token", status=500, times=9)
        other.clock.advance(3600)
        assert token(http, one).status_code == 200
        assert (len(one.requests), len(other.requests)) == (1, 0)
        assert other.clock.now - one.clock.now > 3500
        assert other.revoke() == 0


def test_the_same_seed_gives_the_same_bytes(http: httpx2.Client) -> None:
    """At the same frozen moment; another seed gives others."""
    bodies = []
    for seed in (7, 7, 8):
        with Sparring("ingest", seed=seed, frozen="2026-01-01T00:00:00Z") as ingest:
            bodies.append(token(http, ingest).content)
    assert bodies[0] == bodies[1] != bodies[2]


def test_wishes_reach_the_stage(http: httpx2.Client) -> None:
    """Lifetimes, users, clients, redirect URIs, faults and scenarios are there from the beginning."""
    with Sparring(
        "ingest",
        lifetimes={"access_token": 60},
        redirect_uris=["http://127.0.0.1:1/callback"],
        users=["eve", {"username": "ada", "locked": True}],
        clients=[{"client_id": "other", "client_secret": "other-secret"}],
        faults=[
            {
                "match": {"endpoint": "api"},
                "effect": {
                    "kind": "status",
                    "status": 418,
                },
            }
        ],
        scenario="state-mismatch",
    ) as ingest:
        assert ingest.lifetimes["access_token"] == 60
        assert ingest.redirect_uris[-1] == "http://127.0.0.1:1/callback"
        assert [(user.username, user.locked) for user in ingest.users] == [("ada", True), ("eve", False)]
        assert [fault.id for fault in ingest.faults] == ["state-forged", "fault-2"]
        assert token(http, ingest, client_id="other", client_secret="other-secret").status_code == 200
        assert videos(http, ingest, "x").status_code == 418


def test_reset_brings_back_how_it_was_opened(http: httpx2.Client) -> None:
    """State and recording are gone; users, faults and the frozen clock of the beginning are there again."""
    with Sparring("ingest", users=["eve"], frozen=1_750_000_000, faults=[{"effect": {"kind": "close"}}]) as ingest:
        ingest.remove_user("eve")
        ingest.clear_faults()
        ingest.clock.advance(60)
        token(http, ingest)
        ingest.reset()
        assert [user.username for user in ingest.users] == ["ada", "eve"]
        assert len(ingest.faults) == 1
        assert (ingest.clock.now, ingest.clock.frozen) == (1_750_000_000.0, True)
        assert len(ingest.requests) == 0


def test_tls_comes_with_a_ca_file() -> None:
    """Whoever trusts it is served; whoever does not, is not."""
    with Sparring("ingest", tls=True) as ingest:
        assert ingest.ca_file is not None
        assert ingest.base_url.startswith("https://127.0.0.1:")
        with httpx2.Client(trust_env=False, verify=ingest.ssl_context) as http:
            assert token(http, ingest).status_code == 200
        with httpx2.Client(trust_env=False) as stranger, pytest.raises(httpx2.ConnectError):
            token(stranger, ingest)


@pytest.mark.parametrize(
    ("names", "wishes", "sentence"),
    [
        (("ingets",), {}, "unknown provider 'ingets'; did you mean 'ingest'?"),
        (("ingest",), {"variant": "implict"}, "unknown variant 'implict' of ingest; did you mean 'implicit'?"),
        (("ingest", "rotor"), {"variant": "x"}, "variant='x': of which provider? Write variant={'ingest': 'x'}"),
        (("ingest", "rotor"), {"lifetimes": {"code": 1}}, "lifetimes={'code': 1}: of which provider?"),
        (("ingest",), {"lifetimes": {"acces_token": 1}}, "did you mean 'access_token'?"),
        (("ingest",), {"frozen": "yesterday"}, "'yesterday' is no moment: write it as 2026-01-01T00:00:00Z"),
        (("ingest",), {"frozen": 10**400}, "a clock shows times from 1970 to 9999"),
        (("ingest",), {"frozen": True}, "a moment is POSIX seconds, ISO 8601 text or a datetime, not True"),
        (("ingest",), {"scenario": "state-mismach"}, "did you mean 'state-mismatch'?"),
        (("ingest",), {"faults": [{"effect": {"kind": "cloze"}}]}, "did you mean 'close'?"),
        (("ingest",), {"users": [{"name": "Eve"}]}, 'a user needs a "username"'),
        (("ingest", "rotor"), {"users": ["eve"]}, "the user 'eve' needs a \"provider\" that is on this stage"),
        (("rotor",), {"users": ["eve"]}, "nobody signs in at rotor: there are no users"),
        (("ingest",), {"redirect_uris": "http://a/"}, "redirect_uris is a list: write redirect_uris=['http://a/']"),
        (("ingest",), {"tls": True, "sockets": False}, "TLS needs sockets"),
        (
            ("ingest",),
            {"certificates": {"ingest": "expired"}},
            "certificates can be faulty only where stages speak TLS",
        ),
    ],
)
def test_a_wish_that_cannot_be_granted_is_told_in_a_sentence(
    names: tuple[str, ...], wishes: dict[str, object], sentence: str
) -> None:
    """And nothing stays open."""
    control = backstage().run(backstage().control("http"))
    before = backstage().run(control.stages())
    with pytest.raises(ControlError) as complaint:
        Sparring(*names, **wishes).open()  # type: ignore[arg-type]  # as a user may have it
    assert sentence in str(complaint.value)
    assert backstage().run(control.stages()) == before


def test_what_needs_an_open_stage_says_so() -> None:
    """Before the block, and after it; opened twice is a mistake, too."""
    ingest = Sparring("ingest")
    assert repr(ingest) == "<Sparring ingest, not open>"
    with pytest.raises(ControlError, match="the stage is not open: use it in a `with` block"):
        _ = ingest.base_url
    with ingest:
        assert repr(ingest) == f"<Sparring ingest {ingest.base_url}, 0 requests>"
        with pytest.raises(ControlError, match="open already"):
            ingest.open()


def test_a_question_to_several_names_the_way_to_ask() -> None:
    """Which provider is meant, nobody can guess."""
    with Sparring("ingest", "rotor") as stage:
        with pytest.raises(ControlError) as complaint:
            _ = stage.base_url
        assert str(complaint.value) == 'there are ingest, rotor: say which one you mean, as in stage["ingest"]'
        with pytest.raises(ControlError, match="there is no provider 'panopto' on this stage"):
            stage["panopto"]


def test_a_hundred_stages_leave_nothing_behind(http: httpx2.Client) -> None:
    """No descriptor, no task, no stage."""
    running = backstage()
    with Sparring("ingest") as first:
        token(http, first)
    before = len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0
    for _ in range(100):
        with Sparring("ingest"):
            pass
    after = len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0
    assert after <= before
    assert running is backstage()


def test_the_loop_ends_and_another_one_begins(http: httpx2.Client) -> None:
    """Stages that were open are closed with it; a session inside another leaves the loop alone."""
    with Sparring("ingest"):
        running = backstage()
        with session():
            pass
        assert backstage() is running
    left = Sparring("ingest").open()
    url = left.token_url
    shut_down()
    with pytest.raises(httpx2.ConnectError):
        http.get(url)
    with Sparring("ingest") as ingest:
        assert backstage() is not running
        assert token(http, ingest).status_code == 200


def test_the_package_is_cheap_to_import_and_tells_what_it_has() -> None:
    """Nothing of the fakes is imported before a name is asked for."""
    program = """
import sys, sparring.mocks
assert "Sparring" in dir(sparring.mocks)
assert not [name for name in sys.modules if name.startswith("sparring.mocks.")]
assert not {"asyncio", "uvicorn", "cryptography", "msgspec"} & set(sys.modules)
try:
    sparring.mocks.Sparing
except AttributeError as error:
    print(error)
from sparring.mocks import Sparring
with Sparring("ingest", sockets=False):
    assert "uvicorn" not in sys.modules
Sparring("ingest").open()  # and never closed: the process ends all the same
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "module 'sparring.mocks' has no attribute 'Sparing'\n"
