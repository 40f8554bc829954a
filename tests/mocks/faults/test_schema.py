"""Faults as people write them: read back as written, or refused in one sentence."""

# ruff: noqa: D103 - the names are sentences

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.effects import EFFECTS
from sparring.mocks.faults.schema import BadFault, Fault, read_fault

HANG = {"kind": "hang"}
NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
POINTERS = st.lists(NAMES | st.integers(0, 3).map(str), max_size=3).map(lambda parts: "".join(f"/{p}" for p in parts))
OPERATIONS = (
    st.fixed_dictionaries({"op": st.sampled_from(["add", "replace", "test"]), "path": POINTERS, "value": JSON})
    | st.fixed_dictionaries({"op": st.just("remove"), "path": POINTERS})
    | st.fixed_dictionaries({"op": st.sampled_from(["move", "copy"]), "path": POINTERS, "from": POINTERS})
)
TEXTS = st.dictionaries(NAMES, st.text("abc 123;=/", max_size=6), max_size=2)
EITHER = ("before", "after")
SIZES = st.integers(1, 1 << 20)
OVERLOADS = st.fixed_dictionaries(
    {}, optional={"retry_after": st.none() | st.integers(0, 10**9), "form": st.sampled_from(["seconds", "date"])}
)
SPECS: dict[str, tuple[tuple[str, ...], st.SearchStrategy[dict[str, Any]]]] = {
    "account-locked": (EITHER, st.just({})),
    "authorization-response": (
        EITHER,
        st.fixed_dictionaries(
            {},
            optional={
                "set": TEXTS,
                "drop": st.lists(NAMES, max_size=2),
                "repeat": TEXTS,
                "append": TEXTS,
                "shout": st.lists(NAMES, max_size=2),
                "in_fragment": st.booleans(),
            },
        ),
    ),
    "body": (
        ("after",),
        st.fixed_dictionaries({}, optional={"text": st.text()})
        | st.fixed_dictionaries({"base64": st.binary(max_size=9).map(lambda octets: b64encode(octets).decode())}),
    ),
    "callback-elsewhere": (EITHER, st.just({})),
    "callback-replayed": (EITHER, st.just({})),
    "code-injected": (EITHER, st.just({})),
    "close": (EITHER, st.just({})),
    "consent-partial": (("before",), st.fixed_dictionaries({"drop": st.lists(NAMES, max_size=2)})),
    "content-type": (("after",), st.fixed_dictionaries({"value": st.sampled_from(["text/html", ""])})),
    "cut": (("after",), st.fixed_dictionaries({}, optional={"sent": st.none() | SIZES})),
    "delay": (EITHER, st.fixed_dictionaries({"seconds": st.floats(0, 60)})),
    "drip": (("after",), st.fixed_dictionaries({}, optional={"size": SIZES, "interval": st.floats(0, 60)})),
    "duplicate-member": (("after",), st.fixed_dictionaries({"member": NAMES}, optional={"value": JSON})),
    "garbage": (EITHER, st.fixed_dictionaries({}, optional={"size": SIZES})),
    "gzip-bomb": (EITHER, st.fixed_dictionaries({}, optional={"size": SIZES})),
    "hang": (EITHER, st.just({})),
    "headers": (
        ("after",),
        st.fixed_dictionaries({"set": TEXTS, "drop": st.lists(NAMES, min_size=1, max_size=2)}),
    ),
    "json-patch": (("after",), st.fixed_dictionaries({"ops": st.lists(OPERATIONS, max_size=3)})),
    "oversized": (EITHER, st.fixed_dictionaries({}, optional={"size": SIZES})),
    "login-diverted": (EITHER, st.just({})),
    "person-denies": (EITHER, st.just({})),
    "poison-token": (
        ("after",),
        st.fixed_dictionaries(
            {"signature": st.sampled_from(["flipped", "stranger", "embedded", "HS256", "none", "None", "NONE"])},
            optional={
                "token": NAMES,
                "header": st.dictionaries(NAMES, JSON, max_size=2),
                "set": st.dictionaries(NAMES, JSON | st.integers(-9, 9).map(lambda n: {"now": n}), max_size=2),
                "drop": st.lists(NAMES, max_size=2),
            },
        ),
    ),
    "rate-limited": (EITHER, OVERLOADS),
    "rate-window": (
        ("before",),
        st.fixed_dictionaries(
            {"requests": st.integers(0, 9), "seconds": st.integers(1, 99)},
            optional={"form": st.sampled_from(["seconds", "date"])},
        ),
    ),
    "redirect": (
        EITHER,
        st.fixed_dictionaries({"to": st.text()}, optional={"status": st.sampled_from([301, 302, 303, 307, 308])}),
    ),
    "replace": (
        EITHER,
        st.fixed_dictionaries({}, optional={"status": st.integers(200, 599), "headers": TEXTS, "body": JSON}),
    ),
    "reset": (EITHER, st.just({})),
    "revoke": (
        EITHER,
        st.fixed_dictionaries(
            {},
            optional={
                "token": st.sampled_from([None, "access_token", "refresh_token"]),
                "of": st.sampled_from(["presented", "grant", "user", "all"]),
            },
        ),
    ),
    "rotate-keys": (EITHER, st.fixed_dictionaries({}, optional={"keep_old": st.booleans()})),
    "short": (("after",), st.fixed_dictionaries({}, optional={"missing": SIZES})),
    "sign-in-refused": (("before",), st.just({})),
    "stale-jwks": (("before",), st.just({})),
    "stall": (("after",), st.just({})),
    "status": (EITHER, st.fixed_dictionaries({"status": st.integers(200, 599)})),
    "time-passes": (EITHER, st.fixed_dictionaries({"seconds": st.floats(1, 1e6) | st.floats(-1e6, -1)})),
    "unavailable": (EITHER, OVERLOADS),
}


