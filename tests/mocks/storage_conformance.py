"""What every store must do, however it keeps its records. A test class per store derives from this one."""

# ruff: noqa: D102 - the names are sentences

import asyncio
from contextlib import AbstractAsyncContextManager

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.sessions import Session, Ticket
from sparring.mocks.engine.store import Store
from sparring.mocks.engine.tokens import Token
from sparring.mocks.engine.users import User
from tests.mocks.stages import START, Wall, in_loop

CODE = Code(grant_id="g1", client_id="c1", redirect_uri=None, expires_at=START + 600.25)
RECORDS: tuple[tuple[type[object], object], ...] = (
    (Code, CODE),
    (Code, Code(grant_id="g", client_id="c", redirect_uri="https://c/", expires_at=1.5, challenge="x", nonce="ñ")),
    (Client, Client(client_id="c", secret=None, name="C", scopes=("b", "a"), grants=frozenset({"x", "y"}))),
    (Client, Client(client_id="c", secret="s", name="C", redirect_uris=("https://c/",), enabled=False)),
    (Grant, Grant(id="g", client_id="c", subject=None, scopes=(), granted_at=0.1, attributes={"network": "n"})),
    (Session, Session(id="s", subject="u", signed_in_at=START)),
    (Ticket, Ticket(session_id="s", about="a=1&b=%20")),
    (User, User(subject="u", username="ada", password="p", name="Ada", email="ada@x.example", attributes={"k": "v"})),
    (
        Token,
        Token(
            digest="d",
            kind="refresh_token",
            grant_id="g",
            client_id="c",
            subject="u",
            scopes=("a", "b"),
            generation=3,
            issued_at=START,
            expires_at=None,
        ),
    ),
)
KEYS = ("", " ", "\ud800", "a/b", "a:b", "{a}", "*", "\x00", "äöü", "😀", "x" * 5000)


