"""Randomness by label: repeatable, and no label is another one."""

# ruff: noqa: D103 - the names are sentences

import base64
import uuid

from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.entropy import Entropy

LABELS = st.lists(st.text(max_size=6) | st.integers(), max_size=4).map(tuple)


@given(st.integers(), st.integers(0, 200), LABELS)
def test_the_same_seed_and_label_give_the_same_bytes(seed: int, size: int, label: tuple[str | int, ...]) -> None:
    drawn = Entropy(seed).draw(size, *label)
    assert len(drawn) == size
    other = Entropy(seed)
    other.draw(99, "a stray draw")
    assert other.draw(size, *label) == drawn


@given(LABELS, LABELS)
def test_different_labels_give_different_bytes(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    entropy = Entropy(1)
    assert (entropy.draw(16, *one) == entropy.draw(16, *other)) == (one == other)


def test_labels_do_not_run_into_each_other() -> None:
    labels: list[tuple[str | int, ...]] = [
        (),
        ("",),
        ("", ""),
        ("ab",),
        ("a", "b"),
        ("a,b",),
        ('a","b',),
        ("a/b",),
        (1,),
        ("1",),
        (1, 1),
        (11,),
        (-1, 1),
        ("[]",),
        ("\\",),
        ("é",),
        ("\\u00e9",),
    ]
    entropy = Entropy(1)
    assert len({entropy.draw(16, *label) for label in labels}) == len(labels)


@given(st.integers(), st.integers())
def test_different_seeds_give_different_bytes(one: int, other: int) -> None:
    assert (Entropy(one).draw(16, "x") == Entropy(other).draw(16, "x")) == (one == other)


@given(st.integers(0, 64), LABELS)
def test_every_form_has_its_alphabet_and_length(size: int, label: tuple[str | int, ...]) -> None:
    entropy = Entropy(3)
    raw = entropy.draw(size, *label)
    assert bytes.fromhex(entropy.hex(size, *label)) == raw
    text = entropy.urlsafe(size, *label)
    assert "=" not in text
    assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == raw
    letters = entropy.alnum(size, *label)
    assert len(letters) == size
    assert letters == "" or (letters.isalnum() and letters.isascii())
    parsed = uuid.UUID(entropy.uuid(*label))
    assert (parsed.version, parsed.variant) == (4, uuid.RFC_4122)


def test_bytes_of_a_seed_stay_what_they_are() -> None:
    # A recording made with an older version can be replayed: a change here is a change for users.
    assert Entropy(7).hex(8, "ingest", "code", 1) == "09a7399c5e51ad33"


def test_every_form_of_a_seed_stays_what_it_is() -> None:
    entropy = Entropy(7)
    assert entropy.urlsafe(9, "ingest", "code", 1) == "Cac5nF5RrTNR"
    assert entropy.alnum(8, "ingest", "code", 1) == "12bJUQCO"
    assert entropy.uuid("ingest", "code", 1) == "09a7399c-5e51-4d33-91f0-fb746f6a802c"


def test_only_padding_is_cut_off() -> None:
    assert Entropy(7).urlsafe(3, "x", 12) == "dJyX"