@st.composite
def faults(draw: st.DrawFn) -> dict[str, Any]:
    """Any fault that can be read."""
    kind = draw(st.sampled_from(sorted(SPECS)))
    moments, members = SPECS[kind]
    match = st.fixed_dictionaries(
        {},
        optional={
            "provider": NAMES,
            "endpoint": NAMES,
            "client": st.text(),
            "grant": NAMES,
            "attempt": st.integers(1, 9),
            "when": st.sampled_from(moments),
        },
    )
    return {
        "id": draw(NAMES),
        "match": draw(match),
        "effect": {"kind": kind, **draw(members)},
        "times": draw(st.none() | st.integers(1, 9)),
    }


def _read(document: Any) -> Fault:
    return read_fault(document, "unnamed", EFFECTS)


def test_every_kind_has_a_strategy_here() -> None:
    assert {effect.kind for effect in EFFECTS} == set(SPECS)


@given(faults())
def test_what_is_read_can_be_written_and_read_again(document: dict[str, Any]) -> None:
    fault = _read(document)
    written = fault.as_json()
    assert _read(written) == fault
    assert _read(written).as_json() == written
    assert {name: written[name] for name in ("id", "match", "times")} == {
        name: document[name] for name in ("id", "match", "times")
    }
    assert document["effect"].items() <= written["effect"].items()


@given(JSON | st.fixed_dictionaries({"effect": JSON}, optional={"match": JSON, "times": JSON, "id": JSON}))
def test_whatever_is_written_it_is_read_or_refused_in_a_sentence(document: object) -> None:
    complaint = ""
    try:
        _read(document)
    except BadFault as refused:
        complaint = str(refused)
    assert "\n" not in complaint


def test_what_is_left_out_has_its_default() -> None:
    fault = _read({"effect": HANG})
    assert fault.as_json() == {"id": "unnamed", "match": {}, "effect": {"kind": "hang"}, "times": 1}
    assert fault.when == "before"
    assert _read({"effect": {"kind": "json-patch", "ops": []}}).when == "after"
    assert _read({"effect": HANG, "match": {"when": "after"}}).when == "after"


