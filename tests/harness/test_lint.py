"""The linter: any traffic, in the order in which it comes."""

import asyncio
import base64
import time
from dataclasses import asdict, replace
from typing import Any

import pytest

from sparring.harness import lint
from sparring.harness.checks import ALWAYS
from sparring.harness.evidence import Exchange
from sparring.harness.lint import Linter, linting
from sparring.harness.tape import read_exchange
from tests.harness.checks.builder import (
    ACCESS,
    BASE,
    CALLBACK,
    CODE,
    REFRESH,
    REFRESH_2,
    SECOND,
    SECRET,
    START,
    api,
    decoy,
    exchange_code,
    good,
    refused,
    token,
)
from tests.mocks.stages import in_loop

READY = {
    "providers": {
        "ingest": {
            "clients": [
                {"client_id": "client", "client_secret": SECRET},
                {"client_id": "public", "client_secret": None},
            ],
            "users": [{"username": "ada", "password": "ada-spars-here"}],
        }
    }
}


def document(exchange: Exchange) -> dict[str, Any]:
    """The exchange as the control port tells of it."""
    fields = asdict(exchange)
    bodies = {name: base64.b64encode(fields[name]).decode() for name in ("body", "response_body")}
    return fields | {name: {"base64": text} for name, text in bodies.items()}


def said(*exchanges: Exchange, linter: Linter | None = None) -> list[str]:
    """What the linter says of them, in order."""
    judge = linter or Linter()
    judge.know(READY)
    return [line for exchange in exchanges for line in judge.look(document(exchange))]


def ids(lines: list[str]) -> list[str]:
    """The checks that these lines name."""
    return [line.split()[2].removesuffix(":") for line in lines]


def presenting(exchange: Exchange, fp: str = "f1") -> Exchange:
    """The exchange, with the fact that it presented that token."""
    return replace(exchange, facts={"presented": [{"kind": "access_token", "fp": fp}]})


def issuing(exchange: Exchange, fp: str = "f1") -> Exchange:
    """The exchange, with the fact that it issued that token."""
    return replace(exchange, facts={"client": "client", "issued": [{"kind": "access_token", "fp": fp}]})


def test_the_control_ports_json_is_read() -> None:
    """What goes in is what comes out."""
    assert read_exchange(document(token(1))) == token(1)


def test_nothing_is_said_of_careful_traffic_however_much_there_is() -> None:
    """No scenario, so no budget."""
    many = [one for n in range(1, 200, 2) for one in (issuing(token(n)), presenting(api(n + 1)))]
    assert said(*many) == []


def test_a_violation_is_one_line_with_check_sentence_and_exchange() -> None:
    """And no secret in it."""
    leak = token(7, query={"client_secret": SECRET}, params={"grant_type": "client_credentials", "client_id": "client"})
    (line,) = said(leak)
    assert line.startswith("lint: FAIL secret-never-in-url: The request line carries client_secret (")
    assert line.endswith("(ingest client; exchange 7: POST token /token)")
    assert SECRET not in line


def test_the_same_violation_is_told_once_and_another_of_the_same_check_too() -> None:
    """An exchange that was told of hides no later one."""
    get = token(1, method="GET", body=b"", status=405, answer={}, headers=())
    put = replace(get, method="PUT")
    lines = said(get, replace(get, n=2), replace(put, n=3), replace(put, n=4))
    assert ids([line for line in lines if "request-is-post" in line]) == ["token-request-is-post"] * 2
    assert ["GET" in line for line in lines] == [True, False]


def test_clients_are_judged_apart() -> None:
    """A code of one is none of another's business."""
    mine = exchange_code(1)
    again = exchange_code(2)
    other = replace(again, n=2, body=again.body.replace(b"client_id=client", b"client_id=other"))
    assert said(mine, other) == []
    (line,) = said(mine, again)
    assert ids([line]) == ["code-single-use"]


def test_the_owner_of_a_call_is_known_by_its_token() -> None:
    """An API call does not name its client."""
    bad = presenting(api(2, url=f"{BASE}/videos?access_token={ACCESS}"))
    lines = said(issuing(token(1)), bad)
    assert sorted(ids(lines)) == ["bearer-header-only", "secret-never-in-url"]
    assert all("(ingest client; " in line for line in lines)
    (nobody,) = said(api(1, None))
    assert nobody.startswith("lint: WARN bearer-header-only")
    assert "(ingest; " in nobody


def test_the_client_of_a_basic_header_is_known() -> None:
    """Also where the request was refused; a header that is no Base64 names nobody."""
    pair = base64.b64encode(b"someone:x").decode()
    for value, who in ((f"Basic {pair}", "ingest someone"), ("Basic %", "ingest")):
        bare = token(1, {"grant_type": "a"}, method="PUT", status=401, headers=(("authorization", value),))
        assert f"({who}; " in said(bare)[0]


def test_another_host_that_gets_a_token_is_named() -> None:
    """Whoever asked it without one stays out of it."""
    assert said(issuing(token(1)), decoy(2)) == []
    (line,) = said(issuing(token(1)), decoy(2, headers=(("authorization", f"Bearer {ACCESS}"),)))
    assert ids([line]) == ["token-never-to-other-host"]
    assert "(ingest client; exchange 2: GET decoy /thumb.jpg)" in line


