"""Grants, codes and tokens: what is issued, what it is worth later, and that it is spent once."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine import codes, grants, tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.tokens import Kind, Standing
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.engine.desks import NotingStore, make_desk
from tests.mocks.stages import START, Wall, in_loop
from tests.mocks.yielding import YieldingStore


async def _grant(desk: Desk) -> Grant:
    return await grants.open_grant(desk, "c1", "u1", ("a", "b"), {"network": "n"})


async def _keep(desk: Desk, grant: Grant, value: str, kind: Kind = "refresh_token", lifetime: int | None = 60) -> None:
    await tokens.keep_token(desk, Facts(), kind, value, grant, scopes=("a",), lifetime=lifetime)


async def _standing(desk: Desk, value: str, kind: Kind = "refresh_token") -> Standing:
    return (await tokens.weigh_token(desk, Facts(), kind, value, "body"))[1]


@in_loop
async def test_grants_never_share_an_id() -> None:
    desk = make_desk()
    opened = [await grants.open_grant(desk, c, u, ()) for c in ("c1", "c2") for u in ("u1", "-", None) for _ in "12"]
    assert len({grant.id for grant in opened}) == 12
    assert await desk.store.every(Grant) == tuple(opened)


@in_loop
async def test_a_grant_says_who_allowed_what_to_whom_and_when() -> None:
    store = NotingStore()
    desk = make_desk(store=store)
    desk.clock.advance(5)
    grant = await _grant(desk)
    assert grant == Grant(
        id="0206ccc9-194a-400a-a042-593a7f2bbc5b",
        client_id="c1",
        subject="u1",
        scopes=("a", "b"),
        granted_at=START + 5,
        revoked=False,
        attributes={"network": "n"},
    )
    own = await grants.open_grant(desk, "c1", None, ())
    assert (own.id, own.subject, dict(own.attributes)) == ("ea5f7561-2b89-4e3f-9ce8-79895be8bf5f", None, {})
    assert store.written == [(grant.id, None, True), (own.id, None, True)]


@in_loop
async def test_a_token_says_for_whom_it_is_and_may_be_forgotten_when_it_ends() -> None:
    store = NotingStore()
    desk = make_desk(store=store)
    grant = await _grant(desk)
    store.written.clear()
    desk.clock.advance(0.5)
    token = await tokens.keep_token(desk, Facts(), "refresh_token", "v", grant, scopes=("a",), lifetime=60)
    assert token == tokens.Token(
        digest=hashlib.sha256(b"v").hexdigest(),
        kind="refresh_token",
        grant_id=grant.id,
        client_id="c1",
        subject="u1",
        scopes=("a",),
        generation=1,
        issued_at=START + 0.5,
        expires_at=START + 60,
    )
    assert await tokens.find_token(desk, "v") == token
    assert await tokens.find_token(desk, "w") is None
    for _ in range(2):  # only the first time anything changes
        await tokens.spend_token(desk, "v")
    await tokens.revoke_token(desk, "v")
    await _keep(desk, grant, "other")
    await tokens.revoke_tokens(desk)
    assert {until for _, until, _ in store.written} == {START + 60}
    assert [key for key, _, _ in store.written].count(token.digest) == 3


@in_loop
async def test_a_kept_token_is_valid_and_known_by_its_digest_only() -> None:
    desk = make_desk()
    grant = await _grant(desk)
    await _keep(desk, grant, "the value")
    assert await _standing(desk, "the value") is Standing.VALID
    assert await _standing(desk, "The value") is Standing.UNKNOWN
    (token,) = await desk.store.every(tokens.Token)
    assert token.digest == hashlib.sha256(b"the value").hexdigest()
    assert "the value" not in repr(token)


@in_loop
async def test_a_token_of_another_kind_is_unknown() -> None:
    desk = make_desk()
    await _keep(desk, await _grant(desk), "v", "refresh_token")
    found, standing = await tokens.weigh_token(desk, Facts(), "access_token", "v", "header")
    assert (found, standing) == (None, Standing.UNKNOWN)
    found, standing = await tokens.weigh_token(desk, Facts(), "refresh_token", "v", "body")
    assert (found, standing) == (await tokens.find_token(desk, "v"), Standing.VALID)
    assert found is not None


@in_loop
async def test_a_token_ends_at_its_last_second() -> None:
    desk = make_desk()
    await _keep(desk, await _grant(desk), "v", lifetime=60)
    desk.clock.advance(59.9)
    assert await _standing(desk, "v") is Standing.VALID
    desk.clock.set(START + 60)
    assert await _standing(desk, "v") is Standing.EXPIRED


@in_loop
async def test_without_a_lifetime_it_never_ends() -> None:
    desk = make_desk()
    await _keep(desk, await _grant(desk), "v", lifetime=None)
    desk.clock.advance(10**9)
    assert await _standing(desk, "v") is Standing.VALID


@in_loop
async def test_rotation_spends_the_old_token_once() -> None:
    desk = make_desk()
    grant = await _grant(desk)
    await _keep(desk, grant, "old")
    first = await tokens.spend_token(desk, "old")
    await _keep(desk, grant, "new")
    second = await tokens.spend_token(desk, "old")
    assert first is not None
    assert second is not None
    assert (first.first, second.first) == (True, False)
    assert await _standing(desk, "old") is Standing.CONSUMED
    assert await _standing(desk, "new") is Standing.VALID
    assert await tokens.spend_token(desk, "never issued") is None


@in_loop
async def test_of_many_who_spend_at_once_one_is_first() -> None:
    desk = make_desk(store=YieldingStore(MemoryStore(Wall()), seed=3))
    await _keep(desk, await _grant(desk), "v")
    taken = await asyncio.gather(*(tokens.spend_token(desk, "v") for _ in range(20)))
    assert sum(one.first for one in taken if one) == 1
    assert await _standing(desk, "v") is Standing.CONSUMED


@in_loop
async def test_revoking_withdraws_one_or_a_kind_or_a_family() -> None:
    desk = make_desk()
    one, other = await _grant(desk), await _grant(desk)
    for grant, name in ((one, "1"), (other, "2")):
        await _keep(desk, grant, f"r{name}")
        await _keep(desk, grant, f"a{name}", "access_token")
    assert await tokens.revoke_token(desk, "a1")
    assert not await tokens.revoke_token(desk, "unknown")
    assert await _standing(desk, "a1", "access_token") is Standing.REVOKED
    assert await _standing(desk, "a2", "access_token") is Standing.VALID
    await grants.revoke_grant(desk, one.id)
    await grants.revoke_grant(desk, "unknown")
    assert await _standing(desk, "r1") is Standing.REVOKED
    assert await _standing(desk, "r2") is Standing.VALID
    assert await tokens.revoke_tokens(desk, "access_token") == 1
    assert await _standing(desk, "r2") is Standing.VALID
    assert await tokens.revoke_tokens(desk) == 2
    assert await tokens.revoke_tokens(desk) == 0
    assert await _standing(desk, "r2") is Standing.REVOKED


@in_loop
async def test_tokens_are_withdrawn_by_what_they_have_in_common() -> None:
    desk = make_desk()
    one, other = await _grant(desk), await grants.open_grant(desk, "c1", "u2", ())
    for grant, value in ((one, "r1"), (one, "s1"), (other, "r2")):
        await _keep(desk, grant, value)
    await _keep(desk, other, "a2", "access_token")
    assert await tokens.revoke_tokens(desk, value="r1", subject="u2") == 0
    assert await tokens.revoke_tokens(desk, value="r1") == 1
    assert await tokens.revoke_tokens(desk, value="unknown") == 0
    assert [await _standing(desk, value) for value in ("r1", "s1")] == [Standing.REVOKED, Standing.VALID]
    assert await tokens.revoke_tokens(desk, "refresh_token", subject="u2") == 1
    assert await _standing(desk, "a2", "access_token") is Standing.VALID
    assert await tokens.revoke_tokens(desk, grant_id=one.id) == 1
    assert await tokens.revoke_tokens(desk, subject="u2") == 1


@in_loop
async def test_facts_tell_of_issue_and_presentation_and_hide_the_value() -> None:
    desk = make_desk()
    grant = await _grant(desk)
    facts = Facts()
    for value in ("v1", "v2"):
        await tokens.keep_token(desk, facts, "access_token", value, grant, scopes=(), lifetime=60)
    await tokens.weigh_token(desk, facts, "access_token", "v2", "header")
    await tokens.weigh_token(desk, facts, "access_token", "made up", "query")
    assert facts.issued[1] == {
        "kind": "access_token",
        "fp": tokens.fingerprint("v2"),
        "family": grant.id,
        "generation": 2,
        "expires_at": START + 60,
    }
    assert facts.presented == [
        {
            "kind": "access_token",
            "fp": tokens.fingerprint("v2"),
            "family": grant.id,
            "generation": 2,
            "valid": True,
            "reason": "",
            "where": "header",
        },
        {
            "kind": "access_token",
            "fp": tokens.fingerprint("made up"),
            "valid": False,
            "reason": "unknown",
            "where": "query",
        },
    ]


@in_loop
async def test_a_generation_may_be_drawn_before_its_token_is_kept() -> None:
    desk = make_desk()
    grant = await _grant(desk)
    drawn = [await tokens.next_generation(desk, kind, grant) for kind in ("access_token", "access_token")]
    assert drawn == [1, 2]
    assert await tokens.next_generation(desk, "refresh_token", grant) == 1
    kept = await tokens.keep_token(desk, Facts(), "access_token", "v", grant, scopes=(), lifetime=1, generation=2)
    next_one = await tokens.keep_token(desk, Facts(), "access_token", "w", grant, scopes=(), lifetime=1)
    assert (kept.generation, next_one.generation) == (2, 3)


@in_loop
async def test_generations_count_within_the_grant_and_kind() -> None:
    desk = make_desk()
    one, other = await _grant(desk), await _grant(desk)
    kinds: list[tuple[Kind, Grant]] = [
        ("access_token", one),
        ("access_token", one),
        ("refresh_token", one),
        ("access_token", other),
    ]
    kept = [
        (await tokens.keep_token(desk, Facts(), kind, f"{n}", grant, scopes=(), lifetime=1)).generation
        for n, (kind, grant) in enumerate(kinds)
    ]
    assert kept == [1, 2, 1, 1]


@given(st.text(), st.text())
def test_fingerprints_are_twelve_digits_and_tell_values_apart(one: str, other: str) -> None:
    print_of = tokens.fingerprint(one)
    assert len(print_of) == 12
    assert set(print_of) <= set("0123456789abcdef")
    assert (print_of == tokens.fingerprint(other)) == (one == other)


def test_a_fingerprint_can_be_recomputed_by_anybody() -> None:
    assert tokens.fingerprint("abc") == "ba7816bf8f01"
    assert tokens.fingerprint("\udcff") == hashlib.sha256(b"\xff").hexdigest()[:12]


@in_loop
async def test_a_code_is_used_once_and_ends() -> None:
    desk = make_desk()
    facts = Facts()
    grant = await _grant(desk)
    value = await codes.issue_code(desk, facts, grant, redirect_uri="https://c/", challenge="x", nonce="n")
    code = await codes.look_at_code(desk, value)
    assert code is not None
    assert (code.grant_id, code.client_id, code.redirect_uri, code.challenge, code.nonce) == (
        grant.id,
        "c1",
        "https://c/",
        "x",
        "n",
    )
    assert facts.issued == [{"kind": "code", "fp": tokens.fingerprint(value), "family": grant.id}]
    desk.clock.advance(29)
    assert not codes.expired(desk, code)
    desk.clock.advance(1)
    assert codes.expired(desk, code)
    uses = [await codes.use_code(desk, value) for _ in range(3)]
    assert [taken.first for taken in uses if taken] == [True, False, False]
    assert await codes.look_at_code(desk, value) == code
    assert await codes.use_code(desk, "guessed") is None


@in_loop
async def test_a_code_is_remembered_for_an_hour_after_its_end() -> None:
    store = NotingStore()
    desk = make_desk(store=store)
    grant = await _grant(desk)
    store.written.clear()
    drawn = await codes.issue_code(desk, Facts(), grant, redirect_uri=None)
    given = await codes.issue_code(desk, Facts(), grant, redirect_uri=None, value="mine", challenge_method="S256")
    assert (drawn, given) == ("uZkDipKfYSv7NFL00dlDRH0xAA0dL9koDxoZbEt5wuU", "mine")
    assert store.written == [(drawn, START + 30 + 3600, False), ("mine", START + 30 + 3600, False)]
    kept = [await codes.look_at_code(desk, value) for value in (drawn, given)]
    assert [code and (code.challenge_method, code.expires_at) for code in kept] == [
        ("plain", START + 30),  # RFC 7636 section 4.3
        ("S256", START + 30),
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_codes_follow_from_the_seed(seed: int) -> None:
    async def draw() -> list[str]:
        desk = make_desk(seed=seed)
        grant = await _grant(desk)
        return [await codes.issue_code(desk, Facts(), grant, redirect_uri=None) for _ in range(3)]

    one, again = asyncio.run(draw()), asyncio.run(draw())
    assert one == again
    assert len(set(one)) == 3