NO_PATCH = "the effect 'json-patch': ops are no JSON Patch (RFC 6902): "
COMPLAINTS: list[tuple[Any, str]] = [
    ([], "a fault is a JSON object"),
    (None, "a fault is a JSON object"),
    ("hang", "a fault is a JSON object"),
    ({}, 'a fault needs an "effect" object with a "kind"'),
    ({"effect": "hang"}, 'a fault needs an "effect" object with a "kind"'),
    ({"effect": {"kind": 5}}, 'a fault needs an "effect" object with a "kind"'),
    ({"efect": HANG}, "unknown member 'efect' in a fault; did you mean 'effect'?"),
    ({"effect": HANG, "xyz": 1}, "unknown member 'xyz' in a fault; there are: id, match, effect, times"),
    ({"effect": {"kind": "jsonpatch"}}, "unknown effect kind 'jsonpatch'; did you mean 'json-patch'?"),
    ({"effect": {"kind": "person-denys"}}, "unknown effect kind 'person-denys'; did you mean 'person-denies'?"),
    (
        {"effect": {"kind": "zzz"}},
        f"unknown effect kind 'zzz'; there are: {', '.join(sorted(SPECS))}",
    ),
    ({"effect": HANG, "match": []}, "the match of a fault is a JSON object"),
    (
        {"effect": HANG, "match": {"endpont": "token"}},
        "unknown member 'endpont' in the match of a fault; did you mean 'endpoint'?",
    ),
    ({"effect": HANG, "match": {"when": "never"}}, '"when" of a match is "before" or "after"'),
    ({"effect": HANG, "match": {"attempt": 0}}, '"attempt" of a match is a number from 1 up'),
    (
        {"effect": HANG, "match": {"attempt": "1"}},
        "the match of a fault: Expected `int | null`, got `str` - at `$.attempt`",
    ),
    ({"effect": HANG, "times": 0}, '"times" of a fault is a number from 1 up, or null for always'),
    ({"effect": HANG, "times": True}, '"times" of a fault is a number from 1 up, or null for always'),
    ({"effect": HANG, "times": "2"}, '"times" of a fault is a number from 1 up, or null for always'),
    ({"effect": HANG, "id": 5}, '"id" of a fault is text'),
    ({"effect": HANG, "id": "\ud800"}, '"id" of a fault holds half a surrogate pair, which UTF-8 cannot carry'),
    (
        {"effect": {"kind": "replace", "stats": 200}},
        "unknown member 'stats' in the effect 'replace'; did you mean 'status'?",
    ),
    ({"effect": {"kind": "replace", "status": 100}}, "the effect 'replace': status is a number from 200 to 599"),
    (
        {"effect": {"kind": "replace", "headers": {"A": "b\r\nC: d"}}},
        "the effect 'replace': HTTP has no header 'A' with the value 'b\\r\\nC: d'",
    ),
    (
        {"effect": {"kind": "replace", "headers": {"A b": "c"}}},
        "the effect 'replace': HTTP has no header 'A b' with the value 'c'",
    ),
    (
        {"effect": {"kind": "replace", "body": "\ud800"}},
        "the effect 'replace': body holds half a surrogate pair, which UTF-8 cannot carry",
    ),
    (
        {"effect": {"kind": "redirect", "to": "/\r\nSet-Cookie: a"}},
        "the effect 'redirect': to holds a control character, which no header can carry",
    ),
    (
        {"effect": {"kind": "poison-token", "set": {"a": ["\ud800"]}}},
        "the effect 'poison-token': set holds half a surrogate pair, which UTF-8 cannot carry",
    ),
    (
        {"effect": {"kind": "poison-token", "header": {"\ud800": 1}}},
        "the effect 'poison-token': header holds half a surrogate pair, which UTF-8 cannot carry",
    ),
    (
        {"effect": {"kind": "replace", "body": json.loads("[" * 101 + "]" * 101)}},
        "the effect 'replace' is nested more than 100 deep",
    ),
    (
        {"effect": {"kind": "replace", "body": [object()]}},
        "the effect 'replace': Object of type object is not JSON serializable",
    ),
    (
        {"effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "/a", "value": object()}]}},
        "the effect 'json-patch': Object of type object is not JSON serializable",
    ),
    ({"effect": {"kind": "redirect"}}, "the effect 'redirect': Object missing required field `to`"),
    (
        {"effect": {"kind": "redirect", "to": "/", "status": 200}},
        "the effect 'redirect': status is 301, 302, 303, 307 or 308",
    ),
    (
        {"effect": {"kind": "replace", "headers": {"content-length": "3"}}},
        "the effect 'replace': content-length frames the message; effects of the wire (cut, short, close) spoil that",
    ),
    ({"effect": {"kind": "headers"}}, "the effect 'headers': no header is changed: give set or drop"),
    (
        {"effect": {"kind": "headers", "drop": ["Date"]}},
        "the effect 'headers': every answer has a Date; it can be set, not dropped",
    ),
    ({"effect": {"kind": "status", "status": 101}}, "the effect 'status': status is a number from 200 to 599"),
    ({"effect": {"kind": "delay", "seconds": 61}}, "the effect 'delay': seconds is a number from 0 to 60.0"),
    ({"effect": {"kind": "time-passes", "seconds": 0}}, "the effect 'time-passes': no time passes in 0 seconds"),
    (
        {"effect": {"kind": "rate-window", "requests": 1, "seconds": 0}},
        "the effect 'rate-window': seconds is a number from 1 to 1000000000",
    ),
    ({"effect": {"kind": "drip", "size": 0}}, "the effect 'drip': size is a number from 1 to 1048576"),
    ({"effect": {"kind": "body", "base64": "é"}}, "the effect 'body': base64 cannot be read"),
    (
        {"effect": {"kind": "body", "text": "a", "base64": "YQ=="}},
        "the effect 'body': the body is text or base64, not both",
    ),
    (
        {"effect": {"kind": "sign-in-refused"}, "match": {"when": "after"}},
        'the effect \'sign-in-refused\' comes before there is an answer, so its "when" is "before"',
    ),
    (
        {"effect": HANG, "match": {"per": "grant"}},
        '"per" of a match says what "attempt" counts, so it needs an "attempt"',
    ),
    ({"effect": {"kind": "json-patch"}}, "the effect 'json-patch': Object missing required field `ops`"),
    (
        {"effect": {"kind": "json-patch", "ops": []}, "match": {"when": "before"}},
        'the effect \'json-patch\' changes an answer, so its "when" is "after"',
    ),
    (
        {"effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "a", "value": 1}]}},
        f"{NO_PATCH}Location must start with /",
    ),
    (
        {"effect": {"kind": "json-patch", "ops": [{"op": "move", "path": "/a", "from": "b"}]}},
        f"{NO_PATCH}Location must start with /",
    ),
    (
        {"effect": {"kind": "json-patch", "ops": [{"op": "add", "path": "/a"}]}},
        f"{NO_PATCH}'add' needs a 'value' member",
    ),
    (
        {"effect": {"kind": "json-patch", "ops": [{"op": "copy", "path": "/a"}]}},
        f"{NO_PATCH}'copy' needs a 'from' member",
    ),
    ({"effect": {"kind": "json-patch", "ops": [{"op": "set", "path": "/a"}]}}, f"{NO_PATCH}Unknown operation 'set'"),
]


@pytest.mark.parametrize(("document", "complaint"), COMPLAINTS)
def test_a_complaint_is_one_clear_sentence(document: Any, complaint: str) -> None:
    with pytest.raises(BadFault) as raised:
        _read(document)
    assert str(raised.value) == complaint


def test_an_id_is_taken_once() -> None:
    book = FaultBook()
    book.add({"id": "mine", "effect": HANG})
    with pytest.raises(BadFault, match="a fault with the id 'mine' is on stage already"):
        book.add({"id": "mine", "effect": HANG})
    assert book.remove("mine") == 1
    book.add({"id": "mine", "effect": HANG})


def test_unnamed_faults_get_names_that_nobody_chose() -> None:
    book = FaultBook()
    for number in (2, 3):
        book.add({"id": f"fault-{number}", "effect": HANG})
    named = {book.add({"effect": HANG}).id for _ in range(3)}
    assert len(named | {"fault-2", "fault-3"}) == 5