class StoreConformance:
    """Derive, say in ``opened`` how an empty store comes and goes, and let pytest find the class."""

    def opened(self, wall: Wall | None = None, limit: int = 20_000) -> AbstractAsyncContextManager[Store]:
        """A new, empty store for the length of a block, of so many records of a type, by that clock (START)."""
        raise NotImplementedError

    @in_loop
    async def test_an_empty_store_has_nothing(self) -> None:
        async with self.opened() as store:
            assert await store.get(Code, "k") is None
            assert await store.take(Code, "k") is None
            assert await store.every(Code) == ()
            await store.delete(Code, "k")

    @in_loop
    async def test_records_come_back_as_they_went_in(self) -> None:
        async with self.opened() as store:
            for number, (_, record) in enumerate(RECORDS):
                await store.put(f"k{number}", record, until=START + number)
            for number, (kind, record) in enumerate(RECORDS):
                assert await store.get(kind, f"k{number}") == record
                taken = await store.take(kind, f"k{number}")
                assert taken is not None
                assert taken.record == record
            for kind in {kind for kind, _ in RECORDS}:
                assert await store.every(kind) == tuple(record for other, record in RECORDS if other is kind)

    @in_loop
    async def test_any_text_can_be_a_key(self) -> None:
        async with self.opened() as store:
            for key in KEYS:
                await store.put(key, Ticket(session_id=ascii(key), about="a"))
            for key in KEYS:
                assert await store.get(Ticket, key) == Ticket(session_id=ascii(key), about="a")
                assert await store.count(key) == 1

    @in_loop
    async def test_a_record_is_written_over_an_older_one(self) -> None:
        async with self.opened() as store:
            await store.put("k", Ticket(session_id="s", about="old"))
            await store.put("k", Ticket(session_id="s", about="new"))
            assert await store.get(Ticket, "k") == Ticket(session_id="s", about="new")
            assert len(await store.every(Ticket)) == 1

    @in_loop
    async def test_types_do_not_share_keys(self) -> None:
        async with self.opened() as store:
            ticket = Ticket(session_id="s", about="a")
            await store.put("k", CODE)
            await store.put("k", ticket)
            await store.take(Ticket, "k")
            assert await store.get(Session, "k") is None
            taken = await store.take(Code, "k")
            assert taken is not None
            assert (taken.record, taken.first) == (CODE, True)
            await store.delete(Code, "k")
            assert await store.get(Ticket, "k") == ticket

    @in_loop
    async def test_a_consumed_record_stays_readable(self) -> None:
        async with self.opened() as store:
            await store.put("k", CODE)
            firsts = [(await store.take(Code, "k")) for _ in range(3)]
            assert [taken.first for taken in firsts if taken] == [True, False, False]
            assert await store.get(Code, "k") == CODE
            assert await store.every(Code) == (CODE,)

    @in_loop
    async def test_writing_over_a_consumed_record_does_not_give_it_back(self) -> None:
        async with self.opened() as store:
            await store.put("k", CODE)
            await store.take(Code, "k")
            await store.put("k", CODE)
            taken = await store.take(Code, "k")
            assert taken is not None
            assert not taken.first

    @in_loop
    async def test_after_delete_a_key_is_new(self) -> None:
        async with self.opened() as store:
            await store.put("k", CODE)
            await store.take(Code, "k")
            await store.delete(Code, "k")
            assert await store.get(Code, "k") is None
            assert await store.take(Code, "k") is None
            await store.put("k", CODE)
            taken = await store.take(Code, "k")
            assert taken is not None
            assert taken.first

    @in_loop
    async def test_all_records_come_oldest_first(self) -> None:
        async with self.opened() as store:
            for name in ("b", "c", "a", "d"):
                await store.put(name, Ticket(session_id=name, about=""))
            await store.delete(Ticket, "c")
            assert [ticket.session_id for ticket in await store.every(Ticket)] == ["b", "a", "d"]

    @in_loop
    async def test_counters_count_from_one_each_by_itself(self) -> None:
        async with self.opened() as store:
            assert [await store.count("a") for _ in range(3)] == [1, 2, 3]
            assert await store.count("b") == 1
            assert await store.count("a") == 4

    @in_loop
    async def test_two_stores_know_nothing_of_each_other(self) -> None:
        async with self.opened() as one, self.opened() as other:
            await one.put("k", CODE)
            await one.count("n")
            assert await other.get(Code, "k") is None
            assert await other.count("n") == 1

    @in_loop
    async def test_of_fifty_takes_at_once_exactly_one_is_first(self) -> None:
        async with self.opened() as store:
            await store.put("k", CODE)
            taken = await asyncio.gather(*(store.take(Code, "k") for _ in range(50)))
            assert [one.record for one in taken if one] == [CODE] * 50
            assert sum(one.first for one in taken if one) == 1

    @in_loop
    async def test_takes_and_writes_at_once_leave_one_first(self) -> None:
        async with self.opened() as store:
            await store.put("k", CODE)
            takes = [store.take(Code, "k") for _ in range(20)]
            writes = [store.put("k", CODE) for _ in range(20)]
            done = await asyncio.gather(*(work for pair in zip(takes, writes, strict=True) for work in pair))
            assert sum(one.first for one in done if one) == 1

    @in_loop
    async def test_fifty_numbers_at_once_are_unlike_and_the_first_is_one(self) -> None:
        async with self.opened() as store:
            assert await store.number("n") == 1
            given = await asyncio.gather(*(store.number("n") for _ in range(50)))
            assert len({1, *given}) == 51
            assert min(given) > 1

    @in_loop
    async def test_under_a_new_key_it_is_counted_as_under_any(self) -> None:
        async with self.opened() as store:
            await store.put("k", CODE, new=True)
            assert [await store.count("a/k"), await store.count("b/k"), await store.count("a/k")] == [1, 1, 2]
            assert await store.number("a/k") == 3
            assert await store.get(Code, "k") == CODE

    @in_loop
    async def test_fifty_counts_at_once_are_fifty_numbers(self) -> None:
        async with self.opened() as store:
            values = await asyncio.gather(*(store.count("n") for _ in range(50)))
            assert sorted(values) == list(range(1, 51))

    @in_loop
    async def test_beyond_the_limit_the_dead_go_first(self) -> None:
        wall = Wall()
        async with self.opened(wall, 3) as store:
            await store.put("old", ticket("old"))
            await store.put("dead", ticket("dead"), until=START + 1)
            await store.put("live", ticket("live"), until=START + 9)
            wall.seconds += 5
            assert await names(store) == ["old", "dead", "live"]
            await store.put("new", ticket("new"))
            assert await names(store) == ["old", "live", "new"]

    @in_loop
    async def test_where_nothing_is_dead_the_oldest_go(self) -> None:
        async with self.opened(limit=20) as store:
            for number in range(21):
                await store.put(str(number), ticket(str(number)))
            assert await names(store) == [str(number) for number in range(2, 21)]

    @in_loop
    async def test_a_later_write_keeps_the_place_and_changes_the_end(self) -> None:
        wall = Wall()
        async with self.opened(wall, 2) as store:
            await store.put("a", ticket("a"), until=START + 1)
            await store.put("b", ticket("b"))
            await store.put("b", ticket("b"), until=START + 1)
            await store.put("a", ticket("a"))
            wall.seconds += 5
            assert await names(store) == ["a", "b"]
            await store.put("c", ticket("c"))
            assert await names(store) == ["a", "c"]

    @in_loop
    async def test_one_type_cannot_push_out_another(self) -> None:
        async with self.opened(limit=2) as store:
            session = Session(id="s", subject="u", signed_in_at=START)
            await store.put("s", session)
            for number in range(9):
                await store.put(str(number), ticket(str(number)))
            assert await store.get(Session, "s") == session

    @in_loop
    async def test_a_forgotten_record_leaves_no_mark_of_its_consumption(self) -> None:
        async with self.opened(limit=1) as store:
            await store.put("a", ticket("a"))
            await store.take(Ticket, "a")
            await store.put("b", ticket("b"))
            assert await store.get(Ticket, "a") is None
            await store.put("a", ticket("a"))
            taken = await store.take(Ticket, "a")
            assert taken is not None
            assert taken.first

    @in_loop
    async def test_counters_are_bounded_and_those_in_use_stay(self) -> None:
        async with self.opened(limit=1) as store:
            for number in range(30):
                assert await store.count("in use") == number + 1
                assert await store.count(f"stray {number}") == 1
            assert await store.count("stray 0") == 1


def ticket(name: str) -> Ticket:
    """A small record."""
    return Ticket(session_id=name, about="")


async def names(store: Store) -> list[str]:
    """What tickets there are, in the store's order."""
    return [each.session_id for each in await store.every(Ticket)]