def test_codes_are_secrets_too() -> None:
    """They are learned from the redirect that brings them."""
    sent = Exchange(
        n=1,
        provider="ingest",
        endpoint="consent",
        method="POST",
        url=f"{BASE}/authorize?client_id=client",
        headers=(),
        status=302,
        response_headers=(("location", f"{CALLBACK}?code={CODE}"),),
    )
    leak = presenting(api(3, url=f"{BASE}/videos?from={CODE}"))
    lines = said(sent, issuing(token(2)), leak)
    assert ids(lines) == ["secret-never-in-url"]
    assert "code (" in lines[0]


def test_a_burst_of_failing_requests_is_named() -> None:
    """No budget, but storms are told."""
    lines = said(*(token(n, status=401, answer={"error": "invalid_client"}) for n in range(1, 6)))
    assert ids(lines)[0] == "request-budget"


def test_output_and_endings_are_no_business_of_traffic() -> None:
    """All other always-on checks are."""
    judged = {check.id for check, _ in lint._judges()}
    assert {check.id for check in ALWAYS} - judged == {"secret-never-in-logs", "client-terminates"}


def test_memory_is_bounded() -> None:
    """Clients, exchanges, secrets."""
    linter = Linter()
    for n in range(1, 400):
        body = f"grant_type=x&client_id=c{n}".encode()
        linter.look(document(token(n, body=body, answer=good(f"token-number-{n}-of-many"))))
    for n in range(400, 600):
        linter.look(document(issuing(token(n, answer=good(f"token-number-{n}-of-many")), fp=f"f{n}")))
    assert len(linter._watched) == lint.CLIENTS
    watched = linter._watched["ingest", "client"]
    assert len(watched.exchanges) == lint.WINDOW
    assert len(watched.secrets) == lint.SECRETS


def renewing(n: int, status: int = 200, brings: str = REFRESH_2, at: float = START + 90_000) -> Exchange:
    """A refresh request by the first refresh token."""
    answer = good(SECOND, brings) if status == 200 else refused("invalid_grant")
    body = f"grant_type=refresh_token&client_id=client&refresh_token={REFRESH}".encode()
    return token(n, body=body, status=status, answer=answer, at=at)


def test_a_race_of_renewals_is_told_when_it_is_over_and_once() -> None:
    """Nobody knows how many there will be while they come in; then, what became of the winner's token."""
    linter = Linter()
    race = [renewing(2), *(renewing(n, 400) for n in range(3, 8))]
    assert lint.RACE not in ids(said(exchange_code(1), *race, linter=linter))
    assert linter.unsettled
    (line,) = linter.settle()
    where = "(ingest client; exchange 7: POST token /token)"
    assert line == f"lint: FAIL one-refresh-per-expiry: 6 refreshes for one expiry. {where}"
    assert (linter.unsettled, linter.settle()) == (False, [])
    (line,) = (line for line in linter.look(document(renewing(9, 400, at=START + 200_000))) if lint.RACE in line)
    sentence = "6 refreshes for one expiry; the winner's token was overwritten."
    assert line.startswith(f"lint: FAIL one-refresh-per-expiry: {sentence} (ingest client; exchange 9: ")
    assert (linter.unsettled, linter.settle()) == (False, [])


@in_loop
async def test_a_race_is_told_when_it_gets_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """And at the latest at the end."""
    monkeypatch.setattr(lint, "QUIET", 0.01)
    told = asyncio.Event()
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        told.set()

    async with linting(Linter(), say) as watch:
        for exchange in (exchange_code(1), renewing(2), renewing(3, 400)):
            watch(document(exchange))
        await asyncio.wait_for(told.wait(), 10)
        watch(document(renewing(4, 400)))
        monkeypatch.setattr(lint, "QUIET", 100)
        await asyncio.sleep(0.05)
    told_of = [line.split()[3] for line in lines if lint.RACE in line]
    assert told_of == ["2", "3"]


@in_loop
async def test_judging_happens_after_serving() -> None:
    """Whoever hands an exchange over does not wait; at the end nothing is left running."""
    lines: list[str] = []
    told = asyncio.Event()

    def say(line: str) -> None:
        lines.append(line)
        told.set()

    wrong = document(token(1, method="GET", body=b"", headers=()))
    async with linting(Linter(), say) as watch:
        began = time.monotonic()
        for _ in range(1000):
            watch(wrong)
        assert time.monotonic() - began < 0.1
        assert lines == []
        await asyncio.wait_for(told.wait(), 10)
    assert ids(lines) == ["token-request-is-post"]
    assert len(asyncio.all_tasks()) == 1


@in_loop
async def test_a_defect_of_the_linter_does_not_end_it() -> None:
    """It says so, and goes on."""
    told = asyncio.Event()
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        if len(lines) == 2:
            told.set()

    async with linting(Linter(), say) as watch:
        watch({"n": 3})
        watch(document(token(1, method="GET", body=b"", headers=())))
        await asyncio.wait_for(told.wait(), 10)
    assert lines[0] == "lint: exchange 3 could not be judged (KeyError); this is a fault of the harness."
    assert ids(lines[1:]) == ["token-request-is-post"]
